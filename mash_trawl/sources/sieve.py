"""What a connector hands over is sifted before anybody looks at it: right type, plain values, asked for, in scope.

A value passes by being read back from its plain form, so what goes on is the engine's own frozen value: no subclass,
no lazy attribute, nothing that would not survive JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from mash_trawl.config.adapters import shape
from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event, Fact, Finding, Involvement, Relationship, Residence
from mash_trawl.model.grant import Grant
from mash_trawl.model.query import Candidate
from mash_trawl.sources.periods import outside

FINDINGS = (Event, Involvement, Residence, Relationship, Fact)
KINDS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in (Candidate, *FINDINGS)}
"""What a connector may yield, by name."""
MOST_TEXT = 200_000
"""Bytes in one row, all its texts together; a longer one is quarantined."""

T = TypeVar("T")


def sound(item: object, types: tuple[type[T], ...]) -> T | None:
    """The item as the engine's own value, or None when it is not exactly what the contract says."""
    for kind in types:
        if type(item) is kind:
            try:
                return own(kind, to_plain(item))
            except Exception:  # whatever a hostile value raises when it is looked at, it is not sound
                return None
    return None


def own(kind: type[T], plain: Any) -> T | None:
    """A plain form as the engine's own value of one kind, or None when it is not exactly what the contract says."""
    try:
        if _length(plain) > MOST_TEXT:
            return None
        value: T = shape(kind, empties=True).validator.validate_python(plain)
        return value if all(ref.strip() for ref in _refs(value)) else None
    except Exception:  # the same for what a worker sends
        return None


def _refs(item: object) -> Iterator[str]:
    """Every key in it. A blank one stands for nobody in particular: by it, strangers would become one person."""
    if isinstance(item, Candidate | Event | Fact | Involvement | Relationship | Residence):
        yield item.ref
    if isinstance(item, Event | Fact | Involvement | Relationship | Residence):
        yield from item.about
        yield from (person.ref for person in item.mentions)
    if isinstance(item, Relationship):
        yield from (item.from_, item.to)


def _length(plain: Any) -> int:
    """Bytes of all texts; UnicodeEncodeError for half a character, which no JSON can carry."""
    if isinstance(plain, dict):
        return sum(len(key) + _length(value) for key, value in plain.items())
    if isinstance(plain, list):
        return sum(_length(value) for value in plain)
    return len(plain.encode()) if isinstance(plain, str) else 1


def in_scope(finding: Finding, grant: Grant) -> bool:
    """Was it granted: its category, and its days in the period of that category?"""
    return finding.category in grant.categories and not outside(finding, grant.period(finding.category))


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each record once. Rows that differ only in whom they are about are one; rows that contradict each other stay."""
    kept: list[Finding] = []
    places: dict[tuple[type, str, str], list[int]] = {}
    for finding in findings:
        same = places.setdefault((type(finding), finding.ref, finding.category), [])
        place = next((at for at in same if _equal_but_about(kept[at], finding)), None)
        if place is None:
            same.append(len(kept))
            kept.append(finding)
        else:
            about = _union(kept[place].about, finding.about)
            kept[place] = replace(kept[place], about=about)
    return tuple(kept)


def _equal_but_about(one: Finding, other: Finding) -> bool:
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(one) if field.name != "about")


def _union(one: Collection[T], other: Collection[T]) -> tuple[T, ...]:
    held = list(one)
    held.extend(item for item in other if item not in held)
    return tuple(held)
