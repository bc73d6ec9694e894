"""What is known of a person, in the fields of the query vocabulary: all values that may be asked by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mash_trawl.identity.birth_dates import coarse_date
from mash_trawl.identity.normalise import family_names, given_names, soundex
from mash_trawl.identity.numbers import digits, nhs_number_can_be, upn_can_be
from mash_trawl.identity.places import place_of, sector_words
from mash_trawl.model.base import Private
from mash_trawl.model.person import Address, Name, Person

_HIDDEN = {"hidden_address", "witness_protection"}
"""With one of these no address leaves the hub: the question itself would tell where the person lives."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Facts(Private):
    """Values by field; `places` keeps what belongs to one address together.

    `born` is the day as it was written, `certain_day` whether it is more than a stopgap such as 1 January.
    """

    values: Mapping[str, tuple[Any, ...]]
    places: tuple[Mapping[str, str], ...]
    born: date | None
    certain_day: bool


def facts_of(person: Person) -> Facts:
    """Everything that a question about this person may hold. Words in place of a name, and hidden homes, are left out.

    A number that fails its check figure or letter is nobody's. One of the range 999 is asked by like any other: it is
    given to no living person, so it finds nobody in a live system and the right one in a test system.
    """
    given = _each(name.given[0] for name in person.names if given_names((name,)))
    family = _each(_family(person.names))
    nhs, upn = (digits(person.identifiers.get(kind)) for kind in ("nhs_number", "upn"))
    hidden = not _HIDDEN.isdisjoint(person.restrictions)
    known = coarse_date(person.born)
    values: dict[str, tuple[Any, ...]] = {
        "given": given,
        "family": family,
        "former_names": family,  # the source's former name may be the one that the case knows as current
        "given_soundex": _each(soundex(name) for name in given),
        "family_soundex": _each(soundex(name) for name in family),
        "nhs_number": (nhs,) if nhs_number_can_be(nhs) else (),
        "upn": (upn,) if upn_can_be(upn) else (),
        "sex": (person.sex,) if person.sex in ("female", "male") else (),
    }
    values |= _birth_facts(person)
    return Facts(
        values=values,
        places=() if hidden else tuple(map(_place_facts, person.addresses)),
        born=values["born"][0] if values.get("born") else None,
        certain_day=known is not None and known.exact,
    )


def _family(names: Iterable[Name]) -> Iterator[str]:
    """Whole family names first, then the halves of double-barrelled ones: systems keep one, the other or both."""
    whole = [name.family for name in names if name.family and family_names((name,))]
    yield from whole
    for name in whole:
        halves = [half for half in re.split(r"\s*[-‐‑–]\s*", name) if len(half) > 2]
        if len(halves) > 1:
            yield from (half for half in halves if family_names((Name(family=half),)))


def _place_facts(address: Address) -> dict[str, str]:
    """What can be asked of one address; of no place to live at, nothing."""
    place = place_of(address)
    if place is None:
        return {}
    return {
        "uprn": (address.uprn or "").strip() if place.uprn else "",
        "postcode": place.postcode,
        "house_number": place.door.number.upper(),
        "postcode_sector": sector_words(place.postcode),
    }


def _birth_facts(person: Person) -> dict[str, tuple[date, ...]]:
    """Exact days (also with day and month the other way round), and whole years, one either side of what is known.

    1 January may be the day, or stand for an unknown day, here or there: it is asked as it is written, and the range
    spans the whole year. A date that is nobody's birth date (1900-01-01) is not asked at all.
    """
    born, known = person.born, coarse_date(person.born)
    if born is None or known is None or known.earliest is None or known.latest is None:
        return {}
    first, last = max(date.min.year, known.earliest.year - 1), min(date.max.year, known.latest.year + 1)
    span: dict[str, tuple[date, ...]] = {"born_from": (date(first, 1, 1),), "born_to": (date(last, 12, 31),)}
    if not born.exact or born.earliest is None:
        return span
    day = born.earliest
    turned = [date(day.year, day.day, day.month)] if day.day <= 12 and day.day != day.month else []
    return span | {"born": (day, *turned)}


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
