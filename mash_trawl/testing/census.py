"""Threads and open files of this process: what was not there before a run and is there after it was left behind."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_LOOKS, _MOMENT = 40, 0.005
_FOLDER = "/proc/self/fd"


def census() -> dict[str, set[Any]]:
    """Threads and open files of this process now."""
    return {"thread": {item for item in threading.enumerate() if not item.name.startswith("kit ")}, "file": _files()}


def left_behind(before: Mapping[str, set[Any]]) -> list[str]:
    """What is there now that was not, in words; what is just ending gets a moment to end."""
    now = census()
    for thread in now["thread"] - before["thread"]:
        thread.join(0.3)
        now = census()
    for look in range(_LOOKS):  # the other end of a line, which is the kit's own, ends a moment later
        if not now["file"] - before["file"]:
            break
        if look == _LOOKS // 4:
            gc.collect()  # what only a cycle of objects still holds is not kept on purpose
        time.sleep(_MOMENT)
        now = census()
    left = [f"the thread {thread.name!r}" for thread in now["thread"] - before["thread"]]
    names = (_name(number) for number, *_ in now["file"] - before["file"])
    return left + [f"the open file {name}" for name in names if name]


def _files() -> set[tuple[int, int, int]]:
    """Descriptors with what they lead to, by device and number, where the system tells."""
    found: set[tuple[int, int, int]] = set()
    for name in os.listdir(_FOLDER) if os.path.isdir(_FOLDER) else ():  # noqa: PTH208,PTH112 - a plain list of numbers
        with suppress(OSError):  # the one by which they were listed is closed by now
            there = os.fstat(int(name))
            found.add((int(name), there.st_dev, there.st_ino))
    return found


def _name(number: int) -> str:
    """The kind or path of an open file; empty when it was closed meanwhile."""
    try:
        return os.readlink(f"{_FOLDER}/{number}").partition(":")[0]  # noqa: PTH115 - it is no file of ours
    except OSError:
        return ""
