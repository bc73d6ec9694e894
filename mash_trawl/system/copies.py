"""A copy of this process that works beside it, where the system makes such copies."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

_leave = os._exit
"""The system's own, whoever puts something else in its place while a copy is at work."""


def can_be_copied() -> bool:
    """Not on Windows, and not where another thread runs: a copy has its locks as they were, and nobody to open them."""
    return sys.platform != "win32" and threading.active_count() == 1


@contextmanager
def copied(work: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """With a copy of this process that does `work`: what gives its result, once that is there. Then the copy is ended.

    The copy holds all that this process holds now, prints nothing and clears nothing up. It ends when this process
    does, however that ends. The result is empty, or only its beginning, when it died. NotImplementedError where
    `can_be_copied` says no because of the system.
    """
    if sys.platform == "win32":
        raise NotImplementedError("Windows copies no process")
    line, theirs = os.pipe()
    lifeline, ours = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(line)
        os.close(ours)
        _end_with(lifeline)
        _live(work, theirs)
    os.close(theirs)
    os.close(lifeline)
    try:
        yield lambda: b"".join(iter(lambda: os.read(line, 65_536), b""))
    finally:
        os.close(line)
        os.close(ours)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)  # its processor time counts as this process's from now on


def _end_with(lifeline: int) -> None:
    """End this process, a copy, when nobody holds the other end any more."""

    def wait() -> None:
        os.read(lifeline, 1)
        _leave(1)

    threading.Thread(target=wait, name="kit lifeline", daemon=True).start()


def _live(work: Callable[[], bytes], line: int) -> NoReturn:
    """The copy's whole life."""
    try:
        with os.fdopen(line, "wb") as out:
            out.write(work())
    finally:
        _leave(0)
