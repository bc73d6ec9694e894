"""Who decided: where only a signature counts, somebody who can give it; and commands that work as they are printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mash_trawl.cli.case_new import desk_at
from mash_trawl.cli.interview import Question
from mash_trawl.cli.interview_powers import ask_powers
from mash_trawl.cli.main import group
from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Refused
from mash_trawl.system import account_name

CASE = """\
version: 1
id: SYN-1
profile: children_in_need
opened_at: 2026-11-02T09:20:00+00:00
referral: {source: school, received_at: 2026-11-02T09:05:00+00:00, concerns: [physical_abuse], level: 4}
people:
  - {id: p1, roles: [subject], names: [{given: [Testa], family: Synthetic}], born: 2014-05-17, sex: female}
  - {id: p2, roles: [parent], names: [{given: [Testine], family: Synthetic}], born: 1988-11-02, sex: female}
"""
PEOPLE = """\
people:
  - {{id: me, account: {account}, roles: [{roles}]}}
  - {{id: t.mgr, roles: [decider, team_manager]}}
  - {{id: root.d, roles: [decider]}}
  - {{id: t.words, roles: [caldicott_guardian]}}
  - {{id: l.gone, roles: [decider, team_manager], left: 2026-01-02}}
"""
DECIDED = """\
gateways:
  - {id: S47, decided_by: t.mgr, decided_at: 2026-11-02T11:40:00+00:00, trigger: reasonable_cause, grounds: Seen.,
     covers: [p1], consent_sought: no, why_not: Could place the child at risk.}
"""


@pytest.fixture
def signed(case_hub: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the hub that counts only what is signed; this account's person holds these roles."""

    def made(roles: str) -> Path:
        shutil.copytree(case_hub.parent, tmp_path / "north")
        hub = tmp_path / "north" / "hub"
        file = hub / "hub.yaml"
        text = file.read_text("utf-8").replace("statements: from_file", "statements: signed")
        head, _, tail = text.partition("people:\n")
        rest = tail.split("\n", 1)[1]
        file.write_text(head + PEOPLE.format(account=account_name(), roles=roles) + rest, "utf-8")
        (hub / "cases").mkdir(exist_ok=True)
        (hub / "cases" / "SYN-1.yaml").write_text(CASE, "utf-8")
        return hub

    return made


def run(hub: Path, *arguments: str, typed: tuple[str, ...] = ()) -> Result:
    return CliRunner().invoke(group, ["--hub", str(hub), *arguments], input="\n".join([*typed, ""]))


def who_decided(hub: Path, power: str = "S47") -> Question | str:
    """The question about the decider; where nobody can be offered, why the decision is not recorded."""
    desk = desk_at(hub, lambda: datetime(2026, 11, 3, 9, 20, tzinfo=UTC), "mash-trawl --hub north")
    draft = {"id": "SYN-1", "people": [{"id": "p1"}], "referral": {"level": 4}}
    script = ask_powers(desk, load_profile("children_in_need"), draft)
    next(script)
    script.send("yes")
    asked = script.send(power)
    return asked if asked.ask == "Who decided?" else " ".join(asked.before)


def codes(question: Question | str) -> list[str]:
    assert isinstance(question, Question), question
    return [choice.code for choice in question.choices]


def test_only_who_may_sign_this_decision_is_offered_and_who_types_comes_first_if_they_may(signed):
    asked = who_decided(signed("decider, team_manager"))
    assert codes(asked) == ["me", "t.mgr"]
    assert asked.empty == "me"
    assert "post" not in asked.why


def test_whoever_may_not_decide_it_is_not_taken_for_whoever_did(signed):
    asked = who_decided(signed("analyst"))
    assert codes(asked) == ["t.mgr"]
    assert asked.empty is None


def test_a_power_that_nobody_here_may_decide_is_not_recorded_and_the_way_back_names_hub_and_case(signed):
    hub = signed("analyst")
    file = hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace("  - {id: t.mgr, roles: [decider, team_manager]}\n", ""), "utf-8")
    told = who_decided(hub)
    assert isinstance(told, str)
    assert "nobody enrolled in this hub may decide it (team manager)" in told
    assert "`mash-trawl --hub north case power add SYN-1`" in told


def test_a_hub_that_believes_the_case_file_takes_any_name(case_hub):
    asked = who_decided(case_hub)
    assert codes(asked) == []
    assert "staff id or post" in asked.why


def test_text_that_is_nobodys_id_is_refused_at_the_question(signed):
    done = run(signed("analyst"), "case", "power", "add", "SYN-1", typed=("yes", "S47", "1,2,3,4", "root.d", "t.mgr"))
    after = done.output.split("Who decided?")[1]
    assert after.count("(? explains)") == 2
    assert "Understood: t.mgr" in after


def test_a_refusal_names_only_who_may_decide_what_the_profile_wants(signed):
    hub = signed("analyst")
    with (hub / "cases" / "SYN-1.yaml").open("a", encoding="utf-8") as file:
        file.write(DECIDED)
    for asked in (("gateway", "add", "SYN-1"), ("gateway", "add", "SYN-1", "S47")):
        done = run(hub, *asked, "--yes")
        assert isinstance(done.exception, Refused)
        assert done.exception.why == "role_missing"
        assert "Ask t.mgr." in str(done.exception)
    own = hub / "hub.yaml"
    own.write_text(own.read_text("utf-8").replace("roles: [analyst]", "roles: [decider]"), "utf-8")
    with (hub / "cases" / "SYN-1.yaml").open("a", encoding="utf-8") as file:
        file.write(DECIDED.split("\n", 1)[1].replace("t.mgr", "me"))
    done = run(hub, "gateway", "add", "SYN-1", "--yes")
    assert isinstance(done.exception, Refused)
    assert (done.exception.why, "Ask t.mgr." in str(done.exception)) == ("not_a_decider", True)


def test_the_role_to_suspend_is_asked_before_the_source_and_the_reason(signed):
    done = run(signed("analyst"), "sources", "suspend", "nothing_of_ours", "--reason", " ", "--yes")
    assert isinstance(done.exception, Refused)
    assert done.exception.why == "role_missing"


def test_a_keyworker_and_a_contact_wait_for_no_signature_and_say_so_by_saying_nothing(signed):
    hub = signed("analyst, practitioner")
    named = run(hub, "case", "keyworker", "SYN-1", typed=("Wanda Synthetic", "", "", "", "save"))
    reached = run(hub, "family", "contact", "SYN-1", "p2", typed=("letter", "2 Test Street", "yes", "", "", "save"))
    for done in (named, reached):
        assert done.exit_code == 0, done.output
        assert f"`mash-trawl --hub {hub} plan SYN-1` shows what may be asked now." in done.output
        assert "counts only signed" not in done.output
    checked = run(hub, "case", "check", "SYN-1")
    assert f"`mash-trawl --hub {hub} case change SYN-1`" in checked.output
