"""Reading one row by a mapping: text, days, codes, addresses, people. A bad value spoils its row and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from mash_trawl.model.dates import PartialDate
from mash_trawl.model.mapping import NO_RESTRICTION, RESTRICTIONS, AddressMap, Column, PersonMap
from mash_trawl.model.person import Address, Name, Sex
from mash_trawl.model.query import Candidate

_UK = "Europe/London"
_SEXES = get_args(Sex)


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
    if "\x00" in written or any("\ud800" <= sign <= "\udfff" for sign in written):
        raise BadValue
    return written or None


def word(row: Any, spec: str | Column | None) -> str | None:
    """A column as text, local codes turned into ours; a code that the mapping does not know spoils the row."""
    if not isinstance(spec, Column):
        return text(row, spec)
    value = text(row, spec.from_)
    if value is None or not spec.map:
        return value
    if value not in spec.map:
        raise BadValue
    return spec.map[value]


def day(row: Any, spec: str | Column | None) -> PartialDate | None:
    """A column as a day or a partial date. An instant becomes the day that clocks in its zone showed (here: UK)."""
    if spec is None:
        return None
    column = spec if isinstance(spec, Column) else Column(from_=spec)
    value = row[column.from_]
    if isinstance(value, datetime):
        return _instant(value, value.isoformat(), column)
    if isinstance(value, date):
        return PartialDate.of(value)
    written = text(row, column.from_)
    if written is None:
        return None
    try:
        return _formatted(written, column.format) if column.format else _free(written, column)
    except (ValueError, OverflowError):
        raise BadValue from None


def candidate(how: PersonMap, row: Any) -> Candidate:
    """The person whom a row describes."""
    ref, given, family = text(row, how.ref), text(row, how.given), text(row, how.family)
    if ref is None:
        raise BadValue
    parts = (*(given or "").split(), *(text(row, how.middle) or "").split())
    former = text(row, how.former_family)
    all_names = [Name(given=parts, family=family)] if parts or family else []
    if former and former != family:
        all_names.append(Name(given=parts, family=former, use="old"))
    held = {"nhs_number": text(row, how.nhs_number), "upn": text(row, how.upn)}
    sex = word(row, how.sex) or "unknown"
    if sex not in _SEXES:
        raise BadValue
    return Candidate(
        ref=ref,
        names=tuple(all_names),
        born=day(row, how.born),
        died=day(row, how.died),
        sex=sex,  # type: ignore[arg-type]  # it is one of _SEXES
        identifiers={name: "".join(value.split()) for name, value in held.items() if value},
        addresses=addresses(how.addresses, row),
        restrictions=_restrictions(row, how.restrictions),
    )


def _restrictions(row: Any, spec: str | Column | None) -> tuple[str, ...]:
    """Our words for the system's own flags; a flag that nobody can read spoils the row, rather than being ignored."""
    if spec is None:
        return ()
    column = spec if isinstance(spec, Column) else Column(from_=spec)
    flags = (flag.strip() for flag in re.split("[,;]", text(row, column.from_) or ""))
    said = {column.map.get(flag, "") if column.map else flag for flag in flags if flag}
    if not said <= {*RESTRICTIONS, NO_RESTRICTION}:
        raise BadValue
    return tuple(sorted(said - {NO_RESTRICTION}))


def addresses(how: AddressMap | None, row: Any) -> tuple[Address, ...]:
    """The addresses that a row holds; from one column of JSON, or one from several columns."""
    if how is None:
        return ()
    if how.json is None:
        found = _address(how, row)
        return (found,) if found else ()
    held = _decoded(row, how.json)
    inner = AddressMap(line1="line1", line2="line2", line3="line3", postcode="postcode", uprn="uprn",
                       from_="from", to="to")  # fmt: skip
    beside = AddressMap(postcode=how.postcode, uprn=how.uprn)
    outer = _address(beside, row)
    read = [_address(inner, _Loose(item)) for item in (held if isinstance(held, list) else [held])]
    kept = [item for item in read if item]
    if outer and len(kept) == 1:
        kept = [replace(kept[0], postcode=kept[0].postcode or outer.postcode, uprn=kept[0].uprn or outer.uprn)]
    return tuple(kept) or ((outer,) if outer else ())


def _decoded(row: Any, column: str) -> Any:
    """A column of JSON: some databases' drivers read it themselves, most give its text."""
    if isinstance(row[column], list | dict):
        return row[column]
    written = text(row, column)
    try:
        return json.loads(written) if written else []
    except (ValueError, RecursionError):
        raise BadValue from None


class _Loose:
    """A JSON object read like a row; a part that is not there is absent."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise BadValue
        self._data = data

    def __getitem__(self, name: str) -> Any:
        return self._data.get(name)


def _address(how: AddressMap, row: Any) -> Address | None:
    lines = tuple(line for line in (text(row, how.line1), text(row, how.line2), text(row, how.line3)) if line)
    postcode, uprn = text(row, how.postcode), text(row, how.uprn)
    if not (lines or postcode or uprn):
        return None
    return Address(lines=lines, postcode=postcode, uprn=uprn, from_=day(row, how.from_), to=day(row, how.to))


def _free(written: str, column: Column) -> PartialDate:
    """A partial date; a moment with a time of day is first turned to the day in its zone."""
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", written):
        return _instant(datetime.fromisoformat(written), written, column)
    return PartialDate.parse(written)


def _instant(value: datetime, written: str, column: Column) -> PartialDate:
    here = value.astimezone(ZoneInfo(column.zone or _UK)) if value.tzinfo else value
    return PartialDate.of(here.date(), written)


def _formatted(written: str, form: str) -> PartialDate:
    """As precise as the format: without a day in it the month is known, never the first of the month."""
    value = datetime.strptime(written, form)
    said = set(re.findall(r"%(.)", form))
    if said & {"d", "j"}:
        return PartialDate.of(value.date(), written)
    plain = PartialDate.parse(f"{value:%Y-%m}" if said & {"m", "b", "B"} else f"{value:%Y}")
    return replace(plain, original=written)
