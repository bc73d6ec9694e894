"""What a profile may say about matching: weights with where they come from, and how common names are."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mash_trawl.model.base import DOCUMENT, Private, Unreadable

BILLION = 1_000_000_000
Provenance = Literal["literature", "local"]
"""Published work, or counted in the authority's own data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share between 0 and 1, kept as a whole number of parts per billion, written as a decimal: `0.004`."""

    per_billion: int

    @classmethod
    def parse(cls, text: str) -> Share:
        """Read a decimal above 0 and at most 1 with up to nine places. Raises Unreadable (a ValueError)."""
        found = re.fullmatch(r"(?:0?\.([0-9]{1,9})|1(?:\.0{1,9})?)", text.strip())
        parts = int((found[1] or "").ljust(9, "0")) if found and found[1] else BILLION if found else 0
        if not parts:
            raise Unreadable("a share above 0 and at most 1", "For example 0.95, or 0.0004.")
        return cls(per_billion=parts)

    def to_text(self) -> str:
        """The decimal without needless noughts."""
        if self.per_billion == BILLION:
            return "1"
        return "0." + f"{self.per_billion:09}".rstrip("0")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> dict[str, Any]:
        """How validation reads it: from text, or as it is. A plain dict, so that nothing heavy is imported here."""
        return {"type": "function-plain", "function": {"type": "no-info", "function": cls._read}}

    @classmethod
    def _read(cls, value: Any) -> Share:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        raise Unreadable("a share written as a decimal", "For example 0.95, or 0.0004.")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """How the JSON Schema shows it."""
        return {"type": "string", "pattern": r"^(0?\.[0-9]{1,9}|1(\.0{1,9})?)$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How one level of one field is weighed, and why: log2(m/u).

    `m` is how often true pairs agree at this level, `u` how often strangers do. `source` says whether that was read or
    counted, `n` in how many pairs, `date` when; none of these may be missing. `at` limits it to one source or agency.
    `note` names the work or the count.
    """

    __pydantic_config__ = DOCUMENT
    field: str
    level: str
    m: Share
    u: Share
    source: Provenance
    n: int
    date: datetime.date
    at: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NameShares(Private):
    """How common names are, in parts per billion of the people counted. Names are folded as for comparison.

    `least` is what a name that is not listed has at most, by field. `sha256` is the digest of the file it came from.
    """

    given: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    source: Provenance = "literature"
    date: datetime.date
    sha256: str = ""

    def to_text(self) -> str:
        """Its digest alone: a policy's plain form holds no list of names."""
        return self.sha256

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> dict[str, Any]:
        """No document holds it: it is laid into a policy from the file that `frequencies` names."""
        return {"type": "function-plain", "function": {"type": "no-info", "function": cls._read}}

    @classmethod
    def _read(cls, value: Any) -> NameShares:
        if isinstance(value, cls):
            return value
        raise Unreadable("left out", "Name the file under `frequencies:`.")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """How the JSON Schema shows it: never there."""
        return {"type": "null"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NameCounts(Private):
    """The file that `frequencies` names: how many of `people` bear each name, none borne by fewer than `smallest`."""

    __pydantic_config__ = DOCUMENT
    version: int
    source: Provenance
    as_of: datetime.date
    people: int
    smallest: int
    given: Mapping[str, int]
    family: Mapping[str, int]
