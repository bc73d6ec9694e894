"""A mapping at work: the same YAML over a database, over ODBC and over files gives the same people and records."""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event, Fact, Involvement, Relationship, Residence
from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.transports.door import Tally

YAML = """version: 1
name: asb
agency: housing
kind: {kind}
find:
  - by: [family, born]
    table: {people}
    where: {{surname: family, dob: born}}
    person:
      ref: tenant
      given: forename
      family: surname
      born: {{from: dob, format: "%d/%m/%Y"}}
      sex: {{from: sex, map: {{F: female, M: male}}}}
      addresses: {{json: homes, postcode: pc}}
  - by: [postcode, born]
    table: {people}
    where: {{pc: postcode, dob: born}}
  - by: [family, postcode_sector]
    table: {people}
    where: {{surname: family, pc: {{sector: postcode_sector}}}}
fetch:
  - category: housing.asb
    table: {cases}
    where: {{tenant: ref, opened: {{at_least: since}}}}
    event: {{ref: number, at: opened, kind: asb, headline: summary, significance: {{from: grade, map: {{A: high}}}}}}
    involvement:
      ref: number
      service: asb-team
      status: {{from: state, map: {{O: current, C: historic}}}}
      from: opened
    fact: {{ref: number, name: asb_grade, value: grade}}
  - category: housing.kin
    table: {kin}
    where: {{tenant: ref}}
    relationship: {{ref: number, from: parent, to: child, kind: parent, parental_responsibility: yes}}
  - category: housing.home
    table: {homes}
    where: {{tenant: ref}}
    residence: {{ref: home, about: [tenant, member], address: {{line1: street, uprn: uprn}}, from: since, to: until}}
    person: {{ref: member, given: name}}
never: [rent]
"""
TABLES: dict[str, list[tuple[str, ...]]] = {
    "people": [
        ("tenant", "forename", "surname", "dob", "sex", "homes", "pc", "rent"),
        ("T1", "Aisha", "Khan", "17/05/2014", "F", '{"line1": "14 Mill Lane", "uprn": "100"}', "NB1 4QT", "9"),
        (
            "T2",
            "Amina",
            "KHAN",
            "17/05/2014",
            "F",
            '[{"line1": "1 Low Road"}, {"line1": "2 Low Road"}]',
            "NB1 4QT",
            "9",
        ),
        ("T3", "Bad", "Khan", "17/05/2014", "X", "", "", ""),
        ("T4", "Worse", "Khan", "17/05/2014", "F", "{not json", "", ""),
        ("T5", "Other", "Khan", "18/05/2014", "F", "", "", ""),
    ],
    "cases": [
        ("number", "tenant", "opened", "summary", "grade", "state"),
        ("C1", "T1", "2024-02-01", "Noise", "A", "O"),
        ("C1", "T1", "2024-02-01", "Noise", "A", "O"),
        ("C2", "T1", "2019-02", "Rubbish", "A", "C"),
        ("C3", "T1", "", "Undated", "A", "O"),
        ("C4", "T1", "2024-99-99", "Impossible", "A", "O"),
        ("C5", "T1", "2024-03-01", "Unknown grade", "Z", "O"),
        ("C6", "T2", "2024-03-01", "Somebody else", "A", "O"),
        ("C7", "T1", "2026-06-01T23:30:00Z", "After midnight in summer", "A", "O"),
    ],
    "kin": [("number", "tenant", "parent", "child"), ("K1", "T1", "T9", "T1"), ("K2", "T1", "", "T1")],
    "homes": [
        ("home", "tenant", "member", "name", "street", "uprn", "since", "until"),
        ("H1", "T1", "T1", "Aisha", "14 Mill Lane", "100", "2018-02-01", ""),
        ("H1", "T1", "T9", "Samira", "14 Mill Lane", "100", "2018-02-01", ""),
        ("H2", "T1", "T1", "Aisha", "2 Old Street", "200", "2001", "2003-05"),
    ],
}


class Door:
    """A gate's door that agrees to everything."""

    source, step, tls, proxy, extracts = "asb", "find", Tls(), None, None

    def __init__(self, base: Path, connect: dict[str, str]) -> None:
        self.base, self.connect, self.limits, self.tally = base, connect, Limits(), Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        return 5.0

    def row(self) -> bool:
        self.tally.rows += 1
        return True

    def wait(self, seconds: float) -> None:
        raise Unavailable("deadline")


def no_odbc() -> str:
    try:
        import pyodbc
    except ImportError:
        return "unixodbc"
    return "" if "SQLite3" in pyodbc.drivers() else "libsqliteodbc"


