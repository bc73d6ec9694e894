"""Sheets, explanations, suspended sources and the dossier of a whole hub, by the commands that make them."""

from __future__ import annotations

import hashlib
import json
import re
import stat

import pytest
from jsonschema import Draft202012Validator

from mash_trawl.cli.dossier_command import write_folder
from mash_trawl.cli.main import main
from mash_trawl.config.schema import schema
from mash_trawl.errors import Misconfigured
from mash_trawl.hub import Hub
from mash_trawl.sources.breaker import LIMIT, Breakers

CASE = "DEMO-2026-0002"


@pytest.fixture
def run(place, capsys, monkeypatch, tmp_path):
    """A command in this process: its exit code, what it printed, what it said."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def one(*arguments):
        code = main(["--hub", str(place.hub), *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return one


def _ledger(place, kind):
    with place.open() as hub:
        return [dict(row.public) for row in hub.ledger.rows(kind)]


def test_the_plan_as_a_sheet_is_private_listed_and_never_written_over(run, place):
    sheet = place.root / "plan.html"
    assert run("plan", CASE, "--html", sheet)[0] == 0
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert _ledger(place, "record.printed") == [{"what": "plan", "format": "html"}]
    text = sheet.read_text("utf-8")
    assert "default-src 'none'" in text and "<script" not in text
    assert text.count('scope="col"') > 10 and text.count('scope="row"') > 10
    for words in ("Children in need, version", "consent.agreed", "gateway.S47", "Samira", "it stands in the case file"):
        assert words in text
    code, _, said = run("plan", CASE, "--html", sheet)
    assert (code, "the file exists" in said) == (2, True)
    assert sheet.read_text("utf-8") == text
    assert len(_ledger(place, "record.printed")) == 1


@pytest.mark.parametrize("role", ["practitioner", "decider", "data_protection_officer"])
def test_who_reads_products_may_have_the_reasons_on_paper(run, place, role):
    place.edit("roles: [analyst, mash_manager, decider]", f"roles: [{role}]")
    sheet = place.root / "plan.html"
    assert run("plan", CASE, "--html", sheet)[0] == 0
    assert len(_ledger(place, "record.printed")) == 1


def test_a_sheet_takes_the_role_to_write_one_and_leaves_nothing_without_it(run, place):
    place.edit("roles: [analyst, mash_manager, decider]", "roles: [administrator]")
    sheet = place.root / "plan.html"
    code, _, said = run("explain", CASE, "p2", "health", "--html", sheet)
    assert (code, "write a sheet of decisions" in said, sheet.exists()) == (5, True, False)
    assert _ledger(place, "record.printed") == []


def test_the_explanation_has_names_on_the_terminal_and_ids_alone_in_json(run, place):
    code, out, _ = run("explain", CASE, "p2", "health", "--category", "health.gp_summary", "--plain")
    assert code == 0 and "Samira Malik said yes" in out and "Sharing agreement north-county" in out
    _, out, _ = run("explain", CASE, "p2", "health", "--json")
    plain = json.loads(out)
    assert "Malik" not in out and "Samira" not in out
    assert [item["category"] for item in plain["categories"]] == sorted(
        item["category"] for item in plain["categories"]
    )
    assert all(
        item["steps"][-1]["step"] in ("unlock", "expiry", "period", "obligation") for item in plain["categories"]
    )
    assert run("explain", CASE, "p9", "health")[0] == 2
    assert "Use one of: p1, p2, p3, p4" in run("explain", CASE, "p9", "health")[2]
    assert run("explain", CASE, "p2", "dentist")[0] == 2
    assert run("explain", CASE, "p2", "health", "--category", "housing.tenancy")[0] == 2
    assert _ledger(place, "source.asked") == []


def test_a_suspended_source_is_not_asked_until_it_is_resumed(run, place):
    code, _, said = run("sources", "suspend", "health", "--reason", "Synthetic audit", "--yes")
    assert code == 0 and "health is suspended in every case" in said
    code, out, _ = run("sources", "list", "--plain")
    assert "SUSPENDED by" in out and "Synthetic audit" in out
    _, out, _ = run("plan", CASE, "--json")
    rules = {row["rule"] for row in json.loads(out)["decisions"] if row["source"] == "health"}
    assert rules == {"scope.suspended"}
    assert run("sources", "suspend", "health", "--reason", "again", "--yes")[0] == 5
    assert run("sources", "resume", "housing", "--reason", "why not", "--yes")[0] == 5
    assert run("sources", "suspend", "dentist", "--reason", "x", "--yes")[0] == 2
    assert run("sources", "suspend", "police", "--reason", " ", "--yes")[0] == 2
    assert run("sources", "resume", "health", "--reason", "Audit is over", "--yes")[0] == 0
    _, out, _ = run("plan", CASE, "--json")
    assert any(row["source"] == "health" and row["decision"] == "PERMIT" for row in json.loads(out)["decisions"])
    assert [row["kind"] for row in _ledger(place, "statement.signed")] == ["suspension", "resumption"]


def test_a_source_that_failed_too_often_is_shown_as_left_alone_by_the_next_command(run, place):
    with place.open() as hub:
        breakers = Breakers.of(hub.store, hub.clock)
        for _ in range(LIMIT):
            breakers.record("health", failed=True)
        breakers.record("police", failed=True)
    _, out, _ = run("sources", "list", "--plain")
    assert "left alone until" in out and "failed 5 times in a row" in out and "failed 1 time in a row" in out
    _, out, _ = run("sources", "list", "--json")
    rows = {row["name"]: row for row in json.loads(out)["sources"]}
    assert rows["health"]["left_alone_until"] and rows["police"]["left_alone_until"] is None
    assert [rows[name]["failures"] for name in ("health", "police", "housing")] == [5, 1, 0]
    _, out, _ = run("check", "--json")
    said = [row for row in json.loads(out) if row["where"] == "health" and row["level"] == "warning"]
    assert any("failed 5 times in a row and is left alone until" in row["what"] for row in said)


def test_whoever_may_not_suspend_signs_nothing_and_hub_yaml_stays_another_way(run, place):
    place.edit("    connector: health\n", "    connector: health\n    suspended: The owner asked for it\n")
    _, out, _ = run("sources", "list", "--json")
    health = next(row for row in json.loads(out)["sources"] if row["name"] == "health")
    assert (health["state"], health["by"], health["reason"]) == ("suspended", "hub.yaml", "The owner asked for it")
    code, _, said = run("sources", "resume", "health", "--reason", "x", "--yes")
    assert (code, "hub.yaml" in said) == (5, True)
    place.edit("roles: [analyst, mash_manager, decider]", "roles: [analyst]")
    code, _, said = run("sources", "suspend", "police", "--reason", "x", "--yes")
    assert (code, "suspend a source" in said) == (5, True)
    assert _ledger(place, "statement.signed") == []


def test_the_dossier_is_the_live_configuration_bound_by_its_hash_and_holds_no_family(run, place):
    folder = place.root / "dossier"
    run("sources", "suspend", "police", "--reason", "Synthetic audit", "--yes")
    code, _, said = run("dossier", "--out", folder)
    assert code == 0
    text, page = (folder / "dossier.json").read_bytes(), (folder / "dossier.html").read_text("utf-8")
    sha256 = hashlib.sha256(text).hexdigest()
    assert sha256 in said and page.count(sha256) == 1
    made = json.loads(text)
    assert not list(Draft202012Validator(schema("dossier")).iter_errors(made))
    assert {one["id"] for one in made["profiles"]} == {"early_help", "children_in_need", "front_door"}
    police = next(one for one in made["sources"] if one["name"] == "police")
    assert (police["why"], police["reason"]) == ("suspended", "Synthetic audit")
    assert any("16LA" in point for point in made["open_points"]) and "Caldicott Guardian" in page
    assert {one["state"] for one in made["files"]} == {"never_approved"}
    for private in ("Malik", "Aisha", CASE, "9434765919", str(place.root), "secret", "127.0.0.1"):
        assert private not in page and private not in text.decode()
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in folder.iterdir())
    assert _ledger(place, "dossier.printed")[-1] == {"sha256": sha256}


def test_the_same_files_and_moment_give_the_same_dossier_and_another_file_another(run, place):
    from mash_trawl.dossier import dossier, look, plain
    from mash_trawl.render.dossier import dossier_page

    with Hub.open(place.hub) as hub:
        now = hub.clock()
        hub.clock = lambda: now
        one = dossier(look(hub, 3))
        assert run("dossier", "--out", place.root / "first")[0] == 0
        two = dossier(look(hub, 3))
    assert plain(one) == plain(two)
    assert dossier_page(one, "dossier.json", "0" * 64) == dossier_page(two, "dossier.json", "0" * 64)
    place.edit("disk", "disk, disk_images_kept: 30d")
    with Hub.open(place.hub) as hub:
        hub.clock = lambda: now
        changed = dossier(look(hub, 3))
    assert any("30d" in copy.ends for copy in changed.copies)
    assert [file.sha256 for file in changed.files] != [file.sha256 for file in one.files]


def test_a_folder_that_holds_something_is_refused_and_a_failed_one_leaves_nothing(run, place):
    folder = place.root / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", "utf-8")
    assert run("dossier", "--out", folder)[0] == 2
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
    with pytest.raises(Misconfigured):
        write_folder(place.root / "new", {"good.json": "{}", "no/such/folder.json": "{}"})
    assert not (place.root / "new").exists()
    assert not [file.name for file in place.root.iterdir() if re.search(r"\.tmp$", file.name)]
