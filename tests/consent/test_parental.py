"""Parental responsibility is shown by what the case records, never by one word on a consent."""

from __future__ import annotations

import pytest

from mash_trawl.consent import explain, problems
from mash_trawl.model.decision import Outcome

CATEGORY = "housing.tenancy"


def tie(giver, kind="parent", nature="birth", **more):
    return {"from": giver, "to": "child", "kind": kind, "nature": nature, **more}


@pytest.fixture
def by(family, ask, agreed):
    """The decision about the child on the word of this giver, with these ties and nothing else."""

    def one(giver, ties=(), people=None, **record):
        given = agreed(given_by=giver, covers=["child"], **record)
        case = family.case(people=people or family.people, consents=[given], relationships=list(ties))
        return ask(case, "child", CATEGORY)

    return one


def changed(family, person, **fields):
    return [{**one, **fields} if one["id"] == person else one for one in family.people]


@pytest.mark.parametrize(("giver", "basis", "roles"), [
    ("lodger", "mother", ["household"]), ("lodger", "married_father", ["associate"]), ("mother", "mother", ["parent"]),
    ("lodger", "lives_with_order", ["carer"]), ("lodger", "special_guardian", ["carer"]),
    ("lodger", "adoption", ["parent"]), ("worker", "care_order", ["professional"]),
])  # fmt: skip
def test_no_basis_counts_without_a_tie_and_the_decision_says_what_to_record(by, family, giver, basis, roles):
    found = by(giver, pr_basis=basis, people=changed(family, giver, born="1980-01-01", roles=roles))
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "capacity.no_tie", "consent_not_counted")
    assert "Record under relationships" in found.unlock


@pytest.mark.parametrize("kind", ["partner", "sibling", "grandparent", "other"])
def test_a_tie_that_is_no_parents_carers_or_guardians_shows_nothing(by, kind):
    word = tie("lodger", kind, "unknown", parental_responsibility="yes")
    assert by("lodger", [word]).rule == "capacity.no_tie"
    assert by("lodger", [word], pr_basis="pr_order").rule == "capacity.no_tie"


@pytest.mark.parametrize(("giver", "basis", "nature", "outcome"), [
    ("mother", "mother", "birth", Outcome.PERMIT), ("mother", "mother", "unknown", Outcome.PERMIT),
    ("mother", "mother", "adoptive", Outcome.DENY), ("mother", "mother", "step", Outcome.DENY),
    ("father", "mother", "birth", Outcome.DENY), ("mother", "married_father", "birth", Outcome.DENY),
    ("father", "married_father", "birth", Outcome.PERMIT), ("father", "registered_father", "step", Outcome.DENY),
    ("father", "second_female_parent", "birth", Outcome.DENY), ("father", "adoption", "birth", Outcome.DENY),
    ("father", "adoption", "adoptive", Outcome.PERMIT), ("father", "step_parent_agreement", "step", Outcome.PERMIT),
])  # fmt: skip
def test_a_basis_must_fit_the_givers_sex_and_the_nature_of_the_tie(by, giver, basis, nature, outcome):
    found = by(giver, [tie(giver, nature=nature)], pr_basis=basis)
    assert found.outcome is outcome
    if outcome is Outcome.DENY:
        assert (found.rule, found.why) == ("capacity.basis_unfit", "consent_not_counted")


def test_a_basis_that_does_not_fit_is_not_healed_by_a_tie_that_says_yes(by):
    word = tie("father", parental_responsibility="yes")
    assert by("father", [word]).outcome is Outcome.PERMIT
    assert by("father", [word], pr_basis="mother").rule == "capacity.basis_unfit"


@pytest.mark.parametrize("basis", ["mother", "lives_with_order", "pr_order", None])
def test_a_tie_that_says_no_always_wins(by, basis):
    ties = [tie("mother", parental_responsibility="yes"), tie("mother", "carer", parental_responsibility="no")]
    assert by("mother", ties, pr_basis=basis).rule == "capacity.no_responsibility"


def test_accommodation_and_fostering_give_no_responsibility(by):
    foster = tie("lodger", "carer", "foster", parental_responsibility="yes")
    assert by("lodger", [foster]).rule == "capacity.no_responsibility"
    assert by("lodger", [foster], pr_basis="section_20").rule == "capacity.no_responsibility"
    assert by("lodger", [{**foster, "pr_basis": "section_20"}]).rule == "capacity.no_responsibility"
    assert by("lodger", [foster], pr_basis="care_order").rule == "capacity.basis_unfit"
    assert by("lodger", [foster], pr_basis="special_guardian").outcome is Outcome.PERMIT


def test_a_basis_may_stand_with_the_tie_instead_of_the_consent(by):
    assert by("father", [tie("father", pr_basis="registered_father")]).outcome is Outcome.PERMIT
    assert by("mother", [tie("mother", pr_basis="registered_father")]).rule == "capacity.basis_unfit"


