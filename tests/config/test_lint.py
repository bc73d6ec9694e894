"""Looking a profile over: every kind of finding from one small overlay, at its line; ours hold no error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.lint import lint_agreements, lint_profile
from mash_trawl.config.profiles import load_profile, profile_names
from mash_trawl.config.remarks import Remark, in_order
from mash_trawl.model.hub import HubFile
from mash_trawl_county.agreement import agreement_text

TODAY = max(gateway.reviewed_on for gateway in load_profile("base").gateways.values())
OLD = TODAY.replace(year=TODAY.year + 2)
Look = Callable[[str], list[str]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """What an overlay of the front door brings besides what is said of the front door itself, as text."""

    def looker(text: str) -> list[str]:
        (tmp_path / "profiles").mkdir(exist_ok=True)
        (tmp_path / "profiles" / "front_door.yaml").write_text("extends: front_door\n" + text)
        return [shown(item) for item in lint_profile("front_door", TODAY, tmp_path)]

    return looker


def shown(item: Remark) -> str:
    return f"{item.severity} {item.code} {item.where.partition('.yaml:')[2]} {item.what} {item.do}"


@pytest.mark.parametrize("name", profile_names())
def test_a_packaged_profile_holds_no_error(name: str) -> None:
    assert [item for item in lint_profile(name, TODAY) if item.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "begins", "says"),
    [
        ("relies_on: [S47, CDA15]\n", "error gateway.unknown 2:18 ", "Did you mean `CDA115`?"),
        ("gateways: {S47: {opens: {polcie: all}}}\n", "error agency.unknown 2:26 ", "Did you mean `police`?"),
        ("gateways: {S47: {opens: {police: [mising]}}}\n", "error category.unknown 2:35 ", "Did you mean `missing`?"),
        ("gateways: {S47: {existence: {polcie: all}}}\n", "error agency.unknown 2:30 ", "Did you mean `police`?"),
        ("gateways: {S47: {concerns: [damp]}}\n", "error concerns.unknown 2:29 ", "damp"),
        ("gateways: {S47: {binds: [damp]}}\n", "error binds.unknown 2:26 ", "damp"),
        ("gateways: {S47: {requires: [ground]}}\n", "error requires.unknown 2:29 ", "Did you mean `grounds`?"),
        ("gateways: {S47: {whom: {roles: [parnet]}}}\n", "error role.unknown 2:33 ", "Did you mean `parent`?"),
        ("gateways: {S47: {consent: needed}}\n", "error gateway.consent 2:27 ", "which is it?"),
        ("gateways: {S47: {in_force_until: 1990-01-01}}\n", "error gateway.dates 2:34 ", "ends before it begins"),
        ("scope: {levels: [1, 2]}\n", "warning gateway.level ", "does not take (it takes 1, 2)"),
        ("gateways: {S47: {whom: {roles: [], child_roles: []}}}\n", "warning gateway.whom ", "reaches nobody"),
        ("gateways: {S47: {in_force_until: 2020-01-01}}\n", "warning gateway.shut ", "it ended on 2020-01-01"),
        ("gateways: {S47: {in_force_from: 2999-01-01}}\n", "note gateway.shut ", "it begins on 2999-01-01"),
        ("gateways: {S47: {confirm: yes}}\n", "note gateway.shut ", "nobody has confirmed it"),
        ("gateways: {S47: {reviewed_on: 2020-02-29}}\n", "warning law.old 2:31 ", "2020-02-29"),
        ("gateways: {S17: {opens: {health: [camhs]}}}\n", "warning gateway.health ", "S17 lists health.camhs"),
        ("gateways: {COURT: {requires: [grounds]}}\n", "note gateway.health 2:30 ", "Add `categories`"),
        ("gateways: {NEW: {title: N, law: L, source: S, reviewed_on: 2026-11-01, in_force_from: 2026-01-01, "
         "consent: sought}}\nrelies_on: [NEW]\n", "warning gateway.opens ", "opens nothing"),
        ("relies_on: [S47]\ngateways: {S47: {opens: {police: [missing]}}}\n", "warning category.undecided ",
         "police.intelligence: no agreement does (`by_consent: no`), and no power that the profile relies on names it"),
        ("relies_on: [S47]\ngateways: {S47: {in_force_from: 2999-01-01}}\n", "warning category.undecided ",
         "and S47 would, but cannot"),
        ("decides: no\ndeciders: []\n", "warning review.unanswered ", "police.intelligence is opened only by a named"),
        ("decides: no\ndeciders: []\n", "warning review.unanswered ", "without agreement S17 leads to a named person"),
        ("decides: no\ndeciders: []\n", "note review.unanswered ", "people marked"),
        ("decides: no\n", "warning decider.idle ", "it names who does"),
        ("deciders: []\n", "note decider.unnamed ", "Name the roles that decide"),
        ("routing: {damp: {title: Damp, concerns: [damp]}}\n", "error concern.unknown 2:42 ", "the route damp"),
        ("scope: {levels: [3, 4]}\n", "warning route.level ", "the route early_help_team is for levels"),
        ("meetings: {daily: {who: [damp]}}\n", "error agency.unknown 2:26 ", "the meeting daily names damp"),
    ],
)  # fmt: skip
def test_each_kind_of_finding_is_told_at_its_line(look: Look, text: str, begins: str, says: str) -> None:
    found = look(text)
    assert any(line.startswith(begins) and says in line for line in found), found
    assert all(line.rstrip().endswith((".", "?", ")")) for line in found)


def test_law_that_was_not_looked_up_for_a_year_is_told_on_the_day(look: Look) -> None:
    base = [item.code for item in lint_profile("front_door", TODAY)]
    assert "law.old" not in base
    assert [item.code for item in lint_profile("front_door", OLD)].count("law.old") >= 8


def test_without_a_hub_nothing_is_said_of_people_and_agreements() -> None:
    codes = {item.code for item in lint_profile("front_door", TODAY)}
    assert not {code for code in codes if code.startswith("agreement") or code == "decider.nobody"}


@pytest.fixture
def hub(write: Callable[..., Path], hub_text: str) -> tuple[Path, HubFile]:
    """A hub with one analyst, a housing source and an agreement of housing and police for early help."""
    folder = write(hub_text + "agreements: [agreements/north.yaml]\n", "hub.yaml").parent
    write(agreement_text(parties=("housing", "police"), purposes=("early_help",)), "agreements/north.yaml")
    return folder, load_hub_file(folder)


def test_a_role_that_nobody_holds_can_decide_nothing(hub: tuple[Path, HubFile]) -> None:
    folder, settings = hub
    said = {item.severity for item in found(folder, settings) if item.code == "decider.nobody"}
    assert said == {"note"}
    signed = replace(settings, statements="signed")
    (told,) = [item for item in found(folder, signed) if item.code == "decider.nobody" and "this profile" in item.what]
    assert told.severity == "warning" and told.what.startswith("nobody enrolled in hub.yaml is team_manager:")


@pytest.mark.parametrize(("roles", "names"), [(("team_manager",), {}), (("boss",), {"boss": ("team_manager",)})])
def test_a_role_counts_by_its_own_name_and_by_what_it_stands_for(
    hub: tuple[Path, HubFile], roles: tuple[str, ...], names: dict[str, tuple[str, ...]]
) -> None:
    folder, settings = hub
    one = replace(settings.people[0], roles=roles)
    held = replace(settings, people=(one,), roles=replace(settings.roles, names=names))
    assert not [item for item in found(folder, held) if "is team_manager:" in item.what]
    left = replace(held, people=(replace(one, left=date(2026, 1, 1)),))
    assert [item for item in found(folder, left) if "is team_manager:" in item.what]


def found(folder: Path, settings: HubFile) -> tuple[Remark, ...]:
    return lint_profile("children_in_need", TODAY, folder, settings)


def test_what_no_agreement_takes_in_is_a_warning_only_for_an_agency_that_is_asked(hub: tuple[Path, HubFile]) -> None:
    folder, settings = hub
    missing = [item for item in found(folder, settings) if item.code == "agreement.missing"]
    warned = [item.what for item in missing if item.severity == "warning"]
    assert len(warned) == 1 and warned[0].startswith("no agreement in force that housing signed takes in tenancy, asb")
    assert len(missing) == len(load_profile("children_in_need").agencies)
    early = lint_profile("early_help", TODAY, folder, settings)
    assert {item.severity for item in early if item.code == "agreement.missing"} == {"note"}


def test_the_agreements_of_a_hub_are_looked_at_once(hub: tuple[Path, HubFile]) -> None:
    folder, settings = hub
    assert lint_agreements(settings, folder, TODAY) == ()
    none = replace(settings, agreements=())
    assert [item.code for item in lint_agreements(none, folder, TODAY)] == ["agreement.none"]
    assert not [item for item in found(folder, none) if item.code.startswith("agreement")]


def test_the_worst_comes_first_and_nothing_twice() -> None:
    note = Remark(severity="note", code="a", where="x", what="y.", do="")
    error = replace(note, severity="error")
    assert in_order([note, error, note]) == (error, note)
    assert str(error) == "error: x: y."
