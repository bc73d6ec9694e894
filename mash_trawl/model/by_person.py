"""What an answer rests on where the source is a person: until when it is owed, what was asked, what was said to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mash_trawl.model.base import Private
from mash_trawl.model.coverage import Coverage


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Note(Private):
    """What somebody wrote beside their answer to a category."""

    category: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OfCategory(Private):
    """What was said last to one category, in which return, and what that return covers. `said` empty: no word yet."""

    category: str
    said: str = ""
    found: int = 0
    coverage: Coverage | None = None
    returned_at: datetime | None = None
    practitioner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ByPerson(Private):
    """Of one (source, person). `request` is the newest request about them; empty: none was written yet.

    `owed`, `refused` and `not_searched` are full categories; what was not searched is owed too. `each` has all that may
    be asked, one by one. `due` is when the case's clock wants it (None: no target). `late_words` says by how much the
    newest return came after that, `practitioner` who answered.
    """

    due: datetime | None = None
    request: str = ""
    requested_at: datetime | None = None
    returned_at: datetime | None = None
    late_words: str = ""
    practitioner: str = ""
    owed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    not_searched: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    each: tuple[OfCategory, ...] = ()
