"""One column of a mapping, and an address of several: how what stands there is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mash_trawl.model.base import DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column and how its text is read: `format` as strptime, `zone` of its clock.

    `map` turns local codes into ours; one that it does not list spoils the row. `words` only tells codes: in words with
    the code beside it, one that is not listed as it stands, each of several that the column holds as JSON. `format` is
    also used when a day is bound to this column.
    """

    __pydantic_config__ = DOCUMENT
    from_: str
    format: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressMap:
    """An address: from columns, or from one column of JSON (an object or a list of them, with these same keys).

    `parts` says which of the object's own keys make each of ours, where it has others; a column that then holds no JSON
    is an address on one line.
    """

    __pydantic_config__ = DOCUMENT
    json: str | None = None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    postcode: str | None = None
    uprn: str | None = None
    from_: str | Column | None = None
    to: str | Column | None = None
