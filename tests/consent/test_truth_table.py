"""The truth table: what people expect of every rule, written in words before the program was asked.

`truth_table.yaml` says how to read it. Nothing here knows a rule: facts become a case, `decide` answers, and the answer
is compared with what the table says.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _sentences():
    """The module beside this file that asks the table's questions and keeps what was said."""
    spec = importlib.util.spec_from_file_location("truth_sentences", HERE / "truth_sentences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SENTENCES = _sentences()
WORDS = SENTENCES.WORDS
TABLE = SENTENCES.read(HERE / "truth_table.yaml")
SECTIONS = {part["about"]: part["rows"] for part in TABLE["sections"]}
ROWS = [row for rows in SECTIONS.values() for row in rows]
SILENT = ("not_opened", "not_listed", "not_addressed", "not_alone")
"""What a power says that would not open the category in any case; it never is the rule of a decision."""


@pytest.fixture(scope="module")
def asked():
    """Every row with its question, what was kept of the answer, and the decision that the program gave."""
    return [(*one, WORDS.decided(one[1])) for one in SENTENCES.questions(TABLE)]


@pytest.fixture(scope="module")
def answered(asked):
    """Every row with the decision."""
    return [(row, found) for row, _, _, found in asked]


def test_the_program_decides_every_row_as_the_table_says(answered):
    wrong = [line for row, found in answered for line in WORDS.differences(row, found)]
    assert wrong == []


def test_reason_unlock_and_derivation_of_every_row_are_word_for_word_those_that_were_read(asked):
    """After a wanted change: `python tests/consent/truth_sentences.py`, then read the difference."""
    for row, question, kept, found in asked:
        assert SENTENCES.sentences(question, found, "steps" in kept) == kept, row["says"]


def test_every_no_names_what_is_missing(answered):
    silent = [
        (row["row"], row["missing"], found.unlock)
        for row, found in answered
        if row["answer"].startswith("DENY") and row["missing"].casefold() not in found.unlock.casefold()
    ]
    assert silent == []


def test_only_a_no_says_what_is_missing():
    assert [row["row"] for row in ROWS if row["answer"].startswith("DENY") != bool(row.get("missing"))] == []


def test_there_are_at_least_400_rows_numbered_from_one_without_a_gap():
    assert len(ROWS) >= 400
    assert [row["row"] for row in ROWS] == list(range(1, len(ROWS) + 1))


def test_no_two_rows_say_or_ask_the_same():
    asked = [(row["facts"], row["asked"]) for row in ROWS]
    assert len(set(asked)) == len(asked)
    told = [(about, row["says"]) for about, rows in SECTIONS.items() for row in rows]
    assert len(set(told)) == len(told)


def test_every_row_gives_its_reason():
    assert [row["row"] for row in ROWS if not row["because"].strip()] == []


def rules_of_the_page(root):
    """Every rule id of docs/consent.md, as it stands there."""
    page = (root / "docs/consent.md").read_text("utf-8")
    lines = [line for line in page.splitlines() if re.match(r"\| C\d+ \|", line)]
    return {name for line in lines for name in re.findall(r"`([a-z]+\.[A-Za-z_0-9<>.]+)`", line.split("|")[2])}


def test_every_rule_of_the_page_stands_in_the_table(root):
    given = [row["answer"].split()[1] for row in ROWS]

    def shown(rule):
        shape = re.escape(rule).replace("<id>", r"[A-Z0-9_]+").replace("<name>", "[a-z_]+").replace("<step>", "[a-z]+")
        return any(re.fullmatch(shape, name) for name in given)

    unseen = {rule for rule in rules_of_the_page(root) if not shown(rule)}
    of_a_source = {"scope.age_of_source"}  # the table knows no single source: test_ages_of_a_source.py
    assert unseen == {f"gateway.<id>.{name}" for name in SILENT} | of_a_source
