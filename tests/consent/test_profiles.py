"""The profiles that come with the project say what the three models of a hub need."""

from __future__ import annotations

from datetime import date

import pytest

NAMES = ("base", "early_help", "children_in_need", "front_door")
AGENCIES = {
    "childrens_social_care", "early_help", "childrens_centres", "adult_social_care", "police", "health", "education",
    "housing", "probation", "youth_offending", "district_council", "domestic_abuse_service", "exploitation_team",
}  # fmt: skip
GATEWAYS = {"S47", "S17", "EH", "CDA115", "CA04", "16LA", "PUBLIC_INTEREST", "CARE42", "COURT"}


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_knows_all_agencies_and_gateways(profile, name):
    rules = profile(name)
    assert set(rules.agencies) == AGENCIES
    assert set(rules.gateways) == GATEWAYS
    assert rules.id == name


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_profile_refers_to_exists_in_it(profile, name):
    rules = profile(name)
    assert set(rules.relies_on) <= set(rules.gateways)
    assert {str(level) for level in rules.scope.levels} <= set(rules.levels)
    for gateway in rules.gateways.values():
        assert set(gateway.concerns) <= set(rules.concerns)
        assert set(gateway.binds) <= set(rules.agencies)
        for agency, opened in gateway.opens.items():
            assert opened == "all" or set(opened) <= set(rules.agencies[agency].categories)
    for route in rules.routing.values():
        assert set(route.concerns) <= set(rules.concerns)
        assert {str(level) for level in route.levels} <= set(rules.levels)
    for meeting in rules.meetings.values():
        assert set(meeting.who) <= set(rules.agencies)


@pytest.mark.parametrize("name", NAMES)
def test_every_gateway_cites_its_law_and_when_it_was_read(profile, name):
    for ident, gateway in profile(name).gateways.items():
        assert gateway.law
        assert gateway.source
        assert gateway.reviewed_on == date(2026, 11, 22)
        assert (gateway.in_force_from is None) is (ident == "16LA")


def test_health_is_stricter_everywhere(profile):
    rules = profile("base")
    assert all(category.health and "no_onward" in category.obligations
               for category in rules.agencies["health"].categories.values())  # fmt: skip
    assert [name for name, category in rules.agencies["health"].categories.items() if category.summary] == [
        "gp_summary"
    ]
    assert rules.category("health.sexual_health").hidden_existence
    assert not rules.category("housing.asb").health
    assert rules.category("housing.nothing") is None


def test_early_help_gathers_and_does_not_decide(profile):
    rules = profile("early_help")
    assert (rules.decides, rules.deciders, rules.consent.life.to_text()) == (False, (), "90d")
    assert {"S47", "S17", "CDA115"}.isdisjoint(rules.relies_on)
    core = {name for name, agency in rules.agencies.items() if agency.seat == "core"}
    assert core == {"childrens_social_care", "early_help", "childrens_centres", "adult_social_care"}


def test_children_in_need_has_its_core_agencies_and_a_manager_who_decides(profile):
    rules = profile("children_in_need")
    core = {name for name, agency in rules.agencies.items() if agency.seat == "core"}
    assert core == {"childrens_social_care", "police", "health", "education", "probation", "housing", "youth_offending"}
    assert (rules.decides, rules.deciders) == (True, ("team_manager",))


def test_the_front_door_takes_every_level_meets_daily_and_routes_to_specialists(profile):
    rules = profile("front_door")
    assert rules.scope.levels == (1, 2, 3, 4)
    assert "daily" in rules.meetings
    assert {"early_help_team", "domestic_abuse_team", "exploitation", "adult_safeguarding", "missing_people",
            "hate_crime"} <= set(rules.routing)  # fmt: skip


def test_the_clocks_run_red_through_and_count_the_others_in_working_days(profile):
    rag = profile("front_door").rag
    assert (rag["red"].hours, rag["red"].counted) == (4, "running")
    assert (rag["amber"].days, rag["amber"].counted) == (1, "working")
    assert rag["green"].days == 3
    assert (rag["blue"].hours, rag["blue"].days) == (None, None)


def test_the_working_copy_is_not_the_record(profile):
    kept = profile("base").retention
    assert kept["working_copy"].keep.to_text() == "30d"
    assert kept["child_protection"].keep.seconds > kept["contact_no_further_action"].keep.seconds
