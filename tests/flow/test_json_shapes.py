"""Every command that reports has a published JSON Schema, and prints what it says."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest
import requests
from jsonschema import Draft202012Validator
from nhs_number import REGION_SYNTHETIC, generate
from referencing import Registry, Resource

import mash_trawl
from mash_trawl.cli.main import group

SCHEMAS = Path(__file__).resolve().parents[2] / "profiles" / "schema"


@pytest.fixture
def trawl(trawl_here):
    """So many commands are run here that starting Python each time is slow."""
    return trawl_here


@pytest.fixture(scope="module")
def shape():
    documents = [json.loads(file.read_text("utf-8")) for file in SCHEMAS.rglob("*.json")]
    registry = Registry().with_resources([(item["$id"], Resource.from_contents(item)) for item in documents])
    by_name = {file.name.removesuffix(".v1.json"): file for file in (SCHEMAS / "commands").iterdir()}

    @cache
    def validator(name):
        schema = json.loads(by_name[name].read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        return Draft202012Validator(schema, registry=registry)

    def check(name, value):
        errors = [f"{list(error.path)}: {error.validator}" for error in validator(name).iter_errors(value)]
        assert not errors

    return check


@pytest.mark.parametrize("case", ["early-help", "children-in-need", "front-door"])
def test_plan_run_and_open_print_what_their_schemas_say(place, county, trawl, shape, case):
    shape("plan", trawl("plan", place.case(case), "--json").json())
    shape("explain", trawl("explain", place.case(case), "p1", "health", "--json").json())
    shape("status", trawl("status", place.case(case), "--json").json())
    run = trawl("run", place.case(case), "--json").json()
    shape("run", run)
    shape("open", trawl("open", run["product"], "--json").json())
    shape("status", trawl("status", place.case(case), "--json").json())
    shape("status", trawl("status", "--json").json())


def test_the_other_commands_print_what_their_schemas_say(place, county, trawl, shape):
    product = trawl("run", place.case("early-help"), "--json").json()["product"]
    record = Path(product).name.split("-v")[0]
    shape("check", trawl("check", "--json").json())
    shape("readers", trawl("readers", "list", record, "--json").json())
    shape("connectors", trawl("connectors", "list", "--json").json())
    shape("audit-verify", trawl("audit", "verify", "--json").json())
    shape("audit-show", trawl("audit", "show", "--json").json())


def test_the_commands_about_cases_print_what_their_schemas_say(place, county, trawl, shape, fill_form):
    case = trawl("run", place.case("children-in-need"), "--json").json()["case"]
    typed = "\n".join([*[""] * 100, "save"])
    shape("case-new", trawl("case", "new", "--json", typed=typed).json())
    shape("case-check", trawl("case", "check", case, "--json").json())
    form = {"profile": "early_help", "people": [{"id": "p1", "roles": ["subject"]}],
            "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"}}  # fmt: skip
    (place.root / "form.xlsx").write_bytes(fill_form(form))
    shape("case-import", trawl("case", "import", place.root / "form.xlsx", "--json").json())
    withdrawn = trawl("case", "consent", "withdraw", case, "--json", typed="c1\n\nsave\n")
    shape("case-new", withdrawn.json())
    (place.hub / "cases" / "broken.yaml").write_text("version: 2\n", "utf-8")
    shape("case-list", trawl("case", "list", "--json").json())
    shape("case-change", trawl("case", "change", case, "--json", typed="1\npolice\nfinish\nsave\n").json())
    shape("case-person-add", trawl("case", "person", "add", case, "--found", "--json").json())
    shape("case-person-add", trawl("case", "person", "add", case, "--found", 1, "--role", "other", "--json").json())


def test_letters_to_a_family_print_what_their_schemas_say(place, county, trawl, shape):
    with (place.hub / "hub.yaml").open("a", encoding="utf-8") as file:
        file.write('family: {team: the desk, telephone: "01632 960123", complaints: the complaints officer}\n')
    case = place.case("early-help")
    shape("family-notice", trawl("family", "notice", case, "--to", place.root / "out", "--json").json())
    typed = "in_person\nat school\nyes\n\n\nsave\n"
    shape("case-new", trawl("family", "contact", case, "p3", "--json", typed=typed).json())
    shape("family-held", trawl("family", "held", "--json").json())
    shape("status", trawl("status", case, "--json").json())
    trawl("run", case)
    sheet = trawl("family", "sheet", case, "--person", "p3", "--to", place.root / "out", "--json").json()
    shape("family-sheet", sheet)
    ours = Path(mash_trawl.__file__).parent / "render" / "family" / "templates" / "sheet-en.txt"
    shape("family-check", trawl("family", "check", ours, "--json").json())
    assert [made["person"] for made in sheet["made"]] == ["p3"]


def test_the_commands_that_sign_print_what_their_schemas_say(place, trawl, shape):
    place.edit("roles: [analyst, mash_manager, decider]", "roles: [practitioner, decider]")
    shape("approve", trawl("approve", "--json").json())
    shape("decide", trawl("decide", place.case("children-in-need"), "--json").json())
    shape("signed", trawl("consent", "add", place.case("children-in-need"), "--yes", "--json").json())


def test_a_batch_and_what_it_would_do_print_what_their_schemas_say(place, county, trawl, shape):
    folder = place.hub / "cases"
    (folder / "half.yaml").write_text("version: 1\nid: [", "utf-8")
    shape("batch-dry-run", trawl("batch", folder, "--dry-run", "--json").json())
    done = trawl("batch", folder, "--json").json()
    shape("batch", done)
    assert {row["why"] for row in done["look_at"]} == {"case_unreadable", "answers_missing"}
    shape("batch", trawl("batch", "status", "--json").json())


def test_the_commands_about_people_and_hubs_print_what_their_schemas_say(place, trawl, shape):
    trawl("keys", "enrol", "r.cole", "--role", "decider", "--account", "rcole", "--no-passphrase")
    shape("keys", trawl("keys", "list", "--json").json())
    trawl("hub", "trust", place.hub, "--yes", hub=False)
    shape("hub-list", trawl("hub", "list", "--json", hub=False).json())


def test_the_commands_about_a_record_print_what_their_schemas_say(place, county, trawl, shape):
    trawl("keys", "enrol", "r.cole", "--role", "decider", "--no-passphrase")
    file = place.hub / "hub.yaml"
    file.write_text(
        file.read_text("utf-8") + "\nreturns: {team: Desk, telephone: '01632 960100', send_to: desk}\n", "utf-8"
    )
    case = trawl("run", place.case("early-help"), "--json").json()["case"]
    for form in ("html", "json"):
        done = trawl("export", case, "--format", form, "--to", place.root / f"copy.{form}", "--json")
        shape("export", done.json())
        assert (done.code, done.err) == (0, "")
    shape("outcome", trawl("outcome", case, "housing", "--to", place.root / "notes", "--json").json())
    opened = json.loads((place.root / "copy.json").read_text("utf-8"))
    shape("open", opened)
    shape("review", trawl("review", case, "--json").json())
    taken = opened["product"]["matches"][0]
    match = taken["id"]
    shape("review-withdraw",
          trawl("review", case, "--withdraw", match, "--reason", "a namesake", "--sure", "--json").json())  # fmt: skip
    until = trawl("readers", "grant", case, "r.cole", "--until", "2098-07-01", "--json").json()
    shape("readers-grant", until)
    assert until["not_after"] == "2098-06-30T23:00:00+00:00"
    assert "until 1 July 2098 at 00:00 UK time" in trawl("readers", "list", case).out
    shape("readers-revoke", trawl("readers", "revoke", case, "r.cole", "--json").json())
    refused = trawl("readers", "revoke", case, "r.cole", "--json")
    assert (refused.code, refused.out, refused.err.count("\n")) == (5, "", 1)
    destroyed = trawl("destroy", case, "--reason", "keyworker appointed", "--yes", "--json")
    assert (destroyed.code, destroyed.err) == (0, "")
    shape("destroy", destroyed.json())
    assert [item["copy"] for item in destroyed.json()["exports"]] == [1, 2, 3]


def test_view_prints_its_link_as_one_line_before_it_serves(place, county, shape):
    with place.open() as hub:
        hub.run(place.case("early-help"))
    command = [sys.executable, "-m", "mash_trawl", "--hub", str(place.hub), "view", "DEMO-2026-0001", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        said = json.loads(running.stdout.readline())
        shape("view", said)
        with requests.Session() as browser:
            assert browser.get(said["link"], timeout=20).status_code == 200
            assert "DEMO-2026-0001" in browser.get(said["link"].rpartition("/")[0] + "/", timeout=20).text
    finally:
        running.send_signal(signal.SIGINT)
        rest = running.communicate(timeout=20)[0]
    assert (rest, running.returncode) == ("", 0)


def test_the_commands_about_sources_and_the_dossier_print_what_their_schemas_say(place, trawl, shape):
    shape("sources-list", trawl("sources", "list", "--json").json())
    stopped = trawl("sources", "suspend", "health", "--reason", "an audit", "--yes", "--json").json()
    shape("sources-suspend", stopped)
    shape("sources-list", trawl("sources", "list", "--json").json())
    assert (stopped["state"], stopped["why"]) == ("suspended", "suspended")
    again = trawl("sources", "resume", "health", "--reason", "it is over", "--yes", "--json").json()
    shape("sources-suspend", again)
    assert again["state"] == "open"
    shape("dossier", trawl("dossier", "--out", place.root / "dossier", "--json").json())


def test_making_things_prints_what_the_schemas_say(place, trawl, shape):
    made = trawl("init", place.root / "south", "--keys", place.root / "k", "--profile", "early_help",
                 "--no-passphrase", "--json", hub=False)  # fmt: skip
    assert (made.code, made.err) == (0, "")
    shape("init", made.json())
    key = trawl("keys", "init", "s.lee", "--no-passphrase", "--to", place.root / "own", "--json").json()
    shape("keys-init", key)
    enrolled = trawl("keys", "enrol", "s.lee", "--role", "analyst", "--public", key["public"], "--json").json()
    shape("keys-enrol", enrolled)
    assert (enrolled["key"], enrolled["made"], enrolled["hub_file"]) == (key["key"], "none", "added")
    trusted = trawl("hub", "trust", place.hub, "--yes", "--json", hub=False)
    assert trusted.err == ""
    shape("hub-trust", trusted.json())
    shape("hub-forget", trawl("hub", "forget", place.hub, "--json", hub=False).json())
    again = trawl("hub", "forget", place.hub, "--json", hub=False)
    assert (again.code, again.out, again.err.count("\n")) == (2, "", 1)
    shape("case-form", trawl("case", "form", place.root / "empty.xlsx", "--json").json())
    shape("audit-export", trawl("audit", "export", place.root / "ledger", "--json").json())


def test_the_commands_about_profiles_print_what_their_schemas_say(place, trawl, shape):
    found = trawl("profile", "lint", "--json")
    shape("profile-lint", found.json())
    assert (found.code, found.err) == (3, "") and found.json()["looked_at"][-1] == "agreements"
    differing = trawl("profile", "diff", "early_help", "front_door", "--json")
    shape("profile-diff", differing.json())
    assert (differing.code, differing.err) == (0, "") and differing.json()["changes"]


def test_the_commands_about_calibrating_print_what_their_schemas_say(place, trawl, shape):
    table, labels = place.root / "people.csv", place.root / "labels.csv"
    numbers = sorted(set(generate(for_region=REGION_SYNTHETIC, quantity=550)))
    table.write_text("given,family,born,nhs_number\n" + "".join(f"Synthea,Testfall,2014-05-17,{n}\n" for n in numbers))
    labels.write_text("bits,first,second\n31.4,yes,yes\n")
    day = ("--as-of", "2026-11-01", "--json")
    shape("calibrate-frequencies", trawl("calibrate", "frequencies", table, "--out", place.root / "f", *day).json())
    counted = trawl("calibrate", "weights", table, table, "--out", place.root / "w", "--strangers", 1000, *day).json()
    shape("calibrate-weights", counted)
    assert counted["pairs"] == len(numbers)
    proved = trawl("calibrate", "threshold", labels, *day)
    shape("calibrate-threshold", proved.json())
    assert (proved.code, proved.json()["safe_from_bits"]) == (3, None)
    shape("calibrate-drift", trawl("calibrate", "drift", "--since", "2026-10-01", "--json").json())


def test_the_demo_prints_what_its_schema_says(place, trawl, shape):
    done = trawl("demo", "--out", place.root / "demo", "--families", 3, "--json", hub=False)
    shape("demo", done.json())
    assert (done.code, done.json()["not_as_foretold"]) == (0, [])


def _commands(group, name=""):
    """Every command that runs something, by its whole name."""
    context = click.Context(group)
    for part in group.list_commands(context):
        command = group.get_command(context, part)
        full = f"{name} {part}".strip()
        if isinstance(command, click.Group):
            yield from _commands(command, full)
        else:
            yield full, command


def test_every_command_has_json_but_those_whose_output_is_a_document_already():
    without = {name for name, command in _commands(group) if all("--json" not in item.opts for item in command.params)}
    assert without == {"schema", "completion"}


def test_every_command_with_json_stands_in_the_developers_table_with_its_schema():
    page = (Path(__file__).resolve().parents[2] / "docs" / "for-developers.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z -]+)` \| (.+?) \|", page, re.MULTILINE)
    told = {name: re.findall(r"commands/([a-z-]+)\.v1\.json", cell) for name, cell in rows}
    with_json = {name for name, command in _commands(group) if any("--json" in item.opts for item in command.params)}
    assert set(told) - {"batch status"} == with_json
    schemas = {file.name.removesuffix(".v1.json") for file in (SCHEMAS / "commands").iterdir()}
    assert {name for names in told.values() for name in names} == schemas
    assert all(told.values())


def test_every_schema_of_a_command_is_used_here():
    pages = (Path(__file__), Path(__file__).with_name("test_on_paper.py"))
    text = "".join(page.read_text("utf-8") for page in pages)
    for file in (SCHEMAS / "commands").iterdir():
        assert f'shape("{file.name.removesuffix(".v1.json")}"' in text


def test_making_and_testing_a_connector_prints_what_the_schemas_say(trawl, shape, tmp_path):
    made = trawl("connectors", "new", "new", "--kind", "sql", "--yaml", "--to", tmp_path, "--json", hub=False).json()
    shape("connectors-new", made)
    tested = trawl("connectors", "test", made[0]["file"], "--json", hub=False)
    assert tested.code == 3
    shape("connectors-test", tested.json())


def test_taking_in_a_file_prints_what_its_schema_says(place, trawl, shape, tmp_path):
    (place.hub / "list.yaml").write_text(LIST, "utf-8")
    old = "  - name: housing\n"
    new = "  - {name: list, agency: housing, mapping: list.yaml, received: {keep: 1d}}\n"
    place.edit(old, new + old)
    (tmp_path / "asb.csv").write_text("person_id,surname,dob,case_id,opened,summary\n", "utf-8")
    shape("receive", trawl("receive", "list", tmp_path / "asb.csv", "--as-of", "2026-11-01", "--json").json())


LIST = """
version: 1
name: list
agency: housing
kind: files
find:
  - by: [family, born]
    table: asb.csv
    where: {surname: family, dob: born}
    person: {ref: person_id, family: surname, born: {from: dob, format: "%d/%m/%Y"}}
fetch:
  - category: housing.asb
    table: asb.csv
    where: {person_id: ref}
    event: {ref: case_id, at: {from: opened, format: "%Y-%m-%d"}, kind: noise, headline: summary}
"""
