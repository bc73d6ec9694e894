"""Children's social care in the shape of Mosaic: the records of `systems.social_care`, nearly all as workflow steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside import ssd
from mash_trawl_county.beside.tables import tables
from mash_trawl_county.people import Human
from mash_trawl_county.systems import social_care
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.tables import Tables, day
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "mosaic"
APPROVE = "{distribution: mash-trawl-social-care, plugin: mosaic}"
SOURCE = """
  - name: mosaic
    agency: childrens_social_care
    connector: mosaic
    connect: {url: file:../county/mosaic.url}
    coverage: {from: 2008-04, area: South Borough}
    contact: {name: Social care systems team, telephone: "01632 960024"}"""
SCHEMA = """
create table mo_persons(person_id text primary key, date_of_birth text, date_of_death text, gender text,
  access_code text not null);
create table mo_person_names(person_name_id text primary key, person_id text, name_type text, first_names text,
  last_name text);
create table mo_subject_references(reference_id text primary key, subject_id text, reference_type text, reference text);
create table mo_addresses(address_id text primary key, flat_number text, street_line text, town text, post_code text,
  uprn text);
create table mo_addresses_people(address_person_id text primary key, person_id text, address_id text, address_type text,
  start_date text, end_date text);
create table mo_relationships(relationship_id text primary key, person_id text, related_person_id text,
  relationship_code text, start_date text, end_date text);
create table mo_step_types(step_type text primary key, description text, step_group text);
create table mo_workflow_steps(step_id text primary key, step_type text, group_id text, started_on text,
  completed_on text, summary text, outcome text);
create table mo_group_subjects(group_id text, person_id text);
create table mo_protection_plans(plan_id text primary key, person_id text, abuse_category text, start_date text,
  end_date text);
create table mo_legal_statuses(legal_status_id text primary key, person_id text, legal_status text, start_date text,
  end_date text);
create table mo_placements(placement_id text primary key, person_id text, placement_type text, start_date text,
  end_date text);
create table mo_missing_episodes(episode_id text primary key, person_id text, missing_from text, found_on text,
  interview_state text);
create table mo_organisations(organisation_id text primary key, name text);
create table mo_workers(worker_id text primary key, full_name text, telephone text, organisation_id text);
create table mo_people_workers(people_worker_id text primary key, person_id text, worker_id text, role text,
  start_date text, end_date text);
"""
STEPS = {
    "contact": ("335", "Contact or referral", "REFERRAL"), "referral": ("336", "Referral", "REFERRAL"),
    "assessment": ("401", "Child and family assessment", "ASSESSMENT"),
    "s47": ("410", "Section 47 enquiry", "ASSESSMENT"), "cin_plan": ("500", "Child in need plan", "PLAN"),
    "visit": ("510", "Visit", "PLAN"), "icpc": ("520", "Initial child protection conference", "PLAN"),
}  # fmt: skip
"""Kind of a trace to the type of step, its description and its group."""
_SPELLS = {
    "cp_plan": ("mo_protection_plans", "plan_id", "abuse_category"),
    "legal_status": ("mo_legal_statuses", "legal_status_id", "legal_status"),
}
ACCESS = {
    "hidden_address": "HIDE", "adoption": "ADOPT", "adopted": "ADOPT", "witness_protection": "PROT",
    "gender_history": "GENDER", "staff_interest": "STAFF",
}  # fmt: skip
_RELATIONS = {"partner": "PARTNER", "sibling": "SIBLING", "grandparent": "GRANDPARENT", "carer": "CARER"}


def ref(person: Human) -> str:
    """The key of a person."""
    return f"O-{person.id}"


def records(built: Built) -> Sequence[Trace]:
    """Social care's own."""
    return built.told(social_care.NAME)


