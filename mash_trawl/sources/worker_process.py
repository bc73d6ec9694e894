"""One worker as the engine sees it: started with next to nothing, spoken to in frames, and killed with its whole group.

The group is killed before the process's number goes back to the system, so that no other process can be hit. Reading
looks up every moment, so that a grandchild that keeps a pipe open holds no thread of the engine.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

from mash_trawl.errors import Misconfigured, Problem, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.sources import worker_facts
from mash_trawl.sources.worker_facts import Order
from mash_trawl.sources.worker_frames import HEAD, BadFrame, Message, length, pack, unpack

MODULE = "mash_trawl.sources.worker"
KEPT = (
    "ODBCSYSINI", "ODBCINI", "ODBCINSTINI", "FREETDS", "FREETDSCONF", "TDSVER", "TNS_ADMIN", "ORACLE_HOME", "NLS_LANG",
    "KRB5_CONFIG", "KRB5CCNAME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "LANG", "LC_ALL", "LC_CTYPE",
)  # fmt: skip
"""What a driver manager, a driver or a ticket needs to be found; nothing else of the environment goes down."""
KEPT_ON_WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PATH", "PROGRAMDATA", "PROGRAMFILES", "COMMONPROGRAMFILES")
_LOOK = 200
"""Milliseconds between two looks at whether the worker was given up."""
_REAP = 0.5
"""Seconds that a killed process may take to be gone."""

T = TypeVar("T")


class Gone(Exception):
    """The worker ended, was killed, or said what is no part of the talk: it can be asked nothing any more."""


class Process:
    """A worker process. One thread at a time talks to it; any thread may kill it.

    `waited`: it was idle and may have ended meanwhile; `asked`: it has answered before.
    """

    def __init__(self, order: Order, environment: Mapping[str, str]) -> None:
        """Start it and tell it what to load; it loads while nobody waits. Raises Gone when it cannot be started."""
        self.waited = self.asked = False
        self._facts: tuple[dict[str, Any], ...] | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._owner = os.getpid()
        try:
            self._popen, self._lifeline = _started(environment)
        except OSError:
            raise Gone("not started") from None
        assert self._popen.stdin is not None and self._popen.stdout is not None  # noqa: S101 - both are pipes
        self._down, self._up = self._popen.stdin.fileno(), self._popen.stdout.fileno()
        try:
            self.say({"do": "load", **order})
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Its number, which is its group's too."""
        return self._popen.pid

    def say(self, message: Message) -> None:
        """Send a frame. Raises Gone."""
        frame = memoryview(pack(message))
        while frame:
            self._wait(self._down, write=True)
            frame = frame[self._now(os.write, self._down, frame) or 0 :]

    def hear(self) -> Message:
        """The next frame. Raises Gone when there will be none, or when it is none."""
        try:
            return unpack(self._bytes(length(self._bytes(HEAD))))
        except BadFrame:
            raise Gone("not a frame") from None

    def facts(self) -> tuple[dict[str, Any], ...]:
        """What the connectors that it loaded say of themselves; waits for it the first time.

        Raises NotLoaded or Misconfigured when loading failed, else Gone.
        """
        if self._facts is None:
            told = self.hear()
            if told.get("say") == "failed":
                raise _failed(told)
            try:
                if told.get("say") != "ready" or not isinstance(told.get("facts"), list):
                    raise BadFrame("no facts")
                self._facts = tuple(worker_facts.hear(one) for one in told["facts"])
            except BadFrame:
                raise Gone("no facts") from None
        return self._facts

    def kill(self) -> None:
        """End it and all that it started. Any thread, any number of times; never raises.

        A copy of the engine that the host forked does nothing: the worker is not its own.
        """
        if os.getpid() != self._owner:
            return
        self._over.set()
        with self._lock:
            if self._popen.returncode is not None:
                return
            _kill(self._popen)
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(_REAP)
            for pipe in (self._popen.stdin, self._popen.stdout, self._lifeline):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def __del__(self) -> None:
        """A hub that nobody closed leaves no worker behind."""
        if hasattr(self, "_popen"):
            self.kill()

    def _bytes(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            self._wait(self._up, write=False)
            piece = self._now(os.read, self._up, min(count - len(got), 1 << 16))
            if piece == b"":
                raise Gone("it ended")
            got += piece or b""
        return bytes(got)

    def _wait(self, pipe: int, *, write: bool) -> None:
        """Until the pipe is ready. Windows cannot wait for one: there the reading itself waits, and a kill ends it."""
        if sys.platform == "win32":
            return
        poll = select.poll()
        poll.register(pipe, select.POLLOUT if write else select.POLLIN)
        while not poll.poll(_LOOK):
            if self._over.is_set():
                raise Gone("given up")

    def _now(self, act: Callable[..., T], *what: object) -> T | None:
        """Act on a pipe that is certainly still ours; None when it was not ready after all."""
        with nullcontext() if sys.platform == "win32" else self._lock:
            if self._over.is_set():
                raise Gone("given up")
            try:
                return act(*what)
            except BlockingIOError:
                return None
            except OSError:
                raise Gone("it ended") from None


class NotLoaded(Unavailable):
    """A worker could not load its connector: `kind` is the name of Python's own exception behind it."""

    def __init__(self, why: Why, kind: str) -> None:
        super().__init__(why)
        self.kind = kind


def _failed(told: Message) -> Exception:
    kind, problems = told.get("kind"), told.get("problems")
    if kind == "Misconfigured" and isinstance(problems, list):
        return Misconfigured(*(_problem(one) for one in problems[:50]))
    why = Why.DRIVER_MISSING if told.get("missing") is True else Why.NOT_INSTALLED
    return NotLoaded(why, kind if isinstance(kind, str) and kind.isidentifier() else "Exception")


def _problem(told: object) -> Problem:
    held = told if isinstance(told, dict) else {}
    where, what, do = (str(held.get(name, ""))[:300] for name in ("where", "what", "do"))
    return Problem(where=where, what=what, do=do)


def _started(environment: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], IO[bytes] | None]:
    """A session of its own, a clean environment, the root as its folder; and, on Linux, the end of its lifeline."""
    windows = sys.platform == "win32"
    own = {name: environment[name] for name in (KEPT_ON_WINDOWS if windows else KEPT) if name in environment}
    command = [sys.executable, "-I", "-X", "utf8", "-m", MODULE]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    common: dict[str, Any] = {**pipes, "bufsize": 0, "env": own, "cwd": Path(sys.executable).anchor or None}
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(command, **common, creationflags=flags), None
    theirs, ours = os.pipe()
    lifeline = os.fdopen(ours, "wb", buffering=0)
    try:
        popen = subprocess.Popen([*command, str(theirs)], **common, start_new_session=True, pass_fds=(theirs,))
    except OSError:
        lifeline.close()
        raise
    finally:
        os.close(theirs)
    for pipe in (popen.stdin, popen.stdout):
        if pipe is not None:
            os.set_blocking(pipe.fileno(), False)
    return popen, lifeline


def _kill(popen: subprocess.Popen[bytes]) -> None:
    """The whole group, as long as its number is certainly its own: before anybody has waited for the process."""
    if sys.platform == "win32":
        popen.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, signal.SIGKILL)
