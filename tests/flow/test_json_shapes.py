"""Every command that reports has a published JSON Schema, and prints what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).resolve().parents[2] / "profiles" / "schema"


@pytest.fixture(scope="module")
def shape():
    documents = [json.loads(file.read_text("utf-8")) for file in SCHEMAS.rglob("*.json")]
    registry = Registry().with_resources([(item["$id"], Resource.from_contents(item)) for item in documents])
    by_name = {file.name.removesuffix(".v1.json"): file for file in (SCHEMAS / "commands").iterdir()}

    def check(name, value):
        schema = json.loads(by_name[name].read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        errors = [
            f"{list(error.path)}: {error.validator}"
            for error in Draft202012Validator(schema, registry=registry).iter_errors(value)
        ]
        assert not errors

    return check


@pytest.mark.parametrize("case", ["early-help", "children-in-need", "front-door"])
def test_plan_run_and_open_print_what_their_schemas_say(place, county, trawl, shape, case):
    shape("plan", trawl("plan", place.case(case), "--json").json())
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
    (place.hub / "cases" / "broken.yaml").write_text("version: 2\n", "utf-8")
    shape("case-list", trawl("case", "list", "--json").json())
    shape("case-person-add", trawl("case", "person", "add", case, "--found", "--json").json())
    shape("case-person-add", trawl("case", "person", "add", case, "--found", 1, "--json").json())


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


def test_every_schema_of_a_command_is_used_here():
    text = Path(__file__).read_text("utf-8")
    for file in (SCHEMAS / "commands").iterdir():
        assert f'shape("{file.name.removesuffix(".v1.json")}"' in text
