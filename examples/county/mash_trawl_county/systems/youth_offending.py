"""The youth offending service's database, in the shape of ChildView: reached over ODBC, days as text.

A trace of `involvement` is an order or prevention work (its kind is a code such as `RO` or its words), of `offences`
an offence (`outcome_code`, `seriousness` in its details), of `risk` an AssetPlus assessment (`reoffending`,
`serious_harm`, `safety`: L, M, H, VH).
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.people import TODAY, Human
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.tables import Tables, filled
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "youth_offending"
SCHEMA = """
create table person(person_id text primary key, forename text, middle_names text, surname text, former_surname text,
  dob text, gender text, pnc_id text, flag text, address1 text, postcode text);
create table worker(worker_id text primary key, worker_name text, team text, telephone text);
create table intervention(intervention_id text, person_id text, code text, started_on text, ended_on text,
  worker_id text);
create table offence(offence_id text, person_id text, occurred_on text, description text, seriousness text,
  outcome_code text, outcome_on text);
create table asset_plus(assessment_id text, person_id text, completed_on text, reoffending text, serious_harm text,
  safety text);
create index person_born on person(dob);
create index person_postcode on person(postcode);
create index intervention_person on intervention(person_id);
create index offence_person on offence(person_id);
create index asset_person on asset_plus(person_id);
"""
WORKERS = (
    ("W1", "Lesley Quint", "North youth justice team", "01632 960401"),
    ("W2", "Marcus Fell", "Prevention and diversion team", "01632 960402"),
)
FLAGS = {"hidden_address": "HIDDEN", "adoption": "ADOPTED", "adopted": "ADOPTED", "staff_interest": "STAFF"}
KINDS = {"referral order": "RO", "prevention": "PREV", "youth caution": "YC", "youth rehabilitation order": "YRO"}
"""Kind of a trace to the system's code; any other kind is a code itself."""
EARLY = frozenset({"PREV", "TURN", "DYJ", "CR"})
"""Codes of work that no court ordered."""


def ref(person: Human) -> str:
    """The youth offending service's key of a person."""
    return f"Y-{person.id}"


def held(built: Built) -> Set[str]:
    """Those with a record, and the strangers who are old enough to have one."""
    return whom(built.told(NAME)) | {person.id for person in built.strangers if (TODAY - person.born).days >= 10 * 365}


def write(folder: Path, built: Built) -> None:
    """A new `youth_offending.db`."""
    people, known = built.people(), held(built)
    with filled(folder / f"{NAME}.db", SCHEMA) as made:
        for worker in WORKERS:
            made.put("worker", dict(zip(("worker_id", "worker_name", "team", "telephone"), worker, strict=True)))
        for ident in sorted(known):
            _person(made, people[ident], built)
        for trace in built.told(NAME):
            for ident, _ in trace.people:
                _record(made, trace, ref(people[ident]))


def _person(made: Tables, person: Human, built: Built) -> None:
    own = held_as(person, NAME, built.spelling)
    home = own.home
    made.put("person", {
        "person_id": ref(person), "forename": own.given, "middle_names": own.middle, "surname": own.family,
        "former_surname": own.former, "dob": own.born.isoformat() if own.born else None, "gender": own.sex,
        "flag": " ".join(FLAGS.get(word, "RESTRICTED") for word in person.restrictions),
        "address1": home.line if home else None, "postcode": home.postcode if home else None,
    })  # fmt: skip


def _record(made: Tables, trace: Trace, key: str) -> None:
    on, until = trace.on.isoformat(), trace.until.isoformat() if trace.until else None
    row: dict[str, Any]
    if trace.category == "involvement":
        code = KINDS.get(trace.kind, trace.kind)
        worker = "W2" if code in EARLY else "W1"
        table = "intervention"
        row = {"intervention_id": trace.ref, "code": code, "started_on": on, "ended_on": until, "worker_id": worker}
    elif trace.category == "offences":
        table = "offence"
        row = {"offence_id": trace.ref, "occurred_on": on, "description": trace.words, "outcome_on": until}
    else:
        table = "asset_plus"
        row = {"assessment_id": trace.ref, "completed_on": on, "reoffending": "M", "serious_harm": "L", "safety": "M"}
    made.put(table, row | dict(trace.details) | {"person_id": key})
