"""What is added to a draft later: no fault costs the answers, and nothing ends without a reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mash_trawl.cli.case_consent import ask_withdrawal
from mash_trawl.cli.case_edit import ask_all, keeper
from mash_trawl.cli.case_new import desk_at
from mash_trawl.cli.interview import hold
from mash_trawl.cli.main import group
from mash_trawl.config.case import load_case
from mash_trawl.config.profiles import load_profile
from mash_trawl.config.write import fingerprint, write_case
from mash_trawl.errors import Misconfigured

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
GIVEN = "2026-11-03T09:00:00+00:00"


def draft(ident: str, **more: Any) -> dict[str, Any]:
    """A mother and her daughter; the mother agreed."""
    return {
        "version": 1, "id": ident, "profile": "children_in_need", "opened_at": GIVEN,
        "referral": {"source": "school", "received_at": "2026-11-03T08:30:00+00:00", "level": 4},
        "people": [
            {"id": "p1", "roles": ["subject"], "names": [{"given": ["Aisha"], "family": "Testfall"}],
             "born": "2014-05-17"},
            {"id": "p2", "roles": ["parent"], "names": [{"given": ["Samira"], "family": "Testfall"}], "born": "1988"},
        ],
        "relationships": [{"from": "p2", "to": "p1", "kind": "parent", "nature": "birth"}],
        "consents": [{"id": "c1", "given_by": "p2", "capacity": "self", "covers": ["p2"],
                      "categories": {"housing": "all"}, "given_at": GIVEN}],
    } | more  # fmt: skip


@pytest.fixture
def case_file(hub: Path) -> Callable[..., Path]:
    return lambda **more: write_case(hub / "cases", draft("MASH-1", **more))


@pytest.fixture
def command(hub: Path) -> Callable[..., Result]:
    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(group, ["--hub", str(hub), "case", *arguments], input=typed, standalone_mode=False)

    return run


class Answers:
    """Types these answers, one after the other."""

    def __init__(self, *answers: str) -> None:
        self.left: Iterator[str] = iter(answers)
        self.heard: list[str] = []

    def say(self, line: str = "") -> None:
        self.heard.append(line)

    def listen(self) -> str:
        return next(self.left)


def withdraw(hub: Path, file: Path, *typed: str) -> Answers:
    """Plays the withdrawal at twenty past nine; what is saved is written."""
    case, player = load_case(file), Answers(*typed)
    desk, profile, keep = desk_at(hub, lambda: NOW), load_profile(case.profile), keeper(file, fingerprint(file))
    hold(lambda: ask_all(desk, profile, case, ask_withdrawal, ("Note the withdrawal?", ""), keep), player)
    return player


def test_an_agreement_that_is_withdrawn_on_the_day_it_was_given_ends_just_after(hub: Path, case_file: Any) -> None:
    file = case_file()
    withdraw(hub, file, "1", "today", "save")
    assert load_case(file).consents[0].withdrawn_at == datetime.fromisoformat(GIVEN) + timedelta(seconds=1)


def test_a_withdrawal_before_the_giving_is_asked_again_at_once(hub: Path, case_file: Any) -> None:
    file = case_file()
    player = withdraw(hub, file, "1", "yesterday", "08:59", "unknown", "09:10", "save")
    assert sum("This is before it was given (3 November 2026, 09:00" in line for line in player.heard) == 2
    assert any("write the day at least" in line for line in player.heard)
    assert load_case(file).consents[0].withdrawn_at == NOW - timedelta(minutes=10)


def test_what_cannot_be_saved_is_told_before_the_last_answer_and_costs_none(hub: Path, case_file: Any) -> None:
    later = draft("MASH-1")["consents"][0] | {"given_at": "2026-11-03T10:00:00+00:00"}  # edited by hand: still to come
    file = case_file(consents=[later])
    before = file.read_bytes()
    player = withdraw(hub, file, "1", "", "back", "", "abandon")
    assert sum("withdrawn before it is given" in line for line in player.heard) == 2
    assert file.read_bytes() == before


def test_a_draft_that_cannot_be_written_is_asked_about_again(hub: Path, case_file: Any, monkeypatch: Any) -> None:
    file, faults = case_file(), [OSError(28, "No space left on device")]
    whole = write_case.__globals__["_create"]

    def create(path: Path, content: bytes) -> None:
        if faults:
            raise faults.pop()
        whole(path, content)

    monkeypatch.setitem(write_case.__globals__, "_create", create)
    player = withdraw(hub, file, "1", "09:10", "save", "save")
    assert any("Not saved:" in line for line in player.heard)
    assert load_case(file).consents[0].withdrawn_at is not None


def test_an_edit_by_somebody_else_ends_the_conversation_and_nothing_is_lost(hub: Path, case_file: Any) -> None:
    file = case_file()

    class Meanwhile(Answers):
        def listen(self) -> str:
            said = super().listen()
            if said == "save":
                file.write_text(file.read_text("utf-8") + "# theirs\n", "utf-8")
            return said

    case, player = load_case(file), Meanwhile("1", "09:10", "save")
    keep = keeper(file, fingerprint(file))
    desk, profile = desk_at(hub, lambda: NOW), load_profile(case.profile)
    with pytest.raises(Misconfigured, match="somebody changed this file"):
        hold(lambda: ask_all(desk, profile, case, ask_withdrawal, ("Note it?", ""), keep), player)
    assert file.read_text("utf-8").endswith("# theirs\n")


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("consent", "withdraw"), "\n", "no agreement was chosen"),
        (("consent", "add"), "\n", "no agreement and no refusal was told"),
        (("consent", "add"), "yes\n2\n1\n\n3\nunknown\n\n\n", "nobody said when it was given"),
        (("consent", "add"), "yes\n2\nunknown\nno\n", "nobody said whether it was a yes or a no"),
        (("power", "add"), "no\n", "no decision was told"),
        (("power", "add"), "yes\nS47\nunknown\nno\n", "nobody said who decided"),
    ],
)
def test_what_ends_without_a_change_says_why_and_is_no_stop(
    arguments: tuple[str, ...], typed: str, said: str, case_file: Any, command: Any
) -> None:
    file = case_file()
    before = file.read_bytes()
    done = command(*arguments, "MASH-1", typed=typed)
    assert isinstance(done.exception, Misconfigured), done.output
    assert said in str(done.exception) and "nothing was written" in str(done.exception)
    assert file.read_bytes() == before


def test_a_withdrawal_with_no_agreement_standing_says_so(case_file: Any, command: Any) -> None:
    case_file(consents=[draft("MASH-1")["consents"][0] | {"kind": "refusal"}])
    done = command("consent", "withdraw", "MASH-1")
    assert "no agreement in this case stands" in str(done.exception)


def test_only_whoever_stops_is_stopped(case_file: Any, command: Any) -> None:
    case_file()
    typed = "yes\n2\n1\n\nhousing\nnow\n\n\n\nno\nabandon\n"
    done = command("consent", "add", "MASH-1", typed=typed)
    assert done.return_value == 130 and "Abandoned. Nothing was written." in done.stderr


def test_somebody_who_is_in_the_case_is_not_added_again(case_file: Any, command: Any) -> None:
    file = case_file()
    before = file.read_bytes()
    done = command("person", "add", "MASH-1", typed="sibling\n\nAisha\nTestfall\n\n17/05/2014\nno\n")
    assert isinstance(done.exception, Misconfigured)
    assert "this person is in the case already" in str(done.exception)
    assert file.read_bytes() == before


def test_a_referral_that_comes_in_twice_is_told_when_it_is_imported_and_checked(hub: Path, command: Any) -> None:
    file = hub / "again.json"
    for ident in ("MASH-1", "MASH-2"):
        file.write_text(json.dumps(draft(ident)), "utf-8")
        done = command("import", str(file))
        assert done.return_value in (None, 0), done.output
    file.unlink()
    assert "the referral of case MASH-1" in done.stdout
    assert "the referral of case MASH-2" in command("check", "MASH-1").stdout
    assert "Testfall" not in done.stdout


def test_one_person_twice_is_a_line_of_the_list(hub: Path, command: Any) -> None:
    data = draft("MASH-1")
    data["people"].append({**data["people"][0], "id": "p3", "roles": ["sibling"], "names": [
        {"given": ["Ash"], "family": "Other"}, {"given": ["AISHA"], "family": "Testfall", "use": "old"}]})  # fmt: skip
    write_case(hub / "cases", data)
    assert "whether this is somebody else than p1" in command("check", "MASH-1").stdout


def test_a_reference_that_differs_only_in_small_letters_is_taken(hub: Path, case_file: Any, command: Any) -> None:
    case_file()
    assert desk_at(hub, lambda: NOW).taken("mash-1") and not desk_at(hub, lambda: NOW).taken("mash-11")
    with pytest.raises(Misconfigured, match="the file exists"):
        write_case(hub / "cases", draft("Mash-1"))
    file = hub / "other.json"
    file.write_text(json.dumps(draft("mash-1", opened_at="2026-11-03T09:01:00+00:00")), "utf-8")
    assert "a case of this id has a draft" in str(command("import", str(file)).exception)
    file.unlink()
