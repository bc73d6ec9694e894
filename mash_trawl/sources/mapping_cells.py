"""Reading one cell by a mapping: text, codes, days. A bad value spoils its row and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mash_trawl.model.dates import PartialDate
from mash_trawl.model.mapping import Column
from mash_trawl.model.written_days import of_moment, read_day

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_SET, _NOT_SET = ("y", "yes", "1", "true", "t"), ("", "n", "no", "0", "false", "f", "none", "null")


class BadValue(Exception):
    """A value that cannot be read as what the mapping says it is. Holds nothing: the row is counted, not shown."""


def text(row: Any, column: str | None) -> str | None:
    """A column as text; blank is absent. Numbers and days get their plain writing."""
    value = None if column is None else row[column]
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return str(int(value)) if value == int(value) else str(value)
    if not isinstance(value, str | int | UUID):
        raise BadValue
    written = str(value).strip()
    if _NO_TEXT.search(written):
        raise BadValue
    return written or None


def word(row: Any, spec: str | Column | None) -> str | None:
    """A column as text. A code that `map` does not list spoils the row; one that `words` does not list stays."""
    if not isinstance(spec, Column):
        return text(row, spec)
    value = text(row, spec.from_)
    if value is not None and spec.words:
        return told(spec.words, value)
    if value is None or not spec.map:
        return value
    if value not in spec.map:
        raise BadValue
    return spec.map[value]


def told(words: Mapping[str, str], value: str) -> str | None:
    """A code in words, with the code beside it; of a JSON list each code, of a JSON object each flag that is set.

    What an object holds beside flags (a comment) is told with its name. What only looks like JSON is left as it stands:
    systems put such columns together by hand, and a quotation mark inside a comment breaks them.
    """
    if value[:1] not in "[{":
        return _in_words(words, value)
    try:
        held = json.loads(value)
    except (ValueError, RecursionError):
        return value
    if isinstance(held, list):
        said = [_in_words(words, item) if isinstance(item, str | int) else json.dumps(item) for item in held]
    else:
        said = [_flag(words, name, item) for name, item in held.items()]
    return "; ".join(item for item in said if item) or None


def _flag(words: Mapping[str, str], name: str, item: object) -> str:
    answer = str(item if item is not None else "").strip()
    if answer.lower() in _NOT_SET:
        return ""
    return _in_words(words, name) if answer.lower() in _SET else f"{words.get(name, name)}: {answer}"


def _in_words(words: Mapping[str, str], code: str | int) -> str:
    known = words.get(str(code))
    return f"{known} ({code})" if known else str(code)


def day(row: Any, spec: str | Column | None) -> PartialDate | None:
    """A column as a day or a partial date. An instant becomes the day that clocks in its zone showed (here: UK)."""
    if spec is None:
        return None
    column = spec if isinstance(spec, Column) else Column(from_=spec)
    value = row[column.from_]
    if isinstance(value, datetime):
        return of_moment(value, value.isoformat(), column.zone)
    if isinstance(value, date):
        return PartialDate.of(value)
    written = text(row, column.from_)
    if written is None:
        return None
    try:
        return read_day(written, column.format, column.zone)
    except (ValueError, OverflowError):
        raise BadValue from None
