"""Partial dates: what is known of a day, never more. An EDTF subset and day-first UK text.

First form; `parse` is deepened in place, the names below stay.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from mash_trawl.model.base import Private, Unreadable

Precision = Literal["day", "month", "season", "year", "decade", "interval", "unknown"]


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
        """Read EDTF or UK day-first text, or `EDTF (original)`. Raises ValueError that never repeats the text."""
        found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(~?)", text.strip())
        if not found:
            raise Unreadable("a date")
        year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
        precision: Precision = "day" if day else "month" if month else "year"
        return cls(original=text, edtf=text.strip(), precision=precision, earliest=first, latest=last,
                   approximate=bool(found[4]))  # fmt: skip

    @classmethod
    def of(cls, day: date, original: str | None = None) -> PartialDate:
        """An exact day; `original` is the source's own writing of it."""
        text = day.isoformat()
        return cls(original=original or text, edtf=text, precision="day", earliest=day, latest=day)

    @property
    def exact(self) -> bool:
        """True for one certain day."""
        return self.precision == "day" and not self.approximate and not self.uncertain

    def show(self) -> str:
        """Plain English: `17 May 2014`, `about May 2019`, `2015 or 2016`; never a made-up day."""
        return self.original

    def to_text(self) -> str:
        """The text form used in files: EDTF, followed by the original in brackets where that differs."""
        return self.edtf if self.original == self.edtf else f"{self.edtf} ({self.original})"

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
