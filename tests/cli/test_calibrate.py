"""`calibrate` from the command line: files that are new and whole, words for people, exit codes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from mash_trawl.calibrate.drift import Tally, drift
from mash_trawl.cli.calibrate_command import _drift_lines
from mash_trawl.cli.main import main
from mash_trawl.config.profiles import load_profile

PEOPLE = "given,family\n" + "Synthea,Testfall\n" * 6 + "Probea,Testfall\n" * 2


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, "utf-8")
    return file


def test_the_file_of_frequencies_is_new_and_holds_no_rare_name(table: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "names.yaml"
    run = ["calibrate", "frequencies", str(table), "--as-of", "2026-11-01", "--out", str(out)]
    assert main(run) == 0
    written = yaml.safe_load(out.read_text("utf-8"))
    assert (written["given"], written["family"], written["people"]) == ({"synthea": 6}, {"testfall": 8}, 8)
    assert "1 given and 1 family names of 8 people" in capsys.readouterr().err
    assert out.stat().st_mode & 0o077 == 0
    before = out.read_bytes()
    assert main(run) == 2
    assert out.read_bytes() == before


def test_a_threshold_that_nothing_proves_ends_with_three(tmp_path: Path, capsys) -> None:
    labels = tmp_path / "labels.csv"
    run = ["calibrate", "threshold", str(labels), "--as-of", "2026-11-01"]
    labels.write_text("bits,first,second\n" + "31.4,yes,yes\n" * 3000 + "20,yes,no\n", "utf-8")
    assert main(run) == 0
    out = capsys.readouterr().out
    assert "proved from 30 bits on" in out
    assert "nothing is lowered" in out
    assert "matching:" not in out
    labels.write_text("bits,first,second\n" + "8.1,yes,yes\n" * 2994, "utf-8")
    assert main(run) == 3
    out = capsys.readouterr().out
    assert "at least 0.9989 (95 %)" in out
    assert "No threshold may go down" in out
    assert "matching:" not in out


def test_what_is_proved_is_printed_as_a_profile_takes_it(tmp_path: Path, capsys) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("bits,first,second\n" + "9.9,yes,yes\n" * 2995 + "6,yes,yes\n" * 4741 + "7,no,yes\n", "utf-8")
    assert main(["calibrate", "threshold", str(labels), "--as-of", "2026-11-01"]) == 0
    out = capsys.readouterr().out
    assert "down to 6 bits" in out
    (tmp_path / "profiles").mkdir()
    head = 'extends: early_help\nversion: "1"\n'
    (tmp_path / "profiles" / "early_help.yaml").write_text(head + out[out.index("matching:") :], "utf-8")
    policy = load_profile("early_help", tmp_path).matching
    assert policy is not None and policy.lowered_by is not None
    assert policy.auto_per_million == 984_616
    assert policy.lowered_by.file_digest == hashlib.sha256(labels.read_bytes()).hexdigest()
    assert [(one.from_bits, one.reviewed, one.wrong) for one in policy.lowered_by.bands] == [(8, 2995, 0), (6, 4742, 1)]


@pytest.mark.parametrize("line", ["31.4,yes", "31.4,yes,perhaps", "many,yes,yes", "1e9,yes,yes"])
def test_a_label_that_is_none_is_refused_at_its_line(line: str, tmp_path: Path, capsys) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(f"bits,first,second\n31.4,yes,yes\n{line}\n", "utf-8")
    assert main(["calibrate", "threshold", str(labels), "--as-of", "2026-11-01"]) == 2
    assert "labels.csv:3" in capsys.readouterr().err


def test_a_share_of_nothing_is_not_listed_and_a_side_without_anything_says_so() -> None:
    found = drift({"police": (Tally(), Tally(searches=5, certain=2, asked=1, nobody=2))})
    told = list(_drift_lines(found))
    assert "      police: taken by rule: before nothing, since 2 of 5" in told
    assert not any("rejected" in line for line in told)
    assert told[-1] == "Nothing can be compared: on one side of that day nothing was counted."
