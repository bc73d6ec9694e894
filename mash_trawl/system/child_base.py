"""What a process that we started is on every system: two pipes, a number, and an end that takes everything with it."""

from __future__ import annotations

import os
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

MEMORY, SPACE = 1024**3, 4 * 1024**3
"""Bytes that a child may hold, and that it may reserve, shared ones too."""
KEPT = (
    "ODBCSYSINI", "ODBCINI", "ODBCINSTINI", "FREETDS", "FREETDSCONF", "TDSVER", "TNS_ADMIN", "ORACLE_HOME", "NLS_LANG",
    "KRB5_CONFIG", "KRB5CCNAME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "LANG", "LC_ALL", "LC_CTYPE",
)  # fmt: skip
"""What a driver manager, a driver or a ticket needs to be found; nothing else of the environment goes down."""
_REAP = 0.5
"""Seconds that a killed process may take to be gone."""


class Ended(Exception):
    """The child ended or was killed: nothing more can be read or written."""


class Program(ABC):
    """A process that was started. One thread at a time reads and writes; any thread may kill it."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        assert popen.stdin is not None and popen.stdout is not None  # noqa: S101 - both are pipes, see `started`
        self._popen = popen
        self._down, self._up = popen.stdin.fileno(), popen.stdout.fileno()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._owner = os.getpid()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._popen.pid

    def kill(self) -> None:
        """End it and all that it started. Any thread, any number of times; never raises.

        A copy of this process that somebody forked does nothing: the child is not its own.
        """
        if os.getpid() != self._owner:
            return
        self._over.set()
        with self._lock:
            if self._popen.returncode is not None:
                return
            self._end()
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(_REAP)
            for pipe in (self._popen.stdin, self._popen.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._let_go()

    @abstractmethod
    def _end(self) -> None:
        """Kill everything, before the process's number goes back to the system."""

    @abstractmethod
    def _let_go(self) -> None:
        """Close what was held beside the pipes."""


def started(command: Sequence[str], environment: Mapping[str, str], **own: Any) -> subprocess.Popen[bytes]:
    """Start a program with two pipes, this environment and no other, in the root of the disk. Raises OSError."""
    return subprocess.Popen(
        list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        env=dict(environment), cwd=Path(command[0]).anchor or None, **own,
    )  # fmt: skip
