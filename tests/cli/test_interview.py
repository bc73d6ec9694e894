"""The conversation: what an answer may be, how it is corrected, and what is not asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mash_trawl.cli.interview import Choice, Question, answer_to

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)


def test_finish_leaves_the_rest_open_and_keeps_what_was_said(play: Any) -> None:
    case, _ = play((("(p1)", "subject"), ("Given names?", "Tom"), ("Family name?", "finish"), ("Save", "save")))
    (person,) = case.people
    assert (person.names[0].given, person.names[0].family) == (("Tom",), None)
    assert case.relationships == ()


def test_back_after_finish_returns_to_the_question_that_was_left(play: Any) -> None:
    said = (("Given names?", "Tom"), ("Family name?", "finish"), ("Save", "back"), ("Family name?", "Testfall"))
    case, _ = play((*said, ("Save", "save")))
    assert case.people[0].names[0].family == "Testfall"


def test_back_can_be_said_again_and_again_up_to_the_first_question(play: Any) -> None:
    said = (
        ("case reference", "back"),
        ("kind of case", "back"),
        ("kind of case", "early help"),
        ("case reference", "A-1"),
    )
    case, player = play(said)
    assert (case.id, case.profile) == ("A-1", "early_help")
    assert "  This is the first question." in player.heard


def test_an_abandoned_case_is_no_case(play: Any) -> None:
    case, _ = play((("Save", "abandon"),))
    assert case is None


@pytest.mark.parametrize(
    ("question", "wrong", "said"),
    [
        ("NHS number", "943 476 5918", "This NHS number fails its check digit."),
        ("pupil number", "J801200001001", "This UPN fails its check letter."),
        ("Date of birth", "05/17/2014", "Write the day before the month."),
        ("Date of birth", "17/05/2034", "This day is still to come."),
        ("Date of birth", "Khan-zqx", "This cannot be read as a date."),
        ("arrive", "tomorrow 09:00", "This moment is still to come."),
        ("arrive", "about 2019", "Here the exact day is needed"),
        ("case reference", "Khan zqx", "This cannot be an id."),
        ("the concern", "zqx", "This is none of the choices."),
        ("the concern", "99", "Please type a number from 1 to 23"),
        ("the concern", "PARENT'S", "More than one choice begins like this."),
        ("Family name?", "zqx\x07", "There are characters in it that cannot be kept."),
        ("Family name?", "zqx" * 2000, "At most 4000 letters can be taken."),
    ],
)
def test_a_wrong_answer_is_asked_again_with_what_is_wrong_and_is_never_repeated(
    question: str, wrong: str, said: str, play: Any
) -> None:
    case, player = play(((question, wrong), (question, "unknown")))
    assert any(said in line for line in player.heard)
    assert not any(wrong in line or "zqx" in line for line in player.heard)
    assert case.people[0].identifiers == {}


def test_a_question_mark_explains_and_the_question_stays(play: Any) -> None:
    case, player = play((("the concern", "?"), ("the concern", "neglect")))
    assert case.referral.concerns == ("neglect",)
    assert any("specialist team" in line for line in player.heard)
    assert any("Ctrl-C" in line for line in player.heard)


def test_a_name_that_is_a_command_is_taken_in_quotes(play: Any) -> None:
    case, _ = play((("Given names?", '"Unknown"'), ("Family name?", '"?"')))
    assert (case.people[0].names[0].given, case.people[0].names[0].family) == (("Unknown",), "?")


def test_only_powers_that_the_profile_relies_on_are_offered(play: Any) -> None:
    _, player = play((("kind of case", "early help"), ("Has a manager", "yes")))
    offered = [line.split(None, 1)[1] for line in player.heard if ": " in line and line[:4].strip().isdigit()]
    assert [line for line in offered if line.startswith(("S47", "S17", "CDA115", "CARE42", "16LA", "EH"))] == []
    assert any(line.startswith("COURT") for line in offered)
    assert not any("Level 1" in line or "Level 4" in line for line in player.heard)


def test_a_decision_that_lacks_what_the_law_requires_is_not_kept(play: Any) -> None:
    said = (("Has a manager", "yes"), ("Which power", "S47"), ("Who decided", "r.cole"), ("When was it", "09:10"),
            ("grounds", "unknown"))  # fmt: skip
    assert play(said)[0].gateways == ()
    order = (("Has a manager", "yes"), ("Which power", "COURT"), ("Who decided", "r.cole"), ("When was it", "09:10"),
             ("grounds", "The court wants it."), ("reference of the order", "NB26C00001"), ("About whom", "p1"),
             ("Which agencies does it name", "police"), ("What of Police", "missing person reports"),
             ("When does it end", "3/12/2026"))  # fmt: skip
    (use,) = play(order)[0].gateways
    assert (use.categories, use.order_ref) == ({"police": ("missing",)}, "NB26C00001")
    assert play((*order[:-2], ("What of Police", "unknown")))[0].gateways == ()


def test_nobody_agrees_for_another_adult_and_a_young_person_speaks_for_themselves(play: Any) -> None:
    people = (("(p1)", "subject"), ("Date of birth", "3/2/2012"), ("another person", "yes"), ("(p2)", "parent"),
              ("Date of birth", "1985"), ("another person", "yes"), ("(p3)", "parent"),
              ("Date of birth", "1984"))  # fmt: skip
    case, player = play((
        *people, ("Has anybody agreed", "yes"), ("Who agreed", "p2"), ("Did they", "agreed"), ("For whom", "p2, p3"),
        ("For whom", "unknown"), ("Which agencies", "housing"), ("When was", "today"), ("anybody else", "yes"),
        ("Who agreed", "p1"), ("Did they", "refused"), ("For whom", ""), ("Who assessed", "social worker"),
        ("Which agencies", "every agency"), ("What of Health", "1, sexual health"), ("When was", "yesterday"),
    ))  # fmt: skip
    assert any("Nobody can agree for another adult" in line for line in player.heard)
    own, young = case.consents
    assert (own.capacity, own.covers, own.given_at) == ("self", ("p2",), NOW)
    assert (young.kind, young.capacity, young.gillick_assessed_by) == ("refusal", "gillick", "social worker")
    assert young.given_at == datetime(2026, 11, 2, 23, 59, tzinfo=UTC), "without a time the end of that day counts"
    assert young.categories["police"] == "all"
    assert "sexual_health" in young.categories["health"] and "camhs" not in young.categories["health"]


def test_an_agreement_about_nothing_or_at_no_known_time_is_not_recorded(play: Any) -> None:
    begin = (("Has anybody agreed", "yes"), ("Who agreed", "p1"), ("Did they", "agreed"))
    assert play((*begin, ("Which agencies", "unknown")))[0].consents == ()
    assert play((*begin, ("Which agencies", "housing"), ("When was", "unknown")))[0].consents == ()
    assert play((("Has anybody agreed", "yes"), ("Who agreed", "unknown")))[0].consents == ()


def test_what_cannot_be_written_is_told_and_the_answers_are_not_lost(play: Any) -> None:
    refusals = ["Not saved: the disk is full.", ""]
    case, player = play((("Save", "save"), ("Save", "save")), keep=lambda case: refusals.pop(0))
    assert case is not None and refusals == []
    assert any("the disk is full" in line for line in player.heard)


def test_the_beginning_of_the_words_is_enough_and_a_number_counts_from_one() -> None:
    choices = (Choice(code="a_b", words="Alpha beta"), Choice(code="ac", words="Alpha gamma"))
    one = Question(ask="", why="", choices=choices)
    assert [answer_to(one, text) for text in ("1", "2", "a b", "alpha G", "AC")] == ["a_b", "ac", "a_b", "ac", "ac"]
    more = Question(ask="", why="", choices=choices, several=True, empty=())
    assert [answer_to(more, text) for text in ("1;2", "ac and 1", "none", "1,1")] == [
        ("a_b", "ac"), ("ac", "a_b"), (), ("a_b",)]  # fmt: skip
