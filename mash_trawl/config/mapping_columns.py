"""Which columns a mapping reads, and where in the file each is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from mash_trawl.config.problems import Found
from mash_trawl.config.tree import Path
from mash_trawl.model.base import file_name
from mash_trawl.model.mapping import CONSTANTS, AddressMap, AnyFindingMap, Column, FetchStep, FindStep, PersonMap

_PARTS = ("line1", "line2", "line3", "postcode", "uprn", "from", "to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A column named at `path`, for the field `field`; `spec` is the whole of what stands there."""

    path: Path
    field: str
    column: str
    spec: str | Column


def person_columns(person: PersonMap | None, at: Path) -> Iterator[Place]:
    """The columns of a person, address included; none if a step describes nobody."""
    if person is not None:
        yield from _all(person, at)


def finding_columns(step: FetchStep, at: Path) -> Iterator[Iterator[Place]]:
    """The columns of each finding of a step."""
    for item in step.findings:
        yield _all(item, (*at, type(item).__name__.removesuffix("Map").lower()))


def parts_problems(step: FindStep | FetchStep, at: Path) -> Iterator[Found]:
    """What is wrong with how an object of JSON makes an address; such keys are no columns, so nothing else looks."""
    places: list[tuple[Path, AddressMap | None]] = []
    if step.person:
        places.append(((*at, "person", "addresses"), step.person.addresses))
    if isinstance(step, FetchStep) and step.residence:
        places.append(((*at, "residence", "address"), step.residence.address))
    for path, address in places:
        if address is None or not address.parts:
            continue
        if address.json is None:
            yield Found(path=(*path, "parts"), what="parts belongs to json", do="Name the column of JSON.")
        for name in address.parts:
            if name not in _PARTS:
                yield Found(path=(*path, "parts", name), what=f"an address has {', '.join(_PARTS)}")


def _all(item: PersonMap | AddressMap | AnyFindingMap, at: Path) -> Iterator[Place]:
    constants = CONSTANTS if not isinstance(item, PersonMap | AddressMap) else frozenset()
    for field in fields(item):
        name, value = file_name(field.name), getattr(item, field.name)
        if isinstance(value, AddressMap):
            yield from _all(value, (*at, name))
        elif isinstance(value, Column):
            yield Place(path=(*at, name), field=name, column=value.from_, spec=value)
        elif isinstance(value, tuple):
            for number, column in enumerate(value):
                yield Place(path=(*at, name, number), field=name, column=column, spec=column)
        elif isinstance(value, str) and name not in constants:
            yield Place(path=(*at, name), field=name, column=value, spec=value)
