"""Extended Date/Time Format, the part that agencies' dates need: what each text says about first and last day.

Source: Library of Congress, "Extended Date/Time Format (EDTF) Specification", levels 0 and 1, with `[a,b]` and
`[a..b]` (one of these) of level 2. Seasons are those of UK meteorology: 21 spring March to May, 22 summer June to
August, 23 autumn September to November, 24 winter December of that year to February of the next.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from mash_trawl.model.base import Unreadable

Precision = Literal["day", "month", "season", "year", "decade", "interval", "unknown"]
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
NO_SUCH_DAY = "There is no such day in the calendar."

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SINGLE = re.compile(r"([12][0-9]{3})(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?([~?%]?)")
_ROUGH = re.compile(r"([12][0-9])([0-9]X|XX)([~?%]?)")
_NOTHING = re.compile(r"XXXX(?:-XX(?:-XX)?)?")


class Span(NamedTuple):
    """What a text says: inclusive ends (None: open or unknown), how exact it is, and how sure."""

    precision: Precision
    earliest: date | None
    latest: date | None
    approximate: bool = False
    uncertain: bool = False


def last_of_month(year: int, month: int) -> int:
    """The number of days in a month."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _LENGTHS[month - 1]


def read(text: str) -> Span:
    """The span of an EDTF text. Raises Unreadable."""
    if found := _SINGLE.fullmatch(text):
        return calendar(found[1], found[2], found[3], found[4])
    if found := _ROUGH.fullmatch(text):
        return _rough(found[1], found[2], found[3])
    if _NOTHING.fullmatch(text):
        return Span("unknown", None, None)
    if text.startswith("[") and text.endswith("]"):
        return _one_of(text[1:-1])
    first, slash, second = text.partition("/")
    if slash:
        return _between(_side(first), _side(second))
    raise Unreadable("a date")


def calendar(year: str, month: str | None, day: str | None, mark: str = "") -> Span:
    """A year, month, season or day; `XX` for a month or day that is not specified."""
    approximate, uncertain = mark in ("~", "%") and mark != "", mark in ("?", "%") and mark != ""
    y = int(year)
    if month is None or month == "XX":
        if day not in (None, "XX"):
            raise Unreadable("a date")
        return Span("year", date(y, 1, 1), date(y, 12, 31), approximate, uncertain)
    m = int(month)
    if m in SEASONS and day is None:
        start = date(y, 3 * (m - 20), 1)
        ends = (y + 1, 2) if m == 24 else (y, start.month + 2)
        return Span("season", start, date(*ends, last_of_month(*ends)), approximate, uncertain)
    if not 1 <= m <= 12:
        raise Unreadable("a date", NO_SUCH_DAY)
    if day is None or day == "XX":
        return Span("month", date(y, m, 1), date(y, m, last_of_month(y, m)), approximate, uncertain)
    d = int(day)
    if not 1 <= d <= last_of_month(y, m):
        raise Unreadable("a date", NO_SUCH_DAY)
    exact = date(y, m, d)
    return Span("day", exact, exact, approximate, uncertain)


def _rough(century: str, rest: str, mark: str) -> Span:
    """A decade (`201X`) or a century (`19XX`, which counts as an interval)."""
    first, last = (int(century + rest.replace("X", fill)) for fill in "09")
    precision: Precision = "decade" if rest != "XX" else "interval"
    return Span(precision, date(first, 1, 1), date(last, 12, 31), mark in ("~", "%"), mark in ("?", "%"))


def _side(text: str) -> Span | None:
    """One side of an interval; None where it is open (`..`) or unknown (nothing)."""
    if text in ("", ".."):
        return None
    if "/" in text or text.startswith("[") or _NOTHING.fullmatch(text):
        raise Unreadable("a date")
    return read(text)


def _between(first: Span | None, last: Span | None) -> Span:
    if first is None and last is None:
        raise Unreadable("a date", "Give one end at least.")
    earliest, latest = first.earliest if first else None, last.latest if last else None
    if earliest and latest and latest < earliest:
        raise Unreadable("a date", "It ends before it begins.")
    sides = [side for side in (first, last) if side]
    approximate = any(side.approximate for side in sides)
    return Span("interval", earliest, latest, approximate, any(side.uncertain for side in sides))


def _one_of(inner: str) -> Span:
    """One of several, or one day within a range that may be open."""
    first, dots, last = inner.partition("..")
    if dots:
        return _between(_side(first), _side(last))
    sides = [_side(item) for item in inner.split(",")]
    known = [side for side in sides if side and side.earliest and side.latest]
    if len(known) != len(sides) or len(known) < 2:
        raise Unreadable("a date")
    earliest = min(side.earliest for side in known if side.earliest)
    latest = max(side.latest for side in known if side.latest)
    approximate = any(side.approximate for side in known)
    return Span("interval", earliest, latest, approximate, any(side.uncertain for side in known))


def before(text: str) -> str:
    """The EDTF text of "some time before this": up to the day, month or year that ends where it begins."""
    span = read(text)
    if span.earliest is None:
        raise Unreadable("a date")
    return f"[..{_same_width(text, span, span.earliest - timedelta(days=1))}]"


def after(text: str) -> str:
    """The EDTF text of "some time after this"."""
    span = read(text)
    if span.latest is None:
        raise Unreadable("a date")
    return f"[{_same_width(text, span, span.latest + timedelta(days=1))}..]"


def _same_width(text: str, span: Span, day: date) -> str:
    """A neighbour day written as coarsely as the text, where that says the same."""
    width = {"year": 4, "decade": 4, "month": 7}.get(span.precision, 10)
    return day.isoformat()[:width]
