"""Which kind of machine this is, how wide this Python is, and which ODBC drivers another width has (Windows)."""

from __future__ import annotations

import importlib
import struct
import sys
from pathlib import Path
from typing import Any, Literal

Machine = Literal["debian", "rhel", "windows", "other"]
_REGISTRY = r"SOFTWARE\ODBC\ODBCINST.INI\ODBC Drivers"


def bits() -> int:
    """Is this Python one of 32 or 64 bits? On Windows it sees only drivers of the same width."""
    return struct.calcsize("P") * 8


def machine(root: Path = Path("/")) -> Machine:
    """Which kind of machine this is; `root` is where its files begin."""
    if sys.platform == "win32":
        return "windows"
    if (root / "etc/debian_version").exists():
        return "debian"
    return "rhel" if (root / "etc/redhat-release").exists() else "other"


def other_width(driver: str) -> int:
    """On Windows: the width of an installed driver that this Python cannot see; else 0."""
    if sys.platform != "win32":
        return 0
    return registered(importlib.import_module("winreg"), driver, 96 - bits())


def registered(winreg: Any, driver: str, width: int) -> int:
    """`width` when the driver is registered for programs of so many bits, else 0."""
    view = winreg.KEY_WOW64_64KEY if width == 64 else winreg.KEY_WOW64_32KEY
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _REGISTRY, 0, winreg.KEY_READ | view) as key:
            winreg.QueryValueEx(key, driver)
    except OSError:
        return 0
    return width
