"""A record was taken for the wrong person: what was closed, who had it in their hands, and until when to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mash_trawl.model.base import Private

How = Literal["opened", "looked_through", "passed_on", "exported", "printed"]
NOTIFY_WITHIN = timedelta(hours=72)
"""UK GDPR Article 33(1): the Commissioner is told within 72 hours of becoming aware, where that is feasible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A version was closed: by whom, when (UTC), and the id of the statement that it rests on."""

    version: int
    statement: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Somebody had a version in their hands: how, who, when (UTC). `version` None: a paper that names none.

    `form` is the format of a plain copy or the kind of a paper, `copy` its number within the record.
    """

    how: How
    who: str
    at: datetime
    version: int | None = None
    form: str = ""
    copy: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Incident(Private):
    """What is known of it, for whoever protects the data. Nothing of what the record says is in it.

    `match` is the id of the record, `people` are the ids in the case that it was taken for, `statements` the signed
    words that it is not theirs, by `by` at `noted_at` (UTC). `record` and `version` are what may be read instead.
    """

    case: str
    match: str
    source: str
    people: tuple[str, ...]
    statements: tuple[str, ...]
    by: str
    noted_at: datetime
    discovered_at: datetime
    record: str
    version: int
    closed: tuple[Closing, ...]
    handled: tuple[Handled, ...]

    @property
    def notify_by(self) -> datetime:
        """The end of the 72 hours."""
        return self.discovered_at + NOTIFY_WITHIN

    @property
    def exports(self) -> tuple[Handled, ...]:
        """The plain copies, which closing does not reach."""
        return tuple(one for one in self.handled if one.how == "exported")
