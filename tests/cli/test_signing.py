"""The commands that sign: what is shown first, whose key signs, what is refused, and that nothing is half said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from mash_trawl.cli import passphrase, signing
from mash_trawl.cli.doctor_said import look_at_statements
from mash_trawl.cli.main import group
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.hub import Hub
from mash_trawl.model.actor import Actor
from mash_trawl.model.statement import Emergency, Suspension
from mash_trawl.saying import hear, say
from mash_trawl.system import account_name
from mash_trawl.vault.readers import enrol_reader, key_path, public_path

ROLES = "practitioner, decider, team_manager, data_protection_officer"
CASE = """\
version: 1
id: SYN-1
profile: children_in_need
opened_at: 2026-11-02T09:20:00+00:00
referral: {source: school, received_at: 2026-11-02T09:05:00+00:00, concerns: [physical_abuse], level: 4}
people:
  - {id: p1, roles: [subject], names: [{given: [Testa], family: Synthetic}], born: 2014-05-17, sex: female}
  - {id: p2, roles: [parent], names: [{given: [Testine], family: Synthetic}], born: 1988-11-02, sex: female}
relationships: [{from: p2, to: p1, kind: parent, nature: birth, parental_responsibility: yes}]
consents:
  - {id: c1, given_by: p2, capacity: self_and_parental_responsibility, pr_basis: mother, covers: [p1, p2],
     categories: {housing: all}, given_at: 2026-11-02T10:05:00+00:00, how: face_to_face}
  - {id: c2, given_by: p2, capacity: self, kind: refusal, covers: [p2], categories: {police: all},
     given_at: 2026-11-02T10:05:00+00:00, how: telephone}
gateways:
  - {id: S47, decided_by: me, decided_at: 2026-11-02T11:40:00+00:00, trigger: reasonable_cause, grounds: Injury seen.,
     covers: [p1], consent_sought: no, why_not: Could place the child at risk.}
  - {id: S47, decided_by: x.else, decided_at: 2026-11-02T12:40:00+00:00, trigger: reasonable_cause, grounds: Told.,
     covers: [p1], consent_sought: no, why_not: Could place the child at risk.}
"""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub that counts only what is signed, with one case; its one person is this account."""
    root = tmp_path_factory.mktemp("signing")
    new = NewHub(folder=root / "hub", keys=root / "keys", profiles=["children_in_need", "early_help"], person="me",
                 account=account_name(), passphrase=None)  # fmt: skip
    create_hub(new)
    file = root / "hub" / "hub.yaml"
    told = file.read_text("utf-8").replace("statements: from_file", "statements: signed")
    file.write_text(told.replace("analyst, mash_manager, decider]", f"{ROLES}]"), "utf-8")
    (root / "hub" / "cases").mkdir(exist_ok=True)
    (root / "hub" / "cases" / "SYN-1.yaml").write_text(CASE, "utf-8")
    return root


@pytest.fixture
def hub(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "north")
    return tmp_path / "north" / "hub"


