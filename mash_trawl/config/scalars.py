"""One exact way of writing for each kind of value. Error texts are fixed sentences: they never hold the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic_core import PydanticCustomError

from mash_trawl.model.dates import PartialDate

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE
)
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def whole_number(value: Any) -> int:
    """Digits, with a minus in front at most; `012` is twelve, as written. A boolean is no number."""
    if type(value) is int:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise PydanticCustomError("whole_number", "whole number")


def digits(value: Any) -> Any:
    """For a field that allows certain numbers only (`version: 1`): text of digits as the number."""
    if isinstance(value, bool):
        raise PydanticCustomError("whole_number", "whole number")
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value


def yes_no(value: Any) -> bool:
    """yes, no, true or false, in small letters; or a real boolean."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    raise PydanticCustomError("yes_no", "yes or no")


def yes_no_word(value: Any) -> Any:
    """For yes / no / unknown: a host program's real boolean, or the words true and false, as the word."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return {"true": "yes", "false": "no"}.get(value, value) if isinstance(value, str) else value


def instant(value: Any) -> datetime:
    """A date, a time and the offset from UTC, for example 2026-11-03T09:20:00+00:00."""
    if isinstance(value, str):
        found = _INSTANT.fullmatch(value)
        if not found:
            raise PydanticCustomError("instant", "instant")
        try:
            value = datetime.fromisoformat(f"{found[1]}T{found[2]}{(found[3] or '').upper()}")
        except ValueError:
            raise PydanticCustomError("impossible_instant", "impossible instant") from None
    if not isinstance(value, datetime):
        raise PydanticCustomError("instant", "instant")
    if value.tzinfo is None:
        raise PydanticCustomError("offset_missing", "offset missing")
    return value


def day(value: Any) -> date:
    """One exact day: 2026-11-10, or day first 10/11/2026."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            known = PartialDate.parse(value)
        except ValueError:
            known = None
        if known and known.exact and known.earliest and ":" not in value:
            return known.earliest
    raise PydanticCustomError("exact_day", "exact day")


def no_fraction(value: Any) -> Any:
    """Documents and products hold whole numbers only."""
    raise PydanticCustomError("whole_number", "whole number")


def without_nulls(value: Any) -> Any:
    """A key without a value is a key that is not there: a null is never a no."""
    if isinstance(value, Mapping) and None in value.values():
        return {key: item for key, item in value.items() if item is not None}
    return value
