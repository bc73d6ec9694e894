"""The kit on small connectors of every kind: healthy ones are green, and every faulty twin is noticed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.testing.bench import Options
from mash_trawl.testing.cast import Facts, soundex, told_in
from mash_trawl.testing.kit import checks, run_kit
from mash_trawl.testing.mutant_list import MUTANTS
from mash_trawl.testing.mutants import score


def run(systems: Any, kind: str, **more: Any) -> Any:
    connector, seed, cast = systems[kind]
    report = run_kit(connector, seed(), cast=cast, **more)
    if kind == "odbc" and report.count("skipped") == len(report.results) and os.environ.get("CI") == "true":
        raise RuntimeError(f"in CI the ODBC tests may not be skipped: {report.results[0].reason}")
    return report


def test_there_are_24_checks_each_with_a_name_and_what_it_proves() -> None:
    assert list(checks()) == list(range(1, 25))
    assert all(one.name and one.proves.endswith(".") for one in checks().values())


@pytest.mark.parametrize("kind", ["sql", "odbc", "http", "fhir", "files"])
def test_a_healthy_connector_is_green_and_every_skip_has_its_reason(systems: Any, kind: str) -> None:
    report = run(systems, kind)
    assert [(one.name, one.findings) for one in report.results if one.findings] == []
    assert all(one.reason for one in report.results if one.outcome == "skipped")


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.number != 17], ids=lambda one: one.name)
def test_every_bundled_twin_of_a_sql_connector_is_noticed(systems: Any, mutant: Any) -> None:
    connector, seed, cast = systems["sql"]
    assert [one.outcome for one in score(connector, seed(), cast=cast, only=(mutant.name,))] == ["caught"]


def test_without_its_driver_no_twin_is_asked_and_that_is_said(systems: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    connector, seed, cast = systems["sql"]
    monkeypatch.setattr("mash_trawl.testing.seeds_sql.SqlSeed.missing", lambda seed: "the package x is not installed")
    found = score(connector, seed(), cast=cast)
    assert {one.outcome for one in found} == {"not asked: the package x is not installed"}
    assert len(found) == len(MUTANTS)


WEB = (
    "reads the first page only", "writes to the source", "takes every error for an empty answer",
    "tries again by itself", "asks for everything and filters", "keeps every row", "reads the month first",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["http", "fhir"])
def test_twins_of_web_connectors_are_noticed(systems: Any, kind: str) -> None:
    connector, seed, cast = systems[kind]
    found = score(connector, seed(), cast=cast, only=WEB)
    assert "reads the first page only" in [one.name for one in found]
    one_category, own_zone = "asks for everything and filters", "reads the month first"
    apart = (one_category,) if kind == "fhir" else (own_zone,)
    missed = {one.name: one.outcome for one in found if one.outcome != "caught" and one.name not in apart}
    assert missed == {}


def test_a_check_that_does_not_apply_is_skipped_for_the_authors_reason(systems: Any) -> None:
    report = run(systems, "sql", options=Options(skips={19: "it groups rows by household"}), only=(19,))
    assert [(one.outcome, one.reason) for one in report.results] == [("skipped", "it groups rows by household")]


def test_a_safety_check_cannot_be_skipped(systems: Any) -> None:
    report = run(systems, "sql", options=Options(skips={13: "we log names"}), only=(13,))
    assert not report.green


def test_a_seed_of_another_kind_is_refused_before_anything_runs(systems: Any) -> None:
    with pytest.raises(Misconfigured, match="does not serve"):
        run_kit(systems["http"][0], systems["sql"][1]())


def test_a_seed_says_who_is_who_and_what_is_known_of_the_child() -> None:
    cast, facts = told_in('-- cast: child=T2 twin=T3\n-- facts: family="van Dyk" born=2014-05-17\n')
    assert cast is not None and (cast.child, cast.twin, cast.sibling) == ("T2", "T3", None)
    assert facts is not None and (facts.family, str(facts.born), facts.given) == ("van Dyk", "2014-05-17", None)
    assert set(facts.query) == {"family", "family_soundex", "born", "born_from", "born_to"}


@pytest.mark.parametrize("line", ["-- cast: uncle=T9", "-- facts: shoe=44", "-- facts: born=17/05/2014"])
def test_a_word_in_a_seed_that_nobody_knows_is_told_at_once(line: str) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        told_in(line)


@pytest.mark.parametrize(("text", "code"), [("Khan", "K500"), ("Robert", "R163"), ("Ashcraft", "A261"),
                                            ("Tymczak", "T522"), ("Pfister", "P236")])  # fmt: skip
def test_soundex_is_the_american_one(text: str, code: str) -> None:
    assert soundex(text) == code


def test_the_kits_own_child_is_nobody() -> None:
    assert str(Facts().nhs_number).startswith("999")


def test_the_pytest_plugin_loads_no_driver_and_no_engine() -> None:
    script = (
        "import sys; import mash_trawl.testing.plugin;"
        "print(sorted({n.split('.')[0] for n in sys.modules} & {'sqlalchemy', 'pydantic', 'requests', 'pyodbc'}),"
        "[n for n in sorted(sys.modules) if n.startswith('mash_trawl')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[] ['mash_trawl', 'mash_trawl.testing', 'mash_trawl.testing.plugin']"


CONTRACT = """
from mash_trawl.testing import ConnectorContract, mapping, seeded_sql

class TestSmall(ConnectorContract):
    connector = mapping("small.yaml")
    source = seeded_sql("seed.sql")
    skips = {19: "told by this test"}
    not_codes = {"outcome": "free text"}
"""


def test_a_contract_in_a_test_file_is_run_by_pytest_and_its_score_and_notes_are_printed(yaml_source: Path) -> None:
    test = yaml_source.with_name("test_small.py")
    test.write_text(CONTRACT, encoding="utf-8")
    wanted = ["-q", "-p", "no:cacheprovider", "-k", "test_01 or test_08 or test_19 or test_22"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *wanted, str(test)],
        capture_output=True,
        text=True,
        cwd=test.parent,
        check=False,
    )
    assert "mash-trawl kit, TestSmall: 2 checks passed, 0 failed, 2 skipped" in ran.stdout
    assert "check 19 (flat memory) does not apply: told by this test" in ran.stdout
    assert ran.stdout.count("    note: outcome is not taken for a code: free text") == 1
