"""A threshold below the built-in one: only as far as labelled decisions prove it, told at its line otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from mash_trawl.config.lint import lint_lowered, lint_profile
from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.proof import ProvedBand

DIGEST = "3f" * 32
DAY = date(2026, 11, 1)
PROVED = f"""extends: early_help
version: "1"
matching:
  auto_per_million: 984616
  lowered_by:
    as_of: {DAY}
    file_digest: {DIGEST}
    bands:
      - {{from_bits: 8, reviewed: 2995, wrong: 0}}
      - {{from_bits: 6, reviewed: 4742, wrong: 1}}
"""
WEIGHT = "  weights: [{field: sex, level: same, m: 0.998, u: 0.51, source: local, n: 4120, date: 2026-11-02}]\n"


def load(place: Path, text: str) -> MatchPolicy:
    (place / "profiles").mkdir(exist_ok=True)
    (place / "profiles" / "early_help.yaml").write_text(text, "utf-8")
    policy = load_profile("early_help", place).matching
    assert policy is not None
    return policy


def test_a_threshold_goes_down_as_far_as_labelled_decisions_prove(tmp_path: Path) -> None:
    policy = load(tmp_path, PROVED)
    assert policy.auto_per_million == 984_616
    assert policy.lowered_by is not None
    assert (policy.lowered_by.as_of, policy.lowered_by.file_digest) == (DAY, DIGEST)
    assert policy.lowered_by.bands[1] == ProvedBand(from_bits=6, reviewed=4742, wrong=1)
    assert load(tmp_path, PROVED.replace("984616", "999500")).auto_per_million == 999_500


@pytest.mark.parametrize(
    ("was", "becomes", "at", "says"),
    [
        ("984616", "984615", "4:21", "do not prove a threshold this low. It is 984616 at the least"),
        ("984616", "1", "4:21", "do not prove a threshold this low"),
        ("reviewed: 2995, wrong: 0", "reviewed: 2994, wrong: 0", "9:9", "prove a precision of 0.998999 (95 %)"),
        ("reviewed: 4742, wrong: 1", "reviewed: 4741, wrong: 1", "10:9", "prove a precision of 0.998999 (95 %)"),
        ("reviewed: 4742, wrong: 1", "reviewed: 4742, wrong: 40", "10:9", "so many wrong decisions"),
        ("wrong: 1", "wrong: 4743", "10:9", "these counts cannot be"),
        ("wrong: 1", "wrong: -1", "10:9", "these counts cannot be"),
        ("reviewed: 2995", "reviewed: 0", "9:9", "these counts cannot be"),
        ("reviewed: 2995", "reviewed: 99999999999999", "9:9", "these counts cannot be"),
        ("from_bits: 8", "from_bits: 10", "9:21", "no band below the built-in threshold begins here"),
        ("from_bits: 6", "from_bits: 7", "10:21", "no band below the built-in threshold begins here"),
        ("from_bits: 6", "from_bits: -2", "10:21", "no band below the built-in threshold begins here"),
        ("from_bits: 6", "from_bits: 8", "10:21", "stands here twice"),
        ("from_bits: 6", "from_bits: 4", "8:5", "the band from 6 bits is missing"),
        ("from_bits: 8", "from_bits: 4", "8:5", "the band from 8 bits is missing"),
        (DIGEST, "3f", "7:18", "no SHA-256"),
        (f"    as_of: {DAY}\n", "", "6:5", "`as_of` is missing"),
        (f"    file_digest: {DIGEST}\n", "", "6:5", "`file_digest` is missing"),
        (str(DAY), "last autumn", "6:12", "one exact day"),
        ("matching:\n", "matching:\n" + WEIGHT, "4:", "newer than the labelled decisions"),
        ("  auto_per_million: 984616\n", "  auto_per_million: 984616\n  lead_millibits: 6999\n", "5:", "only tighten"),
    ],
)  # fmt: skip
def test_what_the_decisions_do_not_prove_is_refused_at_its_line(
    tmp_path: Path, was: str, becomes: str, at: str, says: str
) -> None:
    assert was in PROVED
    with pytest.raises(Misconfigured) as caught:
        load(tmp_path, PROVED.replace(was, becomes))
    assert f"early_help.yaml:{at}" in str(caught.value)
    assert says in str(caught.value)


def test_no_bands_prove_nothing_and_no_proof_says_where_one_comes_from(tmp_path: Path) -> None:
    head, _, _ = PROVED.partition("    bands:")
    with pytest.raises(Misconfigured, match=r"yaml:8:5: the band from 8 bits is missing"):
        load(tmp_path, f"{head}    bands: []\n")
    with pytest.raises(Misconfigured, match=r"yaml:4:21: .*only tighten this.*calibrate threshold"):
        load(tmp_path, PROVED.partition("  lowered_by")[0])


def test_frequencies_counted_after_the_decisions_make_them_old(tmp_path: Path) -> None:
    names = "version: 1\nsource: local\nas_of: {}\npeople: 200000\nsmallest: 5\ngiven: {{}}\nfamily: {{}}\n"
    text = PROVED.replace("matching:\n", "matching:\n  frequencies: names.yaml\n")
    (tmp_path / "names.yaml").write_text(names.format("2026-11-01"))
    assert load(tmp_path, text).names is not None
    (tmp_path / "names.yaml").write_text(names.format("2026-11-02"))
    with pytest.raises(Misconfigured, match=r"yaml:4:16: this is newer than the labelled decisions"):
        load(tmp_path, text)


def test_an_overlay_goes_no_lower_than_what_it_extends_tightened(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    county = 'extends: children_in_need\nid: county\nversion: "1"\nmatching: {auto_per_million: 999500}\n'
    (tmp_path / "profiles" / "county.yaml").write_text(county)
    with pytest.raises(Misconfigured, match=r"early_help\.yaml:4:21:.*stricter"):
        load(tmp_path, PROVED.replace("extends: early_help", "extends: county\nid: town").replace('version: "1"\n', ""))


@pytest.mark.parametrize(("days", "told"), [(-1, "in the future"), (0, ""), (365, ""), (366, "more than 365 days ago")])
def test_labels_of_tomorrow_or_of_last_year_are_told_at_their_line(tmp_path: Path, days: int, told: str) -> None:
    load(tmp_path, PROVED)
    today = DAY + timedelta(days=days)
    remarks = lint_lowered("early_help", today, tmp_path)
    assert [item for item in lint_profile("early_help", today, tmp_path) if item.code == "matching.lowered"] == [
        *remarks
    ]
    assert [(item.severity, item.where.rpartition("/")[2], told in item.what) for item in remarks] == (
        [("error", "early_help.yaml:6:12", True)] if told else []
    )
