"""One row from an agency's system: read by name, never shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mash_trawl.model.base import Private


class Row(Private):
    """`row.surname` or `row["surname"]`, in whatever case the system writes its column names.

    Values are what the driver gives: text, numbers, dates, None. AttributeError and KeyError for a column that the
    statement did not return.
    """

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: Any) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name.lower()]]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[self._places[name.lower()]]
        except KeyError:
            raise AttributeError(f"the statement returned no column {name}") from None

    @property
    def first(self) -> Any:
        """The value in the first column."""
        return self._values[0]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._places


def places(names: Any) -> dict[str, int]:
    """Where each column stands, by its name in lower case; of two with the same name the first counts."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        found.setdefault(str(name).lower(), place)
    return found
