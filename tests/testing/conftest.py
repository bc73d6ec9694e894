"""Small healthy connectors over every kind of source, whose seeds use the kit's own people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.api import (
    Candidate,
    Event,
    FhirConnector,
    FilesConnector,
    Finding,
    Grant,
    HttpConnector,
    OdbcConnector,
    PersonQuery,
    SqlConnector,
    address,
    iso_date,
    name,
    uk_date,
)
from mash_trawl.testing import Cast, seeded_files, seeded_odbc, seeded_sql, served, served_fhir

SEED = """
create table tenant(id text primary key, given text, family text, dob text, postcode text);
create table asb(id text primary key, tenant text, opened text, summary text, outcome text);
create table visit(id text primary key, tenant text, day text, worker text);
insert into tenant values
  ('K1', 'Aisha', 'Khan', '17/05/2014', 'NB1 4QT'), ('K2', 'Amina', 'Khan', '17/05/2014', 'NB1 4QT'),
  ('K3', 'Aisha', 'Khan', '17/05/1974', 'NB1 1AA'), ('K4', 'Oliver', 'Stone', '17/05/2014', 'NB1 1AA'),
  ('K5', 'Imran', 'Khan', '09/01/2012', 'NB1 4QT');
insert into asb values ('A1', 'K1', '2019-07-02', 'Noise at night', 'WARN'),
  ('A2', 'K1', '2021-02-03', 'Rubbish', 'NONE'), ('A3', 'K2', '2020-01-01', 'Hers', 'WARN');