def write(folder: Path, built: Built) -> None:
    """A new `mosaic.db`."""
    people, known = built.people(), social_care.held(built)
    with tables(folder, NAME, SCHEMA) as made:
        for step_type, description, group in STEPS.values():
            made.put("mo_step_types", {"step_type": step_type, "description": description, "step_group": group})
        for ident in sorted(known):
            _person(made, people[ident], built)
        for number, tie in enumerate(tie for tie in built.ties if {tie.a, tie.b} <= known):
            parent = {"F": "MOTHER", "M": "FATHER"}.get(people[tie.a].sex, "PARENT")
            made.put("mo_relationships", {
                "relationship_id": f"R{number}", "person_id": ref(people[tie.a]),
                "related_person_id": ref(people[tie.b]),
                "relationship_code": parent if tie.kind == "parent" else _RELATIONS.get(tie.kind, "OTHER"),
                "start_date": day(tie.since), "end_date": day(tie.until),
            })  # fmt: skip
        for trace in records(built):
            _record(made, trace, [ref(people[ident]) for ident, _ in trace.people])


def _person(made: Tables, person: Human, built: Built) -> None:
    own, key = held_as(person, social_care.NAME, built.spelling), ref(person)
    access = next((ACCESS.get(word, "LOCK") for word in person.restrictions), "OPEN")
    made.put("mo_persons", {
        "person_id": key, "date_of_birth": day(own.born), "date_of_death": day(person.died), "gender": own.sex,
        "access_code": access,
    })  # fmt: skip
    names = [("DISPLAY", own.family), *([("PREVIOUS", own.former)] if own.former else [])]
    for kind, family in names:
        made.put("mo_person_names", {
            "person_name_id": f"{key}/{kind}", "person_id": key, "name_type": kind, "first_names": own.given,
            "last_name": family,
        })  # fmt: skip
    for kind, number in (("NHS", own.nhs), ("UPN", own.upn)):
        if number:
            made.put("mo_subject_references", {
                "reference_id": f"{key}/{kind}", "subject_id": key, "reference_type": kind, "reference": number,
            })  # fmt: skip
    if own.home:
        made.put("mo_addresses", {
            "address_id": key, "street_line": own.home.line, "post_code": own.home.postcode, "uprn": own.home.uprn,
        })  # fmt: skip
        made.put("mo_addresses_people", {
            "address_person_id": key, "person_id": key, "address_id": key, "address_type": "MAIN",
        })  # fmt: skip


def _record(made: Tables, trace: Trace, people: Sequence[str]) -> None:
    kind, start, end = ssd.kind_of(trace), day(trace.on), day(trace.until)
    if kind in STEPS:
        made.put("mo_workflow_steps", {
            "step_id": trace.ref, "step_type": STEPS[kind][0], "group_id": trace.ref, "started_on": start,
            "completed_on": end or (start if kind in ("contact", "referral", "visit", "icpc") else None),
            "summary": trace.words, "outcome": trace.details.get("outcome"),
        })  # fmt: skip
        for person in people:
            made.put("mo_group_subjects", {"group_id": trace.ref, "person_id": person})
        return
    for number, person in enumerate(people, 1):
        key = f"{trace.ref}/{number}"
        if kind in _SPELLS:
            table, name, code = _SPELLS[kind]
            value = trace.kind if kind == "legal_status" else trace.details.get("initial_category", "")
            made.put(table, {name: key, "person_id": person, code: value, "start_date": start, "end_date": end})
        elif kind == "missing":
            made.put("mo_missing_episodes", {
                "episode_id": key, "person_id": person, "missing_from": start, "found_on": end or start,
                "interview_state": "OFFERED" if trace.details.get("interview_offered") == "Y" else "NONE",
            })  # fmt: skip
        else:
            made.put("mo_workers", {
                "worker_id": key, "full_name": trace.details.get("worker_name"),
                "telephone": trace.details.get("telephone"),
            })  # fmt: skip
            made.put("mo_people_workers", {
                "people_worker_id": key, "person_id": person, "worker_id": key, "start_date": start, "end_date": end,
                "role": trace.details.get("worker_role"),
            })  # fmt: skip
