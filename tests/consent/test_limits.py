"""What takes away: scope, restrictions, hidden addresses; and the obligations that travel with a permit."""

from __future__ import annotations

import pytest

from mash_trawl.model.decision import Outcome


def people_with(family, person, **changes):
    return [{**one, **changes} if one["id"] == person else one for one in family.people]


@pytest.mark.parametrize(("profile_name", "level", "outcome"), [
    ("early_help", 4, Outcome.DENY), ("early_help", 2, Outcome.PERMIT), ("children_in_need", 2, Outcome.DENY),
    ("children_in_need", 4, Outcome.PERMIT), ("front_door", 1, Outcome.PERMIT), ("early_help", None, Outcome.PERMIT),
])  # fmt: skip
def test_a_case_outside_the_profiles_levels_is_out_of_scope(family, ask, agreed, profile_name, level, outcome):
    found = ask(family.case(level=level, consents=[agreed()]), "mother", "housing.tenancy", by=profile_name)
    assert found.outcome is outcome
    if outcome is Outcome.DENY:
        assert (found.rule, found.why) == ("scope.level", "out_of_scope")


def test_a_profile_may_demand_that_the_level_is_set(family, ask, agreed, changed):
    rules = changed("children_in_need", "scope/level_needed", True)
    assert (
        ask(family.case(level=None, consents=[agreed()]), "mother", "housing.asb", by=rules).rule == "scope.level_unset"
    )


def test_professionals_are_never_asked_about(family, ask, agreed, s47):
    own = agreed(given_by="worker", capacity="self", covers=["worker"])
    found = ask(family.case(consents=[own], gateways=[s47(covers=["worker", "child"])]), "worker", "housing.tenancy")
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "scope.role", "out_of_scope")


@pytest.mark.parametrize("restriction", ["adoption", "witness_protection", "gender_history", "staff_interest"])
def test_a_restricted_person_goes_to_a_named_person(family, ask, agreed, restriction):
    case = family.case(people=people_with(family, "mother", restrictions=[restriction]), consents=[agreed()])
    found = ask(case, "mother", "housing.tenancy")
    assert (found.outcome, found.rule) == (Outcome.REVIEW, f"restriction.{restriction}")
    assert {"minimise", "human_review"} <= set(found.obligations)
    assert ask(case, "child", "housing.tenancy").outcome is Outcome.PERMIT


def test_a_restriction_that_the_profile_forgot_still_restricts(family, ask, agreed, changed):
    rules = changed("children_in_need", "restrictions", {})
    case = family.case(people=people_with(family, "mother", restrictions=["adoption"]), consents=[agreed()])
    assert ask(case, "mother", "housing.tenancy", by=rules).outcome is Outcome.REVIEW


def test_a_restriction_opens_nothing(family, ask):
    case = family.case(people=people_with(family, "mother", restrictions=["adoption"]))
    assert ask(case, "mother", "housing.tenancy").rule == "consent.not_sought"


def test_a_hidden_address_masks_everybody_who_may_live_there(family, ask, s47):
    home, away = {"postcode": "NB1 4QT", "lines": ["1 Synthetic Way"]}, {"postcode": "NB9 9ZZ", "lines": ["2 Far Lane"]}
    people = []
    for one in family.people:
        places = {"child": [home, away], "mother": [home], "father": [away], "youth": [{**home, "postcode": "nb14qt"}]}
        extra = {"addresses": places[one["id"]]} if one["id"] in places else {}
        flag = {"restrictions": ["hidden_address"]} if one["id"] == "mother" else {}
        people.append({**one, **extra, **flag})
    case = family.case(people=people, gateways=[s47()])
    masked = {person for person in ("child", "youth", "teen", "mother", "father", "lodger")
              if "mask_address" in ask(case, person, "police.missing").obligations}  # fmt: skip
    assert masked == {"child", "youth", "mother", "teen", "lodger"}  # not the father: he lives elsewhere


def test_a_former_address_is_not_the_hidden_one(family, ask, s47):
    old = {"postcode": "NB9 9ZZ", "to": "2025-01"}
    home = {"postcode": "NB1 4QT"}
    people = people_with(family, "mother", addresses=[old, home], restrictions=["hidden_address"])
    people = [{**one, "addresses": [{"postcode": "NB9 9ZZ"}]} if one["id"] == "father" else one for one in people]
    case = family.case(people=people, gateways=[s47()])
    assert "mask_address" not in ask(case, "father", "police.missing").obligations


def test_where_the_hidden_address_is_not_recorded_everybody_is_masked(family, ask, s47):
    people = people_with(family, "mother", restrictions=["hidden_address"])
    people = [{**one, "addresses": [{"postcode": "NB9 9ZZ"}]} if one["id"] == "father" else one for one in people]
    case = family.case(people=people, gateways=[s47()])
    assert "mask_address" in ask(case, "father", "police.missing").obligations


def test_early_help_copies_are_to_be_deleted_and_health_is_not_passed_on(family, ask, agreed):
    case = family.case(level=3, consents=[agreed()])
    assert ask(case, "mother", "housing.tenancy", by="early_help").obligations == ("minimise", "delete_by")
    assert "no_onward" in ask(case, "mother", "health.gp_summary", by="early_help").obligations
