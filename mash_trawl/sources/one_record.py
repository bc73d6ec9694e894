"""Rows of one record become one candidate; rows that contradict each other make it one for a person to judge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any, TypeVar

from mash_trawl.model.base import to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Name, Sex
from mash_trawl.model.query import CONFLICTING_RECORD, Candidate

T = TypeVar("T")


def merged(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """One candidate for each `ref`, in the order of `ref`; the order of the rows makes no difference."""
    found: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        rows = found.setdefault(candidate.ref, [])
        if candidate not in rows:
            rows.append(candidate)
    return tuple(rows[0] if len(rows) == 1 else _together(found[ref]) for ref, rows in sorted(found.items()))


def _together(rows: Sequence[Candidate]) -> Candidate:
    """All names and addresses of the rows. What they disagree about is left open, and the candidate is marked."""
    born, born_agrees = _one_date(row.born for row in rows)
    died, died_agrees = _one_date(row.died for row in rows)
    sexes: set[Sex] = {row.sex for row in rows} - {"unknown"}
    identifiers, numbers_agree = _identifiers(rows)
    agree = born_agrees and died_agrees and numbers_agree and len(sexes) < 2
    restrictions = {*chain.from_iterable(row.restrictions for row in rows), *(() if agree else (CONFLICTING_RECORD,))}
    return Candidate(
        ref=rows[0].ref,
        names=_all([row.names for row in rows]),
        born=born,
        died=died,
        sex=sexes.pop() if len(sexes) == 1 else "unknown",
        identifiers=identifiers,
        addresses=_all([row.addresses for row in rows]),
        restrictions=tuple(sorted(restrictions)),
    )


def _one_date(dates: Iterable[PartialDate | None]) -> tuple[PartialDate | None, bool]:
    """The narrowest of dates that can be the same day, else "one of these"; and whether they can be."""
    known = sorted({date for date in dates if date is not None}, key=_narrowest_first)
    if all(one.overlaps(other) for one in known for other in known):
        return (known[0] if known else None), True
    try:
        return PartialDate.parse(f"[{','.join(sorted({one.edtf for one in known}))}]"), False
    except ValueError:  # an open span has no place in such a list
        return None, False


def _narrowest_first(when: PartialDate) -> tuple[Any, ...]:
    width = (when.latest or date.max) - (when.earliest or date.min)
    return (not when.exact, width, when.edtf, when.original)


def _identifiers(rows: Sequence[Candidate]) -> tuple[dict[str, str], bool]:
    """Each number that the rows agree about, whatever its spaces; and whether they agree about all."""
    kept: dict[str, str] = {}
    agree = True
    for name in sorted({name for row in rows for name in row.identifiers}):
        said = sorted(row.identifiers[name] for row in rows if row.identifiers.get(name, "").strip())
        if len({"".join(value.split()).upper() for value in said}) > 1:
            agree = False
        elif said:
            kept[name] = said[0]
    return kept, agree


def _all(groups: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    """Each once: as they stand if all rows say the same, else in an order of their own, former names last."""
    if all(group == groups[0] for group in groups):
        return groups[0]
    return tuple(sorted(dict.fromkeys(chain.from_iterable(groups)), key=_place))


def _place(item: object) -> tuple[bool, str]:
    former = isinstance(item, Name) and item.use in ("old", "maiden")
    return former, json.dumps(to_plain(item), sort_keys=True)
