"""Several people at one hub through `sudo`: whom its word makes the actor, and when it is not asked at all.

To the program sudo is one environment variable; that it is true rests on the account, so no sudo is needed here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.cli.behind_sudo import SUDO, claimed_by_sudo, who_types
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.config.actors import acting
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import Enrolled, HubFile, RootKeys, Vouching
from mash_trawl.system import CALLER, account_name
from mash_trawl.vault.readers import enrol_reader

SETTINGS = HubFile(
    version=1, name="north", profiles=("early_help",), root_keys=RootKeys(paths=("../a", "../b")),
    reader_keys="../readers", signing_key="../sign", vouches=(Vouching(host=SUDO),),
    people=(
        Enrolled(id="j.shah", account="jshah", roles=("analyst",)),
        Enrolled(id="r.cole", account="rcole", roles=("decider", "team_manager")),
        Enrolled(id="l.gone", account="lgone", roles=("analyst",), left=date(2026, 1, 2)),
        Enrolled(id="a.guest", roles=("practitioner",)),
    ),
)  # fmt: skip
ROLES = {
    "tfamily": "practitioner", "tdecides": "decider, team_manager", "tofficer": "data_protection_officer",
    "truns": "analyst",
}  # fmt: skip
CASE = """\
version: 1
id: SYN-1
profile: children_in_need
opened_at: 2026-11-02T09:20:00+00:00
referral: {source: school, received_at: 2026-11-02T09:05:00+00:00, concerns: [physical_abuse], level: 4}
people:
  - {id: p1, roles: [subject], names: [{given: [Testa], family: Synthetic}], born: 2014-05-17, sex: female}
gateways:
  - {id: S47, decided_by: t.decides, decided_at: 2026-11-02T11:40:00+00:00, trigger: reasonable_cause,
     grounds: Injury seen., covers: [p1], consent_sought: no, why_not: Could place the child at risk.}
"""


def ours() -> bool:
    return True


def test_the_person_whose_account_called_sudo_acts_in_their_own_roles_and_the_ledger_will_say_that_sudo_said_so():
    claimed = claimed_by_sudo(SETTINGS, "rcole", ours)
    assert claimed == Actor(id="r.cole", roles=("decider", "team_manager"), vouched_by="sudo")
    assert acting(SETTINGS, claimed, lambda account: False) == claimed


def test_a_hub_that_gives_sudo_fewer_roles_lets_it_pass_on_no_more():
    fewer = replace(SETTINGS, vouches=(Vouching(host=SUDO, account="mash", roles=("decider",)),))
    claimed = claimed_by_sudo(fewer, "rcole", ours)
    assert acting(fewer, claimed, lambda account: account == "mash").roles == ("decider",)
    with pytest.raises(Refused) as caught:
        acting(fewer, claimed, lambda account: account == "another")
    assert caught.value.why == "not_vouched"


@pytest.mark.parametrize("vouches", [None, (), (Vouching(host="case-tool SSO"),)])
def test_a_hub_that_does_not_list_sudo_asks_it_nothing(vouches):
    assert claimed_by_sudo(replace(SETTINGS, vouches=vouches), "rcole", ours) is None


def test_sudo_to_another_account_than_the_hubs_says_nothing():
    assert claimed_by_sudo(SETTINGS, "rcole", lambda: False) is None


@given(caller=st.one_of(st.just(""), st.just("lgone"), st.just("r.cole"), st.text().filter(lambda t: t != "rcole")))
def test_nobody_but_a_living_enrolled_account_is_made_anybody(caller):
    if caller == "jshah":
        return
    with pytest.raises(Refused, match="called sudo is not enrolled") as caught:
        claimed_by_sudo(SETTINGS, caller, ours)
    assert caught.value.why == "not_enrolled"
    assert "keys enrol" in str(caught.value)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub of signed statements that belongs to this account, with four people of other accounts."""
    root = tmp_path_factory.mktemp("shared")
    new = NewHub(folder=root / "hub", keys=root / "keys", profiles=["children_in_need"], person="night",
                 account=account_name(), passphrase=None)  # fmt: skip
    create_hub(new)
    file = root / "hub" / "hub.yaml"
    text = file.read_text("utf-8").replace("statements: from_file", "statements: signed\nvouches: [{host: sudo}]")
    head, tail = text.split("people:\n", 1)
    lines = [f"  - {{id: t.{account[1:]}, account: {account}, roles: [{roles}]}}\n" for account, roles in ROLES.items()]
    file.write_text(head + "people:\n" + "".join(lines) + tail, "utf-8")
    for account in ROLES:
        enrol_reader(root / "keys" / "readers", f"t.{account[1:]}", None)
    (root / "hub" / "cases").mkdir(exist_ok=True)
    (root / "hub" / "cases" / "SYN-1.yaml").write_text(CASE, "utf-8")
    return root


@pytest.fixture
def by(shared: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program of its own hub as sudo would: as this account, with the caller's name in the environment."""
    shutil.copytree(shared, tmp_path / "s")

    def run(caller: str | None, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if name != CALLER} | more
        if caller is not None:
            environ[CALLER] = caller
        command = [sys.executable, "-m", "mash_trawl", "--hub", str(tmp_path / "s" / "hub"), *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    run.hub = tmp_path / "s" / "hub"
    return run


def test_two_people_of_other_accounts_sign_each_under_their_own_name_at_the_command_line(by):
    made = by("tdecides", "gateway", "add", "SYN-1", "--yes", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["statements"][0]["by"] == "t.decides"
    made = by("tofficer", "approve", "hub.yaml", "--yes", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["statements"][0]["by"] == "t.officer"


def test_nobody_borrows_anothers_role_by_another_variable_and_a_stranger_is_told_what_to_do(by):
    refused = by("truns", "gateway", "add", "SYN-1", "--yes", USER="tdecides", LOGNAME="tdecides", SUDO_UID="0")
    assert refused.returncode == 5
    assert "your roles do not let you sign a decision" in refused.stderr
    stranger = by("mallory", "plan", "SYN-1")
    assert stranger.returncode == 5
    assert "the account that called sudo is not enrolled in this hub" in stranger.stderr
    assert "mash-trawl keys enrol ID --account ACCOUNT --role ROLE" in stranger.stderr
    assert "mallory" not in stranger.stderr + stranger.stdout


def test_without_sudo_and_without_the_line_in_hub_yaml_the_account_itself_acts(by):
    assert who_types(by.hub, {"USER": "tdecides"}) is None
    assert who_types(by.hub, {CALLER: "truns"}) == Actor(id="t.runs", roles=("analyst",), vouched_by="sudo")
    file = by.hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace("vouches: [{host: sudo}]\n", ""), "utf-8")
    assert who_types(by.hub, {CALLER: "truns"}) is None


def test_a_hub_file_that_others_may_change_says_nobodys_name(by):
    by.hub.chmod(0o777)
    with pytest.raises(Misconfigured, match="other accounts can change"):
        who_types(by.hub, {CALLER: "truns"})
