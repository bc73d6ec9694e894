"""Instants and lengths of time as people at the hub say them: the local clock of Europe/London, never UTC.

Instants are aware everywhere. A clock time that comes twice in the night when summer time ends says which one it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local(moment: datetime) -> datetime:
    """The same instant on the hub's own clock."""
    return moment.astimezone(LONDON)


def earliest_reading(moment: datetime) -> datetime:
    """The instant in UTC. Written without a zone it is UK clock time, and of two that fit the earlier one."""
    if moment.utcoffset() is not None:
        return moment.astimezone(UTC)
    return min(moment.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))


def zoned_words(moment: datetime) -> str:
    """`13:05 UK time`; `01:30 BST, UK time` in the hour that comes twice."""
    words = clock_words(moment)
    return f"{words}{',' if ' ' in words else ''} UK time"


def clock_words(moment: datetime) -> str:
    """`13:05`; `01:30 BST` in the hour that comes twice."""
    here = local(moment)
    twice = here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
    return f"{here:%H:%M} {here.tzname()}" if twice else f"{here:%H:%M}"


def day_words(moment: datetime, now: datetime) -> str:
    """`today`, `tomorrow`, `yesterday`, `Thursday 5 November`, or with its year when that is another one."""
    day, today = local(moment).date(), local(now).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow", today - timedelta(days=1): "yesterday"}
    year = "" if day.year == today.year else f" {day.year}"
    return near.get(day) or f"{day:%A} {day.day} {day:%B}{year}"


def moment_words(moment: datetime, now: datetime) -> str:
    """`today at 13:05`, `Thursday 5 November at 09:05`."""
    return f"{day_words(moment, now)} at {clock_words(moment)}"


def length_words(seconds: int) -> str:
    """`2 h 10 min`, `35 min`, `less than a minute`; whole minutes, rounded down, whatever the sign."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes else [])
    return " ".join(parts) or "less than a minute"
