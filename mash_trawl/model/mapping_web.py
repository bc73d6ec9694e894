"""What a mapping says of a web service: which question is sent, and how the list of its answer is paged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mash_trawl.model.base import DOCUMENT

Paged = Literal["whole", "cursor", "offset", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesMap:
    """How a list is paged (`by`), and what the service calls the parts of a page; a name may be a dotted place.

    `whole`: one answer holds all. `items: "."`: the answer is the one object itself.
    """

    __pydantic_config__ = DOCUMENT
    by: Paged
    items: str = "items"
    total: str = "total"
    next: str = "next"
    next_cursor: str = "next_cursor"
    cursor: str = "cursor"
    offset: str = "offset"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchValue:
    """A FHIR search value that is not plain: a day from or to which, or a number within its `system`."""

    __pydantic_config__ = DOCUMENT
    at_least: str | None = None
    at_most: str | None = None
    system: str | None = None
    value: str | None = None


Searched = str | SearchValue | tuple[SearchValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebStep:
    """A plain step at a web service: names of the body, of the address and of a FHIR search, each with its key.

    `path` may hold `:ref`; `fixed` are texts that are sent as they stand; `formats` say how a day is written.
    """

    path: str = ""
    body: Mapping[str, str] | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    pages: PagesMap | None = None
    resource: str = ""
    search: Mapping[str, Searched] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


def search_keys(value: Searched) -> tuple[tuple[str, str], ...]:
    """How a search value compares and with which key: `equals`, `at_least`, `at_most`, `token`."""
    if isinstance(value, str):
        return (("equals", value),)
    if isinstance(value, tuple):
        return tuple(pair for item in value for pair in search_keys(item))
    if value.system is not None or value.value is not None:
        return (("token", value.value or ""),)
    given = (("at_least", value.at_least), ("at_most", value.at_most))
    return tuple((how, key) for how, key in given if key is not None)
