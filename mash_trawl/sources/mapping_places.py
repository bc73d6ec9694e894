"""Reading an address by a mapping: from columns, or from a column of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mash_trawl.model.mapping import AddressMap
from mash_trawl.model.person import Address
from mash_trawl.sources.mapping_cells import BadValue, day, text

_INNER = AddressMap(
    line1="line1", line2="line2", line3="line3", postcode="postcode", uprn="uprn", from_="from", to="to"
)


def addresses(how: AddressMap | None, row: Any) -> tuple[Address, ...]:
    """The addresses that a row holds; from one column of JSON, or one from several columns."""
    if how is None:
        return ()
    if how.json is None:
        found = _address(how, row)
        return (found,) if found else ()
    held = _decoded(row, how.json, bool(how.parts))
    outer = _address(AddressMap(postcode=how.postcode, uprn=how.uprn, from_=how.from_, to=how.to), row)
    read = [_address(_INNER, _Loose(item, how.parts)) for item in (held if isinstance(held, list) else [held])]
    kept = [item for item in read if item]
    if outer and len(kept) == 1:
        (one,) = kept
        kept = [
            replace(
                one, postcode=one.postcode or outer.postcode, uprn=one.uprn or outer.uprn,
                from_=one.from_ or outer.from_, to=one.to or outer.to,
            )
        ]  # fmt: skip
    return tuple(kept) or ((outer,) if outer else ())


def _decoded(row: Any, column: str, plain: bool) -> Any:
    """A column of JSON: some databases' drivers read it themselves, most give its text; `plain`: or an address."""
    if isinstance(row[column], list | dict):
        return row[column]
    written = text(row, column)
    if plain and written and written[0] not in "[{":
        return {"line1": written}
    try:
        return json.loads(written) if written else []
    except (ValueError, RecursionError):
        raise BadValue from None


class _Loose:
    """A JSON object read like a row; a part that is not there is absent. `parts`: of which keys ours are made."""

    def __init__(self, data: Any, parts: Mapping[str, tuple[str, ...]]) -> None:
        if not isinstance(data, dict):
            raise BadValue
        self._data, self._parts = data, parts

    def __getitem__(self, name: str) -> Any:
        own = self._parts.get(name)
        if own is None or name in self._data:
            return self._data.get(name)
        said = (text(self._data, key) for key in own if key in self._data)
        return " ".join(item for item in said if item)


def _address(how: AddressMap, row: Any) -> Address | None:
    lines = tuple(line for line in (text(row, how.line1), text(row, how.line2), text(row, how.line3)) if line)
    postcode, uprn = text(row, how.postcode), text(row, how.uprn)
    if not (lines or postcode or uprn):
        return None
    return Address(lines=lines, postcode=postcode, uprn=uprn, from_=day(row, how.from_), to=day(row, how.to))
