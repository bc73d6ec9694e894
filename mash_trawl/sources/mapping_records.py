"""From rows to findings: rows with one key are one record, and all its people are in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from mash_trawl.model.base import Known
from mash_trawl.model.case import TieKind
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.finding import (
    Basis,
    Event,
    Fact,
    Finding,
    Involvement,
    Polarity,
    Relationship,
    Residence,
    Significance,
)
from mash_trawl.model.grant import Grant
from mash_trawl.model.mapping import (
    AnyFindingMap,
    Column,
    EventMap,
    FactMap,
    FetchStep,
    InvolvementMap,
    RelationshipMap,
    ResidenceMap,
)
from mash_trawl.model.query import Candidate
from mash_trawl.sources.mapping_cells import BadValue, day, text, word
from mash_trawl.sources.mapping_places import addresses
from mash_trawl.sources.mapping_rows import candidate
from mash_trawl.sources.periods import outside
from mash_trawl.transports.door import Tally

State = Literal["current", "historic", "waiting", "declined", "unknown"]
_UNKNOWN = PartialDate.parse("unknown")


def records(step: FetchStep, rows: Iterable[Any], ref: str, grant: Grant, tally: Tally) -> Iterator[Finding]:
    """The findings that touch their category's period; those of a row with a bad value are counted and left out.

    Rows with the same key and content are one finding about all their people. Two different contents under one key
    are both kept: the second becomes `KEY#2`.
    """
    known: dict[str, Finding] = {}
    for row in rows:
        try:
            found = [_finding(item, step, row, ref) for item in step.findings]
        except BadValue:
            tally.quarantined += len(step.findings)
            continue
        for item in found:
            _add(known, item)
    for item in known.values():
        if not outside(item, grant.period(step.category)):
            yield item


def _add(known: dict[str, Finding], item: Finding) -> None:
    named, number = item, 1
    while named.ref in known and not _same(known[named.ref], named):
        number += 1
        named = replace(item, ref=f"{item.ref}#{number}")
    old = known.get(named.ref)
    if old is None:
        known[named.ref] = named
        return
    people = {one.ref: one for one in (*item.mentions, *old.mentions)}
    about = tuple(sorted({*old.about, *item.about}))
    known[named.ref] = replace(old, about=about, mentions=tuple(people[one] for one in sorted(people)))


def _same(one: Finding, other: Finding) -> bool:
    return replace(one, about=(), mentions=()) == replace(other, about=(), mentions=())


def _finding(item: AnyFindingMap, step: FetchStep, row: Any, ref: str) -> Finding:
    key = text(row, item.ref)
    if key is None:
        raise BadValue
    person = candidate(step.person, row) if step.person else None
    recorded = day(row, item.recorded_on)
    shared: dict[str, Any] = {
        "ref": f"{step.prefix or step.category.rpartition('.')[2]}:{key}",
        "category": step.category,
        "about": _about(item, row, ref, person),
        "mentions": (person,) if person else (),
        "recorded_on": recorded.earliest if recorded and recorded.exact else None,
        "recorded_by": word(row, item.recorded_by),
        "basis": _code(row, item.basis, Basis, "not_stated"),
    }
    return _MAKERS[type(item)](item, row, shared)


def _about(item: AnyFindingMap, row: Any, ref: str, person: Candidate | None) -> tuple[str, ...]:
    """Whom a row is about: as the mapping says; else the people it names; else the one who was asked about."""
    columns = (item.about,) if isinstance(item.about, str) else item.about or ()
    said = {text(row, column) for column in columns}
    if person is not None:
        said.add(person.ref)
    if isinstance(item, RelationshipMap):
        said |= {word(row, item.from_), word(row, item.to)}
    return tuple(sorted(one for one in said if one)) or (ref,)


def _text(row: Any, spec: str | Column | None) -> str:
    """A constant, or a column whose local codes are turned into ours."""
    return (word(row, spec) if isinstance(spec, Column) else spec) or ""


def _code(row: Any, spec: str | Column | None, allowed: Any, absent: str = "") -> Any:
    """The same, where only our own words may come out."""
    value = _text(row, spec) or absent
    if value not in get_args(allowed):
        raise BadValue
    return value


def _event(item: EventMap, row: Any, shared: Mapping[str, Any]) -> Event:
    kind = _text(row, item.kind)
    return Event(
        when=day(row, item.at) or _UNKNOWN,
        until=day(row, item.until),
        kind=kind,
        headline=word(row, item.headline) or kind,
        text=word(row, item.text) or "",
        outcome=word(row, item.outcome) or "",
        significance=_code(row, item.significance, Significance, "not_rated"),
        polarity=_code(row, item.polarity, Polarity, "neutral"),
        **shared,
    )


def _residence(item: ResidenceMap, row: Any, shared: Mapping[str, Any]) -> Residence:
    places = addresses(item.address, row)
    if len(places) != 1:
        raise BadValue
    tenure = word(row, item.tenure) or ""
    return Residence(address=places[0], from_=day(row, item.from_), to=day(row, item.to), tenure=tenure, **shared)


def _relationship(item: RelationshipMap, row: Any, shared: Mapping[str, Any]) -> Relationship:
    one, other = word(row, item.from_), word(row, item.to)
    if one is None or other is None:
        raise BadValue
    return Relationship(
        from_=one,
        to=other,
        kind=_code(row, item.kind, TieKind),
        nature=_text(row, item.nature) or "unknown",
        parental_responsibility=_code(row, item.parental_responsibility, Known, "unknown"),
        since=day(row, item.since),
        until=day(row, item.until),
        **shared,
    )


def _involvement(item: InvolvementMap, row: Any, shared: Mapping[str, Any]) -> Involvement:
    return Involvement(
        service=_text(row, item.service),
        status=_code(row, item.status, State, "unknown"),
        from_=day(row, item.from_),
        to=day(row, item.to),
        last_contact=day(row, item.last_contact),
        practitioner=word(row, item.practitioner) or "",
        role=_text(row, item.role),
        contact=word(row, item.contact) or "",
        **shared,
    )


def _fact(item: FactMap, row: Any, shared: Mapping[str, Any]) -> Fact:
    name, value = _text(row, item.name), word(row, item.value)
    if not name or value is None:
        raise BadValue
    return Fact(name=name, value=value, when=day(row, item.at), **shared)


_MAKERS: dict[type[Any], Callable[[Any, Any, Mapping[str, Any]], Finding]] = {
    EventMap: _event,
    ResidenceMap: _residence,
    RelationshipMap: _relationship,
    InvolvementMap: _involvement,
    FactMap: _fact,
}
