"""What is signed opens what it says, for somebody else's trawl: from nothing to a permit, signature by signature."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mash_trawl.cli.main import group
from mash_trawl.config.case import load_case
from mash_trawl.hub import Hub
from mash_trawl.model.actor import Actor
from mash_trawl.system import account_name
from mash_trawl.vault.readers import enrol_reader

RUNNER = Actor(id="a.run", roles=("analyst",), vouched_by="desk")


def runs_as_nobody(_) -> frozenset[str]:
    """In place of the operating system: the desk's program runs as an account of its own, which nobody here has."""
    return frozenset()


@pytest.fixture
def signed(place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The hub counts only what is signed; this account decides and approves, a.run trawls. Runs a command in it."""
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: tmp_path / "own")
    place.edit("statements: from_file", "vouches: [{host: desk}]\nstatements: signed")
    own = "roles: [practitioner, decider, team_manager, data_protection_officer]}\n  - {id: a.run, roles: [analyst]}"
    place.edit("roles: [analyst, mash_manager, decider]}", own)
    enrol_reader(place.root / "keys" / "readers", "a.run", None)
    draft = place.case("children-in-need")
    text = draft.read_text("utf-8").replace("decided_by: demo.manager", f"decided_by: {account_name()}")
    draft.write_text(text.replace("  sex: female\n", "  sex: female\n  restrictions: [staff_interest]\n", 1), "utf-8")

    def run(*arguments: object) -> str:
        done = CliRunner().invoke(group, ["--hub", str(place.hub), *map(str, arguments)])
        assert done.exit_code == 0, done.output + str(done.exception)
        return done.output

    return run


def test_signature_by_signature_a_case_is_opened_for_another_persons_trawl(place, signed):
    case = place.case("children-in-need")

    def housing() -> dict[str, str]:
        with pytest.MonkeyPatch.context() as patch, Hub.open(place.hub, actor=RUNNER) as hub:
            patch.setattr("mash_trawl.said.running_account", runs_as_nobody)
            found = hub.plan(load_case(case)).decisions
        return {item.person: item.outcome.value for item in found if item.category == "housing.tenancy"}

    nobody = dict.fromkeys(("p1", "p2", "p3", "p4"), "DENY")
    assert housing() == nobody
    signed("consent", "add", case, "c1", "--yes")
    signed("gateway", "add", case, "--yes")
    assert housing() == nobody  # nothing is approved
    rows = signed("approve").splitlines()
    signed("approve", *(row.split(" ")[-1] for row in rows if row.startswith("never")), "--yes")
    assert housing() == {"p1": "REVIEW", "p2": "PERMIT", "p3": "PERMIT", "p4": "DENY"}
    shown = signed("decide", case)
    assert "p1 Aisha" in shown and "Tenancy and household" in shown
    assert f"`mash-trawl --hub {place.hub} decide {case} --all-of restriction.staff_interest --yes" in shown
    answer = ("--person", "p1", "--category", "housing.tenancy", "--reason", "weighed", "--sure")
    signed("decide", case, *answer, "--yes")
    assert housing()["p1"] == "PERMIT"
    told = signed("decide", case, "--person", "p1", "--agency", "police", "--no", "--reason", "known to them", "--sure")
    assert told.count("Your answer: no, it is not asked.") == told.count("Signed: reply p1 police.") > 1
    told = signed("decide", case, "--all-of", "restriction.staff_interest", "--reason", "weighed", "--sure", "--yes")
    assert told.count("Signed: reply p1 ") > 3
    assert "Nothing in this case waits for a named person." in signed("decide", case)
