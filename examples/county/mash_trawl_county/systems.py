"""Each system's own shape of the same people: a housing database, police records, FHIR resources."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import jellyfish

from mash_trawl_county.people import Family, Human
from mash_trawl_county.traces import Trace

HOUSING_SCHEMA = """
create table person(person_id text primary key, forename text, middle_names text, surname text, former_surname text,
  dob text, sex text, nhs_no text, uprn text, addr1 text, postcode text, surname_soundex text, forename_soundex text);
create table tenancy(tenancy_id text primary key, uprn text, addr1 text, postcode text, tenure text, started text,
  ended text);
create table tenancy_person(tenancy_id text, person_id text, role text, from_date text, to_date text);
create table asb_case(case_id text primary key, person_id text, opened text, closed text, kind text, summary text);
create table homelessness(case_id text primary key, person_id text, opened text, reason text, outcome text);
create table rent_account(tenancy_id text, arrears_amount text);
create index person_name on person(surname_soundex, dob);
create index person_home on person(uprn, dob);
"""
Spelling = Mapping[tuple[str, str], Mapping[str, Any]]
"""(system, person id) to the fields that this system holds otherwise: `given`, `born`."""


def spelt(person: Human, system: str, spelling: Spelling) -> tuple[str, date]:
    """Given name and birth date as this system holds them."""
    own = spelling.get((system, person.id), {})
    return own.get("given", person.given), own.get("born", person.born)


def housing_ref(person: Human) -> str:
    """The housing system's key of a person."""
    return f"T-{person.id}"


def police_ref(person: Human) -> str:
    """The police system's key of a person."""
    return f"N-{person.id}"


def health_ref(person: Human) -> str:
    """The health server's id of a patient."""
    return f"pat-{person.id}"


def write_housing(
    file: Path, families: Sequence[Family], others: Iterable[Human], traces: Iterable[Trace], spelling: Spelling
) -> None:
    """A new SQLite database with everybody's tenancy, and their anti-social-behaviour and homelessness cases."""
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.executescript(HOUSING_SCHEMA)
    people = [person for family in families for person in family.everyone()]
    for person in (*people, *others):
        given, born = spelt(person, "housing", spelling)
        home = person.home
        row = (
            housing_ref(person), given, person.middle, person.family, person.former, born.strftime("%d/%m/%Y"),
            person.sex, "", home.uprn if home else "", home.line if home else "", home.postcode if home else "",
            jellyfish.soundex(person.family), jellyfish.soundex(given),
        )  # fmt: skip
        database.execute(f"insert into person values ({','.join('?' * 13)})", row)  # noqa: S608 - question marks only
    for family in families:
        _tenancy(database, family)
    for trace in (item for item in traces if item.system == "housing"):
        table = "asb_case" if trace.category == "asb" else "homelessness"
        ref = f"T-{trace.people[0][0]}"
        values = [trace.ref, ref, trace.on.isoformat(), trace.kind, trace.words]
        if table == "asb_case":
            values.insert(3, "")
        database.execute(f"insert into {table} values ({','.join('?' * len(values))})", values)  # noqa: S608 - fixed
    database.commit()
    database.close()


def _tenancy(database: sqlite3.Connection, family: Family) -> None:
    """One tenancy of the family's home, with the people who live there."""
    ident, home = f"TEN-{family.id}", family.home
    started = (
        min(child.born for child in family.children).replace(day=1).isoformat() if family.children else "2020-04-01"
    )
    database.execute(
        "insert into tenancy values (?,?,?,?,?,?,?)",
        (ident, home.uprn, home.line, home.postcode, "secure", started, ""),
    )
    database.execute("insert into rent_account values (?, ?)", (ident, "412.50"))
    for person in family.everyone():
        if person.home == home:
            role = "main tenant" if person.role == "mother" else "household"
            since = max(started, person.born.isoformat())
            if person.role == "partner":
                since = "2025-02-01"
            database.execute(
                "insert into tenancy_person values (?,?,?,?,?)", (ident, housing_ref(person), role, since, "")
            )


