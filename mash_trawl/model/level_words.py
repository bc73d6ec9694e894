"""How a field agrees, in words, and its weight: the same on the page, at the terminal and in the explanation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

NOT_COMPARED = "not compared"
_LEVELS = {
    "exact": "the same", "spelling": "the same name in another spelling", "short form": "a short form of it",
    "near": "nearly the same", "weak": "alike", "different": "different", "same": "the same",
    "partial": "can be the same",
    "day and month swapped": "day and month swapped", "one digit": "one digit differs", "slip": "a slip of the pen",
    "two parts": "two of three parts are the same", "home": "the same home", "postcode": "the same postcode",
    "sector": "the same neighbourhood", "company": "somebody else of the case is in the same home there",
    NOT_COMPARED: NOT_COMPARED,
}  # fmt: skip


class Compared(Protocol):
    """What is told of a compared field: `Line` of a match, `MatchLine` of a product."""

    @property
    def level(self) -> str: ...
    @property
    def here(self) -> str | None: ...
    @property
    def there(self) -> str | None: ...
    @property
    def millibits(self) -> int: ...


C = TypeVar("C", bound=Compared)


def level_words(level: str) -> str:
    """One level in words; one that has none stands for itself."""
    return _LEVELS.get(level, level)


def bits(millibits: int) -> str:
    """Thousandths of a bit as bits with sign, and every digit that counts: +7.748."""
    sign = "-" if millibits < 0 else "+"
    whole, rest = divmod(abs(millibits), 1000)
    return f"{sign}{whole}.{rest:03}"


def agrees(line: Compared) -> str:
    """`one digit differs, +3.000`."""
    return NOT_COMPARED if line.level == NOT_COMPARED else f"{level_words(line.level)}, {bits(line.millibits)}"


def held(lines: Iterable[C]) -> tuple[C, ...]:
    """Without the fields of which neither side says anything: they count nothing."""
    return tuple(line for line in lines if line.here or line.there or line.millibits)
