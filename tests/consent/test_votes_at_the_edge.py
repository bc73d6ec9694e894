"""Which of several votes counts, what it rests on and when it ends, where two stand close together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mash_trawl.consent import question_mark
from mash_trawl.consent.combine import highest
from mash_trawl.consent.vote import Vote
from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Reply

HOUSING = ("mother", "housing.tenancy")
CHILD = ("child", "housing.tenancy")
NO = {"id": "c2", "kind": "refusal", "given_by": "father", "capacity": "parental_responsibility", "covers": ["child"],
      "given_at": "2026-11-02T11:00:00+00:00"}  # fmt: skip


@pytest.fixture
def replied(backed, says):
    """The decision after a named person's yes to this rule and basis."""

    def one(case, person, category, rule, basis, *, by="children_in_need", until=None, hours=0.0, question=""):
        said = Reply(person=person, category=category, rule=rule, basis=basis, yes=True, reason="Synthetic.",
                     until=until, question=question)  # fmt: skip
        return backed(case, person, category, says(case, said, hours=hours), by=by, signed_only=False)

    return one


def at(moment: datetime) -> str:
    return moment.isoformat()


def test_of_two_equal_yeses_the_smaller_basis_counts_before_the_words():
    one = Vote(outcome=Outcome.PERMIT, rule="review.agreed", reason="b", basis="A")
    two = Vote(outcome=Outcome.PERMIT, rule="review.agreed", reason="a", basis="B")
    assert highest(None, [two, one]) is one


def test_a_yes_given_at_the_very_moment_at_which_the_question_arose_answers_it(family, agreed, replied, now):
    limited = {"id": "c1", "categories": {"domestic_abuse_service": ["refuge"]}, "given_at": at(now)}
    case = family.case(consents=[agreed(covers=["child"], **limited)])
    asked = ("child", "domestic_abuse_service.refuge", "consent.own_only", "c1")
    assert replied(case, *asked).rule == "review.agreed"
    assert replied(case, *asked, hours=-0.01).rule == "consent.own_only"


@pytest.mark.parametrize(("person", "category", "rule", "basis"), [
    ("father", "housing.tenancy", "consent.not_sought", None),
    ("father", "police.intelligence", "consent.not_enough", None),
    ("mother", "housing.tenancy", "consent.agreed", "c1"),
    ("mother", "police.arrest", "gateway.S47.not_recorded", None),
])  # fmt: skip
def test_a_yes_to_what_is_no_question_to_a_person_changes_nothing(
    family, agreed, s47, ask, replied, person, category, rule, basis
):
    powers = [s47(covers=["mother"], grounds="")] if rule.startswith("gateway") else []
    case = family.case(consents=[agreed()], gateways=powers)
    before, after = ask(case, person, category), replied(case, person, category, rule, basis)
    assert before.rule == rule
    assert (after.outcome, after.rule, after.reason) == (before.outcome, before.rule, before.reason)


def test_a_mark_is_32_characters_and_another_for_each_restriction():
    marks = [question_mark(Vote(outcome=Outcome.REVIEW, rule="restriction.adoption", reason=r)) for r in "ab"]
    assert [len(one) for one in marks] == [32, 32]
    assert marks[0] != marks[1]


@pytest.mark.parametrize("limited", [
    {"limited_by": "court_order"}, {"given_by": "lodger", "capacity": "attorney_or_deputy", "authority_ref": "SYN-1"},
])  # fmt: skip
def test_a_question_about_who_may_speak_rests_on_the_record(family, agreed, ask, limited):
    person = "mother" if "given_by" in limited else "child"
    found = ask(family.case(consents=[agreed(covers=[person], **limited)]), person, "housing.tenancy")
    assert (found.outcome, found.basis) == (Outcome.REVIEW, "c1")


def test_every_limit_of_a_parent_is_told(family, agreed, ask):
    other = agreed(id="c2", given_by="father", limited_by="care_order", categories={"police": "all"})
    found = ask(family.case(consents=[agreed(limited_by="court_order"), other]), *CHILD)
    assert "is limited: court order, care order." in found.reason


def test_of_two_agreements_the_one_that_holds_longest_counts(family, agreed, ask, now):
    week, month = at(now + timedelta(days=7)), at(now + timedelta(days=30))
    father = {"id": "c0", "given_by": "father", "capacity": "parental_responsibility", "covers": ["child"]}
    case = family.case(consents=[agreed(expires_at=week), agreed(**father, expires_at=month)])
    assert (ask(case, *CHILD).basis, at(ask(case, *CHILD).expires_at)) == ("c0", month)
    open_end = family.case(consents=[agreed(), agreed(**father, expires_at=month)])
    assert ask(open_end, *CHILD).basis == "c1"


