"""Which questions to put to a source: the keys that it supports and that the person's facts fill, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product
from typing import Any

from mash_trawl.identity.birth_dates import coarse_date
from mash_trawl.identity.normalise import family_names, given_names, soundex
from mash_trawl.identity.numbers import digits
from mash_trawl.identity.places import postcode
from mash_trawl.model.person import Person
from mash_trawl.model.query import PersonQuery

MOST_PER_KEY = 12
"""Aliases and addresses multiply; a key is asked at most so often for one person."""
_YEAR = timedelta(days=366)
_HIDDEN = {"hidden_address", "witness_protection"}
"""With one of these no address leaves the hub: the question itself would tell where the person lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """The queries for one person at one source, and the supported keys that were not asked, or not in full.

    `not_searched`: the person's facts do not fill the key, or it is among `cut`. `cut`: there were more values than
    MOST_PER_KEY, so that some were not asked; an answer of "nothing found" would then say too much.
    """

    queries: tuple[PersonQuery, ...]
    not_searched: tuple[tuple[str, ...], ...]
    cut: tuple[tuple[str, ...], ...] = ()


def plan_queries(person: Person, search_keys: Sequence[tuple[str, ...]], new_id: Callable[[], str]) -> QueryPlan:
    """Every supported key with every name, former name, birth date and address that is known.

    Searching never stops at the first hit: a match by one key must not hide a namesake found by another.
    """
    facts = _facts(person)
    queries: list[PersonQuery] = []
    not_searched: list[tuple[str, ...]] = []
    cut: list[tuple[str, ...]] = []
    for key in search_keys:
        choices = [facts.get(field, ()) for field in key]
        if not all(choices):
            not_searched.append(key)
            continue
        asked = tuple(islice(product(*choices), MOST_PER_KEY + 1))
        if len(asked) > MOST_PER_KEY:
            not_searched.append(key)
            cut.append(key)
        for values in asked[:MOST_PER_KEY]:
            filled: dict[str, Any] = dict(zip(key, values, strict=True))
            queries.append(PersonQuery(id=new_id(), person=person.id, by=key, **filled))
    return QueryPlan(queries=tuple(queries), not_searched=tuple(not_searched), cut=tuple(cut))


def _facts(person: Person) -> dict[str, tuple[Any, ...]]:
    """Each field of the query vocabulary with all the values that are known for it."""
    given = _each(name.given[0] for name in person.names if given_names((name,)))
    named = [name for name in person.names if family_names((name,))]
    family = _each(name.family for name in named)
    addresses = () if _HIDDEN & set(person.restrictions) else person.addresses
    facts: dict[str, tuple[Any, ...]] = {
        "given": given,
        "family": family,
        "former_names": family,  # the source's former name may be the one that the case knows as current
        "given_soundex": _each(soundex(name) for name in given),
        "family_soundex": _each(soundex(name) for name in family),
        "postcode": _each(postcode(address.postcode) for address in addresses),
        "uprn": _each(address.uprn for address in addresses),
        "nhs_number": _each([digits(person.identifiers.get("nhs_number"))]),
        "upn": _each([digits(person.identifiers.get("upn"))]),
        "sex": (person.sex,) if person.sex in ("female", "male") else (),
    }
    return facts | _birth_facts(person)


def _birth_facts(person: Person) -> dict[str, tuple[date, ...]]:
    """Exact days (also with day and month the other way round), and a year either side of what is known.

    1 January may be the day, or stand for an unknown day, here or there: it is asked as it is written, and the range
    spans the whole year. A date that is nobody's birth date (1900-01-01) is not asked at all.
    """
    born, known = person.born, coarse_date(person.born)
    if born is None or known is None or known.earliest is None or known.latest is None:
        return {}
    span: dict[str, tuple[date, ...]] = {
        "born_from": (_shift(known.earliest, -_YEAR),),
        "born_to": (_shift(known.latest, _YEAR),),
    }
    if not born.exact or born.earliest is None:
        return span
    day = born.earliest
    turned = [date(day.year, day.day, day.month)] if day.day <= 12 and day.day != day.month else []
    return span | {"born": (day, *turned)}


def _shift(day: date, by: timedelta) -> date:
    """The day moved, but never out of the calendar."""
    try:
        return day + by
    except OverflowError:
        return day


def _each(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
