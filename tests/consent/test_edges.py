"""Records that lack something, and lists that the profile closes."""

from __future__ import annotations

import pytest

from mash_trawl.consent import problems
from mash_trawl.consent.decide import question_about
from mash_trawl.consent.question import Setting
from mash_trawl.model.decision import Outcome

HOUSING = ("child", "housing.tenancy")


def test_a_giver_outside_the_case_and_a_child_of_unknown_age_are_told_apart(family, ask, agreed):
    assert ask(family.case(consents=[agreed(given_by="aunt")]), *HOUSING).rule == "capacity.giver_unknown"
    people = [{key: value for key, value in one.items() if one["id"] != "child" or key != "born"}
              for one in family.people]  # fmt: skip
    found = ask(family.case(people=people, consents=[agreed()]), *HOUSING)
    assert found.rule == "capacity.child_age_unknown"


def test_agencies_concerns_and_colours_that_the_profile_does_not_know_are_found_before(family, s47, profile):
    plain = family.case(concerns=["neglct", "neglect"], gateways=[s47(addressee=["polise", "police"])])
    assert [(one.where, one.do) for one in problems(plain, profile("children_in_need"))] == [
        ("gateways[0].addressee", "Did you mean police?"), ("referral.concerns[0]", "Did you mean neglect?"),
    ]  # fmt: skip


def test_a_question_about_an_unknown_category_is_no_question(family, profile, now):
    case = family.case()
    setting = Setting.of(case, profile("children_in_need"), now)
    with pytest.raises(KeyError, match=r"scope\.category"):
        question_about(setting, case.people[0], "housing", "housing.dreams")


def test_a_power_that_never_opens_health_does_not_even_where_it_lists_it(family, ask, s47, changed):
    rules = changed("children_in_need", "gateways/CDA115/opens", {"health": "all"})
    power = s47(id="CDA115", necessity="Synthetic.", trigger=None)
    found = ask(family.case(concerns=["domestic_abuse"], gateways=[power]), "child", "health.gp_summary", by=rules)
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.CDA115.health")


def test_a_place_without_number_or_postcode_is_known_by_its_lines(family, ask, agreed):
    def at(one, *lines):
        return {**one, "addresses": [{"lines": list(lines)}]}

    people = [at(one, "1 Synthetic Row", "Northtown") if one["id"] in ("mother", "lodger")
              else at(one, "9 Other Row") for one in family.people]  # fmt: skip
    hiding = [{**one, "restrictions": ["hidden_address"]} if one["id"] == "lodger" else one for one in people]
    case = family.case(people=hiding, consents=[agreed()])
    assert "mask_address" in ask(case, "mother", "housing.tenancy").obligations
    assert "mask_address" not in ask(case, *HOUSING).obligations
