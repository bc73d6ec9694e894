"""`case change`: every question shows what is there, an empty line keeps it, and nothing else moves."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.cli.case_change import ask, what_changed
from mash_trawl.cli.case_edit import ask_all
from mash_trawl.cli.case_new import desk_at
from mash_trawl.cli.interview import hold
from mash_trawl.cli.interview_summary import changed_places
from mash_trawl.cli.main import group
from mash_trawl.config.case import load_case
from mash_trawl.config.profiles import load_profile
from mash_trawl.config.write import plain_case, write_case
from mash_trawl.errors import Misconfigured
from mash_trawl.model.case import Case

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
PROFILE = load_profile("children_in_need")
DATA: dict[str, Any] = {
    "version": 1, "id": "MASH-1", "profile": "children_in_need", "opened_at": "2026-11-03T09:00:00+00:00",
    "referral": {"source": "school", "received_at": "2026-11-03T08:30:00+00:00", "level": 4, "rag": "amber",
                 "concerns": ["neglect"], "narrative": "An injury.", "referrer": {"email": "lead@school.example"}},
    "people": [
        {"id": "p1", "roles": ["subject"], "names": [{"given": ["Aisha"], "family": "Testfall"},
                                                     {"given": ["Ash"], "family": "Testfall", "use": "nickname"}],
         "born": "2014-05", "sex": "female", "identifiers": {"nhs_number": "943 476 5919", "swift": "77"},
         "addresses": [{"lines": ["14 Mill Lane"], "postcode": "NB1 4QT", "from": "2021-03"}],
         "restrictions": ["hidden_address"], "school": "North Primary", "language": "Punjabi"},
        {"id": "p2", "roles": ["parent"], "names": [{"given": ["Samira"], "family": "Testfall"}], "born": "1988"},
        {"id": "p3", "roles": ["sibling"], "due": "2027-01"},
    ],
    "relationships": [{"from": "p2", "to": "p1", "kind": "parent", "nature": "birth",
                       "parental_responsibility": "yes", "pr_basis": "mother"},
                      {"from": "p2", "to": "p3", "kind": "parent"}],
    "consents": [{"id": "c1", "given_by": "p2", "capacity": "self", "covers": ["p2"],
                  "categories": {"housing": "all"}, "given_at": "2026-11-03T09:00:00+00:00"}],
}  # fmt: skip
CASE = load_case(DATA)


class Player:
    """Gives the next prepared answer when its question comes, and an empty line to all others."""

    def __init__(self, *answers: tuple[str, str]) -> None:
        self.waiting, self.heard = [*answers, ("Save these changes", "save")], [""]

    def say(self, line: str = "") -> None:
        self.heard.append(line)

    def listen(self) -> str:
        asked = max(at for at, line in enumerate(self.heard) if line == "")
        if self.waiting and self.waiting[0][0] in self.heard[asked + 1]:
            return self.waiting.pop(0)[1]
        assert not self.heard[asked + 1].startswith("Save these"), f"never asked: {self.waiting[0][0]}"
        return ""


@pytest.fixture
def change(hub: Path) -> Callable[..., tuple[Case, str]]:
    """Plays answers about a person, or about everything; the case that was saved, and what was said."""

    def changing(*answers: tuple[str, str], person: str = "", case: Case = CASE) -> tuple[Case, str]:
        player = Player(*answers)
        saved = hold(
            lambda: ask_all(desk_at(hub, lambda: NOW), PROFILE, case, lambda *at: ask(*at, person=person),
                            ("Save these changes?", ""), lambda new: "", lambda new: what_changed(case, new, PROFILE)),
            player,
        )  # fmt: skip
        assert saved is not None and player.waiting == []
        return saved, "\n".join(player.heard)

    return changing


@pytest.mark.parametrize("person", ["p1", "p2", "p3", ""])
def test_empty_lines_to_every_question_change_nothing_and_that_is_said(person: str, change: Any) -> None:
    with pytest.raises(Misconfigured, match="nothing was changed"):
        change(person=person)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=st.lists(st.sampled_from(("referral", "p1", "p2", "p3", "relationships")), max_size=4))
def test_looking_through_any_parts_and_keeping_all_changes_nothing(parts: list[str], change: Any) -> None:
    with pytest.raises(Misconfigured, match="nothing was changed"):
        change(*(("change?", _words(part)) for part in parts))


def _words(part: str) -> str:
    return {"referral": "The referral", "relationships": "Who is what"}.get(part, part)


def test_what_is_typed_replaces_what_was_there_and_nothing_else_moves(change: Any) -> None:
    after, told = change(("Date of birth", "17/05/2014"), ("NHS number", ""), ("School", "South Primary"), person="p1")
    child = after.person("p1")
    assert (child.born.edtf, child.school) == ("2014-05-17", "South Primary")
    before = CASE.person("p1")
    assert (child.names, child.addresses, child.identifiers) == (before.names, before.addresses, before.identifiers)
    assert (after.people[1:], after.relationships, after.consents) == (
        CASE.people[1:], CASE.relationships, CASE.consents)  # fmt: skip
    assert (after.referral, after.opened_at) == (CASE.referral, CASE.opened_at)
    assert "was: born: May 2014; sex: female" in told and "now: born: 17 May 2014; sex: female" in told
    assert "empty: stays: May 2014" in told and "empty: stays: North Primary" in told


def test_unknown_takes_a_fact_away_only_after_asking(change: Any) -> None:
    after, _ = change(("Date of birth", "unknown"), ("Really not known any more? (May 2014)", "no"),
                      ("School", "not known"), ("Really not known any more? (North Primary)", "yes"),
                      person="p1")  # fmt: skip
    assert (after.person("p1").born, after.person("p1").school) == (CASE.person("p1").born, None)


def test_a_restriction_goes_only_when_somebody_says_so_twice(change: Any) -> None:
    after, told = change(("restriction", "none"), ("Really no restriction any more?", "yes"), person="p1")
    assert after.person("p1").restrictions == ()
    assert "was: restriction:" in told


def test_a_new_name_keeps_the_former_one_unless_it_was_a_mistake(change: Any) -> None:
    kept, _ = change(("Family name", "Neu"), ("What was the name before: Aisha Testfall", ""), person="p1")
    assert [(name.family, name.use) for name in kept.person("p1").names] == [
        ("Neu", "usual"), ("Testfall", "nickname"), ("Testfall", "old")]  # fmt: skip
    mended, _ = change(("Family name", "Testfal"), ("the name before", "a mistake"), ("Ash Testfall", "take it away"),
                       person="p1")  # fmt: skip
    assert [name.family for name in mended.person("p1").names] == ["Testfal"]


def test_an_address_that_was_left_stays_as_an_earlier_one_behind_the_new(change: Any) -> None:
    after, _ = change(("Address: 14 Mill Lane", "They have left it"), ("Until when", "unknown"),
                      ("another address", "yes"), ("live", "own"), ("Address", "2 New Road"), ("Since when", "2026"),
                      person="p1")  # fmt: skip
    new, old = after.person("p1").addresses
    assert (new.lines, new.to, old.lines, old.from_.edtf) == (("2 New Road",), None, ("14 Mill Lane",), "2021-03")
    assert old.to.edtf == "[..2026-11-03]"


def test_an_address_is_corrected_in_one_part(change: Any) -> None:
    after, _ = change(("Address: 14 Mill Lane", "Correct it"), ("Postcode", "NB1 4QR"), person="p1")
    (place,) = after.person("p1").addresses
    assert (place.lines, place.postcode, place.from_.edtf) == (("14 Mill Lane",), "NB1 4QR", "2021-03")


def test_a_child_who_was_not_born_is_born_and_one_whose_date_is_not_known_stays_unborn(change: Any) -> None:
    after, _ = change(("Is the child born now", "yes"), ("Date of birth", "1/11/2026"), ("Sex", "f"), person="p3")
    child = after.person("p3")
    assert (child.due, child.born.edtf, child.sex) == (None, "2026-11-01", "female")
    after, _ = change(("When is the child due", "unknown"), ("Really not known", "yes"), person="p3")
    assert after.person("p3").unborn and after.person("p3").due.edtf == "[..2027-08]"


def test_other_numbers_stay_unless_they_are_taken_away(change: Any) -> None:
    after, _ = change(("swift: 77", "take it away"), person="p1")
    assert after.person("p1").identifiers == {"nhs_number": "943 476 5919"}


def test_the_referral_is_changed_in_its_own_words(change: Any) -> None:
    after, told = change(
        ("What do you want to change", "the referral"), ("Who referred", "police"), ("telephone", "01632 960123"),
        ("the concern", "physical abuse, neglect"), ("level of need", "3"), ("priority", "red"),
        ("What happened", "unknown"), ("Really not known any more? (An injury.)", "yes"), ("anything else", ""),
    )  # fmt: skip
    referral = after.referral
    assert (referral.source, referral.level, referral.rag, referral.narrative) == ("police", 3, "red", None)
    assert referral.concerns == ("physical_abuse", "neglect") and referral.received_at == CASE.referral.received_at
    assert (referral.referrer.email, referral.referrer.telephone) == ("lead@school.example", "01632 960123")
    assert "was: priority: Amber" in told and "now: priority: Red" in told


def test_relationships_are_corrected_taken_away_and_added(change: Any) -> None:
    after, _ = change(
        ("What do you want to change", "who is what"), ("p2 Samira Testfall is the parent of p1", "correct"),
        ("parental responsibility", "no"), ("p2 Samira Testfall is the parent of p3", "take it away"),
        ("relationship to add", "yes"), ("The first", "p1"), ("the second", "p3"), ("What is p1", "3"),
        ("which way", "half"), ("anything else", "unknown"),
    )  # fmt: skip
    first, second = after.relationships
    assert (first.parental_responsibility, first.pr_basis, first.nature) == ("no", None, "birth")
    assert (second.from_, second.to, second.kind, second.nature) == ("p1", "p3", "sibling", "half")
    assert after.consents == CASE.consents


def test_several_parts_are_changed_before_one_save_and_back_corrects(change: Any) -> None:
    after, _ = change(
        ("to change", "p2"), ("Date of birth", "1987"), ("Sex", "back"), ("Date of birth", "1986"), ("Sex", "female"),
        ("else to change", "p1"), ("School", "South"), ("else to change", ""),
    )  # fmt: skip
    assert (after.person("p2").born.edtf, after.person("p2").sex, after.person("p1").school) == (
        "1986", "female", "South")  # fmt: skip


def test_a_change_that_cannot_be_is_told_before_it_is_written(change: Any, hub: Path) -> None:
    player = Player(("relationship to add", "yes"), ("the second", "p1"), ("What is p2", "6"),
                    ("Go back and correct it", "abandon"))  # fmt: skip
    player.waiting.pop()
    found = hold(lambda: ask_all(desk_at(hub, lambda: NOW), PROFILE, CASE, lambda *at: ask(*at, person="p2"),
                                 ("Save these changes?", ""), lambda new: ""), player)  # fmt: skip
    assert found is None and player.waiting == []
    assert any("the parent of their own parent" in line for line in player.heard)


class Typist:
    """Types by drawn numbers: choices, words and commands; then `finish`, `save` and `abandon` until it is over."""

    def __init__(self, drawn: random.Random, most: int) -> None:
        self.drawn, self.left = drawn, most
        self.ending = ["finish", "save", "abandon"] * 3

    def say(self, line: str = "") -> None:
        """What is said does not matter here."""

    def listen(self) -> str:
        self.left -= 1
        return self.drawn.choice(TYPED) if self.left > 0 else self.ending.pop(0)


TYPED = ("", "unknown", "back", "?", "1", "2", "3", "4", "5", "6", "yes", "yes", "no", "none", "p1", "p2", "p3", "2014",
         "about 1988", "17/05/2014", "March 2027", "Khan", "943 476 5919", "NB1 4QT", "1, 3", "save")  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), most=st.integers(0, 200))
def test_whatever_is_typed_ends_in_a_case_that_reads_back_or_in_a_reason(seed: int, most: int, hub: Path) -> None:
    desk = desk_at(hub, lambda: NOW)
    try:
        saved = hold(
            lambda: ask_all(desk, PROFILE, CASE, ask, ("Save?", ""), lambda new: "",
                            lambda new: what_changed(CASE, new, PROFILE)),
            Typist(random.Random(seed), most),
        )  # fmt: skip
    except Misconfigured as fault:
        assert "nothing was changed" in str(fault)
        return
    if saved is not None:
        assert load_case(plain_case(saved)) == saved
        assert (saved.consents, saved.gateways, saved.id) == (CASE.consents, CASE.gateways, CASE.id)
        assert changed_places(CASE, saved)


@pytest.fixture
def command(hub: Path) -> Callable[..., Any]:
    def run(*arguments: str, typed: str = "") -> Any:
        return CliRunner().invoke(group, ["--hub", str(hub), "case", *arguments], input=typed, standalone_mode=False)

    return run


def test_the_command_writes_once_and_says_which_places_changed_and_no_values(hub: Path, command: Any) -> None:
    file = write_case(hub / "cases", DATA)
    typed = "\n".join(["", "", "Neu", "", "", "", "17/05/2014", "finish", "save", ""])
    done = command("change", "MASH-1", "p1", "--json", typed=typed)
    assert done.return_value == 0, done.output
    told = json.loads(done.stdout)
    assert told == {"case": "MASH-1", "file": str(file), "changed": ["people.p1.names", "people.p1.born"]}
    assert load_case(file).person("p1").names[0].family == "Neu"


def test_the_command_ends_with_a_reason_and_changes_nothing(hub: Path, command: Any) -> None:
    file = write_case(hub / "cases", DATA)
    before = file.read_bytes()
    assert "no person with this id" in str(command("change", "MASH-1", "p9").exception)
    assert "nothing was changed" in str(command("change", "MASH-1", typed="\n").exception)
    stopped = command("change", "MASH-1", "p1", typed="\n\nNeu\n")
    assert type(stopped.exception).__name__ == "Abort"
    abandoned = command("change", "MASH-1", "p1", typed="\n\nNeu\nfinish\nabandon\n")
    assert abandoned.return_value == 130
    assert file.read_bytes() == before
