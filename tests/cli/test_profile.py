"""`profile diff` and `profile lint` at the command line: with a hub, without one, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mash_trawl.cli.main import group
from mash_trawl.cli.new_hub import AGREEMENT, EXAMPLE, NewHub, create_hub
from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.errors import Misconfigured
from mash_trawl_county.agreement import agreement_text

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command away from every hub, unless one is named."""
    monkeypatch.delenv("MASH_TRAWL_HUB", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)


def test_lint_without_a_hub_looks_at_what_comes_with_the_program(run: Run) -> None:
    done = run("profile", "lint", "--json")
    said = json.loads(done.stdout)
    assert said["looked_at"] == ["base", "children_in_need", "early_help", "front_door"]
    assert done.return_value == 3 and {item["about"] for item in said["findings"]} <= set(said["looked_at"])
    assert all(item["where"].startswith("profiles/") for item in said["findings"])


def test_lint_of_a_hub_looks_at_its_profiles_and_agreements(run: Run, hub: Path) -> None:
    done = run("--hub", hub, "profile", "lint")
    assert done.return_value == 3
    assert "agreements: this hub names no information-sharing agreement, so nothing is asked." in done.stdout
    assert "children_in_need, early_help, front_door, agreements: 0 errors, " in done.stderr
    assert (
        "agreements" not in json.loads(run("--hub", hub, "profile", "lint", "early_help", "--json").stdout)["looked_at"]
    )


def test_lint_without_a_finding_ends_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for a profile without any note: each that comes with the program has one."""
    monkeypatch.setattr("mash_trawl.config.lint.lint_profile", lambda *anything: ())
    done = run("profile", "lint", "front_door")
    assert (done.return_value, done.stdout, done.stderr) == (0, "", "front_door: 0 errors, 0 warnings, 0 notes.\n")


def test_diff_with_one_name_shows_what_is_local(run: Run, hub: Path) -> None:
    (hub / "profiles").mkdir(exist_ok=True)
    file = hub / "profiles" / "front_door.yaml"
    file.write_text("extends: front_door\ngateways: {S47: {levels: [3, 4]}}\n")
    try:
        done = run("--hub", hub, "profile", "diff", "front_door")
        plain = json.loads(run("--hub", hub, "profile", "diff", "front_door", "--json").stdout)
    finally:
        file.unlink()
    assert "WIDER     gateway S47: levels adds 3. (profiles/front_door.yaml:2:26)" in done.stdout
    assert "2 differences." in done.stderr and done.exit_code == 0
    assert plain["a"]["named"] == "front_door.yaml"
    assert [item["direction"] for item in plain["changes"]] == ["wider", ""]


def test_a_profile_that_extends_nothing_needs_a_second_name(run: Run) -> None:
    done = run("profile", "diff", "base")
    assert isinstance(done.exception, Misconfigured) and "extends no other" in str(done.exception)


def test_a_hub_that_was_named_and_is_not_there_is_no_reason_to_look_elsewhere(run: Run, tmp_path: Path) -> None:
    done = run("--hub", tmp_path / "nowhere", "profile", "lint")
    assert isinstance(done.exception, Misconfigured) and "no hub.yaml" in str(done.exception)


def make(root: Path, **more: Any) -> Path:
    create_hub(NewHub(folder=root / "hub", keys=root / "keys", profiles=("early_help",), person="j.shah",
                      account="jshah", passphrase=None, **more))  # fmt: skip
    return root / "hub"


def test_a_new_hub_names_no_agreement_and_brings_an_example_that_does_not_count(tmp_path: Path) -> None:
    folder = make(tmp_path)
    assert load_hub_file(folder).agreements == ()
    assert (folder / EXAMPLE).is_file() and not (folder / AGREEMENT).exists()


def test_a_new_hub_may_be_made_with_its_agreement(tmp_path: Path) -> None:
    folder = make(tmp_path, agreement=agreement_text())
    assert load_hub_file(folder).agreements == (AGREEMENT,)
    assert not (folder / EXAMPLE).exists()


def test_a_hub_is_not_made_with_an_agreement_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"partnership\.yaml:2:10"):
        make(tmp_path, agreement=agreement_text().replace("version: 1", "version: 9"))
    assert not (tmp_path / "hub" / "hub.yaml").exists()
