"""Dates of birth: placeholders, the level at which two agree, and how far they lie apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.model.dates import PartialDate

OLDEST, NEWEST = date(1905, 1, 1), date(2050, 12, 31)
"""Nobody in a case was born outside these days: 1900-01-01, 9999-12-31 are what systems put for "unknown".

Matching has no clock: a birth date in the next years passes for one, as a due date does where a system has no other
place for it. What lies beyond is no date, or a two-digit year that was read in the wrong century.
"""


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
    if one is None or other is None or not one.earliest or not one.latest or not other.earliest or not other.latest:
        return 0
    return max(0, other.earliest.year - one.latest.year, one.earliest.year - other.latest.year)


BORN_LEVELS = ("exact", "partial", "day and month swapped", "one digit", "slip", "two parts", "different")


def compare_born(here: PartialDate | None, there: PartialDate | None) -> Level:
    """exact only for two certain days; partial when they can be the same day; else the kind of slip.

    slip: two neighbouring digits changed places (12, 21; 1987, 1978), the day beside it (9, 10 May; 31 May, 1 June), or
    the year beside it with the same day and month, as it is written in the first weeks of a new year (2019, 2020).
    Another century (1914, 2014) is two parts of three: a grandson of one name and birthday looks the same.
    """
    ours, theirs = here.original if here else "", there.original if there else ""
    if here is None or there is None or not here.earliest or not there.earliest or not here.latest or not there.latest:
        return Level(NOT_COMPARED, ours, theirs)
    if here.exact and there.exact:
        return Level(_day_level(here.earliest, there.earliest), ours, theirs)
    overlap = here.earliest <= there.latest and there.earliest <= here.latest
    return Level("partial" if overlap else "different", ours, theirs)


def _day_level(one: date, other: date) -> str:
    year, month, day = one.year == other.year, one.month == other.month, one.day == other.day
    if year and month and day:
        return "exact"
    if year + month + day == 2:
        return _part_level(one, other)
    if abs((one - other).days) == 1:
        return "slip"
    return "day and month swapped" if year and one.month == other.day and one.day == other.month else "different"


def _part_level(one: date, other: date) -> str:
    """The same where year, month or day alone differs: a slip is never in two of them."""
    ours, theirs = (f"{day.year:04}{day.month:02}{day.day:02}" for day in (one, other))
    differ = [at for at, (near, far) in enumerate(zip(ours, theirs, strict=True)) if near != far]
    if len(differ) == 1:
        return "one digit"
    beside = abs(one.year - other.year) == 1 or abs((one - other).days) == 1
    return "slip" if beside or _changed_places(ours, theirs, differ) else "two parts"


def _changed_places(ours: str, theirs: str, differ: list[int]) -> bool:
    """Two neighbouring digits stand in each other's place."""
    if len(differ) != 2 or differ[1] - differ[0] != 1:
        return False
    first, second = differ
    return ours[first] == theirs[second] and ours[second] == theirs[first]
