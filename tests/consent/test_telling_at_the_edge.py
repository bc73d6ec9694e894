"""What is told of a decision, of a grant and of a person: every name in its list, nothing of what is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mash_trawl.consent import decide, derive, mint_grants, problems
from mash_trawl.consent.times import begins, ends, local_day, midnight
from mash_trawl.consent.told import children_spoken_for, own_noes
from mash_trawl.consent.unshown import without_unshown
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.statement import Emergency
from mash_trawl.model.threshold import Citation, ThresholdDocument, ThresholdLevel

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
PAPER = Agreement(
    version=1, id="north", edition="2", title="North sharing", parties=("housing",), purposes=("children_in_need",),
    categories={"housing": ("tenancy",)}, from_=date(2026, 1, 1), to=date(2027, 1, 1),
    signatories=(Signatory(party="housing", role="director", on=date(2026, 1, 1)),),
)  # fmt: skip


@pytest.fixture
def told(profile):
    """The steps to one decision, with something behind the case."""

    def one(case, person, category, backing, rules=None):
        rules = rules or profile("children_in_need")
        found = decide(case, rules, NOW, backing=backing)
        item = next(item for item in found if (item.person, item.category) == (person, category))
        derived = derive(case, rules, item, backing=backing)
        assert derived.decision is item
        return [step.says for step in derived.steps]

    return one


def test_after_a_paper_of_other_agencies_the_next_is_still_told_with_what_it_leaves_out(family, agreed, told):
    papers = (replace(PAPER, id="other", parties=("police",)), PAPER)
    case = family.case(consents=[agreed()])
    says = told(case, "mother", "housing.tenancy", Backing(agreements=papers))
    assert [one for one in says if one.startswith("Sharing agreement")] == [
        "Sharing agreement north: North sharing, edition 2, takes it in until 1 January 2027."
    ]
    both = told(case, "mother", "housing.asb", Backing(agreements=(*papers, replace(PAPER, id="south"))))
    assert any("leaves out" in one and "North sharing (north, 2), North sharing (south, 2)." in one for one in both)


def test_an_emergency_is_told_with_all_that_it_relies_on_and_without_an_end_that_nobody_set(family, s47, says, told):
    order = s47(id="COURT", order_ref="SYN-1", categories={"police": "all"}, ends_at="2026-12-01T00:00:00+00:00")
    case = family.case(gateways=[s47(), order])
    until = {"e1": NOW + timedelta(hours=5)}
    for powers, words in ((case.gateways, "S47, COURT"), ((), "nothing in particular")):
        made = says(case, Emergency(reason="S.", powers=powers), by="j.shah", roles=("analyst",), ident="e1")
        lines = told(case, "mother", "police.arrest", Backing(spoken=(made,), countersign_by=until))
        (one,) = [line for line in lines if line.startswith("Emergency:")]
        assert one.startswith(f"Emergency: j.shah declared it, relying on {words}; the ")
        assert one.endswith("must countersign it by 3 November 2026.")


def test_a_power_and_a_restriction_that_the_place_does_not_know_are_told_all_the_same(family, s47, told, changed):
    people = [{**one, "restrictions": ["adoption"]} if one["id"] == "mother" else one for one in family.people]
    case = family.case(people=people, gateways=[s47(id="S99")])
    lines = told(case, "mother", "police.arrest", Backing(), changed("children_in_need", "restrictions", {}))
    assert any(line.startswith("Legal power S99, signed by nobody: does not open it. ") for line in lines)
    assert "Restriction: adoption." in lines


def test_everybody_who_signed_is_told(family, agreed, says, told):
    case = family.case(consents=[agreed()])
    spoken = (says(case, case.consents[0], by="ann"), says(case, case.consents[0], by="ben", hours=1))
    lines = told(case, "mother", "housing.tenancy", Backing(spoken=spoken))
    assert any("signed by ann (3 November 2026), ben (3 November 2026); it counts." in line for line in lines)


def test_a_category_that_must_be_named_is_told_so_where_all_was_agreed_and_only_there(family, agreed, told, ask):
    case = family.case(consents=[agreed(categories={"health": "all"})])
    lines = told(case, "child", "health.camhs", Backing())
    assert any("it does not count: this category must be named." in line for line in lines)
    assert ask(case, "child", "health.camhs").rule == "consent.must_be_named"
    back = agreed(categories={"health": "all"}, withdrawn_at="2026-11-03T09:00:00+00:00")
    for other in (agreed(), back):
        assert ask(family.case(consents=[other]), "child", "health.camhs").rule == "consent.not_sought"


def test_a_yes_of_their_own_holds_against_a_limit_of_the_parents_and_only_an_assessed_word_counts(family, agreed, ask):
    own = {"given_by": "teen", "capacity": "gillick", "covers": ["teen"], "id": "c2"}
    limited = agreed(id="c3", covers=["teen"], limited_by="care_order", categories={"police": "all"})
    assessed = agreed(**own, gillick_assessed_by="nurse")
    found = ask(family.case(consents=[assessed, limited]), "teen", "housing.tenancy")
    assert (found.outcome, found.basis) == (Outcome.PERMIT, "c2")
    case = family.case(consents=[agreed(covers=["teen"]), agreed(**own)])
    assert ask(case, "teen", "housing.tenancy").rule == "consent.agreed"
    at_once = family.case(consents=[assessed, agreed(**{**own, "id": "c4"}, kind="refusal")])
    assert ask(at_once, "teen", "housing.tenancy").rule == "consent.contested"


def test_a_young_parent_whom_nobody_assessed_refuses_nothing_for_their_child(family, agreed, ask):
    baby = {"id": "baby", "roles": ["subject"], "born": "2026-05-01"}
    ties = [{"from": one, "to": "baby", "kind": "parent", "nature": "birth", "parental_responsibility": "yes"}
            for one in ("teen", "mother")]  # fmt: skip
    no = agreed(id="c2", kind="refusal", given_by="teen", capacity="parental_responsibility", covers=["baby"])
    case = family.case(people=[*family.people, baby], relationships=ties, consents=[agreed(covers=["baby"]), no])
    assert ask(case, "baby", "housing.tenancy").rule == "consent.agreed"


def test_an_agreement_lives_by_days_in_london(family, agreed, ask):
    late = agreed(given_at="2026-08-10T23:30:00+00:00", categories={"housing": "all"})
    found = ask(family.case(level=2, consents=[late]), "mother", "housing.tenancy", by="early_help")
    assert found.expires_at == datetime(2026, 11, 9, tzinfo=UTC)


def test_of_a_category_permitted_twice_the_narrower_period_counts_whichever_comes_first():
    def permit(category, since):
        return Decision(person="p", source="s", agency="a", category=category, outcome=Outcome.PERMIT, rule="r",
                        reason="", basis="c1", since=since)  # fmt: skip

    wide, narrow = date(2020, 1, 1), date(2025, 1, 1)
    for days in ((wide, narrow), (narrow, wide), (None, narrow), (narrow, None)):
        items = (*(permit("a.one", day) for day in days), permit("a.two", wide))
        (grant,) = mint_grants(Decisions(case="c", profile="p", at=NOW, items=items), NOW, lambda: "g")
        assert grant.periods == {"a.one": (narrow, None), "a.two": (wide, None)}


def test_what_nobody_is_shown_keeps_nothing_of_the_permit():
    permit = Decision(person="p", source="s", agency="a", category="a.one", outcome=Outcome.PERMIT, rule="r", reason="",
                      basis="c1", since=date(2025, 1, 1), obligations=("minimise",), expires_at=NOW)  # fmt: skip
    (found,) = without_unshown(Decisions(case="c", profile="p", at=NOW, items=(permit,)), {"a.one"})
    assert (found.basis, found.since, found.obligations, found.expires_at) == (None, None, (), None)


def test_a_clause_is_looked_up_in_the_document_of_the_place(family, profile):
    case, level = family.case(), ThresholdLevel(title="Protection", clauses={"4.2": "Synthetic."})
    document = ThresholdDocument(version=1, id="north", edition="1", title="Synthetic", partnership="N",
                                 agreed_on=NOW.date(), review_on=NOW.date(), levels={"4": level})  # fmt: skip
    rules = replace(profile("children_in_need"), document=document)
    for clause, wrong in (("4.2", 0), ("4.9", 1)):
        cited = Citation(document="north@1", clauses=(clause,))
        stated = replace(case, referral=replace(case.referral, threshold=cited))
        assert len(problems(stated, rules)) == wrong


def test_a_parent_is_told_of_a_child_who_may_be_assessed_and_a_professional_or_a_dead_parent_of_none(family, profile):
    rules, case = profile("children_in_need"), family.case()
    assert children_spoken_for(case, rules, NOW, "mother") == ("child", "teen")
    for change in ({"roles": ("parent", "professional")}, {"died": PartialDate.parse("2026-01-01")}):
        people = tuple(replace(one, **change) if one.id == "mother" else one for one in case.people)
        assert children_spoken_for(replace(case, people=people), rules, NOW, "mother") == ()


def test_ones_noes_are_told_of_oneself_and_of_these_children_and_of_nobody_else(family, profile, agreed):
    rules = profile("children_in_need")
    case = family.case(consents=[agreed(kind="refusal", covers=["child", "teen", "mother"])])
    asked = own_noes(case, rules, NOW, "mother", ("child",))
    assert {person for person, _ in asked} == {"child", "mother"}
    assert {person for person, _ in own_noes(case, rules, NOW, "mother", ())} == {"mother"}
    assert asked["child", "housing.tenancy"] is asked["mother", "housing.tenancy"] is Why.CONSENT_NOT_GIVEN


def test_what_all_never_took_in_is_no_choice_of_theirs(family, profile, agreed):
    case = family.case(consents=[agreed(categories={"health": "all"})])
    assert own_noes(case, profile("children_in_need"), NOW, "mother", ()) == {}
    other = agreed(id="c2", capacity="parental_responsibility", covers=["mother"], categories={"housing": "all"},
                   withdrawn_at="2026-11-03T09:00:00+00:00", given_at="2026-11-01T09:00:00+00:00")  # fmt: skip
    found = own_noes(family.case(consents=[agreed(), other]), profile("children_in_need"), NOW, "mother", ())
    assert found["mother", "housing.tenancy"] is Why.CONSENT_WITHDRAWN


def test_an_agreement_that_a_later_one_replaced_and_that_is_over_is_over_and_not_taken_back(family, profile, agreed):
    later = agreed(id="c2", given_at="2026-11-02T11:00:00+00:00", expires_at="2026-11-03T09:00:00+00:00")
    found = own_noes(family.case(consents=[agreed(), later]), profile("children_in_need"), NOW, "mother", ())
    assert found["mother", "housing.tenancy"] is Why.CONSENT_EXPIRED


def test_instants_are_kept_in_utc_and_one_without_a_zone_is_no_moment_of_asking():
    bare = datetime(2026, 7, 1, 12)
    assert all(one.tzinfo is UTC for one in (midnight(date(2026, 7, 1)), begins(bare), ends(bare), begins(NOW)))
    with pytest.raises(ValueError, match=r"^the moment of asking has no zone$"):
        local_day(bare)


def test_a_service_without_a_lowest_age_is_told_from_0(family, agreed, ask, changed):
    rules = changed("children_in_need", "agencies/housing/ages", {"from_": None, "to": 10})
    found = ask(family.case(consents=[agreed()]), "mother", "housing.tenancy", by=rules)
    assert "people from 0 to 10 years old" in found.reason
