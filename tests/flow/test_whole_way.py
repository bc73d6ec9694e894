"""From case file to sealed product and back, with real servers."""

from __future__ import annotations

import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest

from mash_trawl.errors import Refused
from mash_trawl.hub import Hub
from mash_trawl_county.__main__ import main as county_program
from mash_trawl_county.hub_sources import FIRST


@pytest.mark.parametrize("drivers", ["as on this machine", "none"])
def test_the_demo_ends_as_its_ground_truth_foretells_and_its_lines_can_be_followed(
    trawl, trawl_here, tmp_path, monkeypatch, drivers
):
    if drivers == "none":
        monkeypatch.setenv("ODBCSYSINI", str(tmp_path))
    done = trawl("demo", "--out", tmp_path / "demo", "--families", 5, hub=False)
    assert done.code == 0, done.err
    assert drivers != "none" or "Left out: youth_offending" in done.out + done.err
    page = (tmp_path / "demo" / "out" / "product.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "Samira Malik is a child of Halima Rahman" in page, "social care lets the family grow"
    assert "persistent absence" in page and "Same day, 3 agencies" in page
    assert "Child seen alone outside after dark" not in page, "that is another family"
    assert {item.name for item in (tmp_path / "demo").iterdir()} == {".mash-trawl-demo", "county", "hub", "keys", "out"}
    assert "gp_practice, a person, has to be asked, due 2 November 2026 at 13:05 UK time" in page
    assert "Holds nothing" in page and "probation is asked only about people from 18 years old" in page
    if drivers != "none":
        _follow(tmp_path / "demo", done.out + done.err, trawl_here)


def _follow(demo, told, trawl_here):
    """Ask on paper, answer and take in by the lines that the demo printed, as somebody would who copies them."""
    lines = told.partition("Next:\n")[2].splitlines()
    steps = {line[2:32].strip(): shlex.split(line[33:]) for line in lines}

    def run(line):
        return trawl_here(*line[line.index("--hub") :], hub=False)

    assert run(steps["ask the GP practice on paper"]).code == 0
    answer = steps["have the practice answer it"]
    assert answer[1:3] == ["-m", "mash_trawl_county"]
    assert county_program(answer[3:]) == 0
    taken = run(steps["take its return in"])
    assert taken.code == 0, taken.err
    with Hub.open(demo / "hub") as hub:
        product = hub.open(hub.custody.newest("DEMO-2026-0002").path, reason="test")
    told = {one.person: one.status for one in product.answers if one.source == "gp_practice"}
    assert told == {"p1": "found", "p2": "found", "p3": "none_found", "p4": "consent_missing"}
    assert "Not brought to the asthma review" in {event.headline for event in product.chronology}
    assert not (demo / "out" / "return.xlsx").exists()


def test_run_lists_every_source_and_person_exactly_once(place, county, trawl_here):
    done = trawl_here("run", place.case("children-in-need"), "--json")
    answers = done.json()["answers"]
    pairs = [(answer["source"], answer["person"]) for answer in answers]
    assert sorted(pairs) == sorted({(s, p) for s in ("housing", "police", "health") for p in ("p1", "p2", "p3", "p4")})
    keys = {"source", "agency", "person", "status", "why", "found", "withheld", "coverage", "attempts", "seconds"}
    assert all(set(answer) == keys for answer in answers)


@pytest.mark.parametrize("name", ["early-help", "children-in-need", "front-door"])
def test_every_demo_case_is_answered_as_the_truth_foretells(place, county, name):
    truth = json.loads((place.root / "county" / "truth.json").read_text("utf-8"))
    with place.open() as hub:
        result = hub.run(place.case(name))
    case = truth["cases"][result.decisions.case]
    told = {s: {a.person: a.status.value for a in result.answers if a.source == s} for s in FIRST}
    assert told == {s: case["expected"][s] for s in FIRST}
    for answer in result.answers:
        right = truth["people"][case["people"][answer.person]][answer.source]
        assert {match.ref for match in answer.matches} <= {right}


def test_every_record_that_may_be_seen_is_there_and_no_other(place, county):
    truth = json.loads((place.root / "county" / "truth.json").read_text("utf-8"))
    with place.open() as hub:
        result = hub.run(place.case("children-in-need"))
    people = truth["cases"][result.decisions.case]["people"]
    granted = {(d.source, people[d.person], d.category) for d in result.decisions if d.outcome.value == "PERMIT"}
    found = {(a.source, a.person) for a in result.answers if a.status.value == "found"}
    expected = {
        ref
        for ref, record in truth["records"].items()
        for person, ident in people.items()
        if ident in record["people"]
        and (record["system"], ident, record["category"]) in granted
        and (record["system"], person) in found
    }
    got = {
        f.ref.split(":")[-1].split("/")[-1]
        for a in result.answers
        for f in a.findings
        if f.type in ("event", "involvement")
    }
    assert expected <= got
    assert not {ref for ref in got if ref in truth["records"]} - expected


def test_a_source_that_is_denied_is_not_touched_at_all(place, county):
    with place.open() as hub:
        result = hub.run(place.case("front-door"))
        asked = list(hub.ledger.rows("source.asked"))
    assert {answer.status.value for answer in result.answers} == {"consent_missing"}
    assert asked == []
    assert sum(county.police.hits.values()) == 0
    assert sum(county.health.hits.values()) == 0


def test_nothing_permitted_still_seals_the_refusals_and_ends_4(place, county, trawl_here):
    done = trawl_here("run", place.case("front-door"), "--json")
    assert done.code == 4
    assert trawl_here("open", done.json()["product"]).code == 0
    clock = trawl_here("status", place.case("front-door"), "--no-open", "--json").json()["clock"]
    assert clock["state"] in ("running", "overdue"), "nobody was asked, so nothing stops the clock"


def test_a_server_that_is_down_costs_only_its_own_section(place, county, trawl_here):
    county.police.stop()
    done = trawl_here("run", place.case("children-in-need"), "--json")
    assert done.code == 3
    statuses = {(a["source"], a["person"]): a["status"] for a in done.json()["answers"]}
    assert statuses["police", "p1"] in ("unreachable", "timed_out")
    assert statuses["housing", "p1"] == "found"
    assert statuses["health", "p1"] == "found"


def test_the_second_run_supersedes_the_first_version(place, county, trawl_here):
    first = trawl_here("run", place.case("early-help"), "--json").json()["product"]
    second = trawl_here("run", place.case("early-help"), "--refresh", "all", "--json").json()["product"]
    assert first.endswith("-v1.mtr")
    assert second.endswith("-v2.mtr")
    assert trawl_here("open", first).code == 5
    assert trawl_here("open", second).code == 0


def test_content_comes_only_when_asked_for(place, county, trawl_here):
    product = trawl_here("run", place.case("children-in-need"), "--json").json()["product"]
    assert "Aisha" not in trawl_here("open", product).out
    assert "Aisha" in trawl_here("open", product, "--text").out
    assert trawl_here("open", product, "--json").json()["product"]["chronology"]


def test_an_export_is_numbered_and_listed(place, county, trawl_here, tmp_path):
    product = trawl_here("run", place.case("children-in-need"), "--json").json()["product"]
    for number, form in enumerate(("html", "json"), start=1):
        done = trawl_here("export", product, "--format", form, "--to", tmp_path / f"copy.{form}")
        assert done.code == 0, done.err
        assert f"copy {number}" in done.err
    assert trawl_here("export", product, "--format", "json", "--to", tmp_path / "copy.json").code == 2


def test_after_destroying_nobody_opens_the_record_and_a_restored_database_stays_dead(
    place, county, trawl_here, tmp_path
):
    product = trawl_here("run", place.case("children-in-need"), "--json").json()["product"]
    with place.open() as hub:
        case_id = json.loads(json.dumps(hub.plan(place.case("children-in-need")).case))
    copy = tmp_path / "copy.mtr"
    shutil.copy(product, copy)
    backup = tmp_path / "backup.db"
    source = sqlite3.connect(place.hub / "hub.db")
    source.backup(sqlite3.connect(backup))
    source.close()
    done = trawl_here("destroy", case_id, "--reason", "keyworker appointed", "--yes")
    assert done.code == 0, done.err
    for file in (product, copy):
        assert trawl_here("open", file).code in (2, 5)
    assert trawl_here("check", "--backup", backup, "--json").code in (0, 3)
    for stale in place.hub.glob("hub.db*"):
        stale.unlink()
    shutil.copy(backup, place.hub / "hub.db")
    restored = trawl_here("open", copy, "--text")
    assert restored.code == 5
    assert restored.out == ""


def test_readers_can_be_listed_and_revoked(place, county, trawl_here):
    product = trawl_here("run", place.case("early-help"), "--json").json()["product"]
    record = product.rsplit("/", 1)[-1].split("-v")[0]
    reader = json.loads(trawl_here("readers", "list", record, "--json").out)[0]["reader"]
    assert trawl_here("readers", "revoke", record, reader, "--yes").code == 0
    done = trawl_here("open", product)
    assert done.code == 5
    assert done.out == ""


def test_any_flipped_byte_is_refused_and_prints_nothing(place, county):
    with place.open() as hub:
        path = hub.run(place.case("early-help")).path
        whole = path.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 40)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(Refused):
                hub.open(path, reason="test")
        path.write_bytes(whole)
        assert hub.open(path, reason="test").chronology is not None


