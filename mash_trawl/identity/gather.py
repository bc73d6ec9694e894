"""Rows of one source become candidates: one for each key, the same whatever their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, TypeVar

from mash_trawl.identity.names import compare_given
from mash_trawl.identity.normalise import family_names, given_names
from mash_trawl.identity.numbers import digits
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Person, Sex
from mash_trawl.model.query import Candidate

T = TypeVar("T")
MOST_NAMES = 20
"""Nobody has more given names than this under one key; comparing each with each has to end."""


@dataclass(slots=True, repr=False)
class Gathered(Private):
    """A candidate, and whether its rows name two birth dates, sexes, numbers or given names.

    Never changed once it is made; not frozen, for one is made for each candidate (as `Scored`).
    """

    candidate: Candidate
    contradicts: bool = False


def gather(rows: Iterable[Candidate]) -> tuple[Gathered, ...]:
    """One for each `ref`, in its order; rows without a `ref` are never put together with one another."""
    by_ref: dict[str, list[Candidate]] = {}
    for row in rows:
        by_ref.setdefault(row.ref, []).append(row)
    found: list[Gathered] = []
    for ref in sorted(by_ref):
        held = _different(by_ref[ref])
        if len(held) > 1 and ref.strip():
            found.append(_together(held))
        else:
            found += [Gathered(row) for row in held]
    return tuple(found)


def likeliest(person: Person, gathered: Sequence[Gathered], most: int) -> tuple[Gathered, ...]:
    """Those that share most with the person at a glance: identifiers, birth date, names; in the order of `ref`."""
    numbers = {digits(number) for number in person.identifiers.values()}
    given = {parts[0] for parts in given_names(person.names)}
    family = set(family_names(person.names))

    def glance(item: Gathered) -> int:
        row = item.candidate
        born = row.born is not None and person.born is not None and row.born.edtf == person.born.edtf
        return (
            4 * any(digits(number) in numbers for number in row.identifiers.values())
            + 2 * born
            + any(parts[0] in given for parts in given_names(row.names))
            + (not family.isdisjoint(family_names(row.names)))
        )

    best = sorted(range(len(gathered)), key=lambda at: (-glance(gathered[at]), at))[:most]
    return tuple(gathered[at] for at in sorted(best))


def _different(rows: list[Candidate]) -> list[Candidate]:
    """Each row once, always in the same order: one that several queries found is the same row."""
    if len(rows) == 1:
        return rows
    if all(row == rows[0] for row in rows):
        return rows[:1]
    return [row for _, row in sorted({_text(row): row for row in rows}.items(), key=lambda item: item[0])]


def _together(rows: Sequence[Candidate]) -> Gathered:
    """All names and addresses; a fact on which the rows differ is dropped, for nobody knows which one is right."""
    born, born_differs = _one_date(row.born for row in rows)
    died, died_differs = _one_date(row.died for row in rows)
    sexes = sorted({row.sex for row in rows} - {"unknown"})
    sex: Sex = sexes[0] if len(sexes) == 1 else "unknown"
    numbers: dict[str, dict[str, str]] = {}
    for row in reversed(rows):
        for kind, number in row.identifiers.items():
            if digits(number):
                numbers.setdefault(kind, {})[digits(number)] = number
    whole = Candidate(
        ref=rows[0].ref, sex=sex, born=born, died=died,
        names=_union(name for row in rows for name in row.names),
        addresses=_union(address for row in rows for address in row.addresses),
        restrictions=tuple(sorted({item for row in rows for item in row.restrictions})),
        identifiers={kind: next(iter(held.values())) for kind, held in sorted(numbers.items()) if len(held) == 1},
    )  # fmt: skip
    differs = born_differs or died_differs or any(len(held) > 1 for held in (sexes, *numbers.values()))
    return Gathered(candidate=whole, contradicts=differs or _two_given_names(rows))


def _one_date(dates: Iterable[PartialDate | None]) -> tuple[PartialDate | None, bool]:
    """The narrowest of dates that can all be the same day, else none; and whether they contradict each other."""
    known = sorted({when.edtf: when for when in dates if when}.values(), key=_narrowest_first)
    first, last = (
        max((d.earliest or date.min for d in known), default=date.min),
        min((d.latest or date.max for d in known), default=date.max),
    )
    if first > last:
        return None, True
    return (known[0] if known else None), False


def _narrowest_first(when: PartialDate) -> tuple[bool, timedelta, str]:
    return not when.exact, (when.latest or date.max) - (when.earliest or date.min), when.edtf


def _two_given_names(rows: Sequence[Candidate]) -> bool:
    called = {_text([name.given for name in row.names]): row.names for row in rows}
    if len(called) > MOST_NAMES:
        return True
    levels = (compare_given(one, other).name for one, other in combinations(called.values(), 2))
    return not {"near", "weak", "different"}.isdisjoint(levels)


def _union(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(
        item for _, item in sorted({_text(value): value for value in values}.items(), key=lambda pair: pair[0])
    )


def _text(value: Any) -> str:
    return json.dumps(to_plain(value), sort_keys=True)
