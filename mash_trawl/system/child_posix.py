"""A child on Linux and its relatives: a session and process group of its own, and on Linux a lifeline in the kernel.

The group is killed before the process's number goes back to the system, so that no other process can be hit. Reading
looks up every moment, so that a grandchild that keeps a pipe open holds no thread of this process.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    raise ImportError("not for Windows")

import os
import resource
import select
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn, TypeVar

from mash_trawl.system.child_base import KEPT, MEMORY, SPACE, Ended, Program, started

_LOOK = 200
"""Milliseconds between two looks at whether the child was given up."""
T = TypeVar("T")


class Child(Program):
    """This Python in a process of its own, started with next to nothing. See `system.child`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it; the number of its end of the lifeline is its last argument. Raises OSError."""
        own = {name: environment[name] for name in KEPT if name in environment}
        theirs, ours = os.pipe()
        self._lifeline = os.fdopen(ours, "wb", buffering=0)
        try:
            command = [sys.executable, *arguments, str(theirs)]
            super().__init__(started(command, own, start_new_session=True, pass_fds=(theirs,)))
        except OSError:
            self._lifeline.close()
            raise
        finally:
            os.close(theirs)
        for pipe in (self._down, self._up):
            os.set_blocking(pipe, False)

    def write(self, piece: memoryview) -> int:
        """Write some of it, as soon as it can; how many bytes were taken. Raises Ended."""
        self._wait(self._down, select.POLLOUT)
        return self._now(lambda: os.write(self._down, piece)) or 0

    def read(self, most: int) -> bytes:
        """At least one byte and at most so many. Raises Ended."""
        while True:
            self._wait(self._up, select.POLLIN)
            piece = self._now(lambda: os.read(self._up, most))
            if piece == b"":
                raise Ended
            if piece:
                return piece

    def _wait(self, pipe: int, ready: int) -> None:
        poll = select.poll()
        poll.register(pipe, ready)
        while not poll.poll(_LOOK):
            if self._over.is_set():
                raise Ended

    def _now(self, act: Callable[[], T]) -> T | None:
        """Act on a pipe that is certainly still ours; None when it was not ready after all."""
        with self._lock:
            if self._over.is_set():
                raise Ended
            try:
                return act()
            except BlockingIOError:
                return None
            except OSError:
                raise Ended from None

    def _end(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)

    def _let_go(self) -> None:
        with suppress(OSError):
            self._lifeline.close()


def confine(given: Sequence[str]) -> None:
    """Limits of this process, a child: no core dump; on Linux so much memory, and dead when its starter is."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import fcntl

        for what, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_AS, SPACE)):
            already = resource.getrlimit(what)[1]
            least = most if already == resource.RLIM_INFINITY else min(most, already)
            resource.setrlimit(what, (least, least))
        if given:
            lifeline = int(given[-1])
            fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
            fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC)


def end_with_all() -> NoReturn:
    """End this process, a child, and everything that it started, at once and without a word."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
