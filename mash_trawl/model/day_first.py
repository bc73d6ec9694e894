"""Dates as people in the UK write them, turned into EDTF. Day before month, always; never a guess.

Refused, because two readers would read two things: two-digit years, month before day, `2010-2012` and `2010/11`
(a span, or a school year?).
"""

from __future__ import annotations

import re
from datetime import date

from mash_trawl.model import edtf
from mash_trawl.model.base import Unreadable

_MONTHS = {name.lower()[:length]: number for number, name in enumerate(edtf.MONTHS, 1) for length in (3, len(name))}
_MONTHS |= {"sept": 9, "june": 6, "july": 7}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = "|".join(f"{name[:3]}(?:{name[3:]}|{name[3:4]}|{name[3:5]})?" for name in _DAYS)
_SEASONS = {name: number for number, name in edtf.SEASONS.items()}

NAMED = re.compile(
    rf"(?:(?:({_WEEKDAY})\.?,? )?([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({_MONTH})\.?,? ([12][0-9]{{3}})"
)
_NUMBERS = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([12][0-9]{3})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.]([12][0-9]{3})")
_YEAR_FIRST = re.compile(r"([12][0-9]{3})/([0-9]{2})/([0-9]{2})")
_SEASON = re.compile(r"(spring|summer|autumn|winter)(?: of)? ([12][0-9]{3})(?:[/-]([0-9]{2}|[0-9]{4}))?")
_DECADE = re.compile(r"(?:the )?([12][0-9]{2})0s")
_BARE = re.compile(r"[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?")

_NOT_KNOWN = frozenset({"unknown", "not known", "date unknown", "date not known", "n/k", "nk", "not recorded"})
_ABOUT = re.compile(
    r"(?:about|around|circa|ca?\.?|approximately|approx\.?|roughly|early(?: in)?|mid|late(?: in)?)[ -]?(.+)"
)
_MAYBE = re.compile(r"(?:possibly|perhaps|maybe|probably) (.+)")
_TRAILING = re.compile(r"(.+?)[ ,]+\(?(?:approximately|approx\.?|estimated?|est\.?|circa|about|roughly)\)?")
_BETWEEN = re.compile(r"between (.+) and (.+)")
_FROM_TO = re.compile(r"(?:from )?(.+?) (?:to|until|till) (.+)")
_OPEN_END = frozenset({"now", "present", "the present", "date", "ongoing", "today"})
_ONE_SIDE = re.compile(r"(before|after|by|since|from|until|till|up to) (.+)")

_FOUR_DIGITS = re.compile(r"[0-9]{1,2}[/. -](?:[0-9]{1,2}|[a-z]+)[/. -]['’]?[0-9]{2}|[a-z]+ ['’][0-9]{2}")
_YEAR_SPAN = re.compile(r"[12][0-9]{3} ?[-–/] ?(?:[12][0-9]{3}|[0-9]{2})")


def to_edtf(text: str) -> str:
    """The EDTF text for UK words or figures. Raises Unreadable, with what to do where that is clear."""
    words = " ".join(text.lower().split())
    if words in _NOT_KNOWN:
        return "XXXX"
    if single := _single(words):
        return single
    if found := _BETWEEN.fullmatch(words):
        return f"[{_part(found[1])}..{_part(found[2])}]"
    if (found := _ONE_SIDE.fullmatch(words)) and (found[1] != "from" or " to " not in found[2]):
        return _one_side(found[1], found[2])
    if found := _FROM_TO.fullmatch(words):
        return f"{_part(found[1])}/{'..' if found[2] in _OPEN_END else _part(found[2])}"
    if " or " in words:
        return f"[{','.join(_part(item) for item in words.split(' or '))}]"
    return _part(words)


def _part(words: str) -> str:
    """One date, perhaps with a word of doubt."""
    for pattern, mark in ((_ABOUT, "~"), (_MAYBE, "?"), (_TRAILING, "~")):
        if (found := pattern.fullmatch(words)) and (single := _single(found[1].removeprefix("the ").strip())):
            return single + mark
    if single := _single(words):
        return single
    if _YEAR_SPAN.fullmatch(words):
        raise Unreadable("a date", "Write `2010 to 2012`, `between 2010 and 2012` or `2010 or 2011`.")
    if _FOUR_DIGITS.fullmatch(words):
        raise Unreadable("a date", "Write the year with four digits.")
    raise Unreadable("a date", "For example 03/04/2012 (3 April), April 2012, about 2012, 2012-05~.")


def _one_side(word: str, rest: str) -> str:
    point = _single(rest)
    if not point:
        return _part(f"{word} {rest}")
    if word in ("before", "after"):
        return edtf.before(point) if word == "before" else edtf.after(point)
    return {"by": f"[..{point}]", "since": f"{point}/..", "from": f"{point}/.."}.get(word, f"../{point}")


def _single(words: str) -> str:
    """One day, month, season, year or decade without any doubt about it; empty if it is something else."""
    if found := NAMED.fullmatch(words):
        return named(found[1], found[2], found[3], found[4])
    if found := _NUMBERS.fullmatch(words):
        return numbers(found[1], found[3], found[4])
    if _BARE.fullmatch(words):
        edtf.read(words)
        return words
    if found := _YEAR_FIRST.fullmatch(words):
        return numbers(found[3], found[2], found[1])
    if (found := _MONTH_YEAR.fullmatch(words)) and 1 <= int(found[1]) <= 12:
        return f"{found[2]}-{int(found[1]):02}"
    if found := _SEASON.fullmatch(words):
        return _season(found[1], found[2], found[3])
    if found := _DECADE.fullmatch(words):
        return f"{found[1]}X"
    return ""


def named(weekday: str | None, day: str | None, month: str, year: str) -> str:
    """A month by name, perhaps with a day and a day of the week, which must agree."""
    number = _MONTHS[month]
    if day is None:
        return f"{year}-{number:02}"
    exact = edtf.calendar(year, f"{number:02}", f"{int(day):02}").earliest
    if weekday and exact and not _DAYS[exact.weekday()].startswith(weekday[:3]):
        raise Unreadable("a date", "The day of the week is not that of the date.")
    return f"{year}-{number:02}-{int(day):02}"


def numbers(day: str, month: str, year: str) -> str:
    """Day, month, year in figures: the day first, without exception."""
    d, m, y = int(day), int(month), int(year)
    if m > 12:
        do = "Write the day before the month." if d <= 12 else edtf.NO_SUCH_DAY
        raise Unreadable("a date", do)
    if m < 1 or not 1 <= d <= edtf.last_of_month(y, m):
        raise Unreadable("a date", edtf.NO_SUCH_DAY)
    return date(y, m, d).isoformat()


def _season(name: str, year: str, second: str | None) -> str:
    if second is not None and (name != "winter" or int(second[-2:]) != (int(year) + 1) % 100):
        raise Unreadable("a date", "Only a winter has two years, one after the other.")
    return f"{year}-{_SEASONS[name]}"
