"""`connectors test`: exit codes, words and JSON, without pytest; and the questions to a real source."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from mash_trawl.cli.connectors_command import command
from mash_trawl.errors import Misconfigured
from mash_trawl.model.hub import HubFile, PersonForTests, RootKeys, SourceSettings
from mash_trawl.sources.gate import Gate
from mash_trawl.testing.live import _facts, live
from mash_trawl.testing.target import targets
from mash_trawl.testing.world import Book, Shown

SCHEMA = Path(__file__).parents[2] / "profiles" / "schema" / "commands" / "connectors-test.v1.json"
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def run(*words: str) -> Any:
    return CliRunner().invoke(command, ["test", *words])


def test_a_mapping_is_tested_with_the_seed_beside_it_and_faulty_ones_exit_with_3(yaml_source: Path) -> None:
    good = run(str(yaml_source), "--json")
    (told,) = json.loads(good.output)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate([told])
    failed = {one["name"]: one["findings"] for one in told["checks"] if one["outcome"] == "failed"}
    assert (good.exit_code, failed) == (0, {})
    bad = yaml_source.with_name("month_first.yaml")
    text = yaml_source.read_text("utf-8").replace("%d/%m/%Y", "%m/%d/%Y")
    bad.write_text(text, encoding="utf-8")
    ran = run(str(bad), "--seed", str(yaml_source.with_name("seed.sql")))
    assert ran.exit_code == 3 and "FAIL  8 only this person" in ran.output
    assert ran.output.splitlines()[-1].endswith(" s of processor time)") and told["processor_milliseconds"] > 0


def test_a_column_that_its_author_leaves_out_of_a_check_is_told_each_time(yaml_source: Path) -> None:
    test = yaml_source.with_name("test_left_out.py")
    lines = (
        "from mash_trawl.testing import ConnectorContract, mapping, seeded_sql", "class TestSmall(ConnectorContract):",
        "    connector, source = mapping('small.yaml'), seeded_sql('seed.sql')",
        "    not_codes = {'outcome': 'free text'}",
    )  # fmt: skip
    test.write_text("\n".join(lines), encoding="utf-8")
    said = "outcome is not taken for a code: free text"
    assert f"note: {said}" in run(str(test)).output.splitlines()
    assert json.loads(run(str(test), "--json").output)[0]["remarks"] == [said]


def test_what_nobody_could_test_is_not_green(yaml_source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mash_trawl.testing.seeds_sql.SqlSeed.missing", lambda seed: "the package x is not installed")
    ran = run(str(yaml_source))
    assert ran.exit_code == 2 and "skip  1 descriptor: the package x is not installed" in ran.output
    assert json.loads(run(str(yaml_source), "--json").output)[0]["green"] is False


@pytest.mark.parametrize(("words", "said"), [(("nothere",), "no connector `nothere` is installed"),
                                             (("none.py",), "no such file")])  # fmt: skip
def test_what_cannot_be_tested_is_a_mistake_of_the_caller(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        CliRunner().invoke(command, ["test", *words], catch_exceptions=False)


def test_a_mapping_without_a_seed_says_which_files_are_looked_for(yaml_source: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.yaml"
    alone.write_text(yaml_source.read_text("utf-8"), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"alone.seed.sql"):
        CliRunner().invoke(command, ["test", str(alone)], catch_exceptions=False)


@pytest.mark.parametrize("name", ["police", "education", "social_care", "health", "housing"])
def test_a_connector_of_a_checkout_is_found_with_its_contract_by_name(name: str) -> None:
    assert [one.connector.name for one in targets(name, None)] == [name]


def test_one_that_was_installed_without_its_tests_says_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mash_trawl.testing.target.project_of", lambda connector: None)
    with pytest.raises(Misconfigured, match=r"installed without its tests.*connectors/police/tests"):
        targets("police", None)


def test_a_person_who_answers_by_hand_cannot_be_tested() -> None:
    with pytest.raises(Misconfigured, match="asked on paper"):
        targets("gp_return", None)


def test_the_page_of_a_connector_names_all_that_it_asks_for(yaml_source: Path) -> None:
    told = run(str(yaml_source), "--docs")
    assert told.exit_code == 0
    assert "- `small.asb`" in told.output and "- `family` + `born`" in told.output


@pytest.fixture
def source(systems: Any, tmp_path: Path) -> Any:
    """A gate with a ledger to one real database, and what may be asked of it."""
    with closing(sqlite3.connect(tmp_path / "real.db")) as db, db:
        db.executescript(systems["sql"][1]()._fill)
    book = Book()
    settings = SourceSettings(name="small", agency="small", connect={"url": "sqlite:///real.db"})
    hub = HubFile(version=1, name="kit", profiles=(), root_keys=RootKeys(paths=()), reader_keys="", signing_key="",
                  sources=(settings,))  # fmt: skip
    gate = Gate.build(book, hub, resolve=Shown, clock=lambda: NOW, monotonic=lambda: 0.0, actor="ann", base=tmp_path)
    return gate, book, systems["sql"][0]


def test_a_real_source_is_asked_about_its_test_person_and_the_ledger_has_every_ask(source: Any) -> None:
    gate, book, connector = source
    person = PersonForTests(ref="K1", family="Khan", born=date(2014, 5, 17))
    assert [one.outcome for one in live(gate, "small", connector, person)] == ["passed", "passed"]
    kinds = [entry.kind for entry in book.entries]
    assert kinds == ["source.asked", "source.answered"] * 2
    assert {entry.private["case"] for entry in book.entries} == {"connector-test"}


def test_a_test_person_who_is_not_found_fails_and_nothing_of_the_answer_is_said(source: Any) -> None:
    gate, _, connector = source
    found = live(gate, "small", connector, PersonForTests(ref="K9", family="Khan", born=date(2014, 5, 17)))
    assert [one.findings for one in found] == [
        ("does not find the test person.",), (),
    ]  # fmt: skip


def test_a_reference_that_no_find_brought_is_not_fetched_though_somebody_has_it(source: Any) -> None:
    gate, book, connector = source
    wrong = PersonForTests(ref="K1", family="Testfall", born=date(2014, 5, 17))
    _, fetch = live(gate, "small", connector, wrong)
    assert fetch.outcome == "skipped" and "ref" in fetch.reason
    assert [entry.public["step"] for entry in book.entries if entry.kind == "source.asked"] == ["find"]


def test_a_category_that_the_hub_file_takes_away_is_not_granted(source: Any) -> None:
    gate, _, connector = source
    post = gate.post("small")
    gate._posts["small"] = replace(post, settings=replace(post.settings, categories=()))
    first, fetch = live(gate, "small", connector, PersonForTests(ref="K1", family="Khan", born=date(2014, 5, 17)))
    assert first.outcome == "passed" and fetch.outcome == "failed"


def test_numbers_and_postcodes_of_a_test_person_may_be_written_as_people_write_them() -> None:
    held = _facts(PersonForTests(ref="K1", postcode="nb1 4qt", nhs_number="999 000 0018"))
    assert (held["postcode"], held["postcode_sector"], held["nhs_number"]) == ("NB14QT", "NB1 4", "9990000018")


def test_a_key_that_the_test_person_does_not_fill_is_skipped_with_its_reason(source: Any) -> None:
    gate, _, connector = source
    first, second = live(gate, "small", connector, PersonForTests(ref="K1"))
    assert (first.outcome, second.outcome) == ("skipped", "skipped") and first.reason
