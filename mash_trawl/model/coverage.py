"""What a source says of its own records: since when, until when, where, and as they stood when."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The period and area that a source says it holds, and the moment its data stood at."""

    __pydantic_config__ = DOCUMENT
    from_: str | None = None
    to: str | None = None
    area: str | None = None
    as_of: str | None = None