def write_workbook(path: Path, rows: list[tuple[str, ...]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


@pytest.fixture(params=["sql", "odbc", "files", "xlsx"])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Any, Door]]:
    """The mapping's connector and its door, over each kind of system, filled with the same rows."""
    kind, ending = ("files", "xlsx") if request.param == "xlsx" else (request.param, "csv")
    if kind == "odbc" and (package := no_odbc()):
        if os.environ.get("CI") == "true":
            raise RuntimeError(f"{package} is not installed, and in CI mappings over ODBC may not be skipped")
        pytest.skip(f"NO MAPPING IS TESTED OVER ODBC: the package {package} is not installed")
    with closing(sqlite3.connect(tmp_path / "asb.db")) as db, db:
        for name, (head, *rows) in TABLES.items():
            db.execute(f"create table {name} ({', '.join(f'{column} text' for column in head)})")
            db.executemany(f"insert into {name} values ({', '.join('?' * len(head))})", rows)
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(TABLES[name])
            write_workbook(tmp_path / f"{name}.xlsx", TABLES[name])
    names = {name: f"{name}.{ending}" if kind == "files" else name for name in TABLES}
    path = tmp_path / "asb.yaml"
    path.write_text(YAML.format(kind=kind, **names))
    connect = {
        "sql": {"url": "sqlite:///asb.db"},
        "odbc": {"driver": "SQLite3", "database": str(tmp_path / "asb.db")},
        "files": {"folder": "."},
    }[kind]
    door = Door(tmp_path, connect)
    yield mapping_class(path)(lambda grants: door), door


@pytest.fixture
def grant() -> Callable[..., Grant]:
    def made(*categories: str, since: date | None = None, until: date | None = None, **more: Any) -> Grant:
        values: dict[str, Any] = {"id": "g1", "source": "asb", "person": "p1", "expires_at": datetime.now(UTC)}
        return Grant(Grant._mint, categories=frozenset(categories), since=since, until=until, **values, **more)

    return made


def ask(**fields: Any) -> PersonQuery:
    return PersonQuery(id="q1", person="p1", by=tuple(fields), **fields)


BIRTHDAY = date(2014, 5, 17)


def test_people_are_found_whichever_way_the_name_is_written(system: Any, grant: Any) -> None:
    connector, door = system
    found = list(connector.find(ask(family="Khan", born=BIRTHDAY), grant()))
    assert [one.ref for one in found] == ["T1", "T2"] and door.tally.quarantined == 2
    assert [address.lines for address in found[1].addresses] == [("1 Low Road",), ("2 Low Road",)]
    home = found[0].addresses[0]
    assert (home.lines, home.postcode, home.uprn) == (("14 Mill Lane",), "NB1 4QT", "100")


def test_a_postcode_is_the_same_with_or_without_its_space(system: Any, grant: Any) -> None:
    connector, _ = system
    assert [one.ref for one in connector.find(ask(postcode="nb14qt", born=BIRTHDAY), grant())] == ["T1", "T2"]


@pytest.mark.parametrize(
    ("sector", "refs"), [("NB1 4", ["T1", "T2"]), ("nb14", ["T1", "T2"]), ("NB1", []), ("NB1_", []), ("[A-Z]", [])]
)
def test_a_sector_is_a_postcode_without_its_two_letters_and_never_a_pattern(
    system: Any, grant: Any, sector: str, refs: list[str]
) -> None:
    connector, _ = system
    found = connector.find(ask(family="Khan", postcode_sector=sector), grant())
    assert [one.ref for one in found] == refs


def test_one_row_fills_several_findings_and_rows_delivered_twice_are_one(system: Any, grant: Any) -> None:
    connector, door = system
    found = list(connector.fetch("T1", grant("housing.asb")))
    events = [one for one in found if isinstance(one, Event)]
    assert [one.ref for one in events] == ["asb:C1", "asb:C2", "asb:C3", "asb:C7"] and door.tally.quarantined == 6
    assert events[0].significance == "high" and events[0].kind == "asb" and events[0].about == ("T1",)
    assert {one.status for one in found if isinstance(one, Involvement)} == {"current", "historic"}
    assert {(one.name, one.value) for one in found if isinstance(one, Fact)} == {("asb_grade", "A")}


def test_days_are_as_precise_as_they_were_written(system: Any, grant: Any) -> None:
    connector, _ = system
    days = {one.ref: one.when for one in connector.fetch("T1", grant("housing.asb")) if isinstance(one, Event)}
    assert days["asb:C2"].precision == "month" and days["asb:C2"].edtf == "2019-02"
    assert days["asb:C3"].precision == "unknown" and days["asb:C3"].earliest is None
    assert days["asb:C7"].earliest == date(2026, 6, 2), "half past midnight in British summer time"


def test_only_the_granted_period_is_told_and_what_has_no_day_stays(system: Any, grant: Any) -> None:
    connector, _ = system
    told = connector.fetch("T1", grant("housing.asb", since=date(2020, 1, 1), until=date(2025, 1, 1)))
    assert [one.ref for one in told if isinstance(one, Event)] == ["asb:C1", "asb:C3"]


