"""The same county with every connector in a process of its own: nothing that anybody reads is different."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mash_trawl.model.base import to_plain

OURS = ("housing", "police", "health")


def said(answers):
    """What the answers say, without the times; and without the attempts, because each worker logs in for itself."""
    told = {}
    for answer in answers:
        plain = to_plain(answer)
        told[answer.source, answer.person] = {
            name: value for name, value in plain.items() if name not in ("asked_at", "milliseconds", "attempts")
        }
    return told


def test_our_own_connectors_answer_alike_on_threads_and_in_processes(place, county):
    case = place.case("children-in-need")
    with place.open() as hub:
        on_threads = hub.run(case).answers
    for name in OURS:
        place.edit(f"    connector: {name}\n", f"    connector: {name}\n    isolate: process\n")
    with place.open() as hub:
        assert [row.isolate for row in hub.registry.describe() if row.name in OURS] == ["process"] * 3
        assert all("without its sha256" in warning for warning in hub.registry.warnings())
        in_processes = hub.run(case, refresh=("all",)).answers
    assert {answer.status for answer in in_processes} >= {"found"}
    assert said(in_processes) == said(on_threads)


def test_a_database_answers_alike_over_an_odbc_driver_in_a_worker(place, county):
    pyodbc = pytest.importorskip("pyodbc") if os.environ.get("CI") != "true" else __import__("pyodbc")
    if "SQLite3" not in pyodbc.drivers():
        if os.environ.get("CI") == "true":
            raise RuntimeError("libsqliteodbc is not installed, and in CI the ODBC tests may not be skipped")
        pytest.skip("NO WORKER IS TESTED OVER ODBC: the package libsqliteodbc is not installed")
    case = place.case("children-in-need")
    with place.open() as hub:
        direct = hub.run(case).answers
    (place.hub / "sources").mkdir(exist_ok=True)
    text = Path("connectors/housing/mash_trawl_housing/housing.yaml").read_text("utf-8")
    (place.hub / "sources" / "asb.yaml").write_text(text.replace("kind: sql", "kind: odbc", 1), "utf-8")
    file = (place.root / "county" / "housing.url").read_text("utf-8").strip().removeprefix("sqlite:///")
    place.edit(
        "    connector: housing\n    connect: {url: file:../county/housing.url}\n",
        f"    mapping: sources/asb.yaml\n    connect: {{driver: SQLite3, database: {file}}}\n",
    )
    with place.open() as hub:
        (row,) = [row for row in hub.registry.describe() if row.name == "housing"]
        over_odbc = hub.run(case, refresh=("all",)).answers
    assert (row.kind, row.isolate) == ("odbc", "process")
    pairs = [(key, said(over_odbc)[key], told) for key, told in said(direct).items() if key[0] == "housing"]
    assert any(told["status"] == "found" for _, _, told in pairs)
    for _, there, here in pairs:
        assert there | {"connector": ""} == here | {"connector": ""}
