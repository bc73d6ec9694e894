"""What a data protection officer and a Caldicott Guardian sign: everything a hub may do, read from its live files.

Facts about the configuration alone: no case, no family, no secret and no address of a system stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from mash_trawl.model.base import DOCUMENT

Opening = Literal[
    "opens", "when_named", "own_only", "with_reason", "agreement_first", "named_person", "existence_only", "no", "shut",
    "nobody",
]  # fmt: skip
"""What one opener can do for one category at the most, when everything that it requires is recorded."""
OPENING_WORDS: Mapping[Opening, str] = {
    "opens": "opens",
    "when_named": "only when named",
    "own_only": "the person's own only",
    "with_reason": "with a reason for each person",
    "agreement_first": "a person decides, agreement sought first",
    "named_person": "a person decides",
    "existence_only": "existence only",
    "no": "never",
    "shut": "shut",
    "nobody": "shown to nobody, so never asked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerFacts:
    """A legal power as the profile has it. `shut` says why it opens nothing now; empty when it is in force."""

    __pydantic_config__ = DOCUMENT
    id: str
    title: str
    law: str
    source: str
    reviewed_on: date
    deciders: tuple[str, ...]
    consent: str
    health: str
    requires: tuple[str, ...] = ()
    in_force_from: date | None = None
    shut: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFacts:
    """One category of one agency: what agreement and each power can do, and what binds whoever gets it.

    `agreements` are those that cover it today; without one it is not asked for. `sources` are those that offer it.
    """

    __pydantic_config__ = DOCUMENT
    category: str
    title: str
    agency: str
    agency_title: str
    consent: Opening
    powers: Mapping[str, Opening]
    agreements: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionFacts:
    """How long something is kept, in days, and from when, as the profile says it."""

    __pydantic_config__ = DOCUMENT
    id: str
    title: str
    days: int
    from_: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """One profile of the hub. `written` is how hub.yaml names it; `sha256` is that of all its files together."""

    __pydantic_config__ = DOCUMENT
    id: str
    written: str
    version: str
    title: str
    sha256: str
    files: tuple[str, ...]
    decides: bool
    deciders: tuple[str, ...]
    categories: tuple[CategoryFacts, ...]
    powers: tuple[PowerFacts, ...]
    retention: tuple[RetentionFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """One information-sharing agreement. `unsigned` are parties that did not sign; `state` is that of today."""

    __pydantic_config__ = DOCUMENT
    id: str
    edition: str
    title: str
    parties: tuple[str, ...]
    purposes: tuple[str, ...]
    from_: date
    to: date
    state: Literal["in_force", "starts_later", "lapsed"]
    signed: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """One source: how it is asked, what goes to it and what comes back. `why` is the code if it cannot be asked."""

    __pydantic_config__ = DOCUMENT
    name: str
    agency: str
    connector: str
    kind: str
    sends: tuple[str, ...]
    brings: tuple[str, ...]
    isolate: str
    certificate: str
    why: str = ""
    suspended_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFacts:
    """One place where something about a family lives: where, what, how many now, and how it ends."""

    __pydantic_config__ = DOCUMENT
    what: str
    where: str
    holds: str
    ends: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Somebody enrolled: roles as hub.yaml has them, the acts that these let them do, and whether they have a key."""

    __pydantic_config__ = DOCUMENT
    id: str
    roles: tuple[str, ...]
    may: tuple[str, ...]
    reader_key: bool
    left: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """A file that decisions rest on. `state` compares it with what was approved last; `diff` is a unified diff.

    Of hub.yaml the diff is one of what it says, without the values that could be secret.
    """

    __pydantic_config__ = DOCUMENT
    file: str
    sha256: str
    state: Literal["approved", "changed", "never_approved", "no_longer_used"]
    approved_by: str = ""
    approved_at: datetime | None = None
    approved_sha256: str = ""
    diff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The whole of it, at one moment. `signed_by` are the two offices that sign its SHA-256."""

    __pydantic_config__ = DOCUMENT
    version: Literal[1]
    hub: str
    hub_kinds: tuple[str, ...]
    program: str
    made_at: datetime
    made_by: str
    statements: str
    signing_key: str
    profiles: tuple[ProfileFacts, ...]
    agreements: tuple[AgreementFacts, ...]
    sources: tuple[SourceFacts, ...]
    copies: tuple[CopyFacts, ...]
    people: tuple[PersonFacts, ...]
    acts: Mapping[str, tuple[str, ...]]
    files: tuple[FileFacts, ...]
    open_points: tuple[str, ...]
    signed_by: tuple[str, ...]
