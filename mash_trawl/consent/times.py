"""Instants, days and ages, read the way that asks less.

The hub's people live by UK time: a day begins and ends at midnight in Europe/London, and a birthday is a local day.
An instant written without a zone is UK wall time. In the hour that comes twice in autumn (and the one that never comes
in spring) two instants fit: a beginning is then the later of them, an end the earlier. An end is exclusive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mash_trawl.model.dates import PartialDate

LONDON = ZoneInfo("Europe/London")
_ABOUT = timedelta(days=366)
"""How far an approximate or uncertain date may be out, in either direction."""


def begins(moment: datetime) -> datetime:
    """The moment from which something counts, in UTC."""
    return max(_readings(moment))


def ends(moment: datetime) -> datetime:
    """The first moment at which something no longer counts, in UTC."""
    return min(_readings(moment))


def earliest_of(reading: Callable[[datetime], datetime], *moments: datetime | None) -> datetime | None:
    """The first of these moments as it was written, each read as a beginning or as an end; None where none is set."""
    return min((moment for moment in moments if moment), key=reading, default=None)


def _readings(moment: datetime) -> tuple[datetime, ...]:
    if moment.utcoffset() is not None:
        return (moment.astimezone(UTC),)
    wall = moment.replace(tzinfo=LONDON)
    return tuple(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def local_day(moment: datetime) -> date:
    """The day in Europe/London. ValueError for an instant without a zone: the clock always has one."""
    if moment.utcoffset() is None:
        raise ValueError("the moment of asking has no zone")
    return moment.astimezone(LONDON).date()


def midnight(day: date) -> datetime:
    """The local midnight with which a day begins, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def birthday(born: date, years: int) -> date:
    """The day on which somebody reaches this age; born on 29 February, it is 1 March in a common year."""
    if (born.month, born.day) == (2, 29):
        return date(born.year + years, 2, 28) + timedelta(days=1)
    return born.replace(year=born.year + years)


def reached(born: PartialDate | None, years: int, day: date) -> bool:
    """Whether somebody has certainly reached this age on that day. Unknown is no."""
    latest = _shift(born, born.latest, _ABOUT) if born else None
    return latest is not None and birthday(latest, years) <= day


def under(born: PartialDate | None, years: int, day: date) -> bool:
    """Whether somebody is certainly younger than this on that day. Unknown is no."""
    earliest = reaches_at(born, years)
    return earliest is not None and earliest > day


def reaches_at(born: PartialDate | None, years: int) -> date | None:
    """The first day on which somebody could reach this age; None if that cannot be said."""
    earliest = _shift(born, born.earliest, -_ABOUT) if born else None
    return None if earliest is None else birthday(earliest, years)


def _shift(born: PartialDate | None, bound: date | None, by: timedelta) -> date | None:
    vague = born is not None and (born.approximate or born.uncertain)
    return bound + by if bound and vague else bound


def show_day(moment: datetime) -> str:
    """`3 November 2026`, the local day."""
    day = moment.astimezone(LONDON)
    return f"{day.day} {day:%B %Y}"
