"""Dates of birth that are not what they seem: placeholders, and how far two dates lie apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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
