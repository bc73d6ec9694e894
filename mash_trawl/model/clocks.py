"""How soon a case is due, and when the hub works: two parts of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mash_trawl.model.base import DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class RagClock:
    """How soon a case of this colour is due. `days` are working days where `counted` is `working`; none: no target."""

    __pydantic_config__ = DOCUMENT
    title: str
    hours: int | None = None
    days: int | None = None
    counted: Literal["running", "working"] = "working"
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """The hub's hours, in local time (`09:00`), on these days of the week, except on these days."""

    __pydantic_config__ = DOCUMENT
    from_: str
    to: str
    days: tuple[str, ...]
    holidays: tuple[date, ...] = ()
