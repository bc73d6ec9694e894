"""From which age to which: whom a service serves, or whom a system holds."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Both ends inclusive, in whole years; an absent end is open."""

    __pydantic_config__ = DOCUMENT
    from_: int | None = None
    to: int | None = None

    @property
    def words(self) -> str:
        """`from 15`, `from 4 to 20`: for a sentence that goes on with "years old"."""
        return f"from {self.from_ or 0}" + (f" to {self.to}" if self.to is not None else "")
