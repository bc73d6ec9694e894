"""Dates of birth: placeholders, the level at which two agree, and how far they lie apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.model.dates import PartialDate

OLDEST, NEWEST = date(1905, 1, 1), date(2100, 12, 31)
"""Nobody in a case was born outside these days: 1900-01-01, 9999-12-31 are what systems put for "unknown"."""


def is_placeholder_date(when: PartialDate, *, social_care: bool = False) -> bool:
    """True for a partial date, for 1 January of any year, and in social care for the 15th of a month.

    NHS good practice asks staff to enter 1 January for an unknown day; the social-care returns of the Department for
    Education use the 15th.
    """
    if not when.exact or when.earliest is None:
        return True
    return (when.earliest.month, when.earliest.day) == (1, 1) or (social_care and when.earliest.day == 15)


def coarse_date(when: PartialDate | None, *, social_care: bool = False) -> PartialDate | None:
    """The date with a placeholder day taken out: 1 January becomes the year, the 15th the month.

    What lies before OLDEST or after NEWEST is no date of birth at all, and is not compared.
    """
    if when is None or (when.latest or OLDEST) < OLDEST or (when.earliest or NEWEST) > NEWEST:
        return None
    if not when.exact or when.earliest is None or not is_placeholder_date(when, social_care=social_care):
        return when
    first = when.earliest
    january = (first.month, first.day) == (1, 1)
    words = PartialDate.parse(f"{first.year:04}" if january else f"{first.year:04}-{first.month:02}")
    return replace(words, original=when.original)


def years_apart(one: PartialDate | None, other: PartialDate | None) -> int:
    """The least number of calendar years between two dates; 0 when either is unknown."""
    if one is None or other is None:
        return 0
    low, high = _span(one), _span(other)
    if low is None or high is None:
        return 0
    return max(0, high[0].year - low[1].year, low[0].year - high[1].year)


def _span(when: PartialDate) -> tuple[date, date] | None:
    return (when.earliest, when.latest) if when.earliest and when.latest else None


BORN_LEVELS = ("exact", "partial", "day and month swapped", "one digit", "two parts", "different")


def compare_born(here: PartialDate | None, there: PartialDate | None) -> Level:
    """exact only for two certain days; partial when they can be the same day; else the kind of slip."""
    ours, theirs = here.original if here else "", there.original if there else ""
    if here is None or there is None or not here.earliest or not there.earliest or not here.latest or not there.latest:
        return Level(name=NOT_COMPARED, here=ours, there=theirs)
    if here.exact and there.exact:
        return Level(name=BORN_LEVELS[_day_level(here.earliest, there.earliest)], here=ours, there=theirs)
    overlap = here.earliest <= there.latest and there.earliest <= here.latest
    return Level(name="partial" if overlap else "different", here=ours, there=theirs)


def _day_level(one: date, other: date) -> int:
    if one == other:
        return 0
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return 2
    ours, theirs = one.strftime("%Y%m%d"), other.strftime("%Y%m%d")
    if sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1:
        return 3
    parts = (one.year == other.year, one.month == other.month, one.day == other.day)
    return 4 if sum(parts) == 2 else 5
