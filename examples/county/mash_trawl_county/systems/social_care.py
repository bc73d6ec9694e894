"""The council's children's social care database, in the shape of Liquidlogic LCS: one row for each person and record.

A record's table is chosen by its category and kind: `contact` or `referral`; `assessment` or `s47`; `icpc`, `rcpc`,
`cp_plan`, `cin_plan` or `visit`; a legal status (`V2`, `C2`, ...) or `placement`; `missing`; `worker`. `details` of a
trace fill columns of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.people import Human
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.tables import Tables, day, filled
from mash_trawl_county.ties import Stay, Tie
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "social_care"
AGENCY = "childrens_social_care"
SCHEMA = """
create table person(person_id text primary key, forename text, middle_names text, surname text, gender text, dob date,
  expected_dob date, died_on date, upn text, former_upn text, nhs_number text);
create table person_alias(alias_id text primary key, person_id text, forename text, surname text, alias_type text);
create table person_address(address_id text primary key, person_id text, line1 text, line2 text, postcode text,
  uprn text, from_date date, to_date date);
create table person_relation(relation_id text primary key, person_id text, related_person_id text, relation_code text,
  parental_responsibility text, from_date date, to_date date);
create table person_restriction(person_id text, code text, recorded_on date, withdrawn_on date);
create table contact(contact_id text, person_id text, received_on date, source_code text, reason text, outcome text);
create table referral(referral_id text, person_id text, received_on date, source_code text, need_code text,
  reason text, outcome text);
create table assessment(assessment_id text, person_id text, started_on date, authorised_on date, summary text,
  outcome text);
create table assessment_factor(assessment_id text, factor_code text);
create table s47_enquiry(enquiry_id text, person_id text, started_on date, ended_on date, reason text, outcome text);
create table cp_conference(conference_id text, person_id text, held_on date, conference_type text, outcome text);
create table cp_plan(plan_id text, person_id text, started_on date, ended_on date, initial_category text,
  latest_category text, summary text);
create table cin_plan(plan_id text, person_id text, started_on date, ended_on date, summary text);
create table visit(visit_id text, person_id text, visited_on date, visit_type text, seen_alone text, summary text);
create table missing_episode(episode_id text, person_id text, started_on date, ended_on date, summary text,
  interview_offered text, interview_accepted text);
create table legal_status(status_id text, person_id text, status_code text, started_on date, ended_on date,
  summary text);
create table placement(placement_id text, person_id text, placement_code text, started_on date, ended_on date,
  summary text);
create table involvement(involvement_id text, person_id text, worker_name text, worker_role text, team text,
  telephone text, started_on date, ended_on date);
create index person_born on person(dob);
create index person_upn on person(upn);
create index person_nhs on person(nhs_number);
create index alias_person on person_alias(person_id);
create index address_person on person_address(person_id);
create index address_postcode on person_address(postcode);
create index address_uprn on person_address(uprn);
create index relation_one on person_relation(person_id);
create index relation_other on person_relation(related_person_id);
create index restriction_person on person_restriction(person_id);
""" + "".join(
    f"create index {name}_person on {name}(person_id);\n"
    for name in (
        "contact", "referral", "assessment", "s47_enquiry", "cp_conference", "cp_plan", "cin_plan", "visit",
        "missing_episode", "legal_status", "placement", "involvement",
    )
)  # fmt: skip
"""SQLite and PostgreSQL both take it."""

TABLES: Mapping[str, tuple[str, str, str, str, str]] = {
    "contact": ("contact", "contact_id", "received_on", "", "reason"),
    "referral": ("referral", "referral_id", "received_on", "", "reason"),
    "assessment": ("assessment", "assessment_id", "started_on", "authorised_on", "summary"),
    "s47": ("s47_enquiry", "enquiry_id", "started_on", "ended_on", "reason"),
    "icpc": ("cp_conference", "conference_id", "held_on", "", "outcome"),
    "rcpc": ("cp_conference", "conference_id", "held_on", "", "outcome"),
    "cp_plan": ("cp_plan", "plan_id", "started_on", "ended_on", "summary"),
    "cin_plan": ("cin_plan", "plan_id", "started_on", "ended_on", "summary"),
    "visit": ("visit", "visit_id", "visited_on", "", "summary"),
    "missing": ("missing_episode", "episode_id", "started_on", "ended_on", "summary"),
    "legal_status": ("legal_status", "status_id", "started_on", "ended_on", "summary"),
    "placement": ("placement", "placement_id", "started_on", "ended_on", "summary"),
    "worker": ("involvement", "involvement_id", "started_on", "ended_on", "team"),
}
"""Kind of a trace to table, and its columns of key, first day, last day and words."""
USUAL = {
    "referrals": "referral", "assessments": "assessment", "plans": "cin_plan", "looked_after": "legal_status",
    "missing": "missing", "family": "worker",
}  # fmt: skip
"""The kind that a trace of each category has when it names none of its own."""
FLAGS = {
    "hidden_address": "HIDE", "adoption": "ADOPT", "adopted": "ADOPT", "witness_protection": "PROT",
    "gender_history": "GRC", "staff_interest": "STAFF",
}  # fmt: skip
RELATIONS = {
    ("parent", "step"): "STP", ("parent", "adoptive"): "ADP", ("parent", "foster"): "FOS",
    ("parent", "special_guardianship"): "SGO", ("partner", "married"): "SPO", ("partner", "cohabiting"): "PTN",
    ("partner", "separated"): "XPT", ("partner", "divorced"): "DIV", ("sibling", "birth"): "FSI",
    ("sibling", "half"): "HSI", ("sibling", "step"): "SSI", ("carer", "kinship"): "KIN",
}  # fmt: skip
PLAIN_RELATIONS = {"parent": "PAR", "partner": "PTN", "sibling": "SIB", "carer": "CAR", "grandparent": "GPA"}


def ref(person: Human) -> str:
    """The social care system's key of a person."""
    return f"L-{person.id}"