@pytest.fixture
def run(hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on the hub; the account's own folder is the test's."""
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: tmp_path / "own")

    def running(*arguments: object, typed: str = "") -> Result:
        return CliRunner().invoke(group, ["--hub", str(hub), *map(str, arguments)], input=typed)

    return running


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at a terminal."""
    monkeypatch.setattr(signing, "at_terminal", lambda: True)


def counted(hub: Path, case: str | None = "SYN-1") -> list[str]:
    with Hub.open(hub) as opened:
        spoken, faults = hear(opened, case)
        assert faults == ()
        return [item.statement.kind for item in spoken]


def why(done: Result) -> str:
    assert isinstance(done.exception, Refused), done.output
    return done.exception.why


def entries(hub: Path, kind: str) -> list[str]:
    with Hub.open(hub) as opened:
        return [str(row.public.get("why") or row.public.get("act")) for row in opened.ledger.rows(kind)]


def test_the_person_sees_what_they_sign_in_words_and_is_asked_before_the_key(run, hub, there, monkeypatch):
    monkeypatch.setattr(signing, "own_key", lambda *_: pytest.fail("a key was asked for"))
    done = run("consent", "add", "SYN-1", "c1", typed="n\n")
    assert done.exit_code == 1
    assert "p2 Testine Synthetic agreed for p1 Testa Synthetic and p2 Testine Synthetic: Housing" in done.output
    assert "basis of parental responsibility: mother" in done.output
    assert "Sign this as me?" in done.output
    assert counted(hub) == []


def test_without_a_terminal_nothing_is_signed_unless_somebody_says_yes_on_the_line(run, hub):
    done = run("consent", "add", "SYN-1", "c1")
    assert isinstance(done.exception, Misconfigured)
    assert "nobody is there to confirm it" in str(done.exception) and "(`--yes`)" in str(done.exception)
    assert counted(hub) == []
    told = json.loads(run("consent", "add", "SYN-1", "c1", "--yes", "--json").stdout)
    assert [(item["kind"], item["about"], item["by"]) for item in told["statements"]] == [("consent", "c1", "me")]
    assert "Test" not in json.dumps(told)
    assert counted(hub) == ["consent"]


def test_what_was_signed_is_not_offered_again_until_the_draft_changes(run, hub, there):
    assert run("consent", "add", "SYN-1", typed="1\ny\n").exit_code == 0
    assert "you signed it already" in str(run("consent", "add", "SYN-1", "c1", "--yes").exception)
    assert run("consent", "add", "SYN-1", "--yes").exit_code == 0  # c2 alone waits
    assert "nothing in it waits" in str(run("consent", "add", "SYN-1", "--yes").exception)
    file = hub / "cases" / "SYN-1.yaml"
    file.write_text(file.read_text("utf-8").replace("how: telephone", "how: letter"), "utf-8")
    assert run("consent", "add", "SYN-1", "--yes").exit_code == 0
    assert counted(hub) == ["consent"] * 3


def test_another_name_or_birth_date_of_somebody_covered_makes_it_wait_again(run, hub):
    assert run("consent", "add", "SYN-1", "c1", "--yes").exit_code == 0
    file = hub / "cases" / "SYN-1.yaml"
    file.write_text(file.read_text("utf-8").replace("2014-05-17", "2015-05-17"), "utf-8")
    assert run("consent", "add", "SYN-1", "c1", "--yes").exit_code == 0
    assert counted(hub) == ["consent", "consent"]


def test_several_that_wait_are_named_by_id_and_never_by_name_where_nobody_can_be_asked(run):
    problem = str(run("consent", "add", "SYN-1", "--yes").exception)
    assert "Name one of: c1, c2" in problem
    assert "Synthetic" not in problem


def test_a_withdrawal_is_signed_with_the_time_at_which_it_was_said(run, hub):
    done = run("consent", "withdraw", "SYN-1", "c1", "--at", "2026-11-02T12:00", "--yes")
    assert done.exit_code == 0, done.output
    assert "withdrawn on 2 November 2026, 12:00 (UK time)" in done.output
    assert counted(hub) == ["withdrawal"]
    assert why(run("consent", "withdraw", "SYN-1", "c1", "--at", "2099-01-01", "--yes")) == "not_yet"
    assert why(run("consent", "withdraw", "SYN-1", "c7", "--yes")) == "unknown_consent"
    assert "nothing to withdraw" in str(run("consent", "withdraw", "SYN-1", "c2", "--yes").exception)
    assert "no day and time" in str(run("consent", "withdraw", "SYN-1", "c1", "--at", "soon", "--yes").exception)


def test_a_decision_is_signed_by_whoever_made_it_and_nobody_else(run, hub):
    assert run("gateway", "add", "SYN-1", "S47", "--yes").exit_code == 0
    assert counted(hub) == ["gateway"]
    assert why(run("gateway", "add", "SYN-1", "--yes")) == "not_your_decision"
    assert entries(hub, "statement.refused") == ["not_your_decision"]
    assert "no decision under this power" in str(run("gateway", "add", "SYN-1", "CARE42", "--yes").exception)


def test_a_decider_without_the_role_that_the_power_names_is_told_which(run, hub):
    file = hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace("decider, team_manager,", "decider,"), "utf-8")
    done = run("gateway", "add", "SYN-1", "--yes")
    assert why(done) == "not_a_decider"
    assert "team_manager" in str(done.exception)


@pytest.mark.parametrize(
    "line",
    [
        ("consent", "add", "SYN-1", "c1"), ("consent", "withdraw", "SYN-1", "c1"), ("gateway", "add", "SYN-1"),
        ("approve", "hub.yaml"),
    ],
)  # fmt: skip
def test_a_role_that_may_not_is_refused_before_anything_is_shown(run, hub, line):
    file = hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace(ROLES, "analyst"), "utf-8")
    done = run(*line, "--yes")
    assert why(done) == "role_missing"
    assert done.output == ""
    assert len(entries(hub, "act.refused")) == 1