insert into visit values ('V1', 'K1', '2020-03-04', 'R Lane'), ('V2', 'K4', '2020-03-04', 'R Lane');
"""
FIND = "select id, given, family, dob, postcode from tenant where lower(family) = lower(:family) and dob = :born"
ASB = """select id, tenant, opened, summary, outcome from asb where tenant = :ref
  and (:since is null or opened >= :since) and (:until is null or opened <= :until) order by id"""
VISITS = """select id, tenant, day, worker from visit where tenant = :ref
  and (:since is null or day >= :since) and (:until is null or day <= :until) order by id"""


def told(category: str, row: Any, day: str, text: str, outcome: str) -> Event:
    """A row as an event."""
    return Event(
        ref=f"{category.partition('.')[2]}:{row['id']}", about=(row["tenant"],), category=category,
        when=iso_date(row[day]), headline=row[text], outcome=row[outcome] if outcome else "",
    )  # fmt: skip


class Small(SqlConnector):
    """Anti-social behaviour and visits of a small landlord."""

    name, agency, api = "small", "small", 1
    offers = frozenset({"small.asb", "small.visits"})
    search_keys = (("family", "born"),)

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            day = query.born.strftime("%d/%m/%Y") if query.born else ""
            for row in session.rows(FIND + " order by id", family=query.family, born=day):
                yield Candidate(
                    ref=row.id, names=(name(row.given, row.family),), born=uk_date(row.dob),
                    addresses=(address(postcode=row.postcode),),
                )  # fmt: skip

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        asked = {"small.asb": (ASB, "opened", "summary", "outcome"), "small.visits": (VISITS, "day", "worker", "")}
        granted = sorted(grant.categories & self.offers)
        if not granted:
            return
        with self.open(grant) as session:
            for category in granted:
                statement, *columns = asked[category]
                since, until = (day.isoformat() if day else None for day in grant.period(category))
                for row in session.rows(statement, ref=ref, since=since, until=until):
                    yield told(category, row, *columns)


class SmallOdbc(OdbcConnector):
    """The same over a driver."""

    name, agency, api = "small", "small", 1
    offers = Small.offers
    search_keys = Small.search_keys
    find = Small.find
    fetch = Small.fetch


PEOPLE = [
    {"id": "K1", "given": "Aisha", "family": "Khan", "dob": "2014-05-17"},
    {"id": "K2", "given": "Amina", "family": "Khan", "dob": "2014-05-17"},
    {"id": "K3", "given": "Aisha", "family": "Khan", "dob": "1974-05-17"},
    {"id": "K4", "given": "Oliver", "family": "Stone", "dob": "2014-05-17"},
    {"id": "K5", "given": "Imran", "family": "Khan", "dob": "2012-01-09"},
]
RECORDS = [
    {"id": "R1", "who": "K1", "kind": "asb", "at": "2020-01-09T09:30:00Z", "what": "Noise", "state": "OPEN"},
    {"id": "R2", "who": "K1", "kind": "asb", "at": "2021-02-03T22:15:00Z", "what": "Rubbish", "state": "SHUT"},
    {"id": "R3", "who": "K2", "kind": "asb", "at": "2020-05-05T10:00:00Z", "what": "Hers", "state": "OPEN"},
    {"id": "R4", "who": "K1", "kind": "visits", "at": "2020-03-04T10:00:00Z", "what": "Visit", "state": "DONE"},
]


def landlord(request: Any) -> Any:
    """A small service: two searches by POST."""
    body = request.json()
    if request.path == "/v1/people/search":
        return [one for one in PEOPLE if one["family"].lower() == str(body.get("family")).lower()
                and one["dob"] == body.get("born")]  # fmt: skip
    if request.path == "/v1/records/search":
        since, until = body.get("since") or "", body.get("until") or "9999"
        return [one for one in RECORDS if one["who"] == body.get("who") and one["kind"] == body.get("kind")
                and since <= one["at"][:10] <= until]  # fmt: skip
    return None


class SmallWeb(HttpConnector):
    """The same landlord over REST."""

    name, agency, api = "small", "small", 1
    offers = Small.offers
    search_keys = Small.search_keys

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        wanted = {"family": query.family, "born": query.born.isoformat() if query.born else ""}
        with self.open(grant) as session:
            for row in session.pages("v1/people/search", body=wanted):
                yield Candidate(ref=row["id"], names=(name(row["given"], row["family"]),), born=iso_date(row["dob"]))

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        from datetime import datetime
        from zoneinfo import ZoneInfo

        def read(row: dict[str, Any]) -> Event:
            day = datetime.fromisoformat(row["at"]).astimezone(ZoneInfo("Europe/London")).date()
            return Event(ref=row["id"], about=(row["who"],), category=f"small.{row['kind']}", when=iso_date(day),
                         headline=row["what"], outcome=row["state"])  # fmt: skip

        granted = sorted(grant.categories & self.offers)
        for category in granted:
            since, until = grant.period(category)
            wanted = {"who": ref, "kind": category.partition(".")[2]}
            wanted |= {"since": since.isoformat()} if since else {}
            wanted |= {"until": until.isoformat()} if until else {}
            with self.open(grant) as session:
                yield from session.read(session.pages("v1/records/search", body=wanted), read)


class SmallFhir(FhirConnector):
    """Encounters of a small clinic."""

    name, agency, api = "clinic", "clinic", 1
    offers = frozenset({"clinic.contacts"})
    search_keys = (("family", "born"),)

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            for row in session.search("Patient", family=str(query.family), birthdate=str(query.born)):
                names = tuple(name(" ".join(one["given"]), one["family"]) for one in row["name"])
                yield Candidate(ref=row["id"], names=names, born=iso_date(row["birthDate"]))

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        if not grant.categories & self.offers:
            return
        since, until = grant.period("clinic.contacts")
        days = [f"ge{since}"] * bool(since) + [f"le{until}"] * bool(until)
        with self.open(grant) as session:
            rows = session.search("Encounter", patient=ref, **({"date": days} if days else {}))
            yield from session.read(rows, lambda row: Event(
                ref=row["id"], about=(ref,), category="clinic.contacts", when=iso_date(row["period"]["start"]),
                headline=row["status"]))  # fmt: skip


class SmallFiles(FilesConnector):
    """A list that is sent."""

    name, agency, api = "listed", "listed", 1
    offers = frozenset({"listed.known"})
    search_keys = (("family", "born"),)

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            for row in session.read("people-*.csv"):
                born = uk_date(row["dob"])
                if row["family"].lower() == str(query.family).lower() and born.earliest == query.born:
                    yield Candidate(ref=row["id"], names=(name(row["given"], row["family"]),), born=born)
                elif born.precision == "unknown" and row["dob"].strip() and row["family"] == query.family:
                    session.tally.quarantined += 1

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        if not grant.categories & self.offers:
            return
        with self.open(grant) as session:
            for row in session.read("people-*.csv"):
                if row["id"] == ref:
                    yield Event(ref=f"list:{row['id']}", about=(ref,), category="listed.known", when=uk_date(None),
                                headline="On the list")  # fmt: skip


CSV = "id,given,family,dob\n" + "".join(
    f"{one['id']},{one['given']},{one['family']},{'/'.join(reversed(one['dob'].split('-')))}\n" for one in PEOPLE
)


def resources() -> list[dict[str, Any]]:
    """The same people as patients."""
    patients = [
        {"resourceType": "Patient", "id": one["id"], "birthDate": one["dob"],
         "name": [{"family": one["family"], "given": [one["given"]]}]} for one in PEOPLE
    ]  # fmt: skip
    contacts = [
        {"resourceType": "Encounter", "id": f"E{number}", "status": "finished",
         "subject": {"reference": f"Patient/{who}"}, "period": {"start": day}}
        for number, (who, day) in enumerate((("K1", "2019-02-14"), ("K1", "2021-03-20"), ("K2", "2020-05-05")), 1)
    ]  # fmt: skip
    return patients + contacts


@pytest.fixture(scope="session")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Callable[[], Any], Any]]:
    """By kind: the healthy connector, its seed, the cast."""
    drop = tmp_path_factory.mktemp("drop")
    Path(drop, "people-1.csv").write_text(CSV, encoding="utf-8")
    return {
        "sql": (Small, lambda: seeded_sql(SEED), None),
        "odbc": (SmallOdbc, lambda: seeded_odbc(SEED), None),
        "http": (SmallWeb, lambda: served(landlord, page="cursor"), None),
        "fhir": (SmallFhir, lambda: served_fhir(resources()), None),
        "files": (SmallFiles, lambda: seeded_files(drop), None),
    }


@pytest.fixture(scope="session")
def yaml_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mapping with its seed beside it."""
    folder = tmp_path_factory.mktemp("mapping")
    person = {"ref": "id", "given": "given", "family": "family", "born": {"from": "dob", "format": "%d/%m/%Y"}}
    find = {"by": ["family", "born"], "table": "tenant", "where": {"family": "family", "dob": "born"}, "person": person}
    event = {"ref": "id", "at": {"from": "opened", "format": "%Y-%m-%d"}, "headline": "summary", "outcome": "outcome"}
    fetch = {"category": "small.asb", "table": "asb", "where": {"tenant": "ref", "opened": {"at_least": "since"}},
             "event": event}  # fmt: skip
    mapping = {"version": 1, "name": "small", "agency": "small", "kind": "sql", "find": [find], "fetch": [fetch]}
    (folder / "small.yaml").write_text(json.dumps(mapping), encoding="utf-8")
    (folder / "seed.sql").write_text(SEED, encoding="utf-8")
    return folder / "small.yaml"


@pytest.fixture(scope="session")
def nobody_else() -> Cast:
    """A cast of the child alone."""
    return Cast(child="K1", twin=None, same_surname=None, same_birthday=None, sibling=None)