def test_a_yes_to_the_second_best_agreement_opens_it_too(family, agreed, replied, ask):
    father = agreed(id="c0", given_by="father", capacity="parental_responsibility", covers=["child"])
    case = family.case(consents=[agreed(limited_by="court_order"), {**father, "limited_by": "court_order"}])
    found = ask(case, *CHILD)
    assert (found.rule, found.basis) == ("capacity.limited", "c1")
    assert replied(case, *CHILD, "capacity.limited", "c0").basis == "c0"
    assert replied(case, *CHILD, "capacity.limited", "c1").basis == "c1"


def test_an_agreement_carries_what_the_profile_binds_agreements_to(family, agreed, ask, changed):
    rules = changed("children_in_need", "consent/obligations", ["notify"])
    assert ask(family.case(consents=[agreed()]), *HOUSING, by=rules).obligations == ("minimise", "notify")


def test_everybody_who_refused_is_named(family, agreed, ask):
    teen = {"id": "c3", "given_by": "teen", "capacity": "gillick", "gillick_assessed_by": "nurse", "covers": ["teen"]}
    noes = [agreed(**{**NO, "covers": ["teen"]}), agreed(**{**NO, **teen})]
    found = ask(family.case(consents=[agreed(covers=["teen"]), *noes]), "teen", "housing.tenancy")
    assert found.reason == "mother agreed; father, teen refused."


def test_an_adults_own_no_over_an_attorneys_yes_names_the_power_that_could_open_it(family, agreed, ask):
    no = agreed(id="c2", kind="refusal", covers=["mother"], given_at="2026-11-02T11:00:00+00:00")
    attorney = agreed(given_by="lodger", capacity="attorney_or_deputy", authority_ref="SYN-1", covers=["mother"])
    found = ask(family.case(consents=[attorney, no]), *HOUSING)
    assert found.rule == "consent.refused"
    assert "Or a decision under S47" in found.unlock


def test_a_withdrawal_ends_what_it_lists_and_nothing_else(family, agreed, ask):
    back = {"id": "c0", "withdrawn_at": "2026-11-03T09:00:00+00:00", "given_at": "2026-11-01T10:00:00+00:00"}
    case = family.case(consents=[agreed(), agreed(**back, categories={"housing": ["tenancy"]})])
    assert ask(case, *HOUSING).rule == "consent.withdrawn"
    assert ask(case, "mother", "housing.asb").rule == "consent.agreed"


def test_of_two_records_of_one_moment_an_end_that_has_passed_replaces_nothing(family, agreed, ask):
    case = family.case(consents=[agreed()])
    over = replace(case.consents[0], expires_at=case.consents[0].given_at + timedelta(hours=1))
    assert ask(replace(case, consents=(case.consents[0], over)), *HOUSING).rule == "consent.agreed"


def test_a_no_that_is_dated_ahead_ends_only_what_it_speaks_of_and_never_later_than_stated(family, agreed, ask, now):
    ahead, sooner = now + timedelta(days=7), now + timedelta(days=2)
    no = {"id": "c2", "kind": "refusal", "given_at": at(ahead), "categories": {"housing": ["tenancy"]}}
    case = family.case(consents=[agreed(), agreed(**no)])
    assert ask(case, *HOUSING).expires_at == ahead
    assert ask(case, "mother", "housing.asb").expires_at is None
    ends = family.case(consents=[agreed(expires_at=at(sooner)), agreed(**no)])
    assert ask(ends, *HOUSING).expires_at == sooner


def test_health_that_a_power_never_opens_is_told_before_what_the_decision_lacks(family, s47, ask):
    found = ask(family.case(gateways=[s47(grounds=" ")]), "child", "health.emergency")
    assert found.rule == "gateway.S47.summary_only"


def test_a_question_about_existence_asks_for_no_more(family, s47, ask, changed):
    rules = changed("children_in_need", "gateways/S17/existence", {"police": ["arrest"]})
    case = family.case(gateways=[s47(id="S17")])
    found = ask(case, "mother", "police.arrest", by=rules)
    assert (found.rule, found.mode) == ("gateway.S17.agreement_expected", "existence")


def test_a_yes_to_a_power_ends_when_it_says_and_not_before_the_question_arose(family, s47, replied, now):
    case = family.case(gateways=[s47(decided_at=at(now))])
    asked = ("child", "police.intelligence", "gateway.S47.named_person", "S47")
    end = now + timedelta(days=1)
    assert replied(case, *asked, until=end).expires_at == end
    assert replied(case, *asked, until=now).rule == "gateway.S47.named_person"
    assert replied(case, *asked, hours=-0.01).rule == "gateway.S47.named_person"


def test_a_yes_to_an_unknown_age_counts_only_since_the_decision(family, s47, replied, now):
    people = [{key: value for key, value in one.items() if key != "born"} if one["id"] == "teen" else one
              for one in family.people]  # fmt: skip
    case = family.case(people=people, gateways=[s47(decided_at=at(now))])
    asked = ("teen", "police.missing", "gateway.S47.age_unknown", "S47")
    assert replied(case, *asked).rule == "review.agreed"
    assert replied(case, *asked, hours=-0.01).rule == "gateway.S47.age_unknown"


