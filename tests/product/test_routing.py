"""Teams are suggested from concerns and level alone, with the reason; nothing is scored and nothing decided."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.case import Case, Keyworker, Referral
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.threshold import Citation
from mash_trawl.product.routing import GATHERS_ONLY, keyworker_words, level_title, meetings, routes, ways, who_routes

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
DOOR, HELP, NEED = (load_profile(name) for name in ("front_door", "early_help", "children_in_need"))


def case(*concerns, level=None, **more):
    referral = Referral(
        source="school", received_at=NOW, concerns=concerns, level=level, threshold=more.pop("cite", None)
    )
    return Case(version=1, id="M-1", profile="front_door", opened_at=NOW, referral=referral, people=(), **more)


def teams(*concerns, level=None, profile=DOOR):
    return [route.team for route in routes(case(*concerns, level=level), profile)]


@pytest.mark.parametrize(
    ("concern", "team"),
    [
        ("child_sexual_exploitation", "exploitation"),
        ("adult_at_risk", "adult_safeguarding"),
        ("missing", "missing_people"),
        ("hate_crime", "hate_crime"),
        ("domestic_abuse", "domestic_abuse_team"),
    ],
)
def test_the_front_door_has_a_team_for_each_specialist_concern_and_says_why(concern, team):
    found = {route.team: route.why for route in routes(case(concern, level=3), DOOR)}
    assert DOOR.concerns[concern] in found[team]
    assert list(found) == [team]


def test_domestic_abuse_goes_to_the_specialist_team_only_below_the_statutory_threshold():
    assert teams("domestic_abuse", level=3) == ["domestic_abuse_team"]
    assert teams("domestic_abuse", level=4) == []


def test_early_help_comes_from_the_level_alone():
    assert teams("neglect", level=1) == teams(level=2) == ["early_help_team"]
    assert teams("neglect", level=3) == []
    (route,) = routes(case(level=2), DOOR)
    assert route.why == "level 2 (Early or additional)"


def test_a_level_that_nobody_has_set_is_said_to_be_missing_and_suggests_nothing_by_itself():
    assert teams() == []
    (route,) = routes(case("domestic_abuse"), DOOR)
    assert route.why == "concern: Domestic abuse; if the level is set to 1 or 2 or 3: it is not set yet"


def test_a_team_without_concerns_and_levels_is_suggested_for_nobody():
    bare = replace(DOOR, routing={"any": replace(DOOR.routing["hate_crime"], concerns=())})
    assert routes(case("hate_crime", level=1), bare) == ()


CONCERNS = st.lists(st.sampled_from([*DOOR.concerns, "unknown_word"]), unique=True)


@given(CONCERNS, CONCERNS, st.sampled_from([None, 1, 2, 3, 4, 9]), st.sampled_from([DOOR, HELP, NEED]))
def test_more_concerns_never_take_a_team_away_and_no_reason_holds_a_number_but_levels(some, more, level, profile):
    few, many = case(*some, level=level), case(*dict.fromkeys([*some, *more]), level=level)
    found = routes(many, profile)
    assert {route.team for route in routes(few, profile)} <= {route.team for route in found}
    assert [route.team for route in found] == [name for name in profile.routing if name in {r.team for r in found}]
    levels = {str(number) for route in profile.routing.values() for number in route.levels} | {str(level)}
    assert all(set(re.findall(r"\d+", route.why)) <= levels for route in found)


def test_it_is_always_a_person_who_routes():
    assert who_routes(DOOR) == "Suggested by the profile; the team manager routes."
    assert who_routes(HELP) == "Suggested by the profile; a person routes."


def test_the_levels_title_is_the_document_s_or_nothing():
    assert level_title(case(level=4), DOOR) == "Acute or statutory"
    assert level_title(case(), DOOR) == level_title(case(level=9), DOOR) == ""


def test_a_profile_that_only_gathers_says_first_that_nobody_decides():
    assert ways(case(), HELP, NOW).notes == (GATHERS_ONLY,)
    assert ways(case(), NEED, NOW).notes == ways(case(), DOOR, NOW).notes == ()


def test_a_document_past_its_review_is_told():
    late = datetime(2028, 1, 1, tzinfo=UTC)
    assert ways(case(), NEED, late).notes == (
        "The threshold document national-example@2026.1 was to be reviewed by 1 September 2027.",
    )


def test_cited_clauses_are_shown_in_the_document_s_own_words_with_what_they_were_cited_for():
    cite = Citation(document="national-example@2026.1", clauses=("3.1",))
    power = GatewayUse(id="S47", decided_by="r.cole", decided_at=NOW, grounds="x", covers=("p1",), clauses=("4.2",))
    shown = ways(case(cite=cite, gateways=(power,), level=4), NEED, NOW).threshold
    assert [(item.number, item.cited_for, item.level) for item in shown.clauses] == [
        ("3.1", "level", "3"), ("4.2", "S47", "4"),
    ]  # fmt: skip
    assert shown.clauses[1].text == NEED.document.levels["4"].clauses["4.2"]
    assert (shown.document, shown.agreed_on) == ("national-example@2026.1", "2026-09-01")


def test_what_is_cited_of_another_edition_or_nowhere_is_not_shown_as_this_one_s():
    other = Citation(document="national-example@2025.1", clauses=("3.1",))
    assert ways(case(cite=other), NEED, NOW).threshold is None
    assert ways(case(cite=other), replace(NEED, document=None), NOW).threshold is None


def test_meetings_name_who_comes_by_title():
    (daily, *_) = meetings(DOOR)
    assert (daily.title, daily.when) == ("Daily meeting", "every working day")
    assert daily.who[:2] == ("Children's social care", "Police")
    assert len(daily.who) == len(DOOR.meetings["daily"].who)


def test_the_keyworker_is_one_sentence_without_what_is_not_known():
    worker = Keyworker(name="K. Synthetic", appointed_at=NOW, role="family support worker", agency="early_help")
    told = keyworker_words(case(keyworker=worker), HELP)
    assert told == "K. Synthetic, family support worker, Early help service, appointed on 3 November 2026"
    bare = Keyworker(name="K. Synthetic", appointed_at=NOW)
    assert keyworker_words(case(keyworker=bare), HELP) == "K. Synthetic, appointed on 3 November 2026"
    assert keyworker_words(case(), HELP) == ""
