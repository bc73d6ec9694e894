"""What a family is told: before the asking what will be asked, after it what was shared; and when telling must wait.

Codes and ids only; the words stand in templates, so that a place can have them in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from mash_trawl.model.base import Private

TellingKind = Literal["notice", "sheet"]
HoldWhy = Literal["source_of_harm", "not_to_tell", "restriction", "no_safe_contact"]
HOLDS: Final[Mapping[str, str]] = {
    "source_of_harm": "this person is recorded as an alleged source of harm",
    "not_to_tell": "a decision on the case says why the family is not told yet",
    "restriction": "a restriction on somebody it names must be looked at by a named person first",
    "no_safe_contact": "no contact of this person is marked safe",
}
"""Why nothing is written, in words; the gravest first."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hold(Private):
    """Why nothing is written to this person now, and the day on which somebody looks at it again."""

    whys: tuple[HoldWhy, ...]
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line(Private):
    """One entry of a list: an agency, kinds of record (full category ids), the people, and a code where one is said.

    `code` is a gateway's id, a basis (`law`, `agreement`, `earlier`) or a family's choice; `on` the day of the asking.
    """

    agency: str = ""
    kinds: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    code: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Telling(Private):
    """Everything that one notice or sheet says. `lists` are those of its kind (`LISTS`), empty ones too.

    `numbers` are counts. `person` is whom it speaks to; `children` are those whom it may name beside them.
    """

    kind: TellingKind
    person: str
    children: tuple[str, ...]
    lists: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    sealed_at: datetime | None = None


LISTS: Final[Mapping[TellingKind, Mapping[str, frozenset[str]]]] = {
    "notice": {
        "asked_before": frozenset({"on"}),
        "asked": frozenset({"agency", "about", "kind"}),
        "agreed": frozenset({"agency", "about", "kind"}),
        "if_yes": frozenset({"agency", "about", "kind"}),
        "waits": frozenset({"agency", "about", "kind"}),
        "said_no": frozenset({"agency", "about", "choice", "kind"}),
        "not_asked": frozenset({"agency", "about"}),
        "reasons": frozenset({"law"}),
    },
    "sheet": {
        "shared": frozenset({"agency", "about", "kind", "on", "basis"}),
        "asked_only": frozenset({"agency", "about", "kind", "on", "basis"}),
        "nothing": frozenset({"agency", "about"}),
        "no_answer": frozenset({"agency", "about"}),
        "declined": frozenset({"agency", "about"}),
        "not_allowed": frozenset({"agency", "about"}),
        "stopped": frozenset({"agency", "about", "on", "stopped", "kind"}),
        "erased": frozenset({"on"}),
        "choices": frozenset({"agency", "about", "choice", "kind"}),
        "reasons": frozenset({"law"}),
    },
}  # fmt: skip
"""The lists of each kind, and what an entry of each can say."""
NUMBERS: Final[Mapping[TellingKind, frozenset[str]]] = {
    "notice": frozenset({"kept_days"}),
    "sheet": frozenset({"kept_days", "readers", "opened_by", "copies"}),
}
