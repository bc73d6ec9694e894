"""Durations as they are written in files: `20s`, `5m`, `2h`, `14d`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mash_trawl.model.base import Unreadable

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A whole number of seconds."""

    seconds: int

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read a number and one unit of s, m, h, d, w. Raises Unreadable (a ValueError)."""
        found = re.fullmatch(r"([0-9]{1,9})([smhdw])", text.strip())
        if not found:
            raise Unreadable("a number and a unit", "For example 20s, 5m, 2h, 14d, 2w.")
        return cls(seconds=int(found[1]) * _UNITS[found[2]])

    def to_text(self) -> str:
        """The shortest text form with whole numbers."""
        for unit in "wdhm":
            if self.seconds and self.seconds % _UNITS[unit] == 0:
                return f"{self.seconds // _UNITS[unit]}{unit}"
        return f"{self.seconds}s"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> dict[str, Any]:
        """How validation reads it: from text, or as it is. A plain dict, so that nothing heavy is imported here."""
        return {"type": "function-plain", "function": {"type": "no-info", "function": cls._read}}

    @classmethod
    def _read(cls, value: Any) -> Duration:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        raise Unreadable("a number and a unit", "For example 20s, 5m, 2h, 14d, 2w.")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """How the JSON Schema shows it."""
        return {"type": "string", "pattern": "^[0-9]{1,9}[smhdw]$"}
