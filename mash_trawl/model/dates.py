"""Partial dates: what is known of a day, never more. An EDTF subset and day-first UK text.

Everything follows from the EDTF text (`edtf.py`), so that a date survives being written and read again; UK words and
figures are first turned into EDTF (`day_first.py`). The common forms take one pass of one regular expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mash_trawl.model import day_first
from mash_trawl.model.base import Private, Unreadable
from mash_trawl.model.date_words import in_words
from mash_trawl.model.edtf import Precision, Span, calendar
from mash_trawl.model.edtf import read as read_edtf

__all__ = ["PartialDate", "Precision"]

MAX_LENGTH = 200
"""Longer texts are no dates."""

_COMMON = re.compile(
    r"([12][0-9]{3})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?([~?%]?)"
    r"|([0-9]{1,2})([/.-])([0-9]{1,2})\6([12][0-9]{3})"
    r"|([12][0-9]{3}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?"
)
_NAMED = re.compile(day_first.NAMED.pattern, re.IGNORECASE)
_WITH_ORIGINAL = re.compile(r"(\S+) \((.+)\)", re.DOTALL)
_SCHOOL_YEAR = re.compile(r"[12][0-9]([0-9]{2})-(2[1-4])")
_ROUGHLY = re.compile(r"(?:early|mid|late)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PartialDate(Private):
    """A day, month, year, span or nothing, with the words as they were given.

    `earliest` and `latest` are inclusive days (None: open or unknown). `edtf` is the canonical text.
    """

    original: str
    edtf: str
    precision: Precision
    earliest: date | None = None
    latest: date | None = None
    approximate: bool = False
    uncertain: bool = False

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read EDTF or UK day-first text, or `EDTF (original)`.

        Of a date with a time the day is kept as it is written, in its own offset: nothing is moved to another zone.
        Raises Unreadable (a ValueError), which never repeats the text.
        """
        text = text.strip()
        if len(text) > MAX_LENGTH:
            raise Unreadable("a date")
        if found := _COMMON.fullmatch(text):
            year, month, day, mark, first, _, second, last, moment, _ = found.groups()
            if year:
                return cls._made(text, text, calendar(year, month, day, mark))
            code = moment or day_first.numbers(first, second, last)
            return cls._made(text, code, read_edtf(code))
        if found := _NAMED.fullmatch(text):
            code = day_first.named(found[1] and found[1].lower(), found[2], found[3].lower(), found[4])
            return cls._made(text, code, read_edtf(code))
        return cls._uncommon(text)

    @classmethod
    def of(cls, day: date, original: str | None = None) -> PartialDate:
        """An exact day; `original` is the source's own writing of it."""
        text = day.isoformat()
        return cls(original=original or text, edtf=text, precision="day", earliest=day, latest=day)

    @property
    def exact(self) -> bool:
        """True for one certain day."""
        return self.precision == "day" and not self.approximate and not self.uncertain

    @property
    def sort_key(self) -> tuple[bool, date, date, str]:
        """Earliest possible day first, then the shorter span; what has no date at all comes last.

        A date with an open or unknown beginning ("before 2012") could be the first of all, and stands there.
        """
        undated = self.earliest is None and self.latest is None
        return (undated, self.earliest or date.min, self.latest or date.max, self.edtf)

    def overlaps(self, other: PartialDate) -> bool:
        """False only if the two cannot share a day, going by first and last possible day.

        An open, unknown or missing end reaches as far as needed; "about" does not widen a span.
        """
        ends = ((self.latest, other.earliest), (other.latest, self.earliest))
        return not any(last is not None and first is not None and last < first for last, first in ends)

    def show(self) -> str:
        """Plain English: `17 May 2014`, `about May 2019`, `2015 or 2016`; never a made-up day.

        "early", "mid" and "late", for which EDTF has no sign, are shown in the original's words.
        """
        if self.approximate and _ROUGHLY.match(self.original) and self._says_the_same():
            return " ".join(self.original.split())
        return in_words(self.edtf)

    def to_text(self) -> str:
        """The text form used in files: EDTF, followed by the original in brackets where that differs."""
        if self.original == self.edtf and not _school_year(self.edtf):
            return self.edtf
        return f"{self.edtf} ({self.original})"

    @classmethod
    def _made(cls, original: str, code: str, span: Span) -> PartialDate:
        precision, earliest, latest, approximate, uncertain = span
        return cls(
            original=original, edtf=code, precision=precision, earliest=earliest, latest=latest,
            approximate=approximate, uncertain=uncertain,
        )  # fmt: skip

    @classmethod
    def _uncommon(cls, text: str) -> PartialDate:
        """Everything that is not a plain day, month or year."""
        if _school_year(text):
            raise Unreadable("a date", "Write `Spring 2020`, or `2020 to 2021` for a school year.")
        if found := _WITH_ORIGINAL.fullmatch(text):
            span = _span(found[1].replace("x", "X"))
            if span and not _is_doubt(found[2]):
                return cls._made(found[2], found[1].replace("x", "X"), span)
        code = text.replace("x", "X")
        span = _span(code)
        if span is None:
            code = day_first.to_edtf(text)
            span = read_edtf(code)
        return cls._made(text, code, span)

    def _says_the_same(self) -> bool:
        try:
            return day_first.to_edtf(self.original) == self.edtf
        except Unreadable:
            return False

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> dict[str, Any]:
        """How validation reads it: from text, or as it is. A plain dict, so that nothing heavy is imported here."""
        return {"type": "function-plain", "function": {"type": "no-info", "function": cls._read}}

    @classmethod
    def _read(cls, value: Any) -> PartialDate:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return cls.of(value)
        raise Unreadable("a date as text")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """How the JSON Schema shows it."""
        return {"type": "string", "description": "EDTF or day-first text, for example 2019-05~ or 03/04/2012"}


def _span(code: str) -> Span | None:
    """The span of an EDTF text; None if it is not one. EDTF that says the impossible is an error, not another form."""
    try:
        return read_edtf(code)
    except Unreadable as error:
        if error.do:
            raise Unreadable(error.must, error.do) from None
        return None


def _school_year(text: str) -> bool:
    """`2020-21` to `2023-24`: seasons in EDTF, school years to everybody else."""
    found = _SCHOOL_YEAR.fullmatch(text)
    return bool(found) and int(found[2]) == (int(found[1]) + 1) % 100 if found else False


def _is_doubt(words: str) -> bool:
    """A bracket that qualifies the date before it (`2012 (approx)`) is not the original of it."""
    try:
        return day_first.to_edtf(f"2000 ({words})") == "2000~"
    except Unreadable:
        return False
