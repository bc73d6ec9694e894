"""The threshold document: read strictly, found beside the profile, and the only source of the levels' words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.thresholds import load_thresholds, threshold_file
from mash_trawl.errors import Misconfigured

GOOD = """\
version: 1
id: north
edition: "2026"
title: The right help
partnership: North partnership
agreed_on: 2026-01-01
review_on: 2027-01-01
levels:
  "1": {title: All, clauses: {"1.1": Doing well.}}
  "2": {title: Some, meaning: A little more}
  "3": {title: More, clauses: {"3.1": Several needs.}}
  "4": {title: Most, clauses: {"4.1": In need., "4.2": Harm.}}
"""
Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """A hub's folder with a threshold document and a profile that names it."""

    def putter(document: str = GOOD, profile: str = "", name: str = "thresholds/north.yaml") -> Path:
        (tmp_path / "thresholds").mkdir(exist_ok=True)
        (tmp_path / "profiles").mkdir(exist_ok=True)
        (tmp_path / "thresholds" / "north.yaml").write_text(document, "utf-8")
        text = f'extends: front_door\nid: north\ntitle: North\nthresholds: "{name}"\n{profile}'
        (tmp_path / "profiles" / "north.yaml").write_text(text, "utf-8")
        return tmp_path

    return putter


def said(run: Callable[[], object]) -> str:
    with pytest.raises(Misconfigured) as caught:
        run()
    return str(caught.value)


def test_the_three_models_share_a_synthetic_example_whose_words_their_levels_have():
    for name in ("early_help", "children_in_need", "front_door"):
        profile = load_profile(name)
        assert profile.document is not None
        assert "Synthetic" in profile.document.note
        assert {key: level.title for key, level in profile.levels.items()} == {
            key: level.title for key, level in profile.document.levels.items()
        }
        assert {level for level, _, _ in profile.document.clauses()} == {"1", "2", "3", "4"}


def test_a_hub_lays_its_own_document_in_and_the_levels_have_its_words(put: Put):
    profile = load_profile("north", put())
    assert profile.document is not None
    assert profile.document.name == "north@2026"
    assert (profile.levels["4"].title, profile.levels["2"].meaning) == ("Most", "A little more")
    assert [number for _, number, _ in profile.document.clauses()] == ["1.1", "3.1", "4.1", "4.2"]


def test_an_empty_name_names_none_and_the_profile_s_own_levels_stay(put: Put):
    profile = load_profile("north", put(name=""))
    assert profile.document is None
    assert profile.levels["4"].title == "Acute or statutory"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('edition: "2026"', 'edition: "2026/1"', 3, "`edition` cannot be cited as it is written"),
        ("review_on: 2027-01-01", "review_on: 2025-01-01", 7, "reviewed before it was agreed"),
        ('"4.2": Harm.', '"3.1": Harm.', 12, "this clause stands in two levels"),
        ('"4.2": Harm.', '"4 2": Harm.', 12, "this number cannot be cited"),
        ('"4.2": Harm.', '"4.2": " "', 12, "this clause says nothing"),
        ('"4": {title: Most', "four: {title: Most", 12, "a level is a number"),
        ("title: The right help", "titel: The right help", 4, "this key is not known here"),
        ("agreed_on: 2026-01-01", "agreed_on: last year", 6, "one exact day"),
    ],
)
def test_what_is_wrong_in_a_document_is_told_with_its_line(put: Put, old: str, new: str, line: int, what: str):
    assert old in GOOD
    file = put(GOOD.replace(old, new)) / "thresholds" / "north.yaml"
    told = said(lambda: load_thresholds(file))
    assert f"{file}:{line}:" in told
    assert what in told


def test_a_document_without_a_level_is_none(put: Put):
    file = put(GOOD[: GOOD.index("levels:")] + "levels: {}\n") / "thresholds" / "north.yaml"
    assert "there is no level of need" in said(lambda: load_thresholds(file))


def test_a_document_that_is_not_there_is_told_at_the_line_that_names_it(put: Put):
    hub = put(name="thresholds/nort.yaml")
    told = said(lambda: load_profile("north", hub))
    assert f"{hub / 'profiles' / 'north.yaml'}:4:" in told
    assert "Did you mean `thresholds/north.yaml`?" in told


@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/hosts", "C:\\x.yaml", "a\\b.yaml"])
def test_a_document_never_lies_outside_of_hub_and_profiles(tmp_path: Path, name: str):
    (tmp_path / "secret.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "hub").mkdir()
    assert threshold_file(name, [tmp_path / "hub"]) is None


@pytest.mark.parametrize(
    ("more", "line"),
    [("scope: {levels: [1, 5]}\n", 5), ("routing: {team: {title: T, levels: [6]}}\n", 5)],
)
def test_a_rule_about_a_level_that_the_document_does_not_know_is_refused(put: Put, more: str, line: int):
    hub = put(profile=more)
    told = said(lambda: load_profile("north", hub))
    assert f"north.yaml:{line}:" in told
    assert "north@2026 has no level" in told


def test_a_profile_names_its_document_and_never_holds_it(put: Put):
    hub = put(profile="document: {version: 1}\n")
    told = said(lambda: load_profile("north", hub))
    assert "north.yaml:5:1: this key is not known here" in told
