"""Bad input: what, where, what to do; exit 2; nothing asked, nothing half-written, nothing personal repeated."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

import pytest
import yaml


@pytest.fixture
def trawl(trawl_here):
    """Every mistake is told by the command line itself, which needs no process of its own for it."""
    return trawl_here


def edited(place, change, name="children-in-need"):
    """A copy of a demo case with one thing changed."""
    case = yaml.safe_load(place.case(name).read_text("utf-8"))
    change(case)
    file = place.hub / "cases" / "edited.yaml"
    file.write_text(yaml.safe_dump(case, sort_keys=False), "utf-8")
    return file


def set_in(*path, value):
    def change(case):
        target = case
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


CANARY = "Zzyzx"
MISTAKES = {
    "an unknown key": (set_in("people", 0, "brn", value=CANARY), "born"),
    "a wrong type": (set_in("referral", "level", value=CANARY), "level"),
    "an impossible date": (set_in("people", 0, "born", value="2014-02-31"), "born"),
    "an NHS number that fails its check": (set_in("people", 0, "identifiers", "nhs_number", value="9990000019"), "nhs"),
    "a UPN that fails its check": (set_in("people", 0, "identifiers", "upn", value="A801200001001"), "upn"),
    "a profile the hub does not list": (set_in("profile", value="night_shift"), "profile"),
    "a consent by someone not in the case": (set_in("consents", 0, "given_by", value="p9"), "no person with this id"),
    "two people with one id": (set_in("people", 1, "id", value="p1"), "another person"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_case_is_told_with_its_place_before_anything_is_asked(place, county, trawl, mistake):
    change, word = MISTAKES[mistake]
    done = trawl("run", edited(place, change))
    assert done.code == 2, done.err
    assert word.lower() in done.err.lower()
    assert CANARY not in done.err
    assert done.out == ""
    assert sum(county.police.hits.values()) == 0
    assert not list((place.hub / "records").glob("*.mtr"))


def test_every_mistake_is_told_at_once_with_line_and_column(place, trawl):
    def change(case):
        set_in("people", 0, "brn", value="x")(case)
        set_in("referral", "level", value="purple")(case)

    done = trawl("plan", edited(place, change))
    assert done.code == 2
    told = [line for line in done.err.splitlines() if line.startswith("error:")]
    assert len(told) >= 2
    assert all(re.search(r"edited\.yaml:\d+:\d+: ", line) for line in told)


MAPPING = """\
version: 1
name: asb
agency: housing
kind: sql
find:
  - by: [family, born]
    table: person
    where: {surname: family, dob: born}
    person: {ref: person_id, given: forename, family: surname, born: {from: dob, format: "%d/%m/%Y"},
             addresses: {postcode: postcode, uprn: uprn}}
fetch:
  - category: housing.asb
    table: asb_case
    where: {person_id: ref}
    event: {ref: case_id, at: opened, kind: kind, headline: summary}
never: [rent_arrears_amount]
"""


TABLE = "    table: asb_case\n    where: {person_id: ref}"
EVERYTHING = "    sql: select * from asb_case where person_id = :ref"


@pytest.mark.parametrize(("old", "new"), [("headline: summary", "headline: rent_arrears_amount"), (TABLE, EVERYTHING)])
def test_a_mapping_that_reads_too_much_is_refused(place, county, trawl, old, new):
    (place.hub / "asb.yaml").write_text(MAPPING.replace(old, new), "utf-8")
    place.edit("connector: housing", "mapping: asb.yaml")
    done = trawl("run", place.case("children-in-need"))
    assert done.code == 2, done.err
    assert "asb.yaml" in done.err


def test_the_same_mapping_without_the_mistake_works(place, county, trawl):
    (place.hub / "asb.yaml").write_text(MAPPING, "utf-8")
    place.edit("connector: housing", "mapping: asb.yaml")
    done = trawl("run", place.case("children-in-need"), "--json")
    assert done.code == 3, done.err
    assert {a["status"] for a in done.json()["answers"] if a["source"] == "housing"} == {"found", "consent_missing"}


def test_check_of_one_source_names_the_statement_and_what_its_database_lacks(place, trawl):
    (place.hub / "asb.yaml").write_text(MAPPING, "utf-8")
    place.edit("connector: housing", "mapping: asb.yaml")
    database = place.root / "county" / "housing.db"
    (place.root / "county" / "housing.url").write_text(f"sqlite:///{database}")
    whole = trawl("check", "housing", "--json")
    assert whole.code == 0, whole.out
    assert any("every table and column" in row["what"] for row in whole.json())
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("alter table asb_case rename to asb_cases")
    changed = trawl("check", "housing")
    assert changed.code == 3
    assert "fetch housing.asb: the table `asb_case` is not there." in changed.out
    assert trawl("check", "nowhere").code == 2


def test_a_hub_database_that_cannot_be_opened_is_told_at_the_start(place, county, trawl):
    place.edit("sqlite:///hub.db", "sqlite:///no/such/folder/hub.db")
    done = trawl("run", place.case("children-in-need"))
    assert done.code == 2, done.err
    assert sum(county.police.hits.values()) == 0


def test_a_missing_secret_costs_only_its_source_and_check_tells_it_beforehand(place, county, trawl):
    (place.root / "county" / "police.secret").unlink()
    check = trawl("check", "--json")
    assert check.code == 3, check.out
    assert any(row["where"] == "police" and "secret" in row["what"] for row in json.loads(check.out))
    done = trawl("run", place.case("children-in-need"), "--json")
    assert done.code == 3
    statuses = {(a["source"], a["person"]): (a["status"], a["why"]) for a in done.json()["answers"]}
    assert statuses["police", "p1"] == ("not_connected", "secret_missing")
    assert statuses["housing", "p1"][0] == "found"


def test_an_unreachable_source_is_told_by_check(place, trawl):
    (place.root / "county" / "housing.url").write_text(f"sqlite:///{place.root / 'county' / 'housing.db'}")
    for name in ("police", "health"):
        (place.root / "county" / f"{name}.url").write_text("http://127.0.0.1:9")
        (place.root / "county" / f"{name}.token-url").write_text("http://127.0.0.1:9/token")
    check = trawl("check")
    assert check.code == 3
    assert "police" in check.out
    assert "connection refused" in check.out


def test_no_hub_is_ever_taken_from_the_current_folder_unless_this_account_made_it(place, trawl, monkeypatch):
    monkeypatch.chdir(place.hub)
    done = trawl("check", hub=False)
    assert done.code == 2
    assert "--hub" in done.err


def test_init_without_a_terminal_needs_no_passphrase_said_aloud(tmp_path, trawl):
    folder = tmp_path / "new" / "hub"
    done = trawl("init", folder, "--profile", "early_help", hub=False)
    assert done.code == 2
    assert "--no-passphrase" in done.err
    assert not folder.exists()
    made = trawl("init", folder, "--profile", "early_help", "--no-passphrase", hub=False)
    assert made.code == 0, made.err
    again = trawl("init", folder, "--profile", "early_help", "--no-passphrase", hub=False)
    assert again.code == 2
    key = next((tmp_path / "new" / "keys" / "readers").glob("*.key"))
    assert key.stat().st_mode & 0o077 == 0


def test_init_with_an_unknown_profile_makes_nothing(tmp_path, trawl):
    done = trawl("init", tmp_path / "x" / "hub", "--profile", "early_hlep", "--no-passphrase", hub=False)
    assert done.code == 2
    assert "early_help" in done.err
    assert not (tmp_path / "x").exists()
