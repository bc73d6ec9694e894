"""The rows of a product: what agencies said, each with its origin; and values that cannot all be true."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import DOCUMENT, Private
from mash_trawl.model.finding import Polarity, Significance
from mash_trawl.model.shown import Origin, When
from mash_trawl.model.statement import Disputer


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Held(Private):
    """One value, and everybody who says so."""

    __pydantic_config__ = DOCUMENT
    value: str
    kind: str = ""
    since: When | None = None
    until: When | None = None
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A record that an event repeats. `row` is its chronology row, absent where that record did not come."""

    __pydantic_config__ = DOCUMENT
    ref: str
    row: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChronologyRow(Private):
    """One event by one agency. Rows with the same `group` are accounts of one day by several agencies."""

    __pydantic_config__ = DOCUMENT
    id: str
    when: When
    until: When | None = None
    people: tuple[str, ...] = ()
    kind: str = ""
    headline: str
    text: str = ""
    significance: Significance = "not_rated"
    polarity: Polarity = "neutral"
    outcome: str = ""
    group: str | None = None
    cites: tuple[Citation, ...] = ()
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InvolvementRow(Private):
    """A service that works, or worked, with someone."""

    __pydantic_config__ = DOCUMENT
    people: tuple[str, ...] = ()
    service: str
    status: str = "unknown"
    since: When | None = None
    until: When | None = None
    last_contact: When | None = None
    practitioner: str = ""
    role: str = ""
    contact: str = ""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FactRow(Private):
    """A single value that an agency holds."""

    __pydantic_config__ = DOCUMENT
    people: tuple[str, ...] = ()
    name: str
    value: str
    when: When | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResidenceRow(Private):
    """Who lives, or lived, where."""

    __pydantic_config__ = DOCUMENT
    people: tuple[str, ...] = ()
    address: str
    since: When | None = None
    until: When | None = None
    tenure: str = ""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RelationshipRow(Private):
    """A tie as an agency states it."""

    __pydantic_config__ = DOCUMENT
    from_: tuple[str, ...]
    to: tuple[str, ...]
    people: tuple[str, ...] = ()
    kind: str
    nature: str = "unknown"
    parental_responsibility: str = "unknown"
    since: When | None = None
    until: When | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DisputeShown(Private):
    """The family or an agency says that a claim is wrong; `at` is when that was signed (UTC text).

    `item` is the claim that was disputed, `row` the one beside which it stands now: the same, or the only one left of
    that record, which reads differently now; absent where nothing of it is shown. Then `who` and `says` are absent too
    if they could tell what may not be shown. `settled` says how it ended, and when; nothing is deleted.
    """

    __pydantic_config__ = DOCUMENT
    item: str
    row: str | None = None
    by: Disputer
    who: str | None = None
    says: str | None = None
    at: str
    settled: str | None = None
    settled_at: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the record that it was about reads differently now."""
        return self.row is not None and self.row != self.item


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contradiction(Private):
    """Values that cannot all be true, side by side. The tool never chooses."""

    __pydantic_config__ = DOCUMENT
    people: tuple[str, ...]
    field: str
    sentence: str
    values: tuple[Held, ...]
