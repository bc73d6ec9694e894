"""The social care connector: one statement for each table and period, however many people are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from mash_trawl.api import (
    Candidate,
    Event,
    Fact,
    FetchAsk,
    FindAsk,
    Finding,
    Grant,
    PartialDate,
    PersonQuery,
    Relationship,
    Residence,
    SqlConnector,
)
from mash_trawl_social_care import statements
from mash_trawl_social_care.codes import FACTORS, RELATIONS, words
from mash_trawl_social_care.people import candidates, day, flag, place, relative, text
from mash_trawl_social_care.records import ASSESSMENT, RECORDS, Records, told

_AGENCY = "childrens_social_care"
_RESPONSIBLE: Mapping[str, Literal["yes", "no"]] = {"Y": "yes", "N": "no"}


class SocialCare(SqlConnector):
    """Contacts, assessments, plans, care episodes, missing episodes, relatives, addresses and workers."""

    name, agency, api = "social_care", _AGENCY, 1
    offers = frozenset(f"{_AGENCY}.{category}" for category in RECORDS)
    search_keys = (
        ("nhs_number",), ("upn",), ("family", "born"), ("former_names", "born"), ("given", "born"),
        ("born", "postcode"), ("family", "given", "postcode"),
    )  # fmt: skip
    batches = True

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """People who agree with every field of the key."""
        yield from (found for _, found in self.find_many([FindAsk(query=query, grant=grant)]))

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The granted categories of one person."""
        yield from (found for _, found in self.fetch_many([FetchAsk(ref=ref, grant=grant)]))

    def find_many(self, asks: Sequence[FindAsk]) -> Iterator[tuple[str, Candidate]]:
        """Everybody asked for in one statement; then in one each their aliases, addresses and flags."""
        if not asks:
            return
        with self.open(*(ask.grant for ask in asks)) as session:
            for number, found in candidates(session, [ask.query.fields for ask in asks]):
                yield asks[number].query.id, found

    def fetch_many(self, asks: Sequence[FetchAsk]) -> Iterator[tuple[str, Finding]]:
        """Each category of everybody who may be asked for it in the same period, table by table."""
        periods: dict[tuple[str, statements.Period], list[str]] = {}
        for ask in asks:
            for category in ask.grant.categories & self.offers:
                short = category.removeprefix(f"{_AGENCY}.")
                periods.setdefault((short, ask.grant.period(category)), []).append(ask.ref)
        if not periods:
            return
        with self.open(*(ask.grant for ask in asks)) as session:
            for (category, period), people in sorted(periods.items(), key=lambda item: (item[0][0], str(item[0][1]))):
                wanted = tuple(dict.fromkeys(people))
                for kind in RECORDS[category]:
                    yield from _records(session, kind, wanted, period)
                if category == "assessments":
                    yield from _factors(session, wanted, period)
                if category == "family":
                    yield from _homes(session, wanted, period)
                    yield from _relatives(session, wanted, period)


def _records(
    session: Any, kind: Records, people: Sequence[str], period: statements.Period
) -> Iterator[tuple[str, Finding]]:
    sql, bound = statements.records(kind.table, people, period)
    for row in session.rows(sql, **bound):
        for found in kind.read(row):
            if not _too_old(found, period[0]):
                yield text(row.person_id), found


def _too_old(found: Finding, since: date | None) -> bool:
    """The beginning of something that still lasts, before the period: its state is told, its beginning is not."""
    if not isinstance(found, Event) or since is None or found.until is not None:
        return False
    return found.when.latest is not None and found.when.latest < since


def _factors(session: Any, people: Sequence[str], period: statements.Period) -> Iterator[tuple[str, Finding]]:
    """The factors of each assessment, for every one of the children whom it is about."""
    sql, bound = statements.records(ASSESSMENT, people, period)
    held: dict[str, list[Any]] = {}
    for row in session.rows(sql, **bound):
        held.setdefault(text(row.assessment_id), []).append(row)
    if not held:
        return
    sql, bound = statements.factors(held)
    for row in session.rows(sql, **bound):
        for of in held[text(row.assessment_id)]:
            found = day(of.authorised_on) or day(of.started_on)
            if found is not None and not _within(found, period):
                continue
            shared = told(of, ASSESSMENT, "assessments") | {"basis": "professional_opinion"}
            shared["ref"] += f"/{text(row.factor_code)}"
            yield (
                text(of.person_id),
                Fact(
                    **shared, name="assessment_factor", value=words(FACTORS, row.factor_code),
                    when=found,
                ),
            )  # fmt: skip


def _homes(session: Any, people: Sequence[str], period: statements.Period) -> Iterator[tuple[str, Finding]]:
    """Where they lived, except where that would tell the secret address of somebody else."""
    sql, bound = statements.records(statements.ADDRESS, people, period, statements.OPEN_TO_SHOW)
    for row in session.rows(sql, **bound):
        home = Residence(
            **told(row, statements.ADDRESS, "family"), address=place(row), from_=day(row.from_date), to=day(row.to_date)
        )
        yield text(row.person_id), home


def _relatives(session: Any, people: Sequence[str], period: statements.Period) -> Iterator[tuple[str, Finding]]:
    """Relatives, for each of the people asked for. A code that nobody knows is counted, never guessed."""
    sql, bound = statements.relations(people, period)
    rows = list(session.rows(sql, **bound))
    sql, bound = statements.flags_of_relatives(people, period)
    flags: dict[str, set[str]] = defaultdict(set)
    for row in session.rows(sql, **bound) if rows else ():
        flags[text(row.person_id)].add(flag(row))
    for row in rows:
        known = RELATIONS.get(text(row.relation_code).upper())
        if known is None:
            session.tally.quarantined += 1
            continue
        one, other = text(row.person_id), text(row.related_person_id)
        tie = Relationship(
            ref=f"person_relation:{text(row.relation_id)}", about=(one, other), category=f"{_AGENCY}.family",
            basis="documented", from_=one, to=other, kind=known[0], nature=known[1],
            parental_responsibility=_RESPONSIBLE.get(text(row.parental_responsibility).upper(), "unknown"),
            since=day(row.from_date), until=day(row.to_date),
            mentions=(relative(row, "one", one, flags), relative(row, "other", other, flags)),
        )  # fmt: skip
        yield from ((ref, tie) for ref in (one, other) if ref in people)


def _within(found: PartialDate, period: statements.Period) -> bool:
    """A factor is found when its assessment ends, which may be outside a period that the assessment reaches into."""
    since, until = period
    early = since is not None and found.latest is not None and found.latest < since
    return not early and (until is None or found.earliest is None or found.earliest <= until)
