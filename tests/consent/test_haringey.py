"""R (AB) v Haringey LBC [2013] EWHC 416 (Admin), replayed with synthetic people.

An anonymous referral led the council to ask a child's doctor and school at once, without the parents' agreement and
below the threshold, and to say that it acted under s.47. The court held this unlawful and quashed the s.47 decision.
"""

from __future__ import annotations

import pytest

from mash_trawl.consent import decide, explain, mint_grants
from mash_trawl.model.decision import Outcome

GP_AND_SCHOOL = ("health.gp_summary", "education.attendance", "education.safeguarding")


@pytest.fixture
def people():
    return [
        {"id": "ab", "roles": ["parent", "household"], "born": "1975-06-01", "sex": "female"},
        {"id": "ed", "roles": ["subject"], "born": "2021-03-01", "sex": "female"},
    ]


@pytest.fixture
def referral(family, people):
    ties = [{"from": "ab", "to": "ed", "kind": "parent", "nature": "birth", "parental_responsibility": "yes"}]

    def build(**parts):
        return family.case(people=people, relationships=ties, **{"level": 3, **parts})

    return build


def test_the_doctor_and_the_school_are_not_asked_without_consent_below_the_threshold(referral, ask):
    for category in GP_AND_SCHOOL:
        for person in ("ed", "ab"):
            found = ask(referral(), person, category)
            assert (found.outcome, found.why) == (Outcome.DENY, "consent_not_sought")
            assert "Ask " in found.unlock and "S47" not in found.unlock


def test_no_grant_exists_for_anybody(referral, profile, now):
    decided = decide(referral(), profile("children_in_need"), now)
    assert mint_grants(decided, now, lambda: "g") == ()


def test_naming_s47_below_the_threshold_opens_neither(referral, ask, s47):
    case = referral(gateways=[s47(covers=["ed", "ab"], health_reasons={"ed": "Synthetic: to find out more."})])
    for category in GP_AND_SCHOOL:
        found = ask(case, "ed", category)
        assert (found.outcome, found.rule) == (Outcome.DENY, "gateway.S47.below_threshold")
        assert "s.47" in found.reason


@pytest.mark.parametrize("fault", [{"grounds": ""}, {"decided_by": " "}, {"trigger": "initial_checks"}])
def test_the_wrong_basis_opens_neither_even_when_somebody_raised_the_level(referral, ask, s47, fault):
    reasons = {"ed": "Synthetic: to find out more."}
    case = referral(level=4, gateways=[s47(covers=["ed", "ab"], health_reasons=reasons, **fault)])
    for category in GP_AND_SCHOOL:
        found = ask(case, "ed", category)
        assert found.outcome is Outcome.DENY
        assert found.rule in {"gateway.S47.not_recorded", "gateway.S47.no_trigger"}


def test_a_decision_made_after_the_asking_does_not_heal_it(referral, ask, s47):
    case = referral(level=4, gateways=[s47(covers=["ed"], decided_at="2026-11-03T15:00:00+00:00")])
    assert ask(case, "ed", "education.attendance").rule == "gateway.S47.not_yet_decided"


def test_once_the_decision_is_quashed_nothing_is_open_any_more(referral, ask, s47):
    case = referral(level=4, gateways=[s47(covers=["ed"], ends_at="2026-11-03T11:59:00+00:00")])
    assert ask(case, "ed", "education.attendance").rule == "gateway.S47.ended"


def test_the_explanation_says_what_was_missing(referral, profile, ask, s47):
    case = referral(gateways=[s47(covers=["ed", "ab"])])
    found = ask(case, "ed", "education.attendance")
    lines = explain(case, profile("children_in_need"), found)
    assert any("needs level 4" in line for line in lines)
    assert any(line.startswith("It may not be asked.") for line in lines)


def test_with_the_mothers_agreement_doctor_and_school_may_be_asked(referral, ask, agreed):
    given = agreed(given_by="ab", covers=["ed", "ab"])
    for category in GP_AND_SCHOOL:
        assert ask(referral(consents=[given]), "ed", category).outcome is Outcome.PERMIT
