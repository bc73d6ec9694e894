"""What the product cannot speak about: no answer, part of an answer, periods not covered, long silences.

A refused agency has no gap, it has a refusal. Gaps are computed only against the period that the agency says it
covers, and an approximate date closes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from mash_trawl.model.answer import Coverage, Status
from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.finding import Event, Involvement, Residence
from mash_trawl.model.product import AgencyOutcome, Gap, GapKind
from mash_trawl.model.shown import day_words
from mash_trawl.product.gather import Gathered, Record
from mash_trawl.product.outcomes import SEARCHED, UNANSWERED, NotUsed, unsearched
from mash_trawl.product.plain import agency_name, sure_day

SILENCE = timedelta(days=365)
"""A silence shorter than this is not worth a line."""
_DAY = timedelta(days=1)
_WITHOUT: dict[NotUsed, str] = {
    "unknown": "searched without {keys} for {name}, since that is not known",
    "not_given": "searched without {keys} for {name}: that is known, but may not be given to this source",
    "not_valid": "searched without {keys} for {name}, since the number that is known is not valid",
    "cut": "searched only in part by {keys} for {name}, since more values are known than one source is asked by",
}


def gaps(
    outcomes: Sequence[AgencyOutcome], decisions: Decisions, case: Case, gathered: Gathered,
    names: Mapping[str, str], as_at: date,
) -> tuple[Gap, ...]:  # fmt: skip
    """All gaps: first the pairs that might be asked and for which no answer came at all, then by answer."""
    found = list(_never_answered(outcomes, decisions, names))
    for item in outcomes:
        if item.status in UNANSWERED:
            found.append(_gap(item, "not_answered", item.sentence))
        if item.status is Status.PARTIAL:
            found.append(_gap(item, "not_complete", item.sentence))
        if item.status in SEARCHED and item.status not in UNANSWERED and item.not_searched:
            found.extend(_unsearched(item, names))
        if item.status in (Status.FOUND, Status.NONE_FOUND, Status.PARTIAL):
            born = next((person.born for person in case.people if person.id == item.person), None)
            start = born.earliest if born and born.earliest else None
            found.extend(_uncovered(item, names, start, as_at))
            if item.status is Status.FOUND:
                found.extend(_silences(item, gathered, names, start, as_at))
    return tuple(found)


def _never_answered(outcomes: Sequence[AgencyOutcome], decisions: Decisions, names: Mapping[str, str]) -> Iterable[Gap]:
    """Silence about a pair that might be asked is not an answer."""
    told = {(item.source, item.person) for item in outcomes}
    open_pairs = {
        (item.source, item.person): item.agency
        for item in decisions
        if item.outcome is not Outcome.DENY and (item.source, item.person) not in told
    }
    for (source, person), agency in open_pairs.items():
        sentence = f"{agency_name(agency)}: no answer about {names.get(person, person)} came, though it may be asked."
        yield Gap(
            source=source, agency=agency, agency_name=agency_name(agency), person=person, kind="not_answered",
            why="no_answer", sentence=sentence,
        )  # fmt: skip


def _unsearched(item: AgencyOutcome, names: Mapping[str, str]) -> Iterable[Gap]:
    """One for each reason why a fact was not used."""
    name = names.get(item.person, item.person)
    for why, keys in unsearched(item):
        sentence = f"{item.agency_name}: {_WITHOUT[why].format(keys=keys, name=name)}."
        yield replace(_gap(item, "not_searched", sentence), why="not_searched")


def _gap(
    item: AgencyOutcome, kind: GapKind, sentence: str, span: tuple[date | None, date | None] = (None, None)
) -> Gap:
    return Gap(
        source=item.source,
        agency=item.agency,
        agency_name=item.agency_name,
        person=item.person,
        kind=kind,
        why=item.why.value,
        sentence=sentence,
        from_=span[0].isoformat() if span[0] else None,
        to=span[1].isoformat() if span[1] else None,
        due=item.due,
    )


def _uncovered(item: AgencyOutcome, names: Mapping[str, str], start: date | None, as_at: date) -> Iterable[Gap]:
    """Before and after the period that the agency holds. Without a stated period nothing can be said."""
    name = names.get(item.person, item.person)
    first, last = _covered(item.coverage)
    if first and (start is None or start < first):
        words = f"{item.agency_name}: its records begin in {_words(item.coverage, 'from')}; none earlier for {name}."
        yield _gap(item, "not_covered", words, (start, first - _DAY))
    if last and last < as_at:
        words = f"{item.agency_name}: its records stand at {_words(item.coverage, 'to')}; nothing later about {name}."
        yield _gap(item, "not_covered", words, (last + _DAY, as_at))


def _words(coverage: Coverage | None, end: str) -> str:
    if coverage is None:
        return ""
    return day_words((coverage.from_ if end == "from" else coverage.to or coverage.as_of) or "")


def _covered(coverage: Coverage | None) -> tuple[date | None, date | None]:
    if coverage is None:
        return None, None
    ends = [day for day in (sure_day(coverage.to), sure_day(coverage.as_of)) if day]
    return sure_day(coverage.from_), min(ends, default=None)


def _silences(
    item: AgencyOutcome, gathered: Gathered, names: Mapping[str, str], start: date | None, as_at: date
) -> Iterable[Gap]:
    """Spells of a year or more, inside the covered period and the person's life, without any certainly dated record."""
    first, last = _covered(item.coverage)
    if first is None:
        return
    begin, end = max(first, start or first), min(last or as_at, as_at)
    name, here = names.get(item.person, item.person), begin
    for since, until in [*_dated(item, gathered, as_at), (end + _DAY, end + _DAY)]:
        if since - here >= SILENCE:
            words = (
                f"{item.agency_name}: covers {day_words(here.isoformat())} to {day_words((since - _DAY).isoformat())}, "
                f"but no dated record about {name} falls in it."
            )
            yield _gap(item, "no_record", words, (here, min(since - _DAY, end)))
        here = max(here, until + _DAY)


def _dated(item: AgencyOutcome, gathered: Gathered, as_at: date) -> list[tuple[date, date]]:
    dated: list[tuple[Event | Involvement | Residence, Record]] = [
        *gathered.events,
        *gathered.involvements,
        *gathered.residences,
    ]
    spans = (_span(finding, as_at) for finding, record in dated if _theirs(record, item))
    return sorted(span for span in spans if span is not None)


def _theirs(record: Record, item: AgencyOutcome) -> bool:
    return record.origin.source == item.source and item.person in record.people


def _span(finding: Event | Involvement | Residence, as_at: date) -> tuple[date, date] | None:
    """The days that a record surely speaks for; None if its date is approximate or open at its start."""
    since, until = (finding.when, finding.until) if isinstance(finding, Event) else (finding.from_, finding.to)
    first = _sure(since, "earliest")
    if first is None:
        return None
    if isinstance(finding, Event):
        return first, _sure(until or since, "latest") or first
    return first, _sure(until, "latest") or (as_at if until is None else first)


def _sure(day: PartialDate | None, end: str) -> date | None:
    if day is None or day.approximate or day.uncertain:
        return None
    return day.earliest if end == "earliest" else day.latest
