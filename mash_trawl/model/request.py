"""An information request to a person, and the return that answers it. Plain values; `asked` of a return is signed.

A request holds the least that says who is meant, and the categories that were granted; nothing that the hub knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mash_trawl.model.answer import Coverage
from mash_trawl.model.base import DOCUMENT, Private
from mash_trawl.model.finding import Finding

Mode = Literal["content", "existence"]
Said = Literal["records", "nothing_held", "known", "not_searched", "refused"]
"""`nothing_held` says that somebody searched. `known`: of a line that asks for no more than that."""
Identity = Literal["yes", "no_record", "not_sure"]
FIRST_FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line(Private):
    """One question: about `person`, in one category, from `since` on (ISO day; empty: all time)."""

    __pydantic_config__ = DOCUMENT
    number: int
    person: str
    category: str
    title: str
    question: str = ""
    since: str = ""
    mode: Mode = "content"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fact(Private):
    """One thing that says who is meant: `Date of birth`, and the day."""

    __pydantic_config__ = DOCUMENT
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Meant(Private):
    """Somebody who is asked about. `id` is that of the case file; `basis` says by what right, one sentence each."""

    __pydantic_config__ = DOCUMENT
    id: str
    name: str
    facts: tuple[Fact, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request(Private):
    """What one person is asked. `id` is opaque; `case` is the mark that only this hub can make of the case's id.

    Instants are UTC text. `due` is empty where the case's colour has no target.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    hub: str
    case: str
    source: str
    agency: str
    to: str
    written_at: str
    asked_by: str
    team: str = ""
    telephone: str = ""
    send_to: str = ""
    due: str = ""
    form: int = FIRST_FORM
    people: tuple[Meant, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Practitioner(Private):
    """Who answered."""

    __pydantic_config__ = DOCUMENT
    name: str
    role: str
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stated(Private):
    """What was said to one question, and what came with it."""

    __pydantic_config__ = DOCUMENT
    person: str
    category: str
    said: Said
    note: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Returned(Private):
    """A return that was taken in. `not_sure` are people of whom the practitioner could not say that they are meant.

    `late_words` says by how much it came after it was due (empty: in time, or no target). `marks` say who its people
    were when it was taken in; `digest` is that of what it says.
    """

    __pydantic_config__ = DOCUMENT
    request: str
    source: str
    at: datetime
    by: Practitioner
    marks: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    late_words: str = ""
    coverage: Coverage | None = None
    known: tuple[str, ...] = ()
    not_sure: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()
