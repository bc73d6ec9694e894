"""`matching:` in a profile: it may tighten, never loosen; weights and frequencies say where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured

WEIGHT = "{field: sex, level: same, m: 0.998, u: 0.51, source: local, n: 4120, date: 2026-10-01}"
COUNTS = """version: 1
source: local
as_of: 2026-10-01
people: 200000
smallest: 5
given: {aisha: 900, jack: 5}
family: {khan: 1200}
"""


def load(place: Path, matching: str, more: str = ""):
    """The local profile `early_help` with these lines under `matching:`, laid over another with `more`."""
    folder = place / "profiles"
    folder.mkdir(exist_ok=True)
    (folder / "early_help.yaml").write_text(f'extends: early_help\nversion: "1"\n{more}\nmatching:\n{matching}\n')
    return load_profile("early_help", place).matching


def problem(place: Path, matching: str) -> str:
    with pytest.raises(Misconfigured) as caught:
        load(place, matching)
    return str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "  auto_per_million: 998999", "  lead_millibits: 6999", "  review_per_million: 10001", "  population: 3",
        "  populations: {housing: 99}", "  guards: {G6: off}", "  guards: {G1: off}", "  guards: {G15: off}",
        "  guards: {G6: strict}", "  guards: {G16: on}", "  names: {}", "  frequencies: nowhere.yaml",
        "  frequencies: ../../etc/passwd",
    ],
)  # fmt: skip
def test_what_would_loosen_or_cannot_be_is_refused_at_its_line(tmp_path, line):
    assert "early_help.yaml:5:" in problem(tmp_path, line)


def test_a_profile_may_tighten(tmp_path):
    policy = load(tmp_path, "  auto_per_million: 999500\n  lead_millibits: 9000\n  review_per_million: 5000\n"
                            "  guards: {G15: strict, G1: on}\n  shared_addresses: [NB1 1AA, 100023330000]")  # fmt: skip
    assert (policy.auto_per_million, policy.lead_millibits, policy.review_per_million) == (999_500, 9_000, 5_000)
    assert dict(policy.guards) == {"G15": "strict", "G1": "on"}
    assert policy.shared_addresses == ("NB1 1AA", "100023330000")


@pytest.mark.parametrize("missing", ["source: local, ", "n: 4120, ", ", date: 2026-10-01", "m: 0.998, "])
def test_a_weight_without_provenance_is_refused_at_its_line(tmp_path, missing):
    assert "early_help.yaml:6:" in problem(tmp_path, f"  weights:\n    - {WEIGHT.replace(missing, '')}")


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("field: sex", "field: shoe size", "not compared"), ("level: same", "level: exactly", "no such level"),
        ("n: 4120", "n: 0", "at least one pair"), ("m: 0.998", "m: 98 %", "a share"),
        ("m: 0.998", "m: 0.001", "weigh more than a better"), ("source: local", "source: a hunch", "source"),
    ],
)  # fmt: skip
def test_a_weight_that_cannot_be_is_refused(tmp_path, was, becomes, says):
    assert says in problem(tmp_path, f"  weights:\n    - {WEIGHT.replace(was, becomes)}")


def test_a_weight_with_provenance_is_taken(tmp_path):
    (weight,) = load(tmp_path, f"  weights:\n    - {WEIGHT}").weights
    assert (weight.m.to_text(), weight.u.to_text(), weight.n, weight.source) == ("0.998", "0.51", 4120, "local")


def test_frequencies_are_read_from_the_file_that_is_named(tmp_path):
    (tmp_path / "names.yaml").write_text(COUNTS)
    policy = load(tmp_path, "  frequencies: names.yaml")
    assert dict(policy.names.given) == {"aisha": 4_500_000, "jack": 25_000}
    assert dict(policy.names.least) == {"given": 25_000, "family": 25_000}
    assert (policy.names.source, len(policy.names.sha256)) == ("local", 64)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("smallest: 5", "smallest: 4"), ("jack: 5", "jack: 4"), ("people: 200000", "people: 99"),
     ("version: 1", "version: 2"), ("khan: 1200", "khan: 200001")],
)  # fmt: skip
def test_a_file_that_would_tell_of_few_people_is_refused_without_naming_them(tmp_path, was, becomes):
    (tmp_path / "names.yaml").write_text(COUNTS.replace(was, becomes))
    told = problem(tmp_path, "  frequencies: names.yaml")
    assert "names.yaml:" in told
    assert "jack" not in told


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("auto_per_million: 999900", "auto_per_million: 999500"), ("guards: {G15: strict}", "guards: {G15: on}"),
        ("social_care_dates: yes", "social_care_dates: no"),
    ],
)  # fmt: skip
def test_an_overlay_takes_back_nothing_of_what_it_extends(tmp_path, theirs, ours):
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "county.yaml").write_text(f'extends: early_help\nid: county\nversion: "1"\nmatching: {{{theirs}}}\n')
    (folder / "town.yaml").write_text(f'extends: county\nid: town\nversion: "1"\nmatching:\n  {ours}\n')
    assert load_profile("county", tmp_path).matching is not None
    with pytest.raises(Misconfigured, match=r"town\.yaml:5:.*stricter"):
        load_profile("town", tmp_path)
