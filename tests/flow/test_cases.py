"""Cases through the whole program: checked, added to, edited by hand into nonsense."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from mash_trawl.cli.main import main
from mash_trawl.config.case import load_case
from mash_trawl.config.write import plain_case

CASE = "DEMO-2026-0002"


def case_file(place):
    return place.case("children-in-need")


def entries(trawl):
    return len(trawl("audit", "show", "--json").json())


class Done:
    """How a command ended."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code, self.out, self.err = code, out.decode(), err.decode()

    def json(self):
        return json.loads(self.out)


@pytest.fixture
def trawl(place) -> Callable[..., Done]:
    """The command line in this process: a case is looked at so often here that starting Python each time is slow."""

    def run(*arguments: object, typed: str = "") -> Done:
        mask = os.umask(0o077)
        try:
            with CliRunner().isolation(input=typed) as (out, err, *_):
                code = main(["--hub", str(place.hub), *map(str, arguments)])
                return Done(code, out.getvalue(), err.getvalue())
        finally:
            os.umask(mask)

    return run


@pytest.fixture
def trawled(after_run, county):
    """The hub after one trawl."""
    return after_run("children-in-need")


def test_a_found_person_is_listed_added_once_and_asked_about_only_after_a_decision(trawled, trawl):
    listed = trawl("case", "person", "add", CASE, "--found", "--json").json()["found"]
    told = trawl("case", "person", "add", CASE, "--found").out
    assert listed and all(f"{item['number']:>3}  {item['name']}" in told for item in listed)
    number = listed[0]["number"]
    before = load_case(case_file(trawled))
    for typed in ("", "6\n", "6\n\n\n\n\n\n\n"):
        stopped = trawl("case", "person", "add", CASE, "--found", number, "--json", typed=typed)
        assert (stopped.code, stopped.out) == (130, ""), "the end of the answers is not an answer"
        assert load_case(case_file(trawled)) == before
    typed = "\n".join(["6", *[""] * 20, "save", ""])
    done = trawl("case", "person", "add", CASE, "--found", number, "--json", typed=typed)
    assert f"Add {before.people[-1].id[0]}{len(before.people) + 1} " in done.err
    added = done.json()
    after = load_case(case_file(trawled))
    person = after.people[-1]
    assert (person.id, person.roles) == (added["person"], ("alleged_source_of_harm",))
    assert "shown as found in product version 1" in person.told_by
    assert after.consents == before.consents and after.gateways == before.gateways
    assert after.people[:-1] == before.people and after.relationships == before.relationships
    again = trawl("case", "person", "add", CASE, "--found", number)
    assert again.code == 2 and "in the case already" in again.err
    rows = [row for row in trawl("plan", CASE, "--json").json()["decisions"] if row["person"] == person.id]
    assert rows and {row["decision"] for row in rows} == {"DENY"}


def test_a_found_person_brings_what_the_agency_said_and_nothing_else(trawled, trawl):
    product = trawl("open", CASE, "--json").json()["product"]
    found = [person for person in product["people"] if person.get("found")]
    trawl("case", "person", "add", CASE, "--found", 1, "--role", "household")
    person = load_case(case_file(trawled)).people[-1]
    assert person.roles == ("household",)
    assert " ".join([*person.names[0].given, person.names[0].family]) == found[0]["name"]
    assert (person.born.edtf if person.born else None) == (found[0].get("born") or {}).get("edtf")
    assert person.sex == found[0]["sex"]


def test_no_product_no_found_people_and_a_wrong_number_is_refused(place, county, trawl):
    none = trawl("case", "person", "add", CASE, "--found")
    assert none.code == 2 and "no case of this id has a product here" in none.err
    with place.open() as hub:
        hub.run(case_file(place))
    before = case_file(place).read_bytes()
    for number in ("999", "x"):
        assert trawl("case", "person", "add", CASE, "--found", number).code == 2
    assert trawl("case", "person", "add", CASE, "--found", "1", "--role", "uncle").code == 2
    assert case_file(place).read_bytes() == before


def test_a_person_typed_in_joins_the_case_with_what_they_are_to_the_others(place, trawl):
    typed = "\n".join(["3", "Ann", "Testfall", "", "1990", "female", *[""] * 40, "save", ""])
    done = trawl("case", "person", "add", CASE, typed=typed)
    assert done.code == 0, done.err
    person = load_case(case_file(place)).people[-1]
    assert (person.roles, person.names[0].family, person.born.edtf) == (("parent",), "Testfall", "1990")
    stopped = trawl("case", "person", "add", CASE, typed="3\nBob\n")
    assert stopped.code == 130 and load_case(case_file(place)).people[-1] == person


