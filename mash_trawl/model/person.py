"""People as the case file writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mash_trawl.model.base import DOCUMENT, Known, Private
from mash_trawl.model.dates import PartialDate

Role = Literal[
    "subject", "sibling", "parent", "carer", "household", "alleged_source_of_harm", "associate", "professional", "other"
]
Sex = Literal["female", "male", "other", "unknown"]
NameUse = Literal["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"]
Restriction = Literal[
    "hidden_address", "adoption", "witness_protection", "gender_history", "fertility_treatment", "staff_interest"
]  # fmt: skip

ContactKind = Literal["letter", "email", "telephone", "text", "in_person", "through_worker"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SafeContact(Private):
    """A way to reach somebody, and whether it is safe: nobody else opens, reads or hears it (`safe`, `confirmed_on`).

    `value` is an address, a number, or the worker's name. Only one that is marked safe is ever used.
    """

    __pydantic_config__ = DOCUMENT
    kind: ContactKind
    value: str
    safe: Known = "unknown"
    note: str | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Name(Private):
    """One name; original spelling is kept code point for code point."""

    __pydantic_config__ = DOCUMENT
    given: tuple[str, ...] = ()
    family: str | None = None
    use: NameUse = "usual"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Address(Private):
    """A place where someone lives or lived. `uprn` is text of up to 12 digits; `from_` and `to` are partial dates."""

    __pydantic_config__ = DOCUMENT
    lines: tuple[str, ...] = ()
    postcode: str | None = None
    uprn: str | None = None
    from_: PartialDate | None = None
    to: PartialDate | None = None
    no_fixed_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person(Private):
    """A person of the case. `identifiers` maps names such as `nhs_number`, `upn` to text.

    `born` is absent when unknown; an unborn child has `due` and no `born`. `school` is where a child is taught,
    `language` what to speak with them. `told_by` says who named somebody that a trawl found, in words. `contacts` are
    ways to reach them; no agency is ever asked with these, and no product holds them.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    roles: tuple[Role, ...] = ("other",)
    names: tuple[Name, ...] = ()
    born: PartialDate | None = None
    due: PartialDate | None = None
    died: PartialDate | None = None
    sex: Sex = "unknown"
    gender: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    school: str | None = None
    language: str | None = None
    told_by: str | None = None
    contacts: tuple[SafeContact, ...] = ()

    @property
    def unborn(self) -> bool:
        """True while only a due date is known."""
        return self.born is None and self.due is not None