def test_of_an_adopted_child_only_adoptive_parents_and_givers_by_order_count(by):
    adopted = tie("lodger", nature="adoptive", parental_responsibility="no")
    for ties in ([adopted], [adopted, tie("mother")], [adopted, tie("mother", nature="unknown")]):
        assert by("mother", ties, pr_basis="mother").outcome is Outcome.DENY
    assert by("mother", [adopted, tie("mother", nature="unknown")], pr_basis="mother").rule == "capacity.adopted"
    assert by("mother", [adopted, tie("mother")], pr_basis="lives_with_order").rule == "capacity.adopted"
    order = [adopted, tie("father", "carer", "kinship")]
    assert by("father", order, pr_basis="lives_with_order").outcome is Outcome.PERMIT
    assert by("father", [adopted, tie("father", nature="adoptive")], pr_basis="adoption").outcome is Outcome.PERMIT


def test_a_special_guardian_counts_even_where_nobody_wrote_that_they_hold_responsibility(by):
    guard = tie("lodger", "carer", "special_guardianship")
    assert by("mother", [tie("mother", parental_responsibility="yes"), guard]).rule == "capacity.special_guardian"
    assert by("lodger", [guard], pr_basis="special_guardian").outcome is Outcome.PERMIT


@pytest.mark.parametrize("limit", ["care_order", "interim_care_order", "court_order", "special_guardianship"])
def test_the_yes_of_a_limited_parent_goes_to_a_named_person(by, limit):
    ties = [tie("mother", parental_responsibility="yes")]
    assert by("mother", ties, limited_by="none").outcome is Outcome.PERMIT
    found = by("mother", ties, limited_by=limit)
    assert (found.outcome, found.rule, found.why) == (Outcome.REVIEW, "capacity.limited", "review_unanswered")
    assert limit.replace("_", " ") in found.reason
    assert "human_review" in found.obligations


@pytest.mark.parametrize("order", ["care_order", "interim_care_order"])
def test_under_a_care_order_the_council_agrees_and_a_parents_yes_goes_to_a_named_person(family, ask, agreed, order):
    people = changed(family, "worker", born="1980-01-01")
    ties = [*family.ties, tie("worker", "carer", "unknown", pr_basis=order)]
    parent = family.case(people=people, relationships=ties, consents=[agreed(covers=["child", "teen", "mother"])])
    assert ask(parent, "child", CATEGORY).rule == "capacity.limited"
    assert ask(parent, "teen", CATEGORY).outcome is Outcome.PERMIT
    assert ask(parent, "mother", CATEGORY).outcome is Outcome.PERMIT
    council = agreed(given_by="worker", capacity="parental_responsibility", covers=["child"])
    assert ask(family.case(people=people, relationships=ties, consents=[council]), "child", CATEGORY).basis == "c1"


def test_an_order_that_one_record_states_limits_the_other_parent_too(family, ask, agreed):
    other = agreed(id="c2", given_by="father", limited_by="care_order", covers=["child"])
    case = family.case(consents=[agreed(), other])
    assert ask(case, "child", CATEGORY).rule == "capacity.limited"
    own = agreed(id="c2", given_by="father", limited_by="court_order", covers=["child"])
    assert ask(family.case(consents=[agreed(), own]), "child", CATEGORY).outcome is Outcome.PERMIT


def test_a_limited_parents_no_is_still_heard(family, ask, agreed):
    no = agreed(id="c2", given_by="father", limited_by="court_order", kind="refusal", covers=["child"])
    assert ask(family.case(consents=[agreed(), no]), "child", CATEGORY).rule == "consent.contested"


@pytest.mark.parametrize(("giver", "sex", "ties", "outcome"), [
    ("mother", "female", True, Outcome.PERMIT), ("mother", "unknown", True, Outcome.PERMIT),
    ("mother", "female", False, Outcome.DENY), ("father", "male", True, Outcome.DENY),
    ("father", "male", False, Outcome.DENY),
])  # fmt: skip
def test_before_birth_the_word_mother_alone_shows_no_mother(family, ask, agreed, giver, sex, ties, outcome):
    word = {"from": giver, "to": "unborn", "kind": "parent", "nature": "birth"}
    case = family.case(people=changed(family, giver, sex=sex), relationships=[word] if ties else [],
                       consents=[agreed(given_by=giver, pr_basis="mother", covers=["unborn"])])  # fmt: skip
    assert ask(case, "unborn", CATEGORY).outcome is outcome


def test_an_unknown_basis_on_a_tie_is_reported_and_opens_nothing(family, profile, by, agreed):
    ties = [tie("father", pr_basis="registred_father", parental_responsibility="yes")]
    assert by("father", ties).rule == "capacity.no_responsibility"
    found = problems(family.case(relationships=ties), profile("children_in_need"))
    assert [(one.where, one.do) for one in found] == [
        ("relationships[0].pr_basis", "Did you mean registered_father?")
    ]  # fmt: skip


def test_the_explanation_names_the_missing_tie(family, profile, ask, agreed):
    case = family.case(relationships=[], consents=[agreed(pr_basis="mother")])
    lines = explain(case, profile("children_in_need"), ask(case, "child", CATEGORY))
    assert any("no tie of a parent, carer or guardian" in line for line in lines)
