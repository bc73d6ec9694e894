"""One worker as the engine sees it: started with next to nothing, spoken to in frames, and killed with its whole group.

How a system starts, confines and kills a process is `system.child`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mash_trawl.errors import Misconfigured, Problem, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.sources import worker_facts
from mash_trawl.sources.worker_facts import Order
from mash_trawl.sources.worker_frames import HEAD, BadFrame, Message, length, pack, unpack
from mash_trawl.system.child import Child, Ended

MODULE = "mash_trawl.sources.worker"


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
        try:
            self._child = Child(["-I", "-X", "utf8", "-m", MODULE], environment)
        except OSError:
            raise Gone("not started") from None
        try:
            self.say({"do": "load", **order})
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Its number, which is its group's too."""
        return self._child.pid

    def say(self, message: Message) -> None:
        """Send a frame. Raises Gone."""
        frame = memoryview(pack(message))
        while frame:
            try:
                frame = frame[self._child.write(frame) :]
            except Ended:
                raise Gone("it ended") from None

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
        """End it and all that it started. Any thread, any number of times; never raises."""
        self._child.kill()

    def __del__(self) -> None:
        """A hub that nobody closed leaves no worker behind."""
        if hasattr(self, "_child"):
            self.kill()

    def _bytes(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            try:
                got += self._child.read(min(count - len(got), 1 << 16))
            except Ended:
                raise Gone("it ended") from None
        return bytes(got)


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