def test_a_yes_to_a_restriction_bounds_a_question_that_still_stands(family, s47, replied, now):
    people = [{**one, "restrictions": ["adoption"]} if one["id"] == "child" else one for one in family.people]
    case = family.case(people=people, gateways=[s47()])
    end = now + timedelta(days=1)
    found = replied(case, "child", "police.intelligence", "restriction.adoption", None, until=end)
    assert (found.rule, found.expires_at) == ("gateway.S47.named_person", end)


@pytest.mark.parametrize(("until", "masked"), [
    ("2026-11-03", True), ("2026-11-02", False), ("2026-12-31", True), ("2026-11", True),
])  # fmt: skip
def test_a_hidden_address_hides_to_its_last_day(family, s47, ask, until, masked):
    homes = {"mother": {"postcode": "NB9 9ZZ", "to": until}, "father": {"postcode": "NB9 9ZZ"}}
    people = [{**one, **({"addresses": [homes[one["id"]]]} if one["id"] in homes else {})} for one in family.people]
    people = [
        {**one, "addresses": [homes["mother"], {"postcode": "NB1 4QT"}], "restrictions": ["hidden_address"]}
        if one["id"] == "mother" else one
        for one in people
    ]  # fmt: skip
    found = ask(family.case(people=people, gateways=[s47()]), "father", "police.missing")
    assert ("mask_address" in found.obligations) is masked


def test_lines_are_one_place_however_they_are_broken_and_spaced(family, s47, ask):
    homes = {"mother": ["1 Synthetic Way", "Northbridge"], "father": ["1 Synthetic", "WayNorth bridge"],
             "lodger": ["2 Synthetic Way"]}  # fmt: skip
    people = [{**one, **({"addresses": [{"lines": homes[one["id"]]}]} if one["id"] in homes else {})}
              for one in family.people]  # fmt: skip
    people = [{**one, "restrictions": ["hidden_address"]} if one["id"] == "mother" else one for one in people]
    case = family.case(people=people, gateways=[s47()])
    masked = [one for one in ("father", "lodger") if "mask_address" in ask(case, one, "police.missing").obligations]
    assert masked == ["father"]


def test_all_that_a_decision_lacks_is_told_at_once(family, s47, ask, changed):
    bare = ask(family.case(gateways=[s47(id="CDA115", grounds="")], concerns=["domestic_abuse"]), *HOUSING)
    assert "not recorded: grounds, necessity." in bare.reason
    assert "Record it before asking: grounds, necessity." in bare.unlock
    care = {"id": "CARE42", "own_view": "Synthetic.", "limbs": ["abuse_or_neglect"]}
    found = ask(family.case(gateways=[s47(**care)]), *HOUSING)
    assert "Needed: The adult has needs for care and support; Because of those needs" in found.unlock


def test_a_power_that_is_only_lent_by_an_emergency_comes_after_one_that_holds(family, s47, says, backed, now):
    from mash_trawl.model.statement import Emergency

    signed = {"id": "COURT", "order_ref": "SYN-1", "categories": {"police": "all"}, "ends_at": "2026-12-01T00:00:00Z"}
    lent = family.case(gateways=[s47(), s47(**signed)])
    made = says(lent, Emergency(reason="Synthetic.", powers=lent.gateways[1:]), by="j.shah", roles=("analyst",),
                ident="e1")  # fmt: skip
    behind = {"countersign_by": {"e1": now + timedelta(hours=5)}}
    order = says(lent, replace(lent.gateways[0], ends_at=now + timedelta(days=2)))
    case = replace(lent, gateways=(order.statement.said, lent.gateways[1]))
    assert backed(case, "mother", "police.missing", made, order, **behind).basis == "S47"


def test_a_power_is_told_as_one_to_extend_where_its_decision_leaves_agency_or_category_out(family, s47, ask):
    listed = s47(categories={"police": "all", "housing": ["tenancy"]}, grounds="")
    assert "under S47 (" not in ask(family.case(gateways=[listed]), *HOUSING).unlock
    assert "that also names Housing" in ask(family.case(gateways=[listed]), "mother", "housing.asb").unlock
    addressed = s47(addressee=["police"])
    assert "that also names Housing" in ask(family.case(gateways=[addressed]), *HOUSING).unlock
    both = s47(addressee=["housing"], grounds="")
    assert "under S47 (" not in ask(family.case(gateways=[both]), *HOUSING).unlock


def test_whoever_may_decide_and_whom_a_decision_covers_are_told_in_a_list(family, s47, ask, changed):
    rules = changed("children_in_need", "gateways/S47/deciders", ["team_manager", "legal_adviser"])
    assert "by the team manager or legal adviser)" in ask(family.case(), *HOUSING, by=rules).unlock
    two = family.case(gateways=[s47(covers=["child", "teen"], why_not=None)])
    assert "the one stated covers child and teen only" in ask(two, *HOUSING).unlock
    one = family.case(gateways=[s47(covers=["child"], why_not=None)])
    assert "the one stated covers child only" in ask(one, *HOUSING).unlock