def test_a_wrong_passphrase_signs_nothing(run, hub, monkeypatch):
    folder = hub.parent / "keys" / "readers"
    for path in (key_path(folder, "me"), public_path(folder, "me")):
        path.unlink()
    enrol_reader(folder, "me", b"three words here", work=2**10)
    monkeypatch.setattr(passphrase, "ask_passphrase", lambda: b"other words here")
    assert why(run("consent", "add", "SYN-1", "c1", "--yes")) == "locked"
    assert counted(hub) == []
    with Hub.open(hub) as opened:
        assert [row.kind for row in opened.ledger.rows()] == []


def test_the_key_in_this_accounts_own_folder_or_a_named_one_signs(run, hub, tmp_path):
    kept = key_path(hub.parent / "keys" / "readers", "me")
    (tmp_path / "own" / "keys").mkdir(parents=True)
    kept.rename(tmp_path / "own" / "keys" / "me.key")
    assert run("consent", "add", "SYN-1", "c1", "--yes").exit_code == 0
    (tmp_path / "own" / "keys" / "me.key").rename(tmp_path / "stick.key")
    assert why(run("consent", "add", "SYN-1", "c2", "--yes")) == "key_missing"
    assert run("consent", "add", "SYN-1", "c2", "--yes", "--key", tmp_path / "stick.key").exit_code == 0
    enrol_reader(tmp_path / "others", "x.else", None)
    other = tmp_path / "others" / "x.else.key"
    assert why(run("gateway", "add", "SYN-1", "S47", "--yes", "--key", other)) == "not_your_key"


def test_files_are_approved_with_what_changed_since(run, hub):
    rows = json.loads(run("approve", "--json").stdout)["files"]
    assert {row["state"] for row in rows} == {"never"}
    first = run("approve", *(row["file"] for row in rows), "--yes")
    assert first.exit_code == 0, first.output
    assert "nobody vouches for it but you" in first.output
    assert "Who may approve from now on: me." in first.output
    assert {row["state"] for row in json.loads(run("approve", "--json").stdout)["files"]} == {"approved"}
    file = hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace("tls: {ca: system}", "tls: {ca: elsewhere.pem}"), "utf-8")
    assert "changed" in next(line for line in run("approve").output.splitlines() if line.endswith("hub.yaml"))
    again = run("approve", file, "--yes")
    assert "-tls: {ca: system}" in again.output
    assert "+tls: {ca: elsewhere.pem}" in again.output
    assert "nobody vouches" not in again.output
    assert counted(hub, None) == ["approval"] * (len(rows) + 1)
    assert "no decision of this hub rests on this file" in str(run("approve", hub / "hub.db", "--yes").exception)


def test_nothing_is_decided_where_the_profile_leaves_deciding_to_others(run, hub):
    file = hub / "cases" / "SYN-1.yaml"
    told = file.read_text("utf-8").replace("children_in_need", "early_help")
    told = told[: told.index("gateways:")].replace(", concerns: [physical_abuse], level: 4", ", level: 2")
    file.write_text(told, "utf-8")
    assert json.loads(run("decide", "SYN-1", "--json").stdout)["decides"] is False
    done = run("decide", "SYN-1", "--person", "p1", "--category", "housing.asb", "--yes", "--reason", "r", "--sure")
    assert why(done) == "deciding_disabled"
    assert entries(hub, "statement.refused") == ["deciding_disabled"]


def test_an_answer_needs_a_question_and_a_reason(run):
    whom = ("--person", "p1", "--category", "housing.asb")
    assert "there is no answer" in str(run("decide", "SYN-1", *whom).exception)
    assert "--reason" in str(run("decide", "SYN-1", *whom, "--yes").exception)
    assert "no question" in str(run("decide", "SYN-1", *whom, "--yes", "--reason", "r", "--sure").exception)
    assert "one at a time" in str(run("decide", "SYN-1", "--yes", "--countersign", "--reason", "r").exception)
    assert "no such emergency" in str(run("decide", "SYN-1", "--countersign", "--reason", "r", "--sure").exception)


