"""A day as a source wrote it: in a format that its mapping names, as a moment with its zone, or as people do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mash_trawl.model.dates import PartialDate

_UK = "Europe/London"


def read_day(written: str, form: str | None = None, zone: str | None = None) -> PartialDate:
    """The day, or as much of one as is said. Without `form` EDTF, UK day-first text, or a moment.

    A moment becomes the day that clocks in `zone` (here: the UK) showed. Raises ValueError or OverflowError.
    """
    if form:
        return _formatted(written, form)
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", written):
        return of_moment(datetime.fromisoformat(written), written, zone)
    return PartialDate.parse(written)


def of_moment(value: datetime, written: str, zone: str | None = None) -> PartialDate:
    """The day that clocks in `zone` (here: the UK) showed; of a moment without a zone its own day."""
    here = value.astimezone(ZoneInfo(zone or _UK)) if value.tzinfo else value
    return PartialDate.of(here.date(), written)


def _formatted(written: str, form: str) -> PartialDate:
    """As precise as the format: without a day in it the month is known, never the first of the month."""
    value = datetime.strptime(written, form)
    said = set(re.findall(r"%(.)", form))
    if said & {"d", "j"}:
        return PartialDate.of(value.date(), written)
    plain = PartialDate.parse(f"{value:%Y-%m}" if said & {"m", "b", "B"} else f"{value:%Y}")
    return replace(plain, original=written)
