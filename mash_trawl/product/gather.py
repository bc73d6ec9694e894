"""Collect every finding once. Nothing is lost: it is a row, one more delivery of a row, or counted as left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mash_trawl.model.answer import Answer
from mash_trawl.model.finding import Event, Fact, Finding, Involvement, Relationship, Residence
from mash_trawl.model.product import LeftOut
from mash_trawl.model.shown import Delivery, Origin
from mash_trawl.product.items import item_of
from mash_trawl.product.plain import agency_name, order_key
from mash_trawl.product.who import Who


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """One finding with everybody whom any delivery of it named."""

    finding: Finding
    people: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Gathered:
    """All records, by kind, in an order that depends on content alone; and what was left out."""

    events: tuple[tuple[Event, Record], ...]
    involvements: tuple[tuple[Involvement, Record], ...]
    residences: tuple[tuple[Residence, Record], ...]
    relationships: tuple[tuple[Relationship, Record], ...]
    facts: tuple[tuple[Fact, Record], ...]
    left_out: tuple[LeftOut, ...]


def gather(answers: Iterable[Answer], who: Who, order: dict[str, int], left_out: tuple[LeftOut, ...]) -> Gathered:
    """Merge the deliveries of one record (same source, same content; the people named are united) into one."""
    merged: dict[tuple[str, str], list[tuple[str, Finding]]] = defaultdict(list)
    for answer in answers:
        for finding in answer.findings:
            bare = order_key(replace(finding, about=(), mentions=()))
            merged[(answer.source, bare)].append((answer.person, finding))
    records = [_record(key[0], versions, who) for key, versions in merged.items()]
    records.sort(key=lambda record: _rank(record, order))
    return Gathered(
        events=tuple((item.finding, item) for item in records if isinstance(item.finding, Event)),
        involvements=tuple((item.finding, item) for item in records if isinstance(item.finding, Involvement)),
        residences=tuple((item.finding, item) for item in records if isinstance(item.finding, Residence)),
        relationships=tuple((item.finding, item) for item in records if isinstance(item.finding, Relationship)),
        facts=tuple((item.finding, item) for item in records if isinstance(item.finding, Fact)),
        left_out=left_out,
    )


def _record(source: str, versions: list[tuple[str, Finding]], who: Who) -> Record:
    finding = min((version for _, version in versions), key=order_key)
    times = Counter(person for person, _ in versions)
    agency = who.agencies[source]
    origin = Origin(
        agency=agency,
        agency_name=agency_name(agency),
        source=source,
        ref=finding.ref,
        category=finding.category,
        recorded_on=finding.recorded_on.isoformat() if finding.recorded_on else None,
        recorded_by=finding.recorded_by,
        basis=finding.basis,
        restricted=finding.restricted,
        deliveries=tuple(Delivery(person=ident, times=times[ident]) for ident in who.order if ident in times),
        item=item_of(who.case.id, source, finding),
    )
    about = [ref for _, version in versions for ref in version.about]
    return Record(finding=finding, people=who.ids(source, about), origin=origin)


def _rank(record: Record, order: dict[str, int]) -> tuple[str, int, str, str, str]:
    finding = record.finding
    day = finding.when if isinstance(finding, Event | Fact) else finding.from_ if _spell(finding) else None
    first = day.earliest.isoformat() if day and not isinstance(day, str) and day.earliest else "9999-99-99"
    source = record.origin.source
    return first, order.get(source, len(order)), source, finding.ref, order_key(finding)


def _spell(finding: Finding) -> bool:
    return isinstance(finding, Involvement | Residence)
