"""Which power is named as another way, where several stand in the profile; and why nothing was asked, in one word."""

from __future__ import annotations

from mash_trawl.model.answer import Why

HOUSING = ("mother", "housing.tenancy")


def test_a_power_that_cannot_open_it_is_passed_over_for_the_next(family, ask, changed):
    relying = changed("children_in_need", "relies_on", ["S17", "S47"])
    assert "decision under S47" in ask(family.case(), *HOUSING, by=relying).unlock


def test_a_power_that_was_decided_on_already_is_passed_over_for_the_next(family, ask, s47):
    found = ask(family.case(concerns=["domestic_abuse"], gateways=[s47(covers=["mother"], grounds="")]), *HOUSING)
    assert found.rule == "gateway.S47.not_recorded"
    assert "A decision under CDA115" in found.unlock and "A decision under S47" not in found.unlock


def test_a_power_that_names_its_categories_is_a_way_to_these_and_to_no_others(family, ask, changed):
    relying = changed("children_in_need", "relies_on", ["CDA115"])
    case = family.case(level=3, concerns=["domestic_abuse"])
    assert "decision under CDA115" in ask(case, *HOUSING, by=relying).unlock
    assert "CDA115" not in ask(case, "mother", "education.attendance", by=relying).unlock


def test_where_no_agreement_could_open_it_the_power_says_why(family, ask, s47):
    found = ask(family.case(gateways=[s47(covers=["mother"], grounds="")]), "mother", "police.intelligence")
    assert (found.rule, found.why) == ("gateway.S47.not_recorded", Why.GATEWAY_NOT_MET)
    family_choice = ask(family.case(gateways=[s47(covers=["mother"], grounds="")]), *HOUSING)
    assert family_choice.why == Why.CONSENT_NOT_SOUGHT
