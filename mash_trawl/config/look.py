"""Looking at a tree before it is a value: only parts of the right shape are seen, the rest is validation's to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from mash_trawl.config.scalars import instant
from mash_trawl.config.tree import Path
from mash_trawl.model.dates import PartialDate


class Spot:
    """A part of the tree and the path to it."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: Path = ()) -> None:
        self.value = value
        self.path = path

    def __getitem__(self, key: str) -> Spot:
        inner = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Spot(inner, (*self.path, key))

    def each(self, key: str) -> Iterator[Spot]:
        """The items of the list under this key."""
        items = self[key].value
        if isinstance(items, list | tuple):
            for index, item in enumerate(items):
                yield Spot(item, (*self.path, key, index))

    def entries(self, key: str) -> Iterator[tuple[str, Spot]]:
        """The entries of the group under this key."""
        group = self[key].value
        if isinstance(group, Mapping):
            for name, item in group.items():
                yield name, Spot(item, (*self.path, key, name))

    @property
    def text(self) -> str | None:
        """The text here, if it is one."""
        return self.value if isinstance(self.value, str) else None

    @property
    def instant(self) -> datetime | None:
        """The aware instant here, if it is one."""
        try:
            return instant(self.value) if self.value is not None else None
        except ValueError:
            return None

    @property
    def date(self) -> PartialDate | None:
        """The partial date here, if it is one."""
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return PartialDate.of(self.value)
        try:
            return PartialDate.parse(self.value) if isinstance(self.value, str) else None
        except ValueError:
            return None
