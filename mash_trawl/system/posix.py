"""What Linux and its relatives are asked in a way of their own: account names, and processes by /proc."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    raise ImportError("not for Windows")

import os
import pwd
import resource
from collections.abc import Iterator
from pathlib import Path

from mash_trawl.system.places import network_system


def account() -> str:
    """The name of this process's user id."""
    return _name_of(os.getuid())


def owner(path: Path) -> str:
    """The name of the account that owns a file or folder."""
    return _name_of(path.stat().st_uid)


def share(folder: Path) -> str:
    """The network file system that a folder lies on; empty when it is a local one."""
    return network_system(folder)


def process(pid: int) -> tuple[bool, str]:
    """Whether a process of this number runs (a dead one that waits for its parent does not), and when it began.

    The beginning is clock ticks since the machine started (proc(5), stat, field 22), so the start of the machine
    belongs to it. It is empty where there is no /proc (macOS), or /proc hides other accounts' processes.
    """
    try:
        told = Path(f"/proc/{pid:d}/stat").read_bytes()
        machine = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return _answers(pid), ""
    state, began = state_and_start(told)
    return state not in "ZX", f"{machine}:{began}"


def state_and_start(stat: bytes) -> tuple[str, int]:
    """Fields 3 and 22 of /proc/N/stat. Field 2, the program's name, may hold spaces and brackets."""
    fields = stat.rpartition(b")")[2].split()
    return fields[0].decode("ascii"), int(fields[19])


def certificates() -> Iterator[bytes] | None:
    """None: trusted certificates are files here."""
    return None


def no_core_dump() -> None:
    """Set the limit for core dumps to nothing, for good."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answers(pid: int) -> bool:
    """Whether a process of this number can be signalled, or is another account's."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _name_of(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
