"""Who may speak for whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mash_trawl.model.decision import Outcome


def test_an_adult_opens_their_own_records(family, ask, agreed):
    case = family.case(consents=[agreed()])
    found = ask(case, "mother", "housing.tenancy")
    assert (found.outcome, found.rule, found.basis) == (Outcome.PERMIT, "consent.agreed", "c1")


def test_a_parent_opens_the_records_of_a_young_child(family, ask, agreed):
    assert ask(family.case(consents=[agreed()]), "child", "education.attendance").outcome is Outcome.PERMIT


def test_one_adult_never_consents_for_another_adult(family, ask, agreed):
    case = family.case(consents=[agreed(covers=["child", "mother", "father", "lodger"])])
    for person in ("father", "lodger"):
        found = ask(case, person, "housing.tenancy")
        assert (found.outcome, found.rule) == (Outcome.DENY, "capacity.another_adult")
        assert found.why == "consent_not_counted"
        assert person in found.unlock


def test_a_young_person_of_16_speaks_for_themselves_only(family, ask, agreed):
    ties = [{"from": "mother", "to": "youth", "kind": "parent", "parental_responsibility": "yes"}]
    by_parent = family.case(consents=[agreed(covers=["youth"])], relationships=ties)
    assert ask(by_parent, "youth", "housing.tenancy").rule == "capacity.another_adult"
    by_self = family.case(consents=[agreed(given_by="youth", capacity="self", covers=["youth"])])
    assert ask(by_self, "youth", "housing.tenancy").outcome is Outcome.PERMIT


def test_from_12_to_15_only_an_assessed_young_person_speaks_for_themselves(family, ask, agreed):
    own = agreed(given_by="teen", capacity="gillick", covers=["teen"])
    assert ask(family.case(consents=[own]), "teen", "housing.tenancy").rule == "capacity.not_assessed"
    own["gillick_assessed_by"] = "social worker"
    assert ask(family.case(consents=[own]), "teen", "housing.tenancy").outcome is Outcome.PERMIT


@pytest.mark.parametrize("assessed", ["", "   "])
def test_an_empty_assessment_is_none(family, ask, agreed, assessed):
    own = agreed(given_by="teen", capacity="gillick", covers=["teen"], gillick_assessed_by=assessed)
    assert ask(family.case(consents=[own]), "teen", "housing.tenancy").rule == "capacity.not_assessed"


def test_under_12_nobody_speaks_for_themselves(family, ask, agreed):
    own = agreed(given_by="child", capacity="gillick", covers=["child"], gillick_assessed_by="social worker")
    assert ask(family.case(consents=[own]), "child", "housing.tenancy").rule == "capacity.too_young"


def test_an_unknown_age_is_not_an_adult(family, ask, agreed):
    people = [{"id": "x", "roles": ["parent"]}]
    own = agreed(given_by="x", capacity="self", covers=["x"])
    found = ask(family.case(people=people, relationships=[], consents=[own]), "x", "housing.tenancy")
    assert (found.outcome, found.rule) == (Outcome.DENY, "capacity.age_unknown")
    assert "born" in found.unlock


def test_an_approximate_birth_year_counts_a_year_too_late(family, ask, agreed):
    own = agreed(given_by="x", capacity="self", covers=["x"])
    for born, outcome in (("2010~", Outcome.DENY), ("2008~", Outcome.PERMIT)):
        people = [{"id": "x", "roles": ["parent"], "born": born}]
        case = family.case(people=people, relationships=[], consents=[own])
        assert ask(case, "x", "housing.tenancy").outcome is outcome


def test_a_parent_who_spoke_only_for_the_child_did_not_speak_for_themselves(family, ask, agreed):
    case = family.case(consents=[agreed(capacity="parental_responsibility")])
    assert ask(case, "mother", "housing.tenancy").rule == "capacity.not_for_self"
    assert ask(case, "child", "housing.tenancy").outcome is Outcome.PERMIT


def test_speaking_for_oneself_covers_no_child(family, ask, agreed):
    case = family.case(consents=[agreed(capacity="self")])
    assert ask(case, "child", "housing.tenancy").rule == "capacity.not_parental"


@pytest.mark.parametrize("held", ["no", "unknown"])
def test_without_parental_responsibility_nobody_speaks_for_a_child(family, ask, agreed, held):
    ties = [{"from": "mother", "to": "child", "kind": "parent", "parental_responsibility": held}]
    case = family.case(consents=[agreed()], relationships=ties)
    assert ask(case, "child", "housing.tenancy").rule == "capacity.no_responsibility"


def test_a_stated_basis_shows_parental_responsibility_but_accommodation_gives_none(family, ask, agreed):
    ties = [{"from": "lodger", "to": "child", "kind": "carer", "nature": "kinship"}]
    for basis, outcome in (("special_guardian", Outcome.PERMIT), ("section_20", Outcome.DENY)):
        case = family.case(consents=[agreed(given_by="lodger", pr_basis=basis, covers=["child"])], relationships=ties)
        assert ask(case, "child", "housing.tenancy").outcome is outcome


def test_a_stated_basis_does_not_outweigh_a_recorded_no(family, ask, agreed):
    ties = [{"from": "mother", "to": "child", "kind": "parent", "parental_responsibility": "no"}]
    case = family.case(consents=[agreed(pr_basis="mother")], relationships=ties)
    assert ask(case, "child", "housing.tenancy").rule == "capacity.no_responsibility"


def test_an_unknown_basis_counts_as_none(family, ask, agreed):
    case = family.case(consents=[agreed(pr_basis="aunt")])
    assert ask(case, "child", "housing.tenancy").rule == "capacity.no_responsibility"


def test_adoption_ends_the_birth_parents_word(family, ask, agreed):
    adopted = {
        "from": "lodger",
        "to": "child",
        "kind": "parent",
        "nature": "adoptive",
        "parental_responsibility": "yes",
    }
    case = family.case(consents=[agreed()], relationships=[*family.ties, adopted])
    assert ask(case, "child", "housing.tenancy").rule == "capacity.adopted"
    by_adopter = family.case(
        consents=[agreed(given_by="lodger", covers=["child"])], relationships=[*family.ties, adopted]
    )
    assert ask(by_adopter, "child", "housing.tenancy").outcome is Outcome.PERMIT


def test_a_special_guardian_decides_before_the_parents(family, ask, agreed):
    guard = {"from": "lodger", "to": "child", "kind": "carer", "nature": "special_guardianship",
             "parental_responsibility": "yes"}  # fmt: skip
    case = family.case(consents=[agreed()], relationships=[*family.ties, guard])
    assert ask(case, "child", "housing.tenancy").rule == "capacity.special_guardian"


def test_a_parent_under_16_speaks_for_their_child_only_if_assessed(family, ask, agreed):
    ties = [{"from": "teen", "to": "child", "kind": "parent", "parental_responsibility": "yes"}]
    record = agreed(given_by="teen", capacity="parental_responsibility", covers=["child"])
    assert (
        ask(family.case(consents=[record], relationships=ties), "child", "housing.asb").rule == "capacity.not_assessed"
    )
    record["gillick_assessed_by"] = "health visitor"
    assert ask(family.case(consents=[record], relationships=ties), "child", "housing.asb").outcome is Outcome.PERMIT


def test_only_the_mother_speaks_for_a_child_before_birth(family, ask, agreed):
    ties = [*family.ties, {"from": "father", "to": "unborn", "kind": "parent", "nature": "birth"}]
    by_mother = family.case(consents=[agreed(covers=["unborn"])], relationships=ties)
    assert ask(by_mother, "unborn", "housing.tenancy").outcome is Outcome.PERMIT
    by_father = family.case(consents=[agreed(given_by="father", covers=["unborn"])], relationships=ties)
    assert ask(by_father, "unborn", "housing.tenancy").rule == "capacity.unborn"


def test_a_child_who_has_turned_16_is_asked_again(family, ask, agreed):
    consent = agreed(covers=["teen"], expires_at="2040-01-01T00:00:00+00:00")
    case = family.case(consents=[consent])
    before, after = datetime(2028, 1, 31, 23, 59, tzinfo=UTC), datetime(2028, 2, 1, tzinfo=UTC)
    found = ask(case, "teen", "housing.tenancy", now=before)
    assert (found.outcome, found.expires_at) == (Outcome.PERMIT, after)
    assert ask(case, "teen", "housing.tenancy", now=after).rule == "capacity.turned_16"


def test_a_young_persons_own_yes_is_asked_for_again_at_16_but_their_no_stands(family, ask, agreed):
    own = agreed(given_by="teen", capacity="gillick", covers=["teen"], gillick_assessed_by="social worker")
    after = datetime(2028, 2, 1, tzinfo=UTC)
    assert ask(family.case(consents=[own]), "teen", "housing.tenancy", now=after).rule == "capacity.turned_16"
    refusal = family.case(consents=[{**own, "kind": "refusal"}])
    assert ask(refusal, "teen", "housing.tenancy", now=after).rule == "consent.refused"


def test_an_attorney_leads_to_a_named_person_and_never_for_a_child(family, ask, agreed):
    record = agreed(given_by="mother", capacity="attorney_or_deputy", covers=["lodger", "child"])
    assert ask(family.case(consents=[record]), "lodger", "housing.tenancy").rule == "capacity.attorney_unproved"
    record["authority_ref"] = "LPA seen, synthetic reference"
    found = ask(family.case(consents=[record]), "lodger", "housing.tenancy")
    assert (found.outcome, found.rule) == (Outcome.REVIEW, "capacity.attorney")
    assert ask(family.case(consents=[record]), "child", "housing.tenancy").rule == "capacity.attorney_for_child"


def test_nobody_agrees_for_the_dead_and_the_dead_no_longer_agree(family, ask, agreed):
    people = [{**person, "died": "2026-10-01"} if person["id"] == "mother" else person for person in family.people]
    case = family.case(people=people, consents=[agreed()])
    assert ask(case, "mother", "housing.tenancy").rule == "consent.died"
    assert ask(case, "mother", "housing.tenancy").why == "forbidden_by_rule"
    assert ask(case, "child", "housing.tenancy").rule == "capacity.giver_died"
