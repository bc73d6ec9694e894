"""The housing department's database: everybody's tenancy, antisocial behaviour, homelessness. Birth days as text."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Set
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import jellyfish

from mash_trawl_county.people import Family, Home, Human
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.traces import whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "housing"
SCHEMA = """
create table person(person_id text primary key, forename text, middle_names text, surname text, former_surname text,
  dob text, sex text, nhs_no text, uprn text, addr1 text, postcode text, surname_soundex text, forename_soundex text);
create table tenancy(tenancy_id text primary key, uprn text, addr1 text, postcode text, tenure text, started text,
  ended text);
create table tenancy_person(tenancy_id text, person_id text, role text, from_date text, to_date text);
create table asb_case(case_id text primary key, person_id text, opened text, closed text, kind text, summary text);
create table homelessness(case_id text primary key, person_id text, opened text, reason text, outcome text);
create table rent_account(tenancy_id text, arrears_amount text);
create index person_name on person(surname_soundex, dob);
create index person_given on person(forename_soundex, dob);
create index person_family on person(surname, dob);
create index person_home on person(uprn, dob);
create index member_person on tenancy_person(person_id);
create index member_tenancy on tenancy_person(tenancy_id);
create index asb_person on asb_case(person_id);
create index homeless_person on homelessness(person_id);
"""


def ref(person: Human) -> str:
    """The housing system's key of a person."""
    return f"T-{person.id}"


def held(built: Built) -> Set[str]:
    """Tenants and those who live with them, people of its cases, and the planted strangers; nobody before birth."""
    people = [person for family in built.families if family.tenants for person in family.everyone()]
    known = {person.id for person in (*people, *built.strangers) if not person.due}
    return known | whom(built.told(NAME))


def write(folder: Path, built: Built) -> None:
    """A new `housing.db`."""
    file = folder / "housing.db"
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.executescript(SCHEMA)
    known = held(built)
    for person in built.people().values():
        if person.id in known:
            _person(database, person, built)
    stays = {(stay.person, stay.home): stay.since for stay in built.stays}
    for family in built.families:
        if family.tenants:
            _tenancy(database, family, stays)
    for trace in built.told(NAME):
        table = "asb_case" if trace.category == "asb" else "homelessness"
        values = [trace.ref, f"T-{trace.people[0][0]}", trace.on.isoformat(), trace.kind, trace.words]
        if table == "asb_case":
            values.insert(3, "")
        database.execute(f"insert into {table} values ({','.join('?' * len(values))})", values)  # noqa: S608 - fixed
    database.commit()
    database.close()


def _person(database: sqlite3.Connection, person: Human, built: Built) -> None:
    own = held_as(person, NAME, built.spelling)
    home = own.home
    row = (
        ref(person), own.given, own.middle, own.family, own.former, own.born.strftime("%d/%m/%Y") if own.born else "",
        own.sex, "", home.uprn if home else "", home.line if home else "", home.postcode if home else "",
        jellyfish.soundex(own.family), jellyfish.soundex(own.given),
    )  # fmt: skip
    database.execute(f"insert into person values ({','.join('?' * 13)})", row)  # noqa: S608 - question marks only


def _tenancy(database: sqlite3.Connection, family: Family, stays: Mapping[tuple[str, Home], date]) -> None:
    """One tenancy of the family's home, with the people who live there."""
    ident, home = f"TEN-{family.id}", family.home
    people = [person for person in family.everyone() if person.home == home and not person.due]
    began = {person.id: stays[person.id, home] for person in people if (person.id, home) in stays}
    oldest = min((child.born for child in family.children if not child.due), default=date(2020, 4, 1))
    started = min(began.values(), default=oldest.replace(day=1)).isoformat()
    database.execute(
        "insert into tenancy values (?,?,?,?,?,?,?)",
        (ident, home.uprn, home.line, home.postcode, "secure", started, ""),
    )
    database.execute("insert into rent_account values (?, ?)", (ident, "412.50"))
    for person in people:
        role = "main tenant" if person.role == "mother" else "household"
        since = max(started, (began.get(person.id) or person.born).isoformat())
        if person.role == "partner":
            since = max(since, "2025-02-01")
        database.execute("insert into tenancy_person values (?,?,?,?,?)", (ident, ref(person), role, since, ""))
