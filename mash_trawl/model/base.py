"""What all values share: no repr for personal data, plain JSON form, names as they stand in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal

Known = Literal["yes", "no", "unknown"]
"""A fact with three values; a missing fact is `unknown`, never `no`."""

Plain = dict[str, Any] | list[Any] | str | int | bool | None


class Unreadable(ValueError):
    """A text that cannot be read as what it should be. `must` and `do` are fixed sentences, never the text itself."""

    def __init__(self, must: str, do: str = "") -> None:
        self.must = must
        self.do = do
        super().__init__(f"must be {must}")


class Private:
    """Personal data: its repr is its type and its opaque id, nothing else."""

    __slots__ = ()

    def __repr__(self) -> str:
        ident = getattr(self, "id", None)
        return f"<{type(self).__name__} {ident}>" if ident else f"<{type(self).__name__}>"


def file_name(attribute: str) -> str:
    """The key in a file for an attribute: `from_` is written `from`."""
    return attribute.rstrip("_")


DOCUMENT: dict[str, Any] = {"extra": "forbid", "alias_generator": file_name, "validate_by_name": False}
"""How a document class is validated (pydantic's TypeAdapter reads it as `__pydantic_config__`)."""


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


@cache
def _keys(kind: type) -> tuple[tuple[str, str], ...] | None:
    """The key and the attribute of each field; None for what is no dataclass, or has a text of its own."""
    if not is_dataclass(kind) or issubclass(kind, int | str | Enum) or hasattr(kind, "to_text"):
        return None
    return tuple((file_name(field.name), field.name) for field in fields(kind))


def to_plain(value: Any) -> Any:
    """The JSON form of a value: text, integers, booleans, lists and dicts only.

    Empty optional fields are left out, so that a new optional field changes no old document.
    Instants are written in UTC. Raises TypeError for a float or an unknown type: products hold none. Every value of
    every answer passes here, so the commonest types come first and a class's keys are worked out once.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple:
        return [to_plain(item) for item in value]
    if (keys := _keys(value.__class__)) is not None:
        return _fields_of(value, keys)
    if isinstance(value, bool | int | str) and not isinstance(value, Enum):
        return value
    if isinstance(value, Enum):
        return value.value
    text = getattr(value, "to_text", None)
    if text is not None:
        return text()
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no plain form")


def _fields_of(value: Any, keys: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """A dataclass as a dict, without what is empty."""
    made = {}
    for name, attribute in keys:
        item = getattr(value, attribute)
        if type(item) in _AS_THEY_ARE:
            if item is not None:
                made[name] = item
        elif item != () and item != {}:
            made[name] = to_plain(item)
    return made
