"""Legal powers: when they hold, whom and what they open, and what must be recorded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mash_trawl.consent import explain, problems
from mash_trawl.model.decision import Outcome


def use(ident, **fields):
    base = {"id": ident, "decided_by": "r.cole", "decided_at": "2026-11-03T11:00:00+00:00", "grounds": "Synthetic.",
            "covers": ["child", "mother", "father", "lodger"]}  # fmt: skip
    return {**base, **fields}


def test_s47_opens_ordinary_records_of_child_and_carers_without_consent(family, ask, s47):
    case = family.case(gateways=[s47()])
    for person in ("child", "teen", "youth", "mother", "father", "lodger"):
        found = ask(case, person, "police.domestic_abuse")
        assert (found.outcome, found.rule, found.basis) == (Outcome.PERMIT, "gateway.S47", "S47")
        assert {"minimise", "notify"} <= set(found.obligations)


def test_s47_covers_only_the_people_that_the_decision_names(family, ask, s47):
    found = ask(family.case(gateways=[s47(covers=["child"])]), "mother", "police.missing")
    assert (found.outcome, found.rule) == (Outcome.DENY, "consent.not_sought")


@pytest.mark.parametrize("changes", [{"grounds": " "}, {"decided_by": ""}])
def test_s47_without_grounds_or_decider_is_refused_and_names_what_is_missing(family, ask, s47, changes):
    found = ask(family.case(gateways=[s47(**changes)]), "child", "police.missing")
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.S47.not_recorded")
    assert next(iter(changes)).replace("_", " ") in found.unlock


def test_initial_checks_are_not_s47(family, ask, s47):
    found = ask(family.case(gateways=[s47(trigger="initial_checks")]), "child", "police.missing")
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.S47.no_trigger")


def test_grounds_without_a_trigger_are_read_as_the_first_limb_unless_a_place_says_otherwise(family, ask, s47, changed):
    case = family.case(gateways=[s47(trigger=None)])
    found = ask(case, "child", "police.missing")
    assert found.outcome is Outcome.PERMIT
    assert "The trigger was not recorded; reasonable cause is read from the grounds." in found.reason
    assert "trigger" not in ask(family.case(gateways=[s47()]), "child", "police.missing").reason
    strict = changed("children_in_need", "gateways/S47/assumed_trigger", "")
    assert ask(case, "child", "police.missing", by=strict).rule == "gateway.S47.no_trigger"


def test_a_decision_does_not_reach_back(family, ask, s47):
    case = family.case(gateways=[s47(decided_at="2026-11-03T12:00:01+00:00")])
    assert ask(case, "child", "police.missing").rule == "gateway.S47.not_yet_decided"


@pytest.mark.parametrize("level", [3, None])
def test_s47_below_its_threshold_is_refused(family, ask, s47, level):
    found = ask(family.case(level=level, gateways=[s47()]), "child", "police.missing")
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.S47.below_threshold")


def test_s47_does_not_reach_the_unborn_nor_the_mother_for_their_sake(family, ask, s47):
    assert ask(family.case(gateways=[s47()]), "unborn", "police.missing").rule == "gateway.S47.unborn"
    only = family.case(gateways=[s47(covers=["unborn", "mother"])])
    assert ask(only, "mother", "police.missing").rule == "gateway.S47.no_child"


def test_s47_protects_nobody_of_18_but_may_ask_about_adult_carers(family, ask, s47):
    case = family.case(gateways=[s47(covers=["child", "youth", "mother"])])
    on_birthday = datetime(2028, 1, 10, tzinfo=UTC)
    eve = datetime(2028, 1, 9, 23, 59, tzinfo=UTC)
    found = ask(case, "youth", "police.missing", now=eve)
    assert (found.outcome, found.expires_at) == (Outcome.PERMIT, on_birthday)
    assert ask(case, "youth", "police.missing", now=on_birthday).rule == "gateway.S47.of_age"
    assert ask(case, "mother", "police.missing", now=on_birthday).outcome is Outcome.PERMIT


def test_a_child_whose_age_nobody_knows_goes_to_a_named_person(family, ask, s47):
    people = [{"id": "child", "roles": ["subject"]}]
    found = ask(
        family.case(people=people, relationships=[], gateways=[s47(covers=["child"])]), "child", "police.missing"
    )
    assert (found.outcome, found.rule) == (Outcome.REVIEW, "gateway.S47.age_unknown")


def test_s47_opens_health_only_with_a_reason_for_that_person_and_only_the_summary(family, ask, s47):
    case = family.case(gateways=[s47(health_reasons={"child": "Synthetic: explanation of the injury.", "father": " "})])
    assert ask(case, "child", "health.gp_summary").outcome is Outcome.PERMIT
    assert ask(case, "child", "health.emergency").rule == "gateway.S47.summary_only"
    assert ask(case, "child", "health.camhs").rule == "gateway.S47.summary_only"
    for person in ("mother", "father"):
        assert ask(case, person, "health.gp_summary").rule == "gateway.S47.health_reason"


def test_s47_sends_sexual_health_and_intelligence_to_a_named_professional(family, ask, s47):
    case = family.case(gateways=[s47(health_reasons={"child": "Synthetic."})])
    for category in ("health.sexual_health", "police.intelligence", "domestic_abuse_service.refuge"):
        found = ask(case, "child", category)
        assert (found.outcome, found.rule) == (Outcome.REVIEW, "gateway.S47.named_person")
    assert ask(family.case(gateways=[s47()]), "child", "health.sexual_health").outcome is Outcome.DENY


def test_a_decision_that_lists_categories_opens_no_other(family, ask, s47):
    case = family.case(gateways=[s47(categories={"police": ["missing"]})])
    assert ask(case, "child", "police.missing").outcome is Outcome.PERMIT
    assert ask(case, "child", "police.arrest").outcome is Outcome.DENY
    assert ask(case, "child", "housing.tenancy").rule == "consent.not_sought"


def test_a_decision_ends_exclusively(family, ask, s47):
    case = family.case(gateways=[s47(ends_at="2026-11-03T12:00:00+00:00")])
    assert ask(case, "child", "police.missing").rule == "gateway.S47.ended"


def test_s17_expects_agreement_and_leads_to_a_named_person(family, ask):
    sought = family.case(gateways=[use("S17", consent_sought="yes")])
    assert ask(sought, "child", "housing.tenancy").rule == "gateway.S17.agreement_expected"
    assert ask(sought, "child", "housing.tenancy").outcome is Outcome.REVIEW
    unasked = family.case(gateways=[use("S17")])
    assert ask(unasked, "child", "housing.tenancy").rule == "gateway.S17.agreement_not_sought"


def test_s17_against_a_refusal_needs_a_recorded_reason_and_never_opens_health(family, ask, agreed):
    no = agreed(kind="refusal", categories={"housing": "all", "health": "all"})
    silent = family.case(consents=[no], gateways=[use("S17", consent_sought="yes")])
    assert ask(silent, "child", "housing.tenancy").outcome is Outcome.DENY
    reasoned = family.case(consents=[no], gateways=[use("S17", consent_sought="yes", why_not="Synthetic: weighed.")])
    assert ask(reasoned, "child", "housing.tenancy").outcome is Outcome.REVIEW
    found = ask(reasoned, "child", "health.gp_summary")
    assert found.outcome is Outcome.DENY
    assert found.why == "consent_not_given"


@pytest.mark.parametrize("ident", ["CA04", "EH"])
def test_co_operation_and_early_help_permit_nothing_alone(family, ask, ident, agreed):
    case = family.case(level=3, gateways=[use(ident)])
    found = ask(case, "mother", "housing.tenancy", by="early_help")
    assert (found.outcome, found.why) == (Outcome.DENY, "consent_not_sought")
    with_consent = family.case(level=3, gateways=[use(ident)], consents=[agreed()])
    assert ask(with_consent, "mother", "housing.tenancy", by="early_help").basis == "c1"


def test_crime_and_disorder_opens_listed_bodies_with_necessity_and_never_health(family, ask):
    case = family.case(
        concerns=["domestic_abuse"], gateways=[use("CDA115", necessity="Synthetic: to prevent assault.")]
    )
    assert ask(case, "father", "police.arrest").outcome is Outcome.PERMIT
    assert ask(case, "father", "probation.orders").outcome is Outcome.PERMIT
    for category in ("education.attendance", "health.gp_summary", "domestic_abuse_service.risk_conference"):
        assert ask(case, "father", category).outcome is Outcome.DENY
    bare = family.case(concerns=["domestic_abuse"], gateways=[use("CDA115")])
    assert "necessity" in ask(bare, "father", "police.arrest").unlock
    no_crime = family.case(concerns=["housing"], gateways=[use("CDA115", necessity="Synthetic.")])
    assert ask(no_crime, "father", "police.arrest").rule == "gateway.CDA115.no_purpose"


def test_crime_and_disorder_limits_who_may_receive(family, ask, changed):
    case = family.case(concerns=["domestic_abuse"], gateways=[use("CDA115", necessity="Synthetic.")])
    charity = changed("children_in_need", "recipient", "charity")
    assert ask(case, "father", "police.arrest", by=charity).rule == "gateway.CDA115.recipient"


@pytest.mark.parametrize("filled", [(), ("in_force_from",), ("in_force_from", "instrument"),
                                    ("instrument", "confirmed_by"), ("in_force_from", "confirmed_by")])  # fmt: skip
def test_the_new_duty_stays_shut_until_day_instrument_and_name_are_all_there(family, ask, changed, filled):
    values = {"in_force_from": "2026-10-01", "instrument": "Synthetic SI", "confirmed_by": "dpo"}
    rules = changed("children_in_need", "gateways/16LA/note", "changed")
    case = family.case(gateways=[use("16LA")])
    for name in filled:
        rules = _with(rules, name, values[name])
    assert ask(case, "child", "police.missing", by=rules).rule == "gateway.16LA.not_in_force"
    for name, value in values.items():
        rules = _with(rules, name, value)
    assert ask(case, "child", "police.missing", by=rules).outcome is Outcome.PERMIT
    assert ask(case, "child", "health.gp_summary", by=rules).outcome is Outcome.DENY


def _with(rules, name, value):
    from dataclasses import replace
    from datetime import date

    given = date.fromisoformat(value) if name == "in_force_from" else value
    gateway = replace(rules.gateways["16LA"], **{name: given})
    return replace(rules, gateways={**rules.gateways, "16LA": gateway})


def test_a_gateway_opens_on_the_local_day_of_its_start(family, ask, changed):
    case = family.case(gateways=[use("16LA", decided_at="2026-06-30T20:00:00+00:00")])
    rules = _with(_with(_with(changed("children_in_need", "gateways/16LA/note", ""), "in_force_from", "2026-07-01"),
                        "instrument", "Synthetic SI"), "confirmed_by", "dpo")  # fmt: skip
    last, first = datetime(2026, 6, 30, 22, 59, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert ask(case, "child", "police.missing", by=rules, now=last).outcome is Outcome.DENY
    assert ask(case, "child", "police.missing", by=rules, now=first).outcome is Outcome.PERMIT


def test_public_interest_needs_sign_off_and_names_each_category(family, ask):
    listed = {"health": ["camhs", "sexual_health"]}
    unsigned = family.case(gateways=[use("PUBLIC_INTEREST", categories=listed)])
    assert "signed off by" in ask(unsigned, "father", "health.camhs").unlock
    signed = family.case(gateways=[use("PUBLIC_INTEREST", categories=listed, signed_off_by="named doctor")])
    assert ask(signed, "father", "health.camhs").outcome is Outcome.PERMIT
    assert ask(signed, "father", "health.sexual_health").outcome is Outcome.REVIEW
    assert ask(signed, "father", "health.gp_summary").outcome is Outcome.DENY
    broad = family.case(gateways=[use("PUBLIC_INTEREST", categories={"health": "all"}, signed_off_by="named doctor")])
    assert ask(broad, "father", "health.camhs").rule == "gateway.PUBLIC_INTEREST.health_not_named"


def test_care_act_needs_all_three_limbs_the_adults_view_and_an_adult(family, ask):
    limbs = ["care_and_support_needs", "abuse_or_neglect", "cannot_protect_self"]
    whole = use("CARE42", limbs=limbs, own_view="Synthetic: wants help.")
    assert ask(family.case(gateways=[whole]), "mother", "housing.tenancy").outcome is Outcome.PERMIT
    assert ask(family.case(gateways=[whole]), "mother", "health.gp_summary").outcome is Outcome.DENY
    assert ask(family.case(gateways=[whole]), "child", "housing.tenancy").rule == "gateway.CARE42.not_adult"
    for missing in limbs:
        part = {**whole, "limbs": [limb for limb in limbs if limb != missing]}
        assert ask(family.case(gateways=[part]), "mother", "housing.tenancy").rule == "gateway.CARE42.limb_not_met"
    silent = {key: value for key, value in whole.items() if key != "own_view"}
    assert ask(family.case(gateways=[silent]), "mother", "housing.tenancy").rule == "gateway.CARE42.not_recorded"


def test_a_court_order_opens_what_it_names_until_it_ends(family, ask):
    order = use("COURT", order_ref="SYN-1", ends_at="2026-12-01T00:00:00+00:00",
                categories={"health": ["gp_summary"], "education": "all"}, covers=["child"])  # fmt: skip
    case = family.case(gateways=[order])
    assert ask(case, "child", "health.gp_summary").outcome is Outcome.PERMIT
    assert ask(case, "child", "health.gp_summary").expires_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert ask(case, "child", "health.camhs").outcome is Outcome.DENY
    assert ask(case, "mother", "education.send").outcome is Outcome.DENY
    for field in ("order_ref", "ends_at", "categories"):
        part = {key: value for key, value in order.items() if key != field}
        assert ask(family.case(gateways=[part]), "child", "education.send").rule == "gateway.COURT.not_recorded"


def test_a_review_under_a_power_says_too_that_the_trigger_was_not_recorded(family, ask, s47):
    case = family.case(gateways=[s47(trigger=None)])
    found = ask(case, "child", "police.intelligence")
    assert found.outcome is Outcome.REVIEW
    assert "The trigger was not recorded" in found.reason


def test_emergency_attendances_stay_shut_under_s47_but_the_plan_tells_the_way(family, ask, s47):
    case = family.case(gateways=[s47(health_reasons={"child": "Synthetic: explanation of the injury."})])
    found = ask(case, "child", "health.emergency")
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.S47.summary_only")
    for way in ("named doctor", "Caldicott Guardian", "public-interest decision", "court order",
                "Health services: Emergency attendances", "parental responsibility for child to agree"):  # fmt: skip
        assert way in found.unlock
    signed = use("PUBLIC_INTEREST", categories={"health": ["emergency"]}, signed_off_by="named doctor")
    assert ask(family.case(gateways=[s47(), signed]), "child", "health.emergency").basis == "PUBLIC_INTEREST"


def test_an_order_made_out_to_some_agencies_opens_no_other(family, ask, profile):
    order = use("COURT", order_ref="SYN-1", ends_at="2026-12-01T00:00:00+00:00", addressee=["education"],
                categories={"health": ["gp_summary"], "education": "all"})  # fmt: skip
    case = family.case(gateways=[order])
    assert ask(case, "child", "education.send").outcome is Outcome.PERMIT
    found = ask(case, "child", "health.gp_summary")
    assert (found.outcome, found.rule) == (Outcome.DENY, "consent.not_sought")
    lines = explain(case, profile("children_in_need"), found)
    assert any("not addressed to Health services" in line for line in lines)
    slip = problems(family.case(gateways=[{**order, "addressee": ["eduction"]}]), profile("children_in_need"))
    assert [(one.where, one.do) for one in slip] == [("gateways[0].addressee", "Did you mean education?")]


def test_a_profile_relies_on_no_power_that_it_does_not_list(family, ask, s47):
    found = ask(family.case(level=3, gateways=[s47()]), "mother", "police.missing", by="early_help")
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.not_relied_on")


def test_a_power_that_nobody_knows_opens_nothing(family, ask):
    found = ask(family.case(gateways=[use("S99")]), "mother", "police.missing")
    assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.not_relied_on")


def test_agreement_counts_before_a_power(family, ask, s47, agreed):
    assert ask(family.case(consents=[agreed()], gateways=[s47()]), "mother", "housing.tenancy").basis == "c1"


def test_a_refusal_does_not_close_s47(family, ask, s47, agreed):
    case = family.case(consents=[agreed(kind="refusal")], gateways=[s47()])
    assert ask(case, "mother", "housing.tenancy").rule == "gateway.S47"


def test_health_without_consent_needs_the_acts_condition_stated_or_read_from_why_not(family, ask, s47):
    asked = ("child", "health.gp_summary")
    reasons = {"health_reasons": {"child": "Synthetic: the injury."}}
    read = ask(family.case(gateways=[s47(**reasons)]), *asked)
    assert read.outcome is Outcome.PERMIT
    assert "Asking for consent would prejudice the protection is read from why not" in read.reason
    stated = ask(family.case(gateways=[s47(condition="cannot_obtain", why_not=None, **reasons)]), *asked)
    assert stated.outcome is Outcome.PERMIT
    assert "condition" not in stated.reason
    for lacking in ({"why_not": None}, {"why_not": " "}, {"condition": "because"}):
        found = ask(family.case(gateways=[s47(**{**reasons, **lacking})]), *asked)
        assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.S47.no_condition")
        assert "Consent cannot be given by the person" in found.unlock
    assert ask(family.case(gateways=[s47(why_not=None)]), "child", "housing.tenancy").outcome is Outcome.PERMIT


@pytest.fixture
def known_only(changed):
    """A profile under which s.47 opens of some services only whether they know somebody."""
    from dataclasses import replace

    rules = changed("children_in_need", "gateways/S47/existence",
                    {"housing": ["asb"], "police": ["arrest"], "health": ["camhs", "sexual_health"]})  # fmt: skip
    s47 = rules.gateways["S47"]
    opens = {**s47.opens, "housing": ("tenancy",), "health": ("gp_summary",)}
    return replace(rules, gateways={**rules.gateways, "S47": replace(s47, opens=opens)})


def test_a_power_may_open_only_whether_a_service_knows_somebody(family, ask, s47, known_only):
    case = family.case(gateways=[s47(health_reasons={"child": "Synthetic: the injury."})])
    found = ask(case, "child", "housing.asb", by=known_only)
    assert (found.outcome, found.rule, found.mode) == (Outcome.PERMIT, "gateway.S47.existence", "existence")
    assert "only whether child is known" in found.reason
    assert ask(case, "child", "housing.tenancy", by=known_only).mode == "content"
    both = ask(case, "child", "police.arrest", by=known_only)
    assert (both.rule, both.mode) == ("gateway.S47", "content")
    assert ask(case, "child", "housing.homelessness", by=known_only).outcome is Outcome.DENY


def test_existence_of_health_needs_its_reason_and_a_hidden_service_has_no_such_half(family, ask, s47, known_only):
    case = family.case(gateways=[s47(health_reasons={"child": "Synthetic: the injury."})])
    camhs = ask(case, "child", "health.camhs", by=known_only)
    assert (camhs.outcome, camhs.mode) == (Outcome.PERMIT, "existence")
    assert ask(case, "mother", "health.camhs", by=known_only).rule == "gateway.S47.health_reason"
    assert ask(case, "child", "health.sexual_health", by=known_only).outcome is Outcome.DENY


def test_an_agreement_to_the_content_is_more_than_existence_by_a_power(family, ask, agreed, s47, known_only):
    case = family.case(consents=[agreed()], gateways=[s47()])
    found = ask(case, "child", "housing.asb", by=known_only)
    assert (found.rule, found.mode) == ("consent.agreed", "content")


def test_a_restriction_leads_existence_to_a_named_person_as_well(family, ask, s47, known_only):
    people = [
        {**one, "restrictions": ["fertility_treatment"]} if one["id"] == "child" else one for one in family.people
    ]
    found = ask(family.case(people=people, gateways=[s47()]), "child", "housing.asb", by=known_only)
    assert (found.outcome, found.rule, found.mode) == (Outcome.REVIEW, "restriction.fertility_treatment", "existence")
