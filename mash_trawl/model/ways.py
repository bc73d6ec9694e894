"""Where a case may go next: teams and meetings as a profile states them, and what is shown of them for one case."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import DOCUMENT, Private


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A specialist team, and the concerns and levels that lead to it."""

    __pydantic_config__ = DOCUMENT
    title: str
    concerns: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A regular meeting: who comes, and which view of the product is shown there."""

    __pydantic_config__ = DOCUMENT
    title: str
    when: str = ""
    who: tuple[str, ...] = ()
    view: str = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClause:
    """A clause of the threshold document in its own words; `cited_for` is `level` or the id of a power."""

    __pydantic_config__ = DOCUMENT
    number: str
    cited_for: str
    level: str
    level_title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdShown:
    """What the case cites of one edition (`document` is ID@EDITION); days are ISO text."""

    __pydantic_config__ = DOCUMENT
    document: str
    title: str
    partnership: str
    agreed_on: str
    review_on: str
    clauses: tuple[CitedClause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RouteSuggested(Private):
    """A specialist team to which the profile leads, and the concern or level that leads there. Never a decision."""

    __pydantic_config__ = DOCUMENT
    team: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingShown:
    """A meeting of the profile: when it is held, and the titles of the agencies that come."""

    __pydantic_config__ = DOCUMENT
    meeting: str
    title: str
    when: str = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ways(Private):
    """What a profile makes of a case: what to read first, what is cited, suggested teams, who routes, meetings."""

    notes: tuple[str, ...] = ()
    threshold: ThresholdShown | None = None
    routes: tuple[RouteSuggested, ...] = ()
    who_routes: str = ""
    meetings: tuple[MeetingShown, ...] = ()
