"""Where a case stands at one moment: its clock, what is owed and by whom, what waits for a person. Holds no content.

Made anew from the case, the decisions and the newest product whenever somebody asks; never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mash_trawl.model.base import Private
from mash_trawl.model.emergency import EmergencyNow
from mash_trawl.model.hub import Contact
from mash_trawl.model.ways import Ways

ClockState = Literal["running", "overdue", "in_time", "late", "no_target", "no_colour", "not_known"]
"""`in_time` and `late`: it stopped when a version was sealed. Of the others only the first two are about a due time."""
PairState = Literal[
    "answered", "not_asked", "not_looked_up", "owed", "to_confirm", "facts_needed", "to_decide", "said_no", "closed"
]
"""`closed`: no permit. `not_looked_up`: the product was not opened, so it is not known. The others say themselves."""
AgainWhy = Literal["new", "changed", "identified", "failed", "stale", "newly_permitted", "on_purpose"]
OPEN: tuple[PairState, ...] = ("not_asked", "not_looked_up", "owed", "to_confirm", "facts_needed", "to_decide")
"""The states in which somebody still has to do something before the answer is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When a case is due. `seconds` are left (negative: over), counted as its colour counts: running or working time;
    once it has stopped, those that were left then.

    `notes` say what makes the time less certain than it looks; a time is never shown without them.
    """

    rag: str | None
    title: str
    state: ClockState
    received_at: datetime
    due: datetime | None = None
    seconds: int | None = None
    words: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PairStanding(Private):
    """One (source, person). `since` is when it was asked last, `earlier` when that was which still stands beside it.

    `possible` counts records that may be the person's. `due`: until when a person owes a return.
    """

    source: str
    agency: str
    agency_name: str
    person: str
    state: PairState
    status: str | None = None
    why: str = ""
    sentence: str = ""
    since: datetime | None = None
    earlier: datetime | None = None
    possible: int = 0
    ring: Contact | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opens(Private):
    """Categories in words, and the people whom all of them are about."""

    what: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Waiting(Private):
    """A question that only a named person can answer, for these pairs. `roles` may be empty: the reason says whom.

    `asks` says in words which categories wait about whom; `commands` are those by which the answer is signed.
    """

    reason: str
    unlock: str
    roles: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    asks: tuple[Opens, ...]
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unlock(Private):
    """What one consent or decision would open: these categories of these pairs; `opens` says it in words.

    `commands` are those that write it into the case.
    """

    what: str
    pairs: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    opens: tuple[Opens, ...]
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Lapsing(Private):
    """A permit or a review date that ends soon or has just ended. `basis` is the id of the consent or gateway."""

    kind: Literal["consent", "power", "review"]
    basis: str
    at: datetime
    pairs: tuple[tuple[str, str], ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Somebody opened the product."""

    reader: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """A version of the product was sealed. `asked`: at least one service was asked for it."""

    version: int
    at: datetime
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Version(Private):
    """The newest sealed product, and who opened it, each person once with their last time.

    `sealings` are all versions of the case so far, oldest first.
    """

    record: str
    version: int
    sealed_at: datetime
    read_by: tuple[Reading, ...] = ()
    sealings: tuple[Sealing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AskAgain(Private):
    """A (source, person) that `run` would ask now, and why."""

    source: str
    person: str
    why: AgainWhy


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Standing(Private):
    """All of it. `looked_up` is false when there is a product that was not opened; `shut` says why it could not be.

    `shut_why` is the code of the refusal. `to_weigh`: records that came, and nobody has yet decided which
    of them are relevant. `ways`: what the profile makes of the case. `emergencies`: runs that a decider
    had not said yes to.
    """

    case: str
    profile: str
    at: datetime
    clock: Clock
    pairs: tuple[PairStanding, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unlocks: tuple[Unlock, ...] = ()
    lapsing: tuple[Lapsing, ...] = ()
    again: tuple[AskAgain, ...] = ()
    version: Version | None = None
    looked_up: bool = True
    shut: str = ""
    shut_why: str = ""
    to_weigh: int = 0
    ways: Ways | None = None
    emergencies: tuple[EmergencyNow, ...] = ()

    @property
    def to_countersign(self) -> tuple[EmergencyNow, ...]:
        """The emergencies that a decider has yet to look at, or that stop the case because nobody did."""
        return tuple(one for one in self.emergencies if one.state != "countersigned")

    @property
    def open_pairs(self) -> tuple[PairStanding, ...]:
        """The pairs for which somebody still has to do something."""
        return tuple(pair for pair in self.pairs if pair.state in OPEN)

    @property
    def owing(self) -> bool:
        """Whether anything is owed: an open pair, a question to a person, a signature, or a product that is overdue."""
        late = self.clock.state == "overdue" and self.version is None
        return bool(self.open_pairs or self.waiting or self.to_countersign or late)