def police_nominals(people: Iterable[Human], known: set[str], spelling: Spelling) -> list[dict[str, Any]]:
    """The police's rows about those whom they know."""
    rows = []
    for person in people:
        if person.id not in known:
            continue
        given, born = spelt(person, "police", spelling)
        home = person.home
        address = {"line1": home.line, "postcode": home.postcode, "uprn": home.uprn} if home else {}
        rows.append({
            "nominal_id": police_ref(person), "forename": given, "middle_names": person.middle,
            "surname": person.family, "former_surname": person.former, "dob": born.isoformat(), "sex": person.sex,
            "address": address,
        })  # fmt: skip
    return rows


def police_occurrences(traces: Iterable[Trace], people: Mapping[str, Human]) -> list[dict[str, Any]]:
    """The police's occurrences, each with the people in it."""
    return [
        {
            "occurrence_id": trace.ref, "category": trace.category, "type": trace.kind,
            "occurred_from": f"{trace.on.isoformat()}T21:15", "occurred_to": None,
            "recorded_on": trace.on.isoformat(), "summary": trace.words, "text": "", "status": "filed",
            "people": [
                {
                    "nominal_id": police_ref(people[ident]), "role": part, "forename": people[ident].given,
                    "surname": people[ident].family, "dob": people[ident].born.isoformat(),
                }
                for ident, part in trace.people
            ],
        }
        for trace in traces
        if trace.system == "police"
    ]  # fmt: skip


def fhir_resources(people: Iterable[Human], traces: Iterable[Trace], spelling: Spelling) -> list[dict[str, Any]]:
    """Everybody's Patient, and the encounters, appointments, conditions and episodes of the traces."""
    resources = [_patient(person, spelling) for person in people]
    resources.extend(_resource(trace) for trace in traces if trace.system == "health")
    return resources


def _patient(person: Human, spelling: Spelling) -> dict[str, Any]:
    given, born = spelt(person, "health", spelling)
    names: list[dict[str, Any]] = [{"use": "official", "family": person.family, "given": [given]}]
    if person.former:
        names.append({"use": "old", "family": person.former, "given": [given]})
    home = person.home
    return {
        "resourceType": "Patient", "id": health_ref(person), "name": names, "birthDate": born.isoformat(),
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": person.nhs}],
        "gender": {"F": "female", "M": "male"}[person.sex],
        "address": [{"use": "home", "line": [home.line], "postalCode": home.postcode}] if home else [],
        "generalPractitioner": [{"display": "Canal Walk Surgery"}],
    }  # fmt: skip


def _resource(trace: Trace) -> dict[str, Any]:
    """The resource of one health trace; a visit that was not kept is an Appointment, one that was kept an Encounter."""
    subject = {"reference": f"Patient/pat-{trace.people[0][0]}"}
    on = trace.on.isoformat()
    if trace.category == "gp_summary":
        return {"resourceType": "Condition", "id": trace.ref, "subject": subject, "recordedDate": on,
                "onsetDateTime": on, "clinicalStatus": _code(trace.kind), "category": [_code("problem-list-item")],
                "code": {"text": trace.words}}  # fmt: skip
    if trace.category == "camhs":
        return {"resourceType": "EpisodeOfCare", "id": trace.ref, "status": trace.kind, "patient": subject,
                "period": {"start": on}, "type": [_code("camhs", "Child and adolescent mental health")],
                "careManager": {"display": "CAMHS duty team"}}  # fmt: skip
    if trace.kind == "noshow":
        return {"resourceType": "Appointment", "id": trace.ref, "status": "noshow", "start": f"{on}T10:30:00Z",
                "serviceType": [_code("health-visiting")], "description": trace.words,
                "participant": [{"actor": subject, "status": "accepted"}]}  # fmt: skip
    visit = trace.category == "health_visiting"
    return {"resourceType": "Encounter", "id": trace.ref, "status": "finished", "subject": subject,
            "class": {"code": "HH" if visit else "EMER"}, "type": [_code("health-visiting")] if visit else [],
            "period": {"start": f"{on}T10:30:00Z" if visit else f"{on}T22:50:00Z"},
            "reasonCode": [{"text": trace.words}]}  # fmt: skip


def _code(code: str, text: str = "") -> dict[str, Any]:
    """A CodeableConcept with one coding."""
    return {"coding": [{"code": code}]} | ({"text": text} if text else {})