def held(built: Built) -> Set[str]:
    """Those with a record, everybody whose tie to one of them is known, and the strangers."""
    known = whom(built.told(NAME))
    near = {ident for tie in built.ties if tie.a in known or tie.b in known for ident in (tie.a, tie.b)}
    return known | near | {person.id for person in built.strangers}


def write(folder: Path, built: Built) -> None:
    """A new `social_care.db`."""
    people, known = built.people(), held(built)
    with filled(folder / f"{NAME}.db", SCHEMA) as made:
        for ident in sorted(known):
            _person(made, people[ident], built)
        for number, stay in enumerate(_stays(built, people, known), 1):
            made.put("person_address", {
                "address_id": f"AD{number:06}", "person_id": ref(people[stay.person]), "line1": stay.home.line,
                "postcode": stay.home.postcode, "uprn": stay.home.uprn, "from_date": day(stay.since),
                "to_date": day(stay.until),
            })  # fmt: skip
        for number, tie in enumerate((tie for tie in built.ties if {tie.a, tie.b} <= known), 1):
            made.put("person_relation", {
                "relation_id": f"RL{number:06}", "person_id": ref(people[tie.a]),
                "related_person_id": ref(people[tie.b]), "relation_code": _relation(tie, people[tie.a]),
                "from_date": day(tie.since), "to_date": day(tie.until),
            })  # fmt: skip
        for trace in built.told(NAME):
            _record(made, trace, people)


def _person(made: Tables, person: Human, built: Built) -> None:
    own, key = held_as(person, NAME, built.spelling), ref(person)
    made.put("person", {
        "person_id": key, "forename": own.given, "middle_names": own.middle, "surname": own.family, "gender": own.sex,
        "dob": day(own.born), "expected_dob": day(person.due), "died_on": day(person.died), "upn": own.upn or None,
        "nhs_number": own.nhs or None,
    })  # fmt: skip
    others = [("AKA", given, own.family) for given in person.aliases]
    others += [("FORMER", person.former_given, own.family)] if person.former_given else []
    others += [("FORMER", own.given, own.former)] if own.former else []
    for number, (kind, given, family) in enumerate(others):
        alias = {"alias_id": f"{key}/{number}", "person_id": key, "forename": given, "surname": family}
        made.put("person_alias", alias | {"alias_type": kind})
    for word in person.restrictions:
        made.put("person_restriction", {"person_id": key, "code": FLAGS.get(word, "LOCK")})


def _stays(built: Built, people: Mapping[str, Human], known: Set[str]) -> Iterator[Stay]:
    """Where everybody lived; for those of whom no stay is told, their home from the day they were born."""
    told = {stay.person for stay in built.stays}
    yield from (stay for stay in built.stays if stay.person in known)
    for ident in sorted(known - told):
        own = held_as(people[ident], NAME, built.spelling)
        if own.home and own.born:
            yield Stay(person=ident, home=own.home, since=own.born)


def _relation(tie: Tie, person: Human) -> str:
    if tie.kind == "parent" and tie.nature == "birth":
        return {"F": "MOT", "M": "FAT"}.get(person.sex, "PAR")
    return RELATIONS.get((tie.kind, tie.nature)) or PLAIN_RELATIONS.get(tie.kind, "OTH")


def _record(made: Tables, trace: Trace, people: Mapping[str, Human]) -> None:
    """One row for each person in it, all under the record's own key."""
    kind = trace.kind.lower() if trace.kind.lower() in TABLES else USUAL[trace.category]
    table, key, start, end, told = TABLES[kind]
    row = {key: trace.ref, start: day(trace.on), told: trace.words}
    row |= {end: day(trace.until)} if end else {}
    row |= {"conference_type": kind.upper()} if table == "cp_conference" else {}
    row |= {"status_code": trace.kind} if kind == "legal_status" else {}
    row |= trace.details
    for ident, _ in trace.people:
        made.put(table, row | {"person_id": ref(people[ident])})
    for code in trace.details.get("factors", "").split():
        made.put("assessment_factor", {"assessment_id": trace.ref, "factor_code": code})
