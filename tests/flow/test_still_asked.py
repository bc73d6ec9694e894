"""Somebody takes an agreement back: whoever signs it hears what is asked all the same, and can tell the family."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mash_trawl.cli.main import group


@pytest.fixture
def withdraw(place, monkeypatch):
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: place.root / "own")
    place.edit("roles: [analyst, mash_manager, decider]", "roles: [practitioner]")

    def run(name):
        done = CliRunner().invoke(
            group, ["--hub", str(place.hub), "consent", "withdraw", str(place.case(name)), "c1", "--yes"]
        )
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_what_a_power_opens_beside_the_agreement_is_told_with_its_name_and_kinds(place, withdraw):
    told = withdraw("children-in-need")
    assert "tell the family so, and why, unless that is unsafe:" in told
    lines = [line for line in told.splitlines() if line.startswith("  p")]
    assert any(", on S47: " in line and "Police" in line for line in lines)
    assert not any(", on c1:" in line for line in lines)
    assert f"`mash-trawl --hub {place.hub} plan DEMO-2026-0002` shows it with its reasons." in told


def test_where_nothing_else_opens_anything_that_is_said_too(withdraw):
    told = withdraw("early-help")
    assert "Nothing is asked any more about the people whom it covered." in told
