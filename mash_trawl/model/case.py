"""The case: the reason for asking. Read from YAML or JSON, or made by a host program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mash_trawl.model.base import DOCUMENT, Known, Private
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.person import Person
from mash_trawl.model.threshold import Citation

Rag = Literal["red", "amber", "green", "blue"]
"""The colours of the national base. A case may have any that its profile knows."""
TieKind = Literal["parent", "partner", "sibling", "grandparent", "carer", "other"]
Nature = Literal[
    "birth", "adoptive", "foster", "step", "special_guardianship", "kinship", "half", "married", "civil_partnership",
    "cohabiting", "separated", "divorced", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tie(Private):
    """A relationship that the case file states: `from_` is the `kind` of `to` (p2 is the parent of p1).

    `pr_basis` is the profile's code for where parental responsibility comes from (`care_order`: the council's worker).
    """

    __pydantic_config__ = DOCUMENT
    from_: str
    to: str
    kind: TieKind
    nature: Nature = "unknown"
    parental_responsibility: Known = "unknown"
    pr_basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Referrer(Private):
    """Whom to go back to about the referral: a practitioner, or a member of the public who gave a name."""

    __pydantic_config__ = DOCUMENT
    name: str | None = None
    telephone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Referral(Private):
    """Who referred, when and why. `level` is the area's own number; `rag` the priority set at screening, one of the
    profile's colours.

    `threshold` cites the clauses of the partnership's threshold document that the level rests on.
    """

    __pydantic_config__ = DOCUMENT
    source: str
    received_at: datetime
    concerns: tuple[str, ...] = ()
    level: int | None = None
    rag: str | None = None
    narrative: str | None = None
    referrer: Referrer | None = None
    threshold: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keyworker(Private):
    """The one worker whom the family deals with from now on, since when, and for which agency (a profile's id)."""

    __pydantic_config__ = DOCUMENT
    name: str
    appointed_at: datetime
    role: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case(Private):
    """One case. Person ids are unique; every id used elsewhere in the file is one of them."""

    __pydantic_config__ = DOCUMENT
    version: Literal[1]
    id: str
    profile: str
    opened_at: datetime
    referral: Referral
    people: tuple[Person, ...]
    relationships: tuple[Tie, ...] = ()
    consents: tuple[Consent, ...] = ()
    gateways: tuple[GatewayUse, ...] = ()
    keyworker: Keyworker | None = None

    def person(self, ident: str) -> Person:
        """The person with this id; KeyError if there is none."""
        for person in self.people:
            if person.id == ident:
                return person
        raise KeyError(ident)

    def __repr__(self) -> str:
        return "<Case>"
