"""An information-sharing agreement: which agencies share what, for which purposes, until when, and who signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mash_trawl.model.base import DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """Who signed for a party: `party` is the agency's id, `role` the office they hold there, `on` the day."""

    __pydantic_config__ = DOCUMENT
    party: str
    role: str
    on: date
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One agreement (`agreements/*.yaml`). It counts for an agency that is a party and has signed.

    `purposes` are ids of profiles. `categories`: agency to `all` or to categories without the agency's own prefix.
    `to` is exclusive; days begin at midnight in Europe/London.
    """

    __pydantic_config__ = DOCUMENT
    version: Literal[1]
    id: str
    edition: str
    title: str
    parties: tuple[str, ...]
    purposes: tuple[str, ...]
    categories: Mapping[str, Literal["all"] | tuple[str, ...]]
    from_: date
    to: date
    signatories: tuple[Signatory, ...] = ()
    review_on: date | None = None
    note: str = ""
    contacts: Mapping[str, str] = field(default_factory=dict)

    def in_force(self, today: date) -> bool:
        """Whether it holds on this day; its end is exclusive."""
        return self.from_ <= today < self.to

    def signed_by(self, party: str, today: date) -> bool:
        """Whether this party's signature is there, and not only foretold."""
        return any(one.party == party and one.on <= today for one in self.signatories)

    def takes_in(self, agency: str, category: str) -> bool:
        """Whether it is about this category of this agency (without the agency's prefix)."""
        listed = self.categories.get(agency, ())
        return listed == "all" or category in listed

    def covers(self, agency: str, category: str, purpose: str, today: date) -> bool:
        """All of it at once: in force, this party has signed, for this profile, and with this category."""
        member = agency in self.parties and self.signed_by(agency, today)
        return member and self.in_force(today) and purpose in self.purposes and self.takes_in(agency, category)
