"""Early help in the shape of EHM: in some families an episode for the mother and the children at home."""

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

NAME = "early_help"
APPROVE = "{distribution: mash-trawl-early-help, plugin: early_help}"
SOURCE = """
  - name: early_help
    agency: early_help
    connector: early_help
    connect: {url: file:../county/early_help.url}
    coverage: {from: 2015-09, area: North Borough}
    contact: {name: Early help systems team, telephone: "01632 960021"}"""
SCHEMA = """
create table eh_person(person_id text primary key, forename text, surname text, dob text, gender text, nhs_number text,
  upn text, line1 text, postcode text, uprn text, flag text);
create table eh_worker(worker_id text primary key, full_name text, job text, telephone text);
create table eh_episode(episode_id text primary key, started_on text, ended_on text, reason_code text,
  end_reason_code text, organisation text, lead_practitioner_id text);
create table eh_episode_member(episode_id text, person_id text);
create table eh_meeting(meeting_id text primary key, episode_id text, held_on text, summary text, outcome text);
"""
_REASONS = ("PAR", "ATT", "BEH", "MH", "FIN")
FLAGS = {"hidden_address": "HIDE", "adoption": "ADOPT", "adopted": "ADOPT"}


def ref(person: Human) -> str:
    """The key of a person."""
    return f"EH-{person.id}"


def held(built: Built) -> Set[str]:
    """Those of an episode, and the strangers."""
    return whom(records(built)) | {person.id for person in built.strangers}


def records(built: Built) -> Sequence[Trace]:
    """An episode in every third family or so, half of them open, each with a meeting after eight weeks."""
    made: list[Trace] = []
    for family in built.families:
        chance = chance_of(NAME, family.id)
        people = [one for one in (family.mother, *family.children) if not one.due and one.home == family.home]
        if chance.random() > 0.35 or len(people) < 2:
            continue
        on = TODAY - timedelta(days=chance.randrange(60, 700))
        people = [one for one in people if one.born < on]
        until = on + timedelta(days=150) if chance.random() < 0.5 else None
        told = tuple((one.id, "") for one in people)
        made.append(
            Trace(system=NAME, category="episodes", ref=f"E{family.id}", on=on, people=told,
                  kind=chance.choice(_REASONS), words="", until=until if until and until < TODAY else None)
        )  # fmt: skip
        if on + timedelta(days=56) < TODAY:
            made.append(
                Trace(system=NAME, category="episodes", ref=f"T{family.id}", on=on + timedelta(days=56), people=told,
                      kind="meeting", words="School, health visitor and mother met; the plan goes on.")
            )  # fmt: skip
    return made


def write(folder: Path, built: Built) -> None:
    """A new `early_help.db`."""
    people = built.people()
    with tables(folder, NAME, SCHEMA) as made:
        made.put("eh_worker", {
            "worker_id": "W1", "full_name": "Priya Nair", "job": "family worker", "telephone": "01632 960420",
        })  # fmt: skip
        for ident in sorted(held(built)):
            own, home = held_as(people[ident], NAME, built.spelling), people[ident].home
            made.put("eh_person", {
                "person_id": ref(people[ident]), "forename": own.given, "surname": own.family, "dob": day(own.born),
                "gender": own.sex, "nhs_number": own.nhs, "upn": own.upn, "line1": home.line if home else None,
                "postcode": home.postcode if home else None, "uprn": home.uprn if home else None,
                "flag": next((FLAGS.get(word, "LOCK") for word in people[ident].restrictions), "NONE"),
            })  # fmt: skip
        for trace in records(built):
            if trace.kind == "meeting":
                made.put("eh_meeting", {
                    "meeting_id": trace.ref, "episode_id": f"E{trace.ref[1:]}", "held_on": day(trace.on),
                    "summary": trace.words,
                })  # fmt: skip
                continue
            made.put("eh_episode", {
                "episode_id": trace.ref, "started_on": day(trace.on), "ended_on": day(trace.until),
                "reason_code": trace.kind, "organisation": "Family hub North", "lead_practitioner_id": "W1",
                "end_reason_code": "MET" if trace.until else None,
            })  # fmt: skip
            for ident, _ in trace.people:
                made.put("eh_episode_member", {"episode_id": trace.ref, "person_id": ref(people[ident])})
