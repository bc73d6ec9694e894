"""Which questions to put to a source: the keys that it supports and that the person's facts fill, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from mash_trawl.identity.facts import Facts, facts_of
from mash_trawl.model.person import Person
from mash_trawl.model.query import PLACE_FIELDS, PersonQuery

MOST_PER_KEY = 12
"""Aliases and addresses multiply; a key is asked at most so often for one person."""
Key = tuple[str, ...]
_NAMES = {"given", "family", "former_names", "family_soundex", "given_soundex"}
_IDENTIFIERS = ("nhs_number", "upn")
_YEARS = {"born_from", "born_to"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """The queries for one person at one source in the order in which they are put, and what was not searched by.

    `not_searched`: supported keys that the person's facts do not fill, or that are among `cut`. `cut`: there were more
    values than MOST_PER_KEY, so that some were not asked; an answer of "nothing found" would then say too much.
    `not_given`: of `not_searched`, those for which all is known and an address may not leave the hub; `not_valid`:
    those for which a number is known that cannot be right. `not_offered`: one key for each usual way of searching
    that the facts fill and this source has no key for.
    """

    queries: tuple[PersonQuery, ...]
    not_searched: tuple[Key, ...]
    cut: tuple[Key, ...] = ()
    not_offered: tuple[Key, ...] = ()
    not_given: tuple[Key, ...] = ()
    not_valid: tuple[Key, ...] = ()


def plan_queries(person: Person, search_keys: Sequence[Key], new_id: Callable[[], str]) -> QueryPlan:
    """Every supported key with every name, former name, birth date and address that is known, the narrowest first.

    Searching never stops at the first hit: a match by one key must not hide a namesake found by another.
    """
    facts = facts_of(person)
    rows: list[tuple[int, dict[str, Any]]] = []
    not_searched: list[Key] = []
    cut: list[Key] = []
    for key in _needed(search_keys, facts):
        asked = tuple(islice(_rows(key, facts), MOST_PER_KEY + 1))
        if not asked or len(asked) > MOST_PER_KEY:
            not_searched.append(key)
        if len(asked) > MOST_PER_KEY:
            cut.append(key)
        rows += [(_stage(row, facts), row) for row in asked[:MOST_PER_KEY]]
    rows.sort(key=lambda item: item[0])  # stable: within a stage, the order in which the source lists its keys
    queries = tuple(PersonQuery(id=new_id(), person=person.id, by=tuple(row), **row) for _, row in rows)
    unfilled = [key for key in not_searched if key not in cut]
    not_given = _not_given(unfilled, person) if unfilled and person.restrictions else ()
    return QueryPlan(
        queries=queries, not_searched=tuple(not_searched), cut=tuple(cut), not_offered=_not_offered(search_keys, facts),
        not_given=not_given, not_valid=tuple(key for key in unfilled if _is_wrong(key, person, facts)),
    )  # fmt: skip


def _not_given(unfilled: Sequence[Key], person: Person) -> tuple[Key, ...]:
    """The keys that the facts would fill if nothing of them had to stay in the hub."""
    all_facts = facts_of(replace(person, restrictions=()))
    return tuple(key for key in unfilled if any(_rows(key, all_facts)))


def _is_wrong(key: Key, person: Person, facts: Facts) -> bool:
    """Whether what is lacking is a number that the case has, and that fails its own check."""
    lacking = [field for field in _IDENTIFIERS if field in key and not facts.values.get(field)]
    return bool(lacking) and all(person.identifiers.get(field, "").strip() for field in lacking)


def _rows(key: Key, facts: Facts) -> Iterator[dict[str, Any]]:
    """Each way to fill the key: every name with every date, but of one address all its parts together."""
    own = [field for field in key if field not in PLACE_FIELDS]
    parts = [field for field in key if field in PLACE_FIELDS]
    filled = (tuple(place.get(field, "") for field in parts) for place in facts.places)
    places = tuple(dict.fromkeys(values for values in filled if all(values))) if parts else ((),)
    for *values, place in product(*(facts.values.get(field, ()) for field in own), places):
        row = dict(zip(own, values, strict=True)) | dict(zip(parts, place, strict=True))
        yield {field: row[field] for field in key}


def _stage(row: dict[str, Any], facts: Facts) -> int:
    """Identifiers, birth date as known, birth date turned round or a span of years, names alone, address alone.

    The last are last because a home or a postcode holds people whom nobody asked about.
    """
    if not row.keys().isdisjoint(_IDENTIFIERS):
        return 1
    if "born" in row:
        return 2 if row["born"] == facts.born else 3
    if _YEARS & row.keys():
        return 3
    return 5 if PLACE_FIELDS.issuperset(row) else 4


def _needed(search_keys: Sequence[Key], facts: Facts) -> Iterator[Key]:
    """All keys, each once; those by postcode sector only where no certain birth date can be asked by.

    Some three thousand homes share a sector: to ask for a name there is for people of whom less is known.
    """
    keys = tuple(dict.fromkeys(search_keys))
    dated = facts.certain_day and any("born" in key and any(_rows(key, facts)) for key in keys)
    for key in keys:
        if not (dated and "postcode_sector" in key):
            yield key


def _not_offered(search_keys: Sequence[Key], facts: Facts) -> tuple[Key, ...]:
    """Of the usual ways of searching, those that no key of the source resembles, in the words of what is known."""
    offered = [set(key) for key in search_keys]
    found: list[Key] = []
    if not any(key & set(_IDENTIFIERS) for key in offered):
        found += [(field,) for field in _IDENTIFIERS if facts.values.get(field)][:1]
    named = bool(facts.values.get("family") or facts.values.get("given"))
    name = "family" if facts.values.get("family") else "given"
    if named and facts.values.get("born") and not any("born" in key and key & _NAMES for key in offered):
        found.append((name, "born"))
    if named and facts.values.get("born_from") and not any(key & _YEARS and key & _NAMES for key in offered):
        found.append((name, "born_from", "born_to"))
    if not any(PLACE_FIELDS & key for key in offered):
        found += [key for key in (("uprn",), ("postcode",)) if any(_rows(key, facts))][:1]
    return tuple(found)
