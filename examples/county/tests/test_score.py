"""The scorer: what a case allows is known by construction, the systems witness the calls, and the product is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mash_trawl import load_case
from mash_trawl_county.__main__ import main as county
from mash_trawl_county.build import draw
from mash_trawl_county.case_files import situations
from mash_trawl_county.hub_sources import CONNECTORS
from mash_trawl_county.measures import Measures
from mash_trawl_county.score import Score, plain, score, table
from mash_trawl_county.situations import EVERY, PATTERNS
from mash_trawl_county.truth import Truth
from mash_trawl_county.witness import Witness, hear


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Score:
    return score(tmp_path_factory.mktemp("score").resolve(), families=200, cases=20, seed=1)


def test_twenty_cases_find_what_they_should_and_nothing_else(scored: Score) -> None:
    made = scored.product
    assert made.cases == 20 and made.expected > 20 and made.pairs_asked > 20
    assert made.recall_with_review >= 0.97, made.missed
    harm = (made.wrong, made.forbidden_records, made.forbidden_calls, made.unexplained)
    assert harm == (0, 0, 0, 0), made.faults


def test_every_system_witnesses_what_it_was_asked(scored: Score) -> None:
    assert set(scored.witnessed) == set(CONNECTORS)


def test_the_exact_match_script_asks_what_is_forbidden_and_finds_less(scored: Score) -> None:
    script, made = scored.baseline, scored.product
    assert script.forbidden_calls > 100 and script.forbidden_records > 20
    assert script.expected == made.expected
    assert script.recall < made.recall_with_review


def test_the_score_reads_as_a_table_and_as_json(scored: Score) -> None:
    text = "\n".join(table(scored))
    assert "forbidden (source, person) asked" in text and "exact match" in text
    assert json.loads(json.dumps(plain(scored)))["mash_trawl"]["wrong"] == 0


def test_every_pattern_makes_valid_cases_and_the_same_seed_the_same_ones(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert county(["cases", str(tmp_path / folder), "--families", "80", "--count", "40", "--seed", "3"]) == 0
    rows = [json.loads(line) for line in (tmp_path / "one" / "cases.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 40 and {row["pattern"] for row in rows} <= set(PATTERNS)
    for row in rows:
        file = tmp_path / "one" / "cases" / f"{row['id']}.yaml"
        assert file.read_bytes() == (tmp_path / "two" / "cases" / file.name).read_bytes()
        assert load_case(file).id == row["id"]
        assert len(row["forbidden"]) + sum(map(len, row["allowed"].values())) == len(row["people"]) * len(EVERY)


def test_a_case_expects_only_what_it_allows() -> None:
    built = draw(2, 120)
    truth = Truth(built)
    for one in situations(built, 60, 2):
        right = truth.case(one)
        assert all(category in right.may(system, ident) for ident, system, category, _ in right.expected)
        if one.pattern in ("refused", "withdrawn", "expired", "below_threshold", "nothing"):
            assert not right.allowed and not right.expected


def test_the_witness_tells_a_question_about_somebody_forbidden() -> None:
    built = draw(2, 120)
    truth = Truth(built)
    one = next(item for item in situations(built, 60, 2) if item.pattern == "nothing")
    right, file = truth.case(one), one.file()
    mother = one.mother
    by_name = [str(mother.human.family), mother.human.born.isoformat()]
    heard = hear(right, file, truth, {"police": [by_name]})
    assert ("police", mother.id) in heard.forbidden
    held = next(ident for ident in truth.held["police"] if ident not in right.people.values())
    stranger = hear(right, file, truth, {"police": [[f"N-{held}"]]})
    assert stranger.forbidden == {("police", f"stranger {held}")}
    assert hear(right, file, truth, {"police": [["Nobody", "1955-02-03"]]}).unexplained == 1


def test_harm_or_a_low_recall_makes_the_run_fail() -> None:
    good = Measures(expected=100, found=90, in_review=8)
    assert Score(product=good).good
    assert not Score(product=Measures(expected=100, found=90)).good
    assert not Score(product=Measures(expected=100, found=100, wrong=1)).good
    assert not Score(product=Measures(expected=100, found=100, forbidden_calls=1)).good


def test_draw_counts_what_a_seed_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert county(["draw", "--families", "30"]) == 0
    assert "33 families" in capsys.readouterr().out


def test_a_drivers_trace_gives_the_values_of_each_statement(tmp_path: Path) -> None:
    trace = tmp_path / "x.trace"
    heard = Witness({}, {}, {"youth_offending": trace})
    assert heard.take() == {"youth_offending": []}
    one = "-- sqlite3_reset\n-- parameter 1: 'Khan'\n-- parameter 2: '2014-05-17'\nselect p.person_id from person p;\n"
    trace.write_text(one + one.replace("Khan", "O'Brien"), "utf-8")
    assert heard.take() == {"youth_offending": [["Khan", "2014-05-17"], ["O'Brien", "2014-05-17"]]}
    with trace.open("a", encoding="utf-8") as file:
        file.write(one)
    assert heard.take() == {"youth_offending": [["Khan", "2014-05-17"]]}
