"""A signed no outlives every change to the draft: records struck out, people renamed, roles lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mash_trawl.consent import effective, explain
from mash_trawl.model.backing import Backing
from mash_trawl.model.decision import Outcome
from mash_trawl.model.person import Name
from mash_trawl.model.statement import Reply, Withdrawal, person_mark

HOUSING = ("child", "housing.tenancy")
COPIES = {"given_by": "mother", "covers": ("child", "mother"), "categories": {"housing": "all"}}
REFUSAL = {"id": "c2", "kind": "refusal", "given_by": "mother", "categories": {"housing": "all"}}
FATHER = {"id": "c9", "given_by": "father", "capacity": "parental_responsibility", "covers": ["child"]}


@pytest.fixture
def case(family, agreed):
    """The mother agreed twice, in two records."""
    return family.case(consents=[agreed(), agreed(id="c3", given_at="2026-11-02T11:00:00+00:00")])


@pytest.fixture
def back(says, now):
    """A signed withdrawal of the first record."""
    return lambda case, **copies: says(case, Withdrawal(consent="c1", at=now - timedelta(hours=1), **copies))


def called(case, **ids):
    """The case with people under other ids, wherever they stand."""
    people = tuple(replace(one, id=ids.get(one.id, one.id)) for one in case.people)
    ties = tuple(replace(t, from_=ids.get(t.from_, t.from_), to=ids.get(t.to, t.to)) for t in case.relationships)
    return replace(case, people=people, relationships=ties)


@pytest.mark.parametrize("signed_only", [True, False])
def test_a_withdrawal_takes_back_what_the_giver_agreed_to_also_where_its_record_is_gone(
    case, says, back, backed, signed_only
):
    gone = replace(case, consents=case.consents[1:])
    both = (says(case, case.consents[1]), back(case, **COPIES))
    for draft in (case, gone):
        found = backed(draft, *HOUSING, *both, signed_only=signed_only)
        assert (found.rule, found.why) == ("consent.withdrawn", "consent_withdrawn")
        assert backed(draft, "child", "education.attendance", *both, signed_only=signed_only).rule in (
            "consent.agreed", "consent.withdrawn")  # fmt: skip
    assert backed(gone, "child", "education.attendance", *both, signed_only=signed_only).rule == "consent.agreed"


def test_a_record_changed_into_another_word_in_the_draft_does_not_undo_a_withdrawal(case, back, backed, agreed, family):
    other = family.case(consents=[agreed(**{**FATHER, "id": "c1"}), agreed(id="c3")])
    assert backed(other, "mother", "housing.tenancy", back(case, **COPIES), signed_only=False).rule == (
        "consent.withdrawn"
    )


def test_the_record_that_a_withdrawal_rebuilds_is_laid_once(case, back, now):
    gone = replace(case, consents=())
    behind = Backing(spoken=(back(case, **COPIES), back(case, **COPIES)))
    laid = effective(gone, behind)
    assert [(one.id, one.given_by, one.withdrawn_at) for one in laid.consents] == [
        ("c1", "mother", now - timedelta(hours=1))
    ]
    assert effective(laid, behind) == laid
    assert effective(case, behind).consents[1:] == (laid.consents[0], case.consents[1])


def test_what_they_agree_to_after_the_withdrawal_counts(case, back, backed, agreed, family):
    later = family.case(consents=[agreed(id="c4", given_at="2026-11-03T11:30:00+00:00")])
    assert backed(later, *HOUSING, back(case, **COPIES), signed_only=False).rule == "consent.agreed"


def test_a_withdrawal_that_says_nothing_of_a_record_that_is_gone_stops_the_case(case, says, back, backed, profile, now):
    gone = replace(case, consents=case.consents[1:])
    found = backed(gone, "father", "police.missing", back(case), signed_only=False)
    assert (found.outcome, found.rule) == (Outcome.DENY, "statements.record_missing")
    assert "c1" in found.reason and "Put the record back" in found.unlock
    rules, behind = profile("children_in_need"), Backing(spoken=(back(case),))
    assert found.reason in explain(gone, rules, replace(found, at=now), backing=behind)
    signed = says(case, case.consents[0])
    assert backed(gone, *HOUSING, back(case), signed, signed_only=False).rule == "consent.withdrawn"


@pytest.fixture
def noes(says, agreed, family):
    """A signed refusal, withdrawal and no, each by or about the mother."""
    case = family.case(consents=[agreed(**REFUSAL)])
    reply = Reply(person="mother", category="housing.tenancy", rule="consent.contested", yes=False, reason="Synthetic.")
    return {
        "refusal": lambda case_: says(case_, case.consents[0]),
        "withdrawal": lambda case_: says(case_, Withdrawal(consent="c1", at=case_.opened_at, **COPIES)),
        "no": lambda case_: says(case_, reply),
    }


@pytest.mark.parametrize("kind", ["refusal", "withdrawal", "no"])
def test_a_no_about_somebody_whom_the_case_has_no_more_stops_the_whole_case(kind, noes, backed, family, agreed):
    case = family.case(consents=[agreed(**FATHER)])
    said = noes[kind](case)
    assert backed(case, *HOUSING, said, signed_only=False).rule != "statements.person_missing"
    for other in (called(case, mother="m1"), called(case, mother="lodger", lodger="mother")):
        found = backed(other, *HOUSING, said, signed_only=False)
        assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "statements.person_missing", "not_signed")
        assert "mother" in found.reason and found.unlock == "Put the person back under that id: mother."
        assert backed(other, "father", "police.missing", said, signed_only=False).rule == "statements.person_missing"


def test_a_yes_about_somebody_whom_the_case_has_no_more_stops_nothing(backed, says, case, agreed, family):
    other = called(family.case(consents=[agreed(**FATHER)]), mother="m1")
    assert backed(other, *HOUSING, says(case, case.consents[0]), signed_only=False).rule == "consent.agreed"


def test_a_refusal_counts_though_names_have_changed_since(backed, noes, family, agreed):
    case = family.case(consents=[agreed(**FATHER)])
    said = noes["refusal"](case)
    name = Name(given=("Ada",), family="Example")
    renamed = replace(case, people=tuple(replace(one, names=(name,)) for one in case.people))
    assert backed(renamed, *HOUSING, said, signed_only=False).rule == "consent.contested"
    stranger = replace(renamed, relationships=tuple(tie for tie in case.relationships if tie.from_ != "mother"))
    assert backed(stranger, *HOUSING, said, signed_only=False).rule == "consent.contested"


def test_two_unborn_children_are_not_taken_for_each_other(backed, says, family, agreed):
    twin = [{"id": "second", "roles": ["sibling"], "due": "2027-02"}]
    case = family.case(people=[*family.people, *twin], consents=[agreed(**FATHER)])
    no = family.case(consents=[agreed(**{**REFUSAL, "covers": ["unborn"]})]).consents[0]
    said = says(case, no)
    born = replace(case, people=tuple(
        replace(one, names=(Name(given=("Ada",), family="Example"),)) if one.id == "unborn" else one
        for one in case.people
    ))  # fmt: skip
    assert backed(born, *HOUSING, said, signed_only=False).rule == "consent.agreed"


def test_a_signed_agreement_counts_only_for_the_giver_that_it_was_signed_about(backed, says, family, agreed):
    case = family.case(consents=[agreed()])
    signed = says(case, case.consents[0])
    name = Name(given=("Ada",), family="Example")
    other = replace(case, people=tuple(replace(p, names=(name,)) if p.id == "mother" else p for p in case.people))
    assert backed(other, *HOUSING, signed).rule == "statements.person_changed"
    marks = {one.id: person_mark(one) for one in case.people if one.id in case.consents[0].covers}
    own = replace(case.consents[0], covers=("child",))
    without = says(case, own, people={"child": marks["child"]})
    assert backed(case, *HOUSING, without).rule == "statements.person_changed"
