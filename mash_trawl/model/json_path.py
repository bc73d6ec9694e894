"""A place in a JSON object, written `name[0].given[*]`: enough to name a value, and no language.

Parts are parted by points. After a part may stand `[2]` (that element of a list), `[*]` (all texts of a list, with a
space between them; last part only) or `[system=https://...]` (the first element of a list whose `system` is that text).
A list without any of these means its first element.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_PART = r"(?P<name>[^.\[\]\s=]+)(?:\[(?P<pick>\d{1,3}|\*|[A-Za-z_]\w*=[^\[\]]+)\])?"
_ONE = re.compile(_PART)
_ALL = re.compile(rf"{re.sub(r'[?]P<[a-z]+>', '?:', _PART)}(?:\.{re.sub(r'[?]P<[a-z]+>', '?:', _PART)})*")
MISSHAPEN: dict[str, Any] = {}
"""What stands for a value where the object has another shape than the place says: no text, no number, no day."""

Parts = tuple[tuple[str, str], ...]


@cache
def parts_of(path: str) -> Parts | None:
    """The parts of a place, each with what stands in its brackets; None if it is not written as one."""
    if not _ALL.fullmatch(path):
        return None
    found = tuple((item["name"], item["pick"] or "") for item in _ONE.finditer(path))
    return None if any(pick == "*" for _, pick in found[:-1]) else found


def names_of(path: str) -> tuple[str, ...]:
    """The names alone, without what stands in brackets."""
    return tuple(name for name, _ in parts_of(path) or ())


def look(value: Any, path: str) -> Any:
    """What stands at the place; None if nothing does, MISSHAPEN if something else is in the way."""
    for name, pick in parts_of(path) or ():
        value = _first(value)
        if value is None:
            return None
        if not isinstance(value, dict):
            return MISSHAPEN
        value = _picked(value.get(name), pick) if pick else value.get(name)
    return _first(value)


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _picked(value: Any, pick: str) -> Any:
    if value is None:
        return None
    if not isinstance(value, list):
        return MISSHAPEN
    if pick == "*":
        return " ".join(value) if all(isinstance(item, str) for item in value) else MISSHAPEN
    if pick.isdigit():
        return value[int(pick)] if int(pick) < len(value) else None
    name, _, wanted = pick.partition("=")
    return next((item for item in value if isinstance(item, dict) and item.get(name) == wanted), None)
