"""A trawl that goes well says nothing about anybody, anywhere but in the product that is opened."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
import yaml

from mash_trawl.config.case import load_case
from mash_trawl.config.secrets import Secret
from mash_trawl.consent.grants import mint_grants
from mash_trawl.hub import Hub
from mash_trawl.model.hub import HubFile, RootKeys, SourceSettings

SECRET = "Sikkretissimo-4711"


def test_the_canaries_do_reach_the_product(stage, scanner):
    with Hub.open(stage.root / "hub") as hub:
        result = hub.run(stage.case)
        assert {answer.status.value for answer in result.answers} >= {"found", "consent_missing"}
        assert stage.say("open", result.path, "--text") == 0
    told = " ".join(scanner.found(stage.capfd.readouterr().out))
    for canary in ("given name D2-4", "family name", "narrative", "postcode"):
        assert canary in told


@pytest.mark.parametrize("how", [["run"], ["run", "--json"], ["plan"], ["plan", "--json"]], ids=" ".join)
def test_run_and_plan_say_nothing_personal_with_every_logger_at_debug(stage, scanner, how):
    with stage.listen() as heard:
        assert stage.say(how[0], stage.case, *how[1:]) in (0, 3)
    assert heard.out
    assert (len(heard.addresses) > 5) is (how[0] == "run")
    assert len(heard.logs) > 20
    if how == ["plan"]:  # read by the practitioner who wrote the case: it calls people by their names, and says no more
        assert all(" name" in hit for hit in scanner.found(heard.out))
        heard.out = ""
    assert scanner.found(heard.heap()) == []
    assert stage.left_behind(scanner) == []


def test_the_other_commands_say_nothing_personal(stage, scanner):
    with Hub.open(stage.root / "hub") as hub:
        path = hub.run(stage.case).path
    record = path.name.split("-v")[0]
    with stage.listen() as heard:
        for command in (
            ["open", path], ["open", path, "--reason", "strategy meeting"], ["check"], ["check", "--json"],
            ["audit", "show", "--json", "--last", 500], ["audit", "verify"], ["connectors", "list"],
            ["readers", "list", record], ["destroy", "DEMO-2026-0002", "--reason", "over", "--yes"], ["open", path],
        ):  # fmt: skip
            assert stage.say(*command) in (0, 2, 3, 5), command
    assert len(heard.out) > 500
    assert scanner.found(heard.heap()) == []
    assert stage.left_behind(scanner) == []


def test_an_export_bears_no_name_in_its_own_name_and_leaves_no_other_copy(stage, scanner, tmp_path):
    with Hub.open(stage.root / "hub") as hub:
        path = hub.run(stage.case).path
    with stage.listen() as heard:
        for form in ("html", "json"):
            assert stage.say("export", path, "--format", form, "--to", tmp_path / f"copy.{form}") == 0
            assert stage.say("export", path, "--format", form, "--to", tmp_path / f"copy.{form}") == 2
    assert scanner.found(heard.heap()) == []
    assert stage.left_behind(scanner) == []
    assert scanner.found((tmp_path / "copy.html").read_bytes())


def test_no_value_of_a_trawl_shows_anything_in_its_repr(stage, scanner):
    case = load_case(stage.case)
    with Hub.open(stage.root / "hub") as hub:
        plan, result = hub.plan(case), hub.run(case)
        grants = mint_grants(plan.decisions, plan.decisions.at, lambda: "id")
        opened = hub.unseal(result.path, reason="test")
        product = hub.read_product(result.path, reason="test")
        roots = (case, plan, result, grants, opened, hub, hub.settings, hub.registry, product)
        reached = list(_values(roots, set()))
        told = {type(one).__name__: scanner.found(f"{one!r} {one!s} {one}") for one in reached}
    assert {name: hits for name, hits in told.items() if hits} == {}
    kinds = {type(one).__name__ for one in reached}
    assert kinds >= {"Person", "Name", "Address", "Case", "Answer", "Event", "Product", "Family", "ChronologyRow"}


def test_a_secret_written_plainly_into_the_hub_file_stays_out_of_its_repr(scanner):
    keys = RootKeys(paths=("../root",))
    source = SourceSettings(name="police", agency="police", connect={"client_secret": SECRET})
    proxied = f"http://mash:{SECRET}@proxy.example:8080"
    hub = HubFile(
        version=1, name="north", profiles=("base",), root_keys=keys, reader_keys="../readers", signing_key="../sign",
        database=f"postgresql+psycopg://mash:{SECRET}@db.example/hub", proxy=proxied,
        sources=(source, replace(source, proxy=proxied)),
    )  # fmt: skip
    for value in (hub, hub.sources, Secret(SECRET)):
        assert scanner.found(f"{value!r} {value!s}") == []


def _values(value, seen):
    """Every value of a class of ours that can be reached from here."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, tuple | list | set | frozenset):
        parts = value
    elif is_dataclass(value):
        parts = [getattr(value, one.name) for one in fields(value)]
        yield value
    else:
        parts = ()
        if type(value).__module__.startswith("mash_trawl"):
            yield value
    for part in parts:
        yield from _values(part, seen)


def test_the_ledgers_public_parts_and_the_raw_database_hold_nobody(stage, scanner):
    draft = yaml.safe_load(stage.case.read_text("utf-8"))
    draft["consents"][0]["id"] = "told-to-Zorblattine"
    stage.case.write_text(yaml.safe_dump(draft, sort_keys=False, allow_unicode=True), "utf-8")
    with Hub.open(stage.root / "hub") as hub:
        hub.run(stage.case)
        rows = list(hub.ledger.rows())
    public = json.dumps([row.public for row in rows], default=str)
    assert len(rows) > 10
    assert scanner.found(public) == []
    assert "DEMO-2026" not in public
    assert "Zorblattine" not in public and any("told-to-Zorblattine" in str(row.private) for row in rows)
    dump = "\n".join(sqlite3.connect(stage.root / "hub" / "hub.db").iterdump())
    assert scanner.found(dump) == []


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc, which only Linux has")
def test_arguments_environment_thread_names_and_temporary_files_while_it_runs_hold_nobody(stage, scanner):
    hub = str(stage.root / "hub")
    command = [sys.executable, "-X", "dev", "-m", "mash_trawl", "--hub", hub, "run", str(stage.case)]
    answer, seen, started = stage.running.police.answer, [], threading.Event()

    def look(request):
        assert started.wait(30)
        place = Path(f"/proc/{child.pid}")
        seen.extend((place / name).read_bytes() for name in ("cmdline", "environ", "comm"))
        seen.extend(file.read_bytes() for file in place.glob("task/*/comm"))
        seen.extend(str(file.readlink()).encode() for file in place.glob("fd/*"))
        seen.extend(line.encode() for line in scanner.files(stage.temp))
        return answer(request)

    stage.running.police.answer = look
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        started.set()
        out, err = child.communicate(timeout=100)
    assert child.returncode == 3, err
    assert len(seen) > 20
    assert any(b"mash_trawl" in part for part in seen)
    assert scanner.found(b"\n".join(seen)) == []
    assert scanner.found(out + err) == []
    assert b"Warning" not in err
    assert stage.left_behind(scanner) == []
