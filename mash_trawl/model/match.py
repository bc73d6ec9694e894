"""The decision that a candidate is the person, and how it came about. Weights are thousandths of a bit."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mash_trawl.errors import Refused
from mash_trawl.model.base import DOCUMENT, Private
from mash_trawl.model.person import Person
from mash_trawl.model.proof import LoweredBy
from mash_trawl.model.query import Candidate
from mash_trawl.model.weighing import NameShares, Weight

MatchOutcome = Literal["auto", "review", "no_match", "confirmed", "rejected"]
"""What rules decide (the first three), and what a named person said of a record that was for them to decide."""
GuardSetting = Literal["on", "strict"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line(Private):
    """One field of the explanation: value here, value there, level of agreement, weight, running total."""

    field: str
    here: str
    there: str
    level: str
    millibits: int
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A guard that fired: its id (G1 ...), what it limits the outcome to, and why in plain words."""

    id: str
    limit: MatchOutcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Verdict(Private):
    """What a named person said of a record: who, in which roles, when (UTC text) and why. `statement` is its id."""

    __pydantic_config__ = DOCUMENT
    statement: str
    by: str
    roles: tuple[str, ...]
    at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Company(Private):
    """Somebody else of the case, and which record of the same source is held to be theirs."""

    person: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Match(Private):
    """The decision on one candidate. The sum of the lines and the prior equals `millibits` exactly.

    `verdict`: who decided it, where the outcome is `confirmed` or `rejected`. `company`: with whose records it was
    found in one home, where that is why guard G15 does not stand against it.
    """

    person: str
    candidate: Candidate
    outcome: MatchOutcome
    millibits: int
    prior: int
    lines: tuple[Line, ...]
    guards: tuple[Guard, ...] = ()
    gap: int | None = None
    verdict: Verdict | None = None
    company: tuple[Company, ...] = ()

    @property
    def ref(self) -> str:
        """The source's key of the candidate."""
        return self.candidate.ref

    @property
    def bits(self) -> float:
        """The total weight in bits, prior included."""
        return self.millibits / 1000

    @property
    def alone(self) -> bool:
        """True where all that stands against it is that nothing else agrees than names and birth date (G15, G11)."""
        against = {guard.id for guard in self.guards if guard.limit != "auto"}
        return self.outcome == "review" and "G15" in against <= {"G11", "G15"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Matches(Private):
    """All candidates of one source for one person, best first; ties in the order of `ref`.

    `trace` is what `identity.trace.rebuild` makes the same decision from: text and integers only, for the ledger.
    `cut`: the source named so many people that not all were looked at; that is no end of a search.
    """

    person: str
    items: tuple[Match, ...]
    cut: bool = False
    trace: Mapping[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Match]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def auto(self) -> tuple[Match, ...]:
        """Those that are the person by rule alone."""
        return tuple(item for item in self.items if item.outcome == "auto")

    @property
    def accepted(self) -> tuple[Match, ...]:
        """Those that are the person, by rule or because a named person said so."""
        return tuple(item for item in self.items if item.outcome in ("auto", "confirmed"))

    @property
    def review(self) -> tuple[Match, ...]:
        """Those that a named person must decide."""
        return tuple(item for item in self.items if item.outcome == "review")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Looked(Private):
    """One person of a case at one source: whom the source named, and what was decided."""

    person: Person
    candidates: tuple[Candidate, ...]
    matches: Matches


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """What a profile may set. Nothing here loosens: a threshold below, or a lead short of, the built-in counts as it.

    One thing lowers `auto_per_million`: `lowered_by`, labelled decisions that prove it (`model/proof.py`).

    `population`: people whom a source holds; `populations` by source or agency. Thresholds in parts per million, the
    lead in millibits. `social_care_dates`: the 15th of a month stands for an unknown day. `weights` replace the
    built-in table, each with where it comes from. `guards` are all on; some can be `strict` (docs/matching.md).
    `shared_addresses` are UPRNs and postcodes of hostels, refuges, prisons and homes: they count nothing.
    `frequencies` names the file of name frequencies; `names` is that file once it is read: no file may hold it.
    """

    __pydantic_config__ = DOCUMENT
    population: int = 300_000
    auto_per_million: int = 999_000
    review_per_million: int = 10_000
    lead_millibits: int = 7_000
    social_care_dates: bool = False
    populations: Mapping[str, int] = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()
    guards: Mapping[str, GuardSetting] = field(default_factory=dict)
    shared_addresses: tuple[str, ...] = ()
    frequencies: str | None = None
    names: NameShares | None = None
    lowered_by: LoweredBy | None = None

    def on(self, today: datetime.date) -> MatchPolicy:
        """The policy as it holds on this day: labels from the future, or too old ones, lower nothing."""
        if self.lowered_by is None or self.lowered_by.counts_on(today):
            return self
        least = MatchPolicy().auto_per_million
        return replace(self, auto_per_million=max(self.auto_per_million, least), lowered_by=None)


def match_id(source: str, ref: str, secret: str) -> str:
    """The id by which people name a record of a source: it tells nothing of the source's own key.

    Keyed (HMAC-SHA-256) with the `secret` of the case, which lies in its sealed working copy: whoever has only the id
    cannot try out keys. Refused without a secret: the version is older than these ids.
    """
    if not secret:
        what = "the newest version of this case was sealed before its records had ids of their own"
        raise Refused("missing", what, "Run the case: `mash-trawl run CASE --refresh all`.")
    told = json.dumps([source, ref]).encode("ascii")
    return f"{source}:{hmac.new(bytes.fromhex(secret), told, hashlib.sha256).hexdigest()[:8]}"
