"""Statements: what an enrolled person said under their own signature, one class for each kind.

A statement is signed with the key of the person who makes it and kept in the hub's database; it counts only if their
role may make it. What it says is a plain value, so that what was signed can be read back and compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mash_trawl.model.base import DOCUMENT, Private, to_plain
from mash_trawl.model.consent import Categories, Consent, GatewayUse
from mash_trawl.model.person import Person

Kind = Literal[
    "consent", "withdrawal", "gateway", "reply", "emergency", "countersignature", "approval", "suspension",
    "resumption", "identity", "dispute",
]  # fmt: skip
Disputer = Literal["family", "agency"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Withdrawal(Private):
    """The giver of a consent took it back; `at` is when they said so. `consent` is the record's id in its case.

    `given_by`, `covers` and `categories` are copied from the record when this is signed, so that it counts even where
    the record is gone.
    """

    __pydantic_config__ = DOCUMENT
    consent: str
    at: datetime
    given_by: str = ""
    covers: tuple[str, ...] = ()
    categories: Categories = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reply(Private):
    """The answer of a named person to one REVIEW: for this person and category, under this rule.

    `category` is full (`health.gp_summary`). `basis` is that of the decision that was answered (None for a restriction
    on a person, whatever the basis). `until` ends a yes (None: with what it rests on). `question` is the mark of what
    was answered (consent.question_mark): a yes counts only while the REVIEW reads the same; empty binds it to nothing.
    """

    __pydantic_config__ = DOCUMENT
    person: str
    category: str
    rule: str
    yes: bool
    reason: str
    basis: str | None = None
    until: datetime | None = None
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Emergency(Private):
    """Whoever runs the trawl could not wait for a decider: why, and the decisions under a power that it rests on.

    `profile` is the case's, whose working time says until when it must be countersigned.
    """

    __pydantic_config__ = DOCUMENT
    reason: str
    powers: tuple[GatewayUse, ...]
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Countersignature(Private):
    """A decider looked at an emergency (`emergency` is its statement's id) and agrees, or does not."""

    __pydantic_config__ = DOCUMENT
    emergency: str
    agrees: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A configuration file as it may count. `approvers`, of a hub file: who may approve the next one.

    `kept` is the SHA-256 of the text that was kept of it, without what could be secret; empty where none was.
    """

    __pydantic_config__ = DOCUMENT
    file: str
    sha256: str
    approvers: tuple[str, ...] = ()
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A source is not to be asked from now on."""

    __pydantic_config__ = DOCUMENT
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A suspended source may be asked again."""

    __pydantic_config__ = DOCUMENT
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identified(Private):
    """A named person looked at a record of a source, `ref`, and says whether it is this person of the case.

    `record` is the mark of what the source held when they looked (identity.record_mark): a yes counts only while it
    reads the same, a no counts for the `ref` whatever it says later. `discovered_at`: when it was found out that a
    record that had been taken for this person is somebody else's; only beside a no.
    """

    __pydantic_config__ = DOCUMENT
    person: str
    source: str
    ref: str
    same: bool
    reason: str
    record: str = ""
    discovered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Dispute(Private):
    """The family or an agency says that something in the product is wrong. Both accounts are shown from then on.

    `item` is the id that the product shows beside the row, the same in every version. `who` says in words who disputes
    it, `says` what they say instead. `stands` no: the dispute of this `item`, `by` and `who` was settled, and `says`
    tells how; claim and dispute stay in every version. `source`, `category` and `about` (ids of the case's people) are
    copied from the row: once that may not be shown, what is said of it may not either.
    """

    __pydantic_config__ = DOCUMENT
    item: str
    by: Disputer
    who: str
    says: str
    stands: bool = True
    source: str = ""
    category: str = ""
    about: tuple[str, ...] = ()


Said = (
    Consent | Withdrawal | GatewayUse | Reply | Emergency | Countersignature | Approval | Suspension | Resumption
    | Identified | Dispute
)  # fmt: skip
KINDS: Mapping[Kind, type[Said]] = {
    "consent": Consent, "withdrawal": Withdrawal, "gateway": GatewayUse, "reply": Reply, "emergency": Emergency,
    "countersignature": Countersignature, "approval": Approval, "suspension": Suspension, "resumption": Resumption,
    "identity": Identified, "dispute": Dispute,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Statement(Private):
    """What was said, by whom, when and about which case (None: about the hub itself); `hub` is the hub's name.

    `people` holds the mark of everybody whom it covers (`person_mark`), so that an id in a draft cannot be given to
    somebody else afterwards. `id` is opaque. `roles` are those that its maker acted in.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    kind: Kind
    hub: str
    by: str
    at: datetime
    said: Said
    case: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Checked(Private):
    """A statement whose signature holds and whose maker may make it.

    `roles`: those that they acted in and hold now, as local names and as what these stand for.
    """

    statement: Statement
    roles: frozenset[str]


def person_mark(person: Person) -> str:
    """A fingerprint of who somebody is: their names and date of birth (or when they are due), and nothing else.

    An address or an identifier learnt later changes nothing; another name or birth date is another person to look at.
    """
    who = {"names": to_plain(person.names), "born": to_plain(person.born), "due": to_plain(person.due)}
    return hashlib.sha256(json.dumps(who, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()[:32]
