"""Adult social care: some grown-ups have a service, a few a safeguarding concern; nobody under eighteen is in it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.tables import tables
from mash_trawl_county.people import TODAY, Human, chance_of
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.tables import day
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "adult_social_care"
APPROVE = "{distribution: mash-trawl-adult-social-care, plugin: adult_social_care}"
SOURCE = """
  - name: adult_social_care
    agency: adult_social_care
    connector: adult_social_care
    connect: {url: file:../county/adult_social_care.url}
    coverage: {from: 2012-04, area: North Borough}
    contact: {name: Adult care systems team, telephone: "01632 960023"}"""
SCHEMA = """
create table asc_person(person_id text primary key, forename text, surname text, former_surname text, dob text,
  sex text, died_on text, nhs_number text, ni_number text, line1 text, postcode text, uprn text, flag text not null);
create table asc_worker(worker_id text primary key, full_name text, job text, telephone text);
create table asc_service(service_id text primary key, person_id text, opened_on text, closed_on text,
  last_contact_on text, reason_code text, team text, worker_id text, weekly_cost text);
create table asc_carer(carer_id text primary key, person_id text, carer_person_id text, from_date text, to_date text);
create table asc_safeguarding(concern_id text primary key, person_id text, raised_on text, closed_on text,
  abuse_code text, decision_code text, outcome text);
"""
_REASONS = ("MH", "PHY", "CAR", "LD", "SUB")
FLAGS = {"hidden_address": "HIDE", "witness_protection": "PROT", "staff_interest": "STAFF"}


def ref(person: Human) -> str:
    """The key of a person."""
    return f"P-{person.id}"


def held(built: Built) -> Set[str]:
    """Those with a record, and the strangers who are grown up."""
    return whom(records(built)) | {person.id for person in built.strangers if (TODAY - person.born).days >= 19 * 365}


def records(built: Built) -> Sequence[Trace]:
    """A service for one grown-up in four, a concern for some of these."""
    made: list[Trace] = []
    for family in built.families:
        chance = chance_of(NAME, family.id)
        for person in family.everyone():
            lucky, on = chance.random(), TODAY - timedelta(days=chance.randrange(40, 1500))
            if person.due or (TODAY - person.born).days < 25 * 365 or lucky > 0.25:
                continue
            told = ((person.id, ""),)
            until = on + timedelta(days=200) if lucky < 0.1 else None
            made.append(
                Trace(system=NAME, category="support", ref=f"V{person.id}", on=on, people=told,
                      kind=chance.choice(_REASONS), words="", until=until if until and until < TODAY else None)
            )  # fmt: skip
            if lucky < 0.08:
                made.append(
                    Trace(system=NAME, category="safeguarding", ref=f"G{person.id}", on=on, people=told, kind="DA",
                          words="Safety plan agreed", until=min(on + timedelta(days=30), TODAY))
                )  # fmt: skip
    return made


def write(folder: Path, built: Built) -> None:
    """A new `adult_social_care.db`."""
    people = built.people()
    with tables(folder, NAME, SCHEMA) as made:
        made.put("asc_worker", {
            "worker_id": "W1", "full_name": "Tom Ashe", "job": "social worker", "telephone": "01632 960430",
        })  # fmt: skip
        for ident in sorted(held(built)):
            own = held_as(people[ident], NAME, built.spelling)
            made.put("asc_person", {
                "person_id": ref(people[ident]), "forename": own.given, "surname": own.family,
                "former_surname": own.former, "dob": day(own.born), "sex": own.sex, "nhs_number": own.nhs,
                "died_on": day(people[ident].died), "line1": own.home.line if own.home else None,
                "postcode": own.home.postcode if own.home else None, "uprn": own.home.uprn if own.home else None,
                "flag": next((FLAGS.get(word, "LOCK") for word in people[ident].restrictions), "NONE"),
            })  # fmt: skip
        for trace in records(built):
            person = ref(people[trace.people[0][0]])
            if trace.category == "safeguarding":
                made.put("asc_safeguarding", {
                    "concern_id": trace.ref, "person_id": person, "raised_on": day(trace.on),
                    "closed_on": day(trace.until), "abuse_code": trace.kind, "decision_code": "S42",
                    "outcome": trace.words,
                })  # fmt: skip
                continue
            made.put("asc_service", {
                "service_id": trace.ref, "person_id": person, "opened_on": day(trace.on),
                "closed_on": day(trace.until), "last_contact_on": day(trace.until or TODAY - timedelta(days=9)),
                "reason_code": trace.kind, "team": "Adults North", "worker_id": "W1",
            })  # fmt: skip
