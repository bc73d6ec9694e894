"""Inside a worker: the line to the engine, and what stands there for a grant and for a door.

A grant is only a handle here, with what a connector may read of it; every request is still the gate's to allow, one
message up the pipe. The thread that listens is also the watchdog: when the engine is gone, so is this process, even
while a driver's call hangs.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mash_trawl.errors import Refused, Unavailable
from mash_trawl.model.base import Private
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.sources.worker_frames import HEAD, BadFrame, Message, length, pack, unpack
from mash_trawl.system.child import end_with_all
from mash_trawl.transports.door import Tally
from mash_trawl.transports.extract import Extracts


class Line:
    """Frames to and from the engine. Safe in threads: a question and its answer belong together."""

    def __init__(self, from_engine: int, to_engine: int) -> None:
        self._in, self._out = os.fdopen(from_engine, "rb"), to_engine
        self._heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._asking, self._saying = threading.Lock(), threading.Lock()
        threading.Thread(target=self._listen, name="watchdog", daemon=True).start()

    def _listen(self) -> None:
        try:
            while len(head := self._in.read(HEAD)) == HEAD:
                self._heard.put(unpack(self._in.read(length(head))))
        except (OSError, BadFrame):
            pass
        end_with_all()

    def hear(self, patience: float) -> Message | None:
        """The next message; None when none came within `patience` seconds."""
        try:
            return self._heard.get(timeout=patience)
        except queue.Empty:
            return None

    def say(self, message: Message) -> None:
        """Tell the engine. BadFrame when it is too long; a gone engine ends this process."""
        frame = memoryview(pack(message))
        with self._saying:
            try:
                while frame:
                    frame = frame[os.write(self._out, frame) :]
            except OSError:
                end_with_all()

    def ask(self, message: Message) -> Message:
        """Tell the engine and wait for its answer. Raises Refused or Unavailable, as the gate says."""
        with self._asking:
            self.say(message)
            answer = self._heard.get()
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "unavailable" in answer:
            raise Unavailable(answer["unavailable"])
        return answer


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Handle(Private):
    """What a connector may read of a grant. It opens nothing: the engine looks the grant itself up by its id."""

    id: str
    source: str
    person: str
    categories: frozenset[str]
    existence: frozenset[str]
    since: date | None
    until: date | None
    expires_at: datetime | None
    periods: Mapping[str, tuple[date | None, date | None]]

    def period(self, category: str) -> tuple[date | None, date | None]:
        """The days that may be fetched in one category."""
        return self.periods.get(category, (self.since, self.until))

    def to_text(self) -> str:
        """The plain form: its id."""
        return self.id

    @classmethod
    def of(cls, told: Message) -> Handle:
        """The handle of a grant as the engine describes it."""
        expires = told["expires_at"]
        return cls(
            id=told["id"],
            source=told["source"],
            person=told["person"],
            categories=frozenset(told["categories"]),
            existence=frozenset(told["existence"]),
            since=_day(told["since"]),
            until=_day(told["until"]),
            expires_at=datetime.fromisoformat(expires) if expires else None,
            periods={name: (_day(since), _day(until)) for name, (since, until) in told["periods"].items()},
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(slots=True, kw_only=True, repr=False)
class FarDoor:
    """A door whose gate is at the other end of the line (see `transports.door.Door`)."""

    line: Line
    number: int
    budget: int
    source: str
    step: str
    connect: Mapping[str, str]
    base: Path
    limits: Limits
    tls: Tls
    proxy: str | None
    tally: Tally = field(default_factory=Tally)
    extracts: Extracts | None = None

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Ask the gate; the engine counts and writes the row of a retry before it answers."""
        about = {"say": "request", "door": self.number, "page": page, "attempt": attempt}
        left = float(self.line.ask(about)["left"])
        self.tally.requests += 1
        self.tally.retries += attempt > 1
        self.tally.pages += attempt == 1 and page > 0
        return left

    def row(self) -> bool:
        """Count one row here; the engine is told the count at the end and holds it to the same budget."""
        if self.tally.rows >= self.budget:
            return False
        self.tally.rows += 1
        return True

    def wait(self, seconds: float) -> None:
        """Sleep; the engine sleeps for us, so that a stop is heard."""
        self.line.ask({"say": "wait", "door": self.number, "seconds": seconds})

    def told(self) -> dict[str, Any]:
        """What the tally says and the engine cannot know."""
        tally = self.tally
        return {
            "rows": tally.rows,
            "quarantined": tally.quarantined,
            "complete": tally.complete,
            "truncated": tally.truncated,
            "as_of": tally.as_of,
            "skipped": [list(key) for key in tally.skipped],
        }


def far_door(line: Line, told: Message) -> FarDoor:
    """A door as the engine opened it."""
    from mash_trawl.config.read import read_value

    return FarDoor(
        line=line,
        number=told["door"],
        budget=told["budget"],
        source=told["source"],
        step=told["step"],
        connect=told["connect"],
        base=Path(told["base"]),
        limits=read_value(Limits, told["limits"]),
        tls=read_value(Tls, told["tls"]),
        proxy=told["proxy"],
    )
