"""How well one field agrees on both sides. A missing value is `not compared`, never agreement."""

from __future__ import annotations

from dataclasses import dataclass

NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How well one field agrees, with the values that were compared (for the explanation)."""

    name: str
    here: str = ""
    there: str = ""