def test_what_the_referrer_left_out_is_a_list_to_send_back(place, trawl):
    told = trawl("case", "check", CASE)
    assert told.code == 3 and "how to reach the referrer" in told.out
    case = load_case(case_file(place))
    names = {part for person in case.people for name in person.names for part in (*name.given, name.family)}
    plain = trawl("case", "check", CASE, "--json")
    assert plain.code == 3
    assert not any(name in told.out + plain.out for name in names)
    with_names = trawl("case", "check", CASE, "--names").out
    assert any(name in with_names for name in names)
    data = plain_case(case)
    del data["people"][0]["born"], data["people"][0]["addresses"]
    data["people"][0]["names"] = []
    case_file(place).write_text(json.dumps(data), "utf-8")
    missing = trawl("case", "check", CASE, "--json").json()["missing"]
    first = {item["code"]: item for item in missing if item["person"] == "p1"}
    assert {"family_name", "given_name", "born", "address"} <= set(first)
    data["people"][0]["identifiers"] = {}
    case_file(place).write_text(json.dumps(data), "utf-8")
    missing = trawl("case", "check", CASE, "--json").json()["missing"]
    (gap,) = [item for item in missing if (item["person"], item["code"]) == ("p1", "search_key")]
    assert gap["blocks"].startswith("this person at: ") and "police" in gap["blocks"]


def test_the_list_of_cases_has_ids_and_counts_and_no_names(trawled, trawl):
    (trawled.hub / "cases" / "broken.yaml").write_text("people: [\n", "utf-8")
    rows = {row["file"]: row for row in trawl("case", "list", "--json").json()}
    assert rows["children-in-need.yaml"]["product"] == {"version": 1, "state": "live"}
    assert rows["early-help.yaml"]["product"] is None
    assert rows["broken.yaml"] == {"file": "broken.yaml", "case": None, "problems": 1}
    out = trawl("case", "list").out
    assert f"{CASE} " in out and "product v1 (live)" in out and "broken.yaml" in out
    for person in load_case(case_file(trawled)).people:
        assert person.names[0].family not in out


NONSENSE = """\
version: 1
id: Aisha Zqxname
profile: children_in_need
opened_at: yesterday
referal: {source: school}
referral: {source: school, received_at: 2026-11-03T09:05:00Z, level: high}
people:
  - id: p1
    roles: subject
    born: 30/02/2014
    due: 2027-01
    identifiers: {nhs_number: 943 476 5918}
    addresses: [{postcode: ZQX, from: 2021, to: 2020}]
  - {id: p1, names: [{given: Zqxname}]}
relationships: [{from: p9, to: p9, kind: parent, parental_responsibility: maybe}]
consents: [{id: c1, given_by: p1, capacity: friend, covers: [], categories: {housing: some}, given_at: x}]
version: 1
"""


def test_a_case_edited_into_nonsense_is_told_whole_with_its_places_and_nothing_is_asked(place, county, trawl):
    file = place.hub / "cases" / "nonsense.yaml"
    file.write_text(NONSENSE, "utf-8")
    files = {item: item.read_bytes() for item in (place.hub / "cases").iterdir()}
    ledger = entries(trawl)
    for command in (("plan", file), ("run", file), ("case", "check", file), ("case", "person", "add", file)):
        done = trawl(*command)
        assert done.code == 2, command
        lines = [line for line in done.err.splitlines() if line.startswith(f"error: {file}:")]
        assert len(lines) >= 12, done.err
        places = [tuple(map(int, line.split(f"{file}:")[1].split()[0].rstrip(":").split(":"))) for line in lines]
        assert places == sorted(places)
        assert {row for row, _ in places} >= {2, 4, 5, 6, 9, 10, 12, 13, 14, 15, 16, 17}, done.err
        assert "zqx" not in done.err.lower() and done.out == ""
    assert entries(trawl) == ledger
    assert {item: item.read_bytes() for item in (place.hub / "cases").iterdir()} == files
    assert not list((place.hub / "records").glob("*.mtr"))
    assert sum(sum(server.hits.values()) for server in county.servers().values()) == 0