def test_a_relationship_is_about_both_its_ends(system: Any, grant: Any) -> None:
    connector, door = system
    (found,) = connector.fetch("T1", grant("housing.kin"))
    assert isinstance(found, Relationship) and found.about == ("T1", "T9")
    assert (found.from_, found.to, found.kind, found.parental_responsibility) == ("T9", "T1", "parent", "yes")
    assert door.tally.quarantined == 1


def test_rows_of_one_record_are_one_residence_with_all_its_people(system: Any, grant: Any) -> None:
    connector, _ = system
    new, old = connector.fetch("T1", grant("housing.home"))
    assert isinstance(new, Residence) and new.about == ("T1", "T9")
    assert [(one.ref, one.names[0].given) for one in new.mentions] == [("T1", ("Aisha",)), ("T9", ("Samira",))]
    assert (old.from_.precision, old.to.precision, old.address.uprn) == ("year", "month", "200")


def test_findings_survive_their_plain_form(system: Any, grant: Any) -> None:
    from mash_trawl.config.read import read_value

    connector, _ = system
    for one in connector.fetch("T1", grant("housing.asb", "housing.kin", "housing.home")):
        assert read_value(type(one), to_plain(one)) == one


def test_a_category_that_is_not_granted_is_not_asked_for(system: Any, grant: Any) -> None:
    connector, door = system
    assert list(connector.fetch("T1", grant())) == [] and door.tally.rows == 0


FLAGGED = """version: 1
name: flagged
agency: housing
kind: files
find:
  - by: [family, born]
    table: "people.csv"
    where: {surname: family, dob: born}
    person: {ref: tenant, family: surname, born: dob, restrictions: RESTRICTIONS}
fetch:
  - category: housing.asb
    table: "cases.csv"
    where: {tenant: ref}
    event: {ref: number, at: opened, headline: summary}
"""


@pytest.mark.parametrize(
    ("spec", "flag", "restrictions"),
    [
        ("{from: flag, map: {S: hidden_address, W: witness_protection, N: none}}", "S", ("hidden_address",)),
        (
            "{from: flag, map: {S: hidden_address, W: witness_protection, N: none}}",
            "W; S",
            ("hidden_address", "witness_protection"),
        ),
        ("{from: flag, map: {S: hidden_address, W: witness_protection, N: none}}", "N", ()),
        ("{from: flag, map: {S: hidden_address, W: witness_protection, N: none}}", "", ()),
        ("{from: flag, map: {S: hidden_address, W: witness_protection, N: none}}", "X", None),
        ("flag", "adoption,restricted", ("adoption", "restricted")),
        ("flag", "yes", None),
    ],
)
def test_a_systems_own_flag_restricts_its_person_and_one_that_is_not_understood_is_not_ignored(
    tmp_path: Path, grant: Any, spec: str, flag: str, restrictions: Any
) -> None:
    (tmp_path / "flagged.yaml").write_text(FLAGGED.replace("RESTRICTIONS", spec))
    (tmp_path / "people.csv").write_text(f'tenant,surname,dob,flag\nT1,Khan,2014-05-17,"{flag}"\n')
    (tmp_path / "cases.csv").write_text("tenant,number,opened,summary\n")
    door = Door(tmp_path, {"folder": "."})
    connector = mapping_class(tmp_path / "flagged.yaml")(lambda grants: door)
    found = list(connector.find(ask(family="Khan", born=BIRTHDAY), grant()))
    assert [one.restrictions for one in found] == ([] if restrictions is None else [restrictions])
    assert door.tally.quarantined == (restrictions is None)


def test_a_flag_is_turned_into_a_word_that_means_a_restriction(tmp_path: Path) -> None:
    (tmp_path / "flagged.yaml").write_text(FLAGGED.replace("RESTRICTIONS", "{from: flag, map: {S: secret}}"))
    with pytest.raises(Misconfigured) as problem:
        mapping_class(tmp_path / "flagged.yaml")
    assert "restrictions must be one of hidden_address" in str(problem.value)


def test_each_category_is_read_in_its_own_period(system: Any, grant: Any) -> None:
    connector, _ = system
    periods = {"housing.asb": (date(2020, 1, 1), date(2025, 1, 1)), "housing.home": (None, None)}
    told = list(connector.fetch("T1", grant("housing.asb", "housing.home", periods=periods)))
    assert [one.ref for one in told if isinstance(one, Event)] == ["asb:C1", "asb:C3"]
    assert len([one for one in told if isinstance(one, Residence)]) == 2


def test_what_a_mapping_offers_is_read_from_its_steps(system: Any) -> None:
    connector, _ = system
    assert connector.offers == {"housing.asb", "housing.kin", "housing.home"}
    assert connector.search_keys == (("family", "born"), ("postcode", "born"), ("family", "postcode_sector"))
    assert connector.name == "asb"
