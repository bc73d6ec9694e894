"""What can be known beforehand is known before any agency is asked; what is shown cannot be forged."""

from __future__ import annotations

import json
import shutil
import sqlite3

import pytest
import yaml


@pytest.fixture
def trawl(trawl_here):
    """So many commands are run here that starting Python each time is slow."""
    return trawl_here


def asked(county):
    return sum(county.police.hits.values()) + sum(county.health.hits.values())


def test_a_place_that_cannot_take_the_product_is_refused_before_asking(place, county, trawl, tmp_path):
    for out in (tmp_path, tmp_path / "notes.txt" / "x.mtr"):
        (tmp_path / "notes.txt").write_text("mine", "utf-8")
        done = trawl("run", place.case("children-in-need"), "--out", out)
        assert done.code == 2, done.err
    assert asked(county) == 0


def test_missing_root_keys_are_refused_before_asking(place, county, trawl):
    for root in ("root.a", "root.b"):
        (place.root / "keys" / root).unlink()
    done = trawl("run", place.case("children-in-need"))
    assert done.code == 5, done.err
    assert asked(county) == 0


def test_a_database_from_before_a_destruction_is_found_out_by_run_check_and_audit(place, county, trawl, tmp_path):
    trawl("run", place.case("early-help"))
    backup = tmp_path / "backup.db"
    with sqlite3.connect(place.hub / "hub.db") as live, sqlite3.connect(backup) as copy:
        live.backup(copy)
    live.close(), copy.close()
    assert trawl("destroy", "DEMO-2026-0001", "--reason", "keyworker appointed", "--yes").code == 0
    for stale in place.hub.glob("hub.db*"):
        stale.unlink()
    shutil.copy(backup, place.hub / "hub.db")
    before = asked(county)
    assert trawl("run", place.case("children-in-need")).code == 5
    assert trawl("check").code == 2
    assert trawl("audit", "verify").code == 5
    assert asked(county) == before


def test_a_name_cannot_forge_a_line_of_the_plan(place, trawl):
    case = yaml.safe_load(place.case("children-in-need").read_text("utf-8"))
    case["people"][0]["names"][0]["given"] = ["Ai\u202e\u2028PERMIT"]
    file = place.hub / "cases" / "forged.json"
    file.write_text(json.dumps(case), "utf-8")
    done = trawl("plan", file)
    assert "\u202e" not in done.out + done.err
    assert "\u2028" not in done.out + done.err


def test_an_export_that_cannot_be_written_is_never_listed(place, county, trawl, tmp_path):
    product = trawl("run", place.case("early-help"), "--json").json()["product"]
    (tmp_path / "file").write_text("", "utf-8")
    done = trawl("export", product, "--format", "json", "--to", tmp_path / "file" / "copy.json")
    assert done.code == 2, done.err
    assert json.loads(trawl("audit", "show", "--kind", "record.exported", "--json").out) == []
    assert trawl("export", product, "--format", "json", "--to", tmp_path / "copy.json").code == 0
    (copy,) = json.loads(trawl("audit", "show", "--kind", "record.exported", "--json").out)
    assert copy["public"]["copy"] == 1


def test_destroying_without_anybody_to_confirm_it_says_what_to_do(place, county, trawl):
    trawl("run", place.case("early-help"))
    done = trawl("destroy", "DEMO-2026-0001", "--reason", "keyworker appointed")
    assert done.code == 2
    assert "--yes" in done.err
    assert trawl("readers", "list", "DEMO-2026-0001").code == 0
