"""What a typed answer could be taken for and must not be: an unknown for a fact, a slip for a choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mash_trawl.cli.interview import Choice, Question, Wrong, answer_to
from mash_trawl.cli.interview_times import moment

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)


def at(text: str, **more: Any) -> datetime:
    found = moment(lambda: NOW, **({"late": False} | more))["read"](text)
    assert isinstance(found, datetime)
    return found.astimezone(UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9am", "2026-11-03T09:00"), ("09:05", "2026-11-03T09:05"), ("8.30am", "2026-11-03T08:30"),
        ("today 9 a.m.", "2026-11-03T09:00"), ("yesterday 4.30pm", "2026-11-02T16:30"),
        ("yesterday at 12pm", "2026-11-02T12:00"), ("yesterday 12:15am", "2026-11-02T00:15"),
        ("Friday 16:00", "2026-10-30T16:00"), ("tuesday 9am", "2026-11-03T09:00"),
        ("Tuesday 16:00", "2026-10-27T16:00"), ("monday", "2026-11-02T00:00"),
        ("3/11/2026 9:05 am", "2026-11-03T09:05"), ("2 November 2026, 4pm", "2026-11-02T16:00"),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert at(typed) == datetime.fromisoformat(f"{meant}+00:00")


@pytest.mark.parametrize("typed", ["quarter past nine", "25:00", "9.75pm", "13pm", "at some time", "Fri-day", "2019"])
def test_what_is_no_time_is_answered_with_an_example(typed: str) -> None:
    with pytest.raises(Wrong, match=r"4\.30pm") as told:
        at(typed)
    assert typed not in str(told.value)


def test_a_day_of_the_week_is_not_guessed_for_what_is_to_come() -> None:
    with pytest.raises(Wrong, match=r"3/11/2026 10:05"):
        at("Friday 16:00", ahead=True)


def test_a_bare_day_on_which_something_was_given_is_the_moment_that_follows_it() -> None:
    given = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    assert at("today", after=given) == given + timedelta(seconds=1)
    assert at("today", after=NOW) == NOW, "never a moment that is still to come"
    assert at("today 08:00", after=given) < given, "a stated time is not moved: it is asked again"
    assert at("yesterday", after=given) < given


def test_an_answer_is_judged_by_the_clock_of_its_own_moment(play: Any) -> None:
    minutes = iter(range(1, 1000))

    def clock() -> datetime:
        return NOW + timedelta(seconds=20 * next(minutes))

    said = (("arrive", "09:21"), ("the concern", "neglect"), ("level of need", "back"), ("the concern", "1"),
            ("Has anybody agreed", "yes"), ("Who agreed", "p1"), ("Did they", "agreed"), ("Which agencies", "housing"),
            ("When was this said", "09:22"), ("Save", "save"))  # fmt: skip
    case, _ = play(said, clock=clock)
    assert case.referral.received_at == NOW + timedelta(minutes=1)
    (consent,) = case.consents
    assert consent.given_at == NOW + timedelta(minutes=2)
    assert case.opened_at > consent.given_at


def test_going_back_keeps_the_moment_of_an_earlier_answer(play: Any) -> None:
    ticks = iter(range(10_000))

    def clock() -> datetime:
        return NOW + timedelta(minutes=next(ticks))

    seen = []

    def keep(case: Any) -> str:
        seen.append(case.referral.received_at)
        return "once more" if len(seen) < 2 else ""

    case, _ = play((("arrive", "now"), ("Save", "save"), ("Save", "back"), ("Has a manager", "no"), ("Save", "save")),
                   keep=keep, clock=clock)  # fmt: skip
    assert seen[0] == seen[1] == case.referral.received_at


@pytest.mark.parametrize("question", ["arrive", "kind of case"])
def test_a_typed_unknown_never_becomes_just_now_or_the_first_profile(question: str, play: Any) -> None:
    case, player = play(((question, "unknown"), (question, "2" if question == "kind of case" else "today")))
    if question == "arrive":
        assert case.referral.received_at == datetime(2026, 11, 3, tzinfo=UTC)
        assert any("too early rather than too late" in line for line in player.heard)
    else:
        assert case.profile == "early_help"
        assert any("Please choose one: it decides which law applies" in line for line in player.heard)


def test_a_level_is_chosen_by_its_own_number(play: Any) -> None:
    case, player = play((("kind of case", "early help"), ("level of need", "1"), ("level of need", "2")))
    assert case.referral.level == 2
    assert any(line.startswith("   2  Level 2") for line in player.heard)


def test_numbers_of_their_own_are_what_is_typed() -> None:
    offered = tuple(Choice(code=str(level), words=f"Level {level}", number=level) for level in (2, 3))
    question = Question(ask="", why="", choices=offered)
    assert [answer_to(question, text) for text in ("2", "3", "Level 2")] == ["2", "3", "2"]
    with pytest.raises(Wrong, match="from 2 to 3"):
        answer_to(question, "1")


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("unknown", "[..2027-08]"),
        ("", "[..2027-08]"),
        ("before August 2027", "[..2027-07]"),
        ("March 2027", "2027-03"),
    ],
)
def test_a_child_who_is_not_born_stays_unborn_whatever_is_known_of_the_date(typed: str, due: str, play: Any) -> None:
    case, player = play((("(p1)", "subject"), ("Is the child born", "no"), ("When is the child due", typed)))
    assert case.people[0].unborn and case.people[0].due.edtf == due
    assert any("empty: August 2027 or earlier" in line for line in player.heard)
    asked = any("when the child is due" in line for line in player.heard)
    assert asked == due.startswith("[")


def test_whether_a_child_is_born_is_not_guessed_from_a_typed_unknown(play: Any) -> None:
    case, player = play((("Is the child born", "unknown"), ("Is the child born", "no")))
    assert case.people[0].unborn
    assert any("Please say yes or no" in line for line in player.heard)


def test_finish_leaves_an_unborn_child_unborn(play: Any) -> None:
    case, _ = play((("Is the child born", "no"), ("Given names", "finish"), ("Save", "save")))
    assert case.people[0].unborn


def test_whoever_lives_with_somebody_has_the_address_and_a_beginning_of_their_own(play: Any) -> None:
    case, player = play((
        ("live", "own"), ("Address", "14 Mill Lane"), ("Since when", "2015"), ("another person", "yes"),
        ("live", "unknown"), ("earlier address", "yes"), ("Address", "3 Old Street"),
        ("Until when", "2020"), ("another person", "yes"), ("live", "p2"), ("live", "With p1"), ("Since when", "2022"),
    ))  # fmt: skip
    _, second, third = case.people
    assert [(at.lines, at.from_.edtf, at.to) for at in third.addresses] == [(("14 Mill Lane",), "2022", None)]
    assert second.addresses[0].to is not None
    assert not any("With p2" in line for line in player.heard), "a former address is nobody's home"


def test_one_person_told_twice_is_noticed_at_once_and_may_be_left_out(play: Any) -> None:
    twins = (("Given names", "Aisha"), ("Family name", "Khan"), ("Date of birth", "17/05/2014"),
             ("another person", "yes"), ("Given names", "aisha"), ("Family name", "KHAN"),
             ("Date of birth", "17 May 2014"))  # fmt: skip
    case, _ = play((*twins, ("is in the case already: p1 Aisha Khan", "no"), ("Save", "save")))
    assert [person.id for person in case.people] == ["p1"]
    case, player = play((*twins, ("is in the case already", ""), ("Save", "save")))
    assert len(case.people) == 2
    assert any("whether this is somebody else than p1" in line for line in player.heard)


def test_what_could_not_be_recorded_is_said_at_once_and_before_saving(play: Any) -> None:
    case, player = play((("Has anybody agreed", "yes"), ("Who agreed", "p1"), ("Did they", "agreed"),
                         ("Which agencies", "housing"), ("When was this said", "unknown"),
                         ("Has anybody else agreed", "no"), ("Has a manager", "yes"), ("Which power", "S47"),
                         ("Who decided", "unknown"), ("another decision", "no")))  # fmt: skip
    assert case.consents == case.gateways == ()
    for what in ("nobody said when it was given", "nobody said who decided"):
        heard = [line for line in player.heard if what in line]
        assert len(heard) == 2 and "mash-trawl case" in heard[0], heard


def test_before_saving_everything_that_was_understood_is_shown(play: Any) -> None:
    _, player = play((
        ("kind of case", "children in need"), ("Who referred", "school"), ("the concern", "neglect"),
        ("level of need", "4"), ("priority", "red"), ("What happened", "An injury was seen."), ("Given names", "Aisha"),
        ("Family name", "Khan"), ("another name", "yes"), ("Given names in that", "Ash"),
        ("Date of birth", "17/05/2014"), ("Sex", "f"), ("live", "own"), ("Address", "14 Mill Lane"),
        ("Postcode", "NB1 4QT"), ("another person", "yes"), ("(p2)", "parent"), ("What is p2", "parent"),
        ("which way", "birth"), ("Has anybody agreed", "yes"), ("Who agreed", "p2"), ("Did they", "agreed"),
        ("For whom", "p1, p2"), ("Which agencies", "health services"), ("What of Health", "gp_summary"),
        ("When was this said", "09:10"), ("Has a manager", "yes"), ("Which power", "S47"), ("Who decided", "r.cole"),
        ("When was it decided", "09:15"), ("grounds", "Disclosure."), ("About whom", "p1"), ("Which part", "1"),
    ))  # fmt: skip
    told = "\n".join(player.heard[max(at for at, line in enumerate(player.heard) if line.startswith("Case ")) - 45 :])
    for words in ("priority: Red", "level of need: 4 (", "what happened: An injury was seen.", "born: 17 May 2014",
                  "also known as: Ash Khan", "address: 14 Mill Lane, NB1 4QT", "p2 is the parent of p1 Aisha Khan",
                  "p2 agreed for p1 Aisha Khan and p2: Health services (", "S47: decided by r.cole",
                  "grounds: Disclosure."):  # fmt: skip
        assert words in told, words
