"""From permits to grants. Nothing else in the project mints one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.grant import Grant, Period

from .vote import earliest


def mint_grants(decisions: Decisions, now: datetime, new_id: Callable[[], str]) -> tuple[Grant, ...]:
    """One grant for each (source, person) with a PERMIT that still holds, in the order of the decisions.

    It carries the permitted categories, each with its own period, and ends with the first of them; those of which only
    the existence may be asked stand apart. `since` is the earliest day that the content of any of them may be asked for
    (None if one of them is unbounded).
    """
    permits: dict[tuple[str, str], list[Decision]] = {}
    for item in decisions:
        if item.outcome is Outcome.PERMIT and (item.expires_at is None or now < item.expires_at):
            permits.setdefault((item.source, item.person), []).append(item)
    return tuple(_grant(source, person, items, new_id()) for (source, person), items in permits.items())


def _grant(source: str, person: str, items: list[Decision], ident: str) -> Grant:
    return Grant(
        Grant._mint,
        id=ident,
        source=source,
        person=person,
        categories=frozenset(item.category for item in items if item.mode == "content"),
        existence=frozenset(item.category for item in items if item.mode == "existence"),
        since=_since([item.since for item in items if item.mode == "content"]),
        until=None,
        expires_at=earliest(*(item.expires_at for item in items)),
        periods=_periods(items),
    )


def _periods(items: list[Decision]) -> dict[str, Period]:
    """The period of each category. One that is permitted twice has the narrower one."""
    periods: dict[str, Period] = {}
    for item in items:
        known = [day for day in (item.since, periods.get(item.category, (None, None))[0]) if day is not None]
        periods[item.category] = (max(known, default=None), None)
    return periods


def _since(days: list[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None
