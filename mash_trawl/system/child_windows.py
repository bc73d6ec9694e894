"""A child on Windows: in a Job object that this process holds, and that dies with it. Never run: docs/windows.md."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only for Windows")

import ctypes
import os
import subprocess
from collections.abc import Mapping, Sequence
from ctypes import wintypes
from typing import NoReturn

from mash_trawl.system import job_limits
from mash_trawl.system.child_base import KEPT, MEMORY, SPACE, Ended, Program, started

KEPT_HERE = (
    *KEPT, "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PATH", "PROGRAMDATA", "PROGRAMFILES", "COMMONPROGRAMFILES",
)  # fmt: skip
"""Windows needs these to start a program and to find a driver."""
_SET_QUOTA_AND_TERMINATE = 0x0100 | 0x0001
_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.CreateJobObjectW.restype = wintypes.HANDLE
_kernel.OpenProcess.restype = wintypes.HANDLE


class Child(Program):
    """This Python in a process of its own, started with next to nothing. See `system.child`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it and put it into its job, before it can have started anything itself. Raises OSError.

        It waits for its first order, and has run nothing but our own code until it gets one. In a virtual environment
        `python.exe` is a launcher that starts the real one; that one is started here, told where it was found.
        """
        own = {name: environment[name] for name in KEPT_HERE if name in environment}
        python = getattr(sys, "_base_executable", sys.executable)
        if python != sys.executable:
            own["__PYVENV_LAUNCHER__"] = sys.executable
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        self._job: wintypes.HANDLE | None = None
        super().__init__(started([python, *arguments], own, creationflags=flags))
        try:
            self._job = _job_around(self.pid)
        except OSError:
            self.kill()
            raise

    def write(self, piece: memoryview) -> int:
        """Write some of it; waits as long as the child takes nothing. Raises Ended."""
        if self._over.is_set():
            raise Ended
        try:
            return os.write(self._down, piece)
        except OSError:
            raise Ended from None

    def read(self, most: int) -> bytes:
        """At least one byte and at most so many; waits until there are some, or until a kill ends it. Raises Ended."""
        if self._over.is_set():
            raise Ended
        try:
            piece = os.read(self._up, most)
        except OSError:
            raise Ended from None
        if not piece:
            raise Ended
        return piece

    def _end(self) -> None:
        if self._job is None:
            self._popen.kill()
        else:
            _kernel.TerminateJobObject(self._job, 1)

    def _let_go(self) -> None:
        if self._job is not None:
            _kernel.CloseHandle(self._job)
            self._job = None


def _job_around(pid: int) -> wintypes.HANDLE:
    """A new job with its limits, around this process and all that it will start."""
    job = wintypes.HANDLE(_taken(_kernel.CreateJobObjectW(None, None)))
    try:
        told = job_limits.limits(MEMORY, SPACE)
        _taken(_kernel.SetInformationJobObject(job, job_limits.CLASS, ctypes.byref(told), ctypes.sizeof(told)))
        process = wintypes.HANDLE(_taken(_kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, wintypes.DWORD(pid))))
        try:
            _taken(_kernel.AssignProcessToJobObject(job, process))
        finally:
            _kernel.CloseHandle(process)
    except OSError:
        _kernel.CloseHandle(job)
        raise
    return job


def _taken(answer: int | None) -> int:
    """What a call gave, unless it failed."""
    if not answer:
        raise ctypes.WinError(ctypes.get_last_error())
    return answer


def confine(given: Sequence[str]) -> None:
    """Nothing to do in the child: its limits are those of its job."""


def end_with_all() -> NoReturn:
    """End this process; its starter, or the end of its starter, ends the rest of the job."""
    os._exit(1)
