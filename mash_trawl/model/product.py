"""The product: everything that one trawl found, and everything that it could not ask.

Text and integers only. Every statement carries its origin; nothing overwrites anything. No times taken, no attempts:
the same case, decisions and answers give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mash_trawl.model.answer import Coverage, Status, Why, Withheld
from mash_trawl.model.base import DOCUMENT, Private
from mash_trawl.model.family import Family
from mash_trawl.model.match import MatchOutcome
from mash_trawl.model.rows import (
    ChronologyRow,
    Contradiction,
    DisputeShown,
    FactRow,
    Held,
    InvolvementRow,
    RelationshipRow,
    ResidenceRow,
)
from mash_trawl.model.shown import Origin, When
from mash_trawl.model.ways import MeetingShown, RouteSuggested, ThresholdShown

GapKind = Literal["not_answered", "not_complete", "not_searched", "not_covered", "no_record"]
RefusalKind = Literal["law", "family_choice", "custodian"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseFacts(Private):
    """The case as it stood. Instants are UTC text; `level_title` is the area's own word, `keyworker` one sentence."""

    __pydantic_config__ = DOCUMENT
    id: str
    profile: str
    opened_at: str
    referral_source: str
    received_at: str
    concerns: tuple[str, ...] = ()
    level: int | None = None
    rag: str | None = None
    narrative: str | None = None
    level_title: str = ""
    keyworker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProductPerson(Private):
    """A person of the case, or one whom an agency mentioned (`found`): shown, never asked about.

    `hints` say in words that two entries may be one person, `perhaps` names those entries; nobody is merged.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    name: str
    found: bool = False
    roles: tuple[str, ...] = ()
    sex: str = "unknown"
    gender: str | None = None
    born: When | None = None
    due: When | None = None
    died: When | None = None
    names: tuple[Held, ...] = ()
    identifiers: tuple[Held, ...] = ()
    addresses: tuple[Held, ...] = ()
    restrictions: tuple[str, ...] = ()
    address_withheld: bool = False
    known_as: tuple[Origin, ...] = ()
    hints: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedKeys:
    """One search as it was run: by which facts, how many candidates, whether the list was cut off."""

    __pydantic_config__ = DOCUMENT
    by: tuple[str, ...]
    candidates: int
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WithheldCategory(Private):
    """A category that was not asked for, by which rule, why, and what would unlock it."""

    __pydantic_config__ = DOCUMENT
    category: str
    rule: str
    why: str
    unlock: str = ""

    @classmethod
    def of(cls, withheld: Withheld, unlock: str) -> WithheldCategory:
        """The shown form of what an answer withheld."""
        return cls(category=withheld.category, rule=withheld.rule, why=withheld.why, unlock=unlock)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgencyOutcome(Private):
    """What came of one (source, person), in plain English and in numbers; one for every pair.

    `carried_from`: what is shown was carried over from this version of the product, asked for at `carried_at`.
    `not_searched`: keys that were not or not fully used, for want of a fact, or because it must not leave the hub
    (`not_given`), or because the number known cannot be right (`not_valid`). `not_offered`: usual ways of searching
    that it has no key for.
    `due`: until when a person owes it (UTC). `each`: what a person said to each of several categories, in words.
    """

    __pydantic_config__ = DOCUMENT
    source: str
    agency: str
    agency_name: str
    person: str
    status: Status
    why: Why
    sentence: str
    found: int = 0
    possible: int = 0
    dropped: int = 0
    quarantined: int = 0
    withheld: tuple[WithheldCategory, ...] = ()
    coverage: Coverage | None = None
    searched: tuple[SearchedKeys, ...] = ()
    not_searched: tuple[tuple[str, ...], ...] = ()
    not_offered: tuple[tuple[str, ...], ...] = ()
    asked_at: str | None = None
    connector: str = ""
    carried_from: int | None = None
    carried_at: str | None = None
    due: str | None = None
    not_given: tuple[tuple[str, ...], ...] = ()
    not_valid: tuple[tuple[str, ...], ...] = ()
    each: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DecisionLine(Private):
    """One decision as it was taken."""

    __pydantic_config__ = DOCUMENT
    person: str
    source: str
    agency: str
    category: str
    outcome: str
    rule: str
    reason: str
    unlock: str = ""
    basis: str | None = None
    obligations: tuple[str, ...] = ()
    expires_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Gap(Private):
    """What the product cannot speak about. Days are inclusive ISO text; absent: no limit is known.

    `due`: until when a person owes it (UTC).
    """

    __pydantic_config__ = DOCUMENT
    source: str
    agency: str
    agency_name: str
    person: str
    kind: GapKind
    why: str
    sentence: str
    from_: str | None = None
    to: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Refusal(Private):
    """Not asked, or refused. The law's no, a family's choice and a custodian's no are three different things."""

    __pydantic_config__ = DOCUMENT
    source: str
    agency: str
    agency_name: str
    person: str
    kind: RefusalKind
    status: Status
    why: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MatchLine(Private):
    """One field of an explanation; weights are thousandths of a bit."""

    __pydantic_config__ = DOCUMENT
    field: str
    here: str
    there: str
    level: str
    millibits: int
    running: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MatchShown(Private):
    """Why a record was taken to be this person; `confirmed` says who confirmed it, in which roles, when and why.

    `id` is how people name the record; it can be told where `ref`, the source's own key, must not be.
    """

    __pydantic_config__ = DOCUMENT
    source: str
    agency: str
    agency_name: str
    person: str
    ref: str
    outcome: MatchOutcome
    millibits: int
    prior: int
    lines: tuple[MatchLine, ...] = ()
    guards: tuple[str, ...] = ()
    confirmed: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Possible(Private):
    """Records that may be this person. Nothing was read from them; a named person must decide."""

    __pydantic_config__ = DOCUMENT
    source: str
    agency: str
    agency_name: str
    person: str
    count: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Findings that came and are not shown: how many, and why."""

    __pydantic_config__ = DOCUMENT
    source: str
    person: str
    count: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Product(Private):
    """The single record. `at` is the moment of the decisions (UTC text), the product's only clock."""

    __pydantic_config__ = DOCUMENT
    version: Literal[1] = 1
    marking: str
    audience: str
    case: CaseFacts
    at: str
    notes: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    answers: tuple[AgencyOutcome, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    gaps: tuple[Gap, ...] = ()
    possible: tuple[Possible, ...] = ()
    restricted_services: str = ""
    people: tuple[ProductPerson, ...] = ()
    family: Family
    chronology: tuple[ChronologyRow, ...] = ()
    involvements: tuple[InvolvementRow, ...] = ()
    residences: tuple[ResidenceRow, ...] = ()
    relationships: tuple[RelationshipRow, ...] = ()
    facts: tuple[FactRow, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    disputes: tuple[DisputeShown, ...] = ()
    matches: tuple[MatchShown, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    threshold: ThresholdShown | None = None
    routes: tuple[RouteSuggested, ...] = ()
    who_routes: str = ""
    meetings: tuple[MeetingShown, ...] = ()

    def person(self, ident: str) -> ProductPerson:
        """The person with this id; KeyError if there is none."""
        for person in self.people:
            if person.id == ident:
                return person
        raise KeyError(ident)

    def __repr__(self) -> str:
        return "<Product>"
