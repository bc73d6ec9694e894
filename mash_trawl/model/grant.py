"""A grant: what a PERMIT becomes. A handle only; its authority stays with the engine's gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, final

Period = tuple[date | None, date | None]
"""First and last day; None: unbounded."""


@final
class Grant:
    """May ask one source about one person for these categories, until `expires_at`.

    Of the categories in `existence` only whether the source knows the person may be asked: nothing of them is fetched.
    A grant without `categories` is for that alone.

    Only `consent` mints grants; a copy, a pickle or a hand-made one opens nothing, because the gate knows its own
    grants by identity. `since` and `until` are the widest period of any category (None: unbounded); `period` tells
    that of one category, which may be narrower.
    """

    __slots__ = ("categories", "existence", "expires_at", "id", "periods", "person", "since", "source", "until")
    _mint: ClassVar[object] = object()

    id: str
    source: str
    person: str
    categories: frozenset[str]
    existence: frozenset[str]
    since: date | None
    until: date | None
    expires_at: datetime | None
    periods: Mapping[str, Period]

    def __init__(self, mint: object = None, /, **values: Any) -> None:
        if mint is not Grant._mint:
            raise TypeError("a Grant cannot be made: consent.mint_grants() does")
        values.setdefault("existence", frozenset())
        values["periods"] = MappingProxyType(dict(values.get("periods", {})))
        for name in self.__slots__:
            object.__setattr__(self, name, values[name])

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("a Grant has no kinds of its own")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Grant cannot be changed")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Grant cannot be changed")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Grant cannot be pickled or copied: it is a handle")

    def period(self, category: str) -> Period:
        """The days that may be fetched in one category."""
        return self.periods.get(category, (self.since, self.until))

    def to_text(self) -> str:
        """The plain form: its id, which opens nothing by itself."""
        return self.id

    def __repr__(self) -> str:
        return f"<Grant {self.id}>"
