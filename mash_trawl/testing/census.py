"""Threads and open files of this process: what was not there before a run and is there after it was left behind."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Mapping
from typing import Any

_LOOKS, _MOMENT = 40, 0.005


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
    return left + [f"the open file {name.partition(':')[0]}" for _, name in now["file"] - before["file"]]


def _files() -> set[tuple[str, str]]:
    """Descriptors with what they lead to, where the system tells."""
    found: set[tuple[str, str]] = set()
    folder = "/proc/self/fd"
    for name in os.listdir(folder) if os.path.isdir(folder) else ():  # noqa: PTH208,PTH112 - a plain list of numbers
        try:
            target = os.readlink(f"{folder}/{name}")  # noqa: PTH115 - it is no file of ours
        except OSError:
            continue
        if not target.startswith(folder) and "/proc/" not in target:
            found.add((name, target))
    return found
