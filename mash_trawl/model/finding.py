"""What an agency says: five kinds of finding. Provenance is added by the engine (source, person, agency, time)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mash_trawl.model.base import Known, Private
from mash_trawl.model.case import TieKind
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address
from mash_trawl.model.query import Candidate

Basis = Literal["observed", "reported", "alleged", "documented", "third_hand", "professional_opinion", "not_stated"]
Significance = Literal["high", "medium", "low", "not_rated"]
Polarity = Literal["concern", "protective", "neutral", "change"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Statement(Private):
    """What all findings share. `ref` is the source's key of the record, `about` its keys of the people in it.

    `category` is full (`housing.asb`). `mentions` describes people whom `about`, `from_` or `to` name and who are
    not in the case: they are shown as found, never asked about.
    """

    ref: str
    about: tuple[str, ...]
    category: str
    mentions: tuple[Candidate, ...] = ()
    recorded_on: date | None = None
    recorded_by: str | None = None
    basis: Basis = "not_stated"
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Event(Statement):
    """Something that happened. `kind` is the source's code or word; `headline` is short, `text` may be long."""

    type: Literal["event"] = "event"
    when: PartialDate
    until: PartialDate | None = None
    kind: str = ""
    headline: str
    text: str = ""
    significance: Significance = "not_rated"
    polarity: Polarity = "neutral"
    outcome: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Involvement(Statement):
    """A service works, or worked, with someone. `contact` is how to reach the practitioner at work."""

    type: Literal["involvement"] = "involvement"
    service: str
    status: Literal["current", "historic", "waiting", "declined", "unknown"] = "unknown"
    from_: PartialDate | None = None
    to: PartialDate | None = None
    last_contact: PartialDate | None = None
    practitioner: str = ""
    role: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Residence(Statement):
    """Someone lives, or lived, at an address: everybody in `about` is there for this spell."""

    type: Literal["residence"] = "residence"
    address: Address
    from_: PartialDate | None = None
    to: PartialDate | None = None
    tenure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Relationship(Statement):
    """`from_` is the `kind` of `to`; both are the source's own keys of people."""

    type: Literal["relationship"] = "relationship"
    from_: str
    to: str
    kind: TieKind
    nature: str = "unknown"
    parental_responsibility: Known = "unknown"
    since: PartialDate | None = None
    until: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fact(Statement):
    """A single value that an agency holds: `name` is a code (`gp_practice`, `nhs_number`), `value` text."""

    type: Literal["fact"] = "fact"
    name: str
    value: str
    when: PartialDate | None = None


Finding = Event | Involvement | Residence | Relationship | Fact
