"""A cell's content as exact text, or why it cannot be trusted.

Numbers are taken as they are written in the file, never through a float: an NHS number typed as a number keeps every
digit. Excel itself keeps 15 digits, and shows 12 and more as 1.00023E+11; what was saved that way is lost, and told.
Source of the date numbers: ECMA-376 part 1, 18.17.4 (two systems, counted from 1900 and from 1904).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

MOST_TEXT = 32_767
"""Characters that a cell of Excel can hold."""
MOST_DIGITS = 15

FORMULA = "a formula stands here"
ERROR = "this cell shows an error of Excel"
DATE_LOST = "this is no day that exists"
YEAR_ADDED = "Excel has added a year to this date that nobody wrote"
DIGITS_LOST = "Excel has cut this number short, and its digits are lost"
BROKEN = "this cell is damaged"

_NUMBER = re.compile(r"[-+]?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][-+]?[0-9]{1,3})?")
_CUT_SHORT = re.compile(r"[0-9](?:[.,][0-9]{1,5})?[eE]\+[0-9]{2}")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ZEROS = re.compile(r'[0 "\\-]*0[0 "\\-]*')


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How numbers are shown in a cell: as a date, a duration, or with at least so many digits.

    `date` is what of a date is shown. Excel makes 1 May 2019 of "May 2019", and shows May-19: no more was said. Of
    "17 May" it makes a day of this year: that year is nobody's.
    """

    date: Literal["", "day", "month", "year", "no_year"] = ""
    duration: bool = False
    digits: int = 0


def look_of(code: str) -> Look:
    """What a number format says of the number beneath it."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if is_timedelta_format(code):
        return Look(duration=True)
    if is_date_format(code):
        return Look(date=_shown(code))
    return Look(digits=code.count("0")) if _ZEROS.fullmatch(code) else Look()


def _shown(code: str) -> Literal["day", "month", "year", "no_year"]:
    """How far a date is shown, by the letters of its format outside quotes and brackets."""
    letters = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", code.lower().split(";")[0])
    if "h" in letters or "s" in letters:
        return "day"
    if "y" not in letters:
        return "no_year"
    return "day" if "d" in letters else "month" if "m" in letters else "year"


def cell_text(kind: str, raw: str, look: Look, strings: Sequence[str], epoch: datetime) -> tuple[str, str]:
    """The text of a cell and its fault (one of the sentences above, or nothing). `kind` is the file's `t`."""
    if kind == "s":
        found = strings[int(raw)] if re.fullmatch("[0-9]{1,9}", raw) and int(raw) < len(strings) else None
        return ("", BROKEN) if found is None else _checked(found)
    if kind in ("str", "inlineStr"):
        return _checked(unescaped(raw))
    if kind == "e":
        return "", ERROR
    if kind == "b":
        return ("yes" if raw.strip() == "1" else "no", "") if raw.strip() in ("0", "1") else ("", BROKEN)
    if kind == "d":
        return _iso(raw.strip())
    raw = raw.strip()
    if not raw:
        return "", ""
    if kind not in ("", "n") or not _NUMBER.fullmatch(raw):
        return "", BROKEN
    return _day(raw, look, epoch) if look.date or look.duration else _number(raw, look.digits)


def unescaped(text: str) -> str:
    """`_x000D_` stands for the character of that number."""
    return _ESCAPE.sub(lambda found: _sign(int(found[1], 16), found[0]), text).replace("\r\n", "\n")


def _sign(code: int, written: str) -> str:
    return written if 0xD800 <= code <= 0xDFFF else chr(code)


def _checked(text: str) -> tuple[str, str]:
    return (text, DIGITS_LOST) if _CUT_SHORT.fullmatch(text.strip()) else (text, "")


def _number(raw: str, digits: int) -> tuple[str, str]:
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return "", BROKEN
    if abs(value.adjusted()) > 300:
        return "", DIGITS_LOST
    if value == value.to_integral_value():
        text = str(abs(int(value)))
        lost = len(text) > MOST_DIGITS or (len(text) > 11 and text.endswith("000000"))
        return ("-" if value < 0 else "") + text.zfill(digits), DIGITS_LOST if lost else ""
    return format(Decimal(f"{float(value):.15g}"), "f"), ""


def _day(raw: str, look: Look, epoch: datetime) -> tuple[str, str]:
    """An ISO day, day and time, month, year, or time of day: as much of it as is shown."""
    from openpyxl.utils.datetime import from_excel

    try:
        made = from_excel(float(raw), epoch, timedelta=look.duration)
    except (ValueError, OverflowError, TypeError):
        return "", DATE_LOST
    if float(raw) < 0:
        return "", DATE_LOST
    if isinstance(made, timedelta):
        minutes = round(made.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}", ""
    if isinstance(made, time):
        return _clock(made), ""
    if not isinstance(made, datetime):
        return "", DATE_LOST
    if look.date == "no_year":
        return "", YEAR_ADDED
    if (made.hour, made.minute, made.second) == (0, 0, 0) or look.date != "day":
        return made.date().isoformat()[: {"month": 7, "year": 4}.get(look.date)], ""
    return f"{made.date().isoformat()}T{_clock(made.time())}", ""


def _clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def _iso(raw: str) -> tuple[str, str]:
    try:
        made = datetime.fromisoformat(raw)
    except ValueError:
        return "", DATE_LOST
    plain = date(made.year, made.month, made.day).isoformat()
    return (plain, "") if made.time() == time() else (f"{plain}T{_clock(made.time())}", "")
