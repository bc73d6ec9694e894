"""PERMIT, DENY or REVIEW for one (person, source, category), and what a permit is bound to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from mash_trawl.model.ages import Ages
from mash_trawl.model.base import Private

Obligation = Literal["minimise", "mask_address", "no_onward", "delete_by", "notify", "human_review"]


class Outcome(StrEnum):
    """The decision words of the national information-governance model."""

    PERMIT = "PERMIT"
    DENY = "DENY"
    REVIEW = "REVIEW"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRef:
    """What a decision needs to know of a source: its name, its agency and the categories that it offers.

    `ages` are those whom its system holds: nobody who is certainly younger or older is asked about (None: everybody).
    """

    name: str
    agency: str
    categories: tuple[str, ...]
    ages: Ages | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decision(Private):
    """One decision. `category` is full (`health.gp_summary`); `rule` names the rule; `unlock` is plain English.

    `why` is a value of `model.answer.Why` for anything but PERMIT; `basis` is the consent or gateway id that permits.
    `expires_at` is the first moment at which the permit no longer holds (None: as long as the case runs).
    `since` is the first day that may be asked for (None: unbounded); `at` is the moment that was decided for.
    `mode` of a permit: `existence` opens only whether the source knows the person, never what it holds.
    """

    person: str
    source: str
    agency: str
    category: str
    outcome: Outcome
    rule: str
    reason: str
    unlock: str = ""
    why: str = ""
    basis: str | None = None
    obligations: tuple[Obligation, ...] = ()
    expires_at: datetime | None = None
    since: date | None = None
    at: datetime | None = None
    mode: Literal["content", "existence"] = "content"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decisions(Private):
    """Every decision of a case at one instant, in the order (source, person, category) of case file and hub."""

    case: str
    profile: str
    at: datetime
    items: tuple[Decision, ...]

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def about(self, source: str, person: str) -> tuple[Decision, ...]:
        """All decisions for one (source, person)."""
        return tuple(item for item in self.items if item.source == source and item.person == person)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every (source, person) once, in order."""
        return tuple(dict.fromkeys((item.source, item.person) for item in self.items))
