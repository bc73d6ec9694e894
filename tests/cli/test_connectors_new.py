"""`connectors new` and the agency of the connector: one that a profile knows, or one that is said to be new."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mash_trawl.cli.connectors_new import command
from mash_trawl.errors import Misconfigured


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's hub is here."""
    monkeypatch.delenv("MASH_TRAWL_HUB", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def new(*options: str, hub: Path | None = None) -> int:
    """Make `new.yaml`."""
    asked = ["new", "--kind", "sql", "--yaml", *options]
    return CliRunner().invoke(command, asked, obj=hub, catch_exceptions=False, standalone_mode=False).exit_code


@pytest.mark.parametrize(("agency", "near"), [("hosing", "housing"), ("nowhere", "--new-agency"), ("polic", "police")])
def test_an_agency_that_no_profile_knows_makes_nothing_and_names_the_nearest(
    tmp_path: Path, agency: str, near: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        new("--agency", agency)
    (problem,) = refused.value.problems
    assert agency in problem.what and near in problem.do
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [("--agency", "housing"), ("--agency", "nowhere", "--new-agency"), ()])
def test_one_that_is_known_or_new_or_still_to_be_told_is_made(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert new(*options) == 0
    assert [file.name for file in tmp_path.rglob("*.yaml")] == ["new.yaml"]


def test_a_hubs_own_profile_counts(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    (hub / "profiles").mkdir(parents=True)
    (hub / "hub.yaml").write_text("version: 1", "utf-8")
    fire = "{title: Fire and rescue, seat: virtual, categories: {visits: {title: Visits}}}"
    own = f"id: base\nextends: base\nagencies: {{fire: {fire}}}\n"
    (hub / "profiles" / "base.yaml").write_text(own, "utf-8")
    assert new("--agency", "fire", hub=hub) == 0