def test_the_ledger_tells_the_whole_story_and_verifies(place, county, trawl_here):
    trawl_here("run", place.case("children-in-need"))
    rows = json.loads(trawl_here("audit", "show", "--json", "--last", 500).out)
    kinds = [row["kind"] for row in rows]
    story = ["trawl.requested", "consent.checked", "source.asked", "source.answered", "record.sealed", "trawl.finished"]
    first = [kinds.index(kind) for kind in story]
    assert first == sorted(first)
    assert trawl_here("audit", "verify").code == 0
    text = json.dumps(rows)
    assert "Aisha" not in text
    assert "Malik" not in text
    assert "DEMO-2026" not in text


def test_a_hub_whose_files_nobody_approved_asks_nothing_and_seals_nothing(place, county, trawl_here):
    place.edit("statements: from_file", "statements: signed")
    done = trawl_here("run", place.case("children-in-need"), "--json")
    assert done.code == 5
    assert "hub.yaml" in done.err and "approve" in done.err
    assert "hub.yaml" in trawl_here("plan", place.case("children-in-need")).out
    assert not list((place.hub / "records").glob("*.mtr"))


def test_a_destroyed_case_is_refused_before_any_agency_is_asked(place, county, trawl_here):
    trawl_here("run", place.case("early-help"))
    before = dict(county.police.hits)
    assert trawl_here("destroy", "DEMO-2026-0001", "--reason", "keyworker appointed", "--yes").code == 0
    done = trawl_here("run", place.case("early-help"))
    assert done.code == 5
    assert "destroyed" in done.err
    assert dict(county.police.hits) == before