def test_an_emergency_is_listed_and_countersigned(run, hub, monkeypatch):
    file = hub / "hub.yaml"
    text = file.read_text("utf-8").replace("people:\n", "people:\n  - {id: a.run, roles: [analyst]}\n")
    file.write_text(text.replace("statements: signed", "vouches: [{host: desk}]\nstatements: signed"), "utf-8")
    key = enrol_reader(hub.parent / "keys" / "readers", "a.run", None)
    with Hub.open(hub, actor=Actor(id="a.run", roles=("analyst",), vouched_by="desk")) as opened:
        case = load_case(hub / "cases" / "SYN-1.yaml")
        declared = Emergency(reason="The child is on the way home.", powers=case.gateways[1:], profile=case.profile)
        made = say(opened, declared, lambda: key, case=case)
    file.write_text(file.read_text("utf-8").replace("vouches: [{host: desk}]\n", ""), "utf-8")
    shown = json.loads(run("decide", "SYN-1", "--json").stdout)["emergencies"]
    assert [(item["id"], item["by"]) for item in shown] == [(made.id, "a.run")]
    done = run("decide", "SYN-1", "--not-countersign", "--reason", "it could have waited", "--sure")
    assert done.exit_code == 0, done.output
    assert "The child is on the way home." in done.output
    assert "You do NOT agree" in done.output
    assert run("decide", "SYN-1", "--countersign", "--reason", "seen again", "--sure").exit_code == 0
    assert json.loads(run("decide", "SYN-1", "--json").stdout)["emergencies"] == []
    assert counted(hub) == ["emergency", "countersignature", "countersignature"]


def test_whoever_has_left_opens_no_hub_and_is_sealed_nothing(run, hub):
    file = hub / "hub.yaml"
    file.write_text(file.read_text("utf-8").replace(f"[{ROLES}]", f"[{ROLES}], left: 2026-11-01"), "utf-8")
    assert why(run("consent", "add", "SYN-1", "c1", "--yes")) == "not_enrolled"


def test_a_destroyed_case_is_signed_no_more(run, hub):
    with Hub.open(hub) as opened:
        facts = {"audience": "full"}
        opened.custody.seal("SYN-1", {"people": []}, readers=["me"], facts=facts, folder=opened.records, actor="me")
        opened.custody.destroy("SYN-1", "me", "over")
    assert why(run("consent", "add", "SYN-1", "c1", "--yes")) == "case_destroyed"


def test_check_names_what_does_not_count_and_nothing_of_a_destroyed_case(run, hub):
    def told() -> list[tuple[str, str]]:
        with Hub.open(hub) as opened:
            return [(seen.level, seen.what) for seen in look_at_statements(opened)]

    assert run("consent", "add", "SYN-1", "c1", "--yes").exit_code == 0
    assert told() == [("ok", "1 signed, all of them count")]
    with Hub.open(hub) as opened, opened.store.begin() as connection:
        connection.execute(text("DELETE FROM statement"))
    assert [level for level, _ in told()] == ["wrong"]
    assert "the ledger says that it was signed, and it is gone" in told()[0][1]
    with Hub.open(hub) as opened:
        facts = {"audience": "full"}
        opened.custody.seal("SYN-1", {"people": []}, readers=["me"], facts=facts, folder=opened.records, actor="me")
        opened.custody.destroy("SYN-1", "me", "over")
    assert told() == [("ok", "0 signed, all of them count")]


def test_an_officer_is_told_where_each_file_lies_how_long_it_is_and_how_to_sign_all_at_once(run, hub):
    listed = run("approve")
    (line,) = [line for line in listed.output.splitlines() if line.startswith(f"`mash-trawl --hub {hub} approve ")]
    files = line.strip("`").split(" approve ")[1].split()
    assert files == [row["file"] for row in json.loads(run("approve", "--json").stdout)["files"]]
    done = run("approve", *files, "--yes")
    assert done.exit_code == 0, done.output
    told = [line.strip() for line in done.output.splitlines() if line.strip().startswith("To read it: ")]
    assert len(told) == len(files)
    for line in told:
        path, _, lines = line.removeprefix("To read it: ").rpartition(" (")
        assert Path(path).is_absolute()
        assert len(Path(path).read_text("utf-8").splitlines()) == int(lines.removesuffix(" lines)"))
    assert "approve " not in run("approve").output


def test_nothing_that_somebody_else_wrote_hides_on_a_terminal_what_is_signed(capsys, monkeypatch):
    monkeypatch.setattr(signing, "at_terminal", lambda: False)
    said = Suspension(source="housing", reason="x")
    lines = ["They say \x1b]0;title\x07 and \u202eback\nSettled: \x1b[2K"]
    with pytest.raises(Misconfigured, match="nobody is there"):
        signing.sign_all(
            SimpleNamespace(actor=SimpleNamespace(id="j.shah")), [(said, lines)], None, key=None, sure=False
        )
    told = capsys.readouterr().err
    assert "They say [U+001B]]0;title[U+0007] and [U+202E]back\nSettled: [U+001B][2K" in told