def test_a_case_id_stands_for_its_newest_product(place, county, trawl_here):
    trawl_here("run", place.case("early-help"))
    done = trawl_here("open", "DEMO-2026-0001")
    assert done.code == 0, done.err
    assert "Case DEMO-2026-0001: version 1 of record " in done.out
    assert trawl_here("open", "DEMO-2026-9999").code == 2


def test_plan_says_for_every_person_source_and_category_what_would_unlock_it(place, trawl_here):
    plan = trawl_here("plan", place.case("children-in-need"), "--json").json()
    assert set(plan) == {"case", "decisions", "asks", "refusals"}
    assert len(plan["asks"]) + len(plan["refusals"]) == len(plan["decisions"])
    keys = {"person", "source", "category", "decision", "rule", "reason", "unlock"}
    assert all(set(row) == keys for row in plan["decisions"])
    assert all(row["unlock"] for row in plan["refusals"] if row["rule"].startswith("consent."))
    words = trawl_here("plan", place.case("front-door")).out
    assert "to unlock:" in words
    assert "Nothing has been sent" in words


def test_a_server_that_dies_in_the_middle_of_a_run_costs_only_its_own_section(place, begin):
    command = [sys.executable, "-m", "mash_trawl_county", "serve", str(place.root / "county")]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert serving.stdout.readline().startswith("police")
    (place.root / "county" / "health.url").write_text("http://127.0.0.1:9", "utf-8")
    place.edit("    agency: police\n", "    agency: police\n    limits: {per_second: 1}\n")
    running = begin("--hub", place.hub, "run", place.case("children-in-need"), "--json")
    with place.open() as hub:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and "source.asked" not in {row.kind for row in hub.ledger.rows()}:
            time.sleep(0.02)
    serving.kill()
    serving.communicate()
    out, err = running.communicate(timeout=60)
    assert running.returncode == 3, err
    statuses = {(a["source"], a["person"]): a["status"] for a in json.loads(out)["answers"]}
    assert {statuses["police", person] for person in ("p1", "p2", "p3")} <= {"unreachable", "timed_out"}
    assert statuses["housing", "p1"] == "found"
