"""What signed records, withdrawals and emergencies do to each other where they differ in little."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mash_trawl.consent import effective
from mash_trawl.consent.effective import lay
from mash_trawl.consent.emergency import emergencies, not_countersigned, taken_on
from mash_trawl.consent.noes import taken_back, without_object
from mash_trawl.consent.signed import marks_of
from mash_trawl.consent.signed_records import left_out
from mash_trawl.consent.taken import state_without_case
from mash_trawl.consent.urgent import emergencies_now
from mash_trawl.model.backing import Backing
from mash_trawl.model.emergency import EmergencyNow
from mash_trawl.model.statement import Countersignature, Emergency, Reply, Withdrawal

HOUSING = ("mother", "housing.tenancy")
POLICE = ("mother", "police.arrest")


@pytest.fixture
def case(family, agreed, s47):
    """A case with one agreement and one decision in its file."""
    return family.case(consents=[agreed()], gateways=[s47()])


@pytest.fixture
def one(case):
    """The agreement of the case, with changes."""
    return lambda **changes: replace(case.consents[0], **changes)


def test_what_was_taken_back_first_stays_taken_back_then_also_where_a_time_has_no_zone(case, says, one, now):
    early, late = now - timedelta(hours=9), now - timedelta(hours=1)
    bare = early.replace(tzinfo=None)
    for first in (early, bare):
        draft = replace(case, consents=(one(withdrawn_at=first),))
        said = says(draft, Withdrawal(consent="c1", at=late))
        assert [r.withdrawn_at for r in effective(draft, Backing(spoken=(said,))).consents] == [first]
        signed = says(case, one(withdrawn_at=late))
        assert [r.withdrawn_at for r in effective(draft, Backing(spoken=(signed,))).consents] == [first]


@pytest.mark.parametrize("changes", [
    {"expires_at": datetime(2026, 12, 1)}, {"withdrawn_at": datetime(2026, 11, 3)}, {"limited_by": "care_order"},
    {"covers": ("child",)}, {"categories": {"housing": "all"}},
])  # fmt: skip
def test_what_one_record_says_less_is_left_out_of_the_other_whichever_comes_first(one, changes):
    less = one(**changes)
    assert left_out(one(), less) == left_out(less, one()) == less
    assert left_out(one(), replace(less, given_by="father")) is None


def test_all_and_a_list_share_nothing_and_neither_do_two_lists_without_a_common_name(one):
    some = one(categories={"housing": "all", "police": ("al", "a", "l")})
    every = one(categories={"housing": "all", "police": "all"})
    alone = one(categories={"housing": "all"})
    assert left_out(some, every) == left_out(every, some) == alone
    others = one(categories={"housing": "all", "police": ("b",)})
    assert left_out(some, others) == left_out(others, some) == alone


def test_a_record_that_waits_is_named_whoever_signed_it_without_a_role(case, says, backed, one):
    bare = replace(case, gateways=())
    found = backed(bare, *HOUSING, says(bare, one(), roles=()))
    assert (found.rule, "record c1" in found.reason) == ("statements.unsigned_consent", True)


def test_a_record_waits_for_the_fault_of_the_other_that_says_something_else(case, says, backed, one):
    bare, first = replace(case, gateways=()), says(case, one())
    about_others = says(case, one(capacity="self"), hours=1, people={})
    assert backed(bare, *HOUSING, first, about_others).rule == "statements.person_changed"
    newer = says(case, one(capacity="self"), hours=2)
    again = says(case, one(), by="j.shah", hours=3)
    found = backed(bare, *HOUSING, first, newer, again)
    assert (found.rule, "Record c1" in found.reason) == ("statements.own_record", True)


def test_what_waits_is_in_the_effective_case_only_where_the_file_has_it_and_is_told_each_time(case, says, one, profile):
    first, mine = says(case, one()), says(case, one(capacity="self"), by="j.shah", hours=1)
    for consents, found in (((), ()), ((one(),), (one(),))):
        draft, behind = replace(case, consents=consents), Backing(spoken=(first, mine), runner="j.shah")
        assert effective(draft, behind).consents == found
    file, behind = replace(case, consents=(one(capacity="self"),)), Backing(spoken=(first, mine), runner="j.shah")
    assert [record.consent.capacity for record in lay(file, behind, None).records] == [one().capacity, "self"]
    again = says(case, one(), by="j.shah", hours=3)
    three = Backing(spoken=(first, says(case, one(capacity="self"), hours=2), again), runner="j.shah")
    assert ["record c1" in record.fault.reason.lower() for record in lay(case, three, None).records] == [True, True]


def test_the_same_words_in_another_order_are_one_record_and_other_words_another(case, says, one, s47, family, now):
    turned = dict(reversed(one().categories.items()))
    bare = replace(case, consents=())
    for categories, number in ((turned, 1), ({"police": "all"}, 2)):
        spoken = (says(case, one()), says(case, one(categories=categories), roles=()))
        assert len(lay(bare, Backing(spoken=spoken), None).records) == number
        copies = [{"given_by": "mother", "covers": ("child",), "categories": each} for each in (turned, categories)]
        copies[0]["categories"] = one().categories
        back = [says(case, Withdrawal(consent="c9", at=now, **each)) for each in copies]
        assert len(taken_back(case, back)["c9"]) == number
    powers = family.case(gateways=[s47(), s47(id="S17")]).gateways
    said = [says(case, power) for power in powers]
    laid = [lay(case, Backing(spoken=tuple(each)), None).powers for each in (said, said[::-1])]
    assert laid[0] == laid[1]


def test_what_was_left_out_at_the_very_moment_is_left_out_too(case, says, one):
    less = one(categories={"housing": "all"})
    behind = Backing(spoken=(says(case, one()), says(case, less, by="j.shah")), runner="j.shah")
    assert effective(case, behind).consents == (less,)


def test_a_yes_before_the_agreement_was_signed_answers_nothing(family, agreed, says, backed):
    no = agreed(id="c2", kind="refusal", given_by="father", capacity="parental_responsibility", covers=["child"])
    case = family.case(consents=[agreed(), no])
    yes = Reply(person="child", category="housing.tenancy", rule="consent.contested", basis="c1", yes=True, reason="S.")
    for hours, rule in ((1, "consent.contested"), (3, "review.agreed")):
        spoken = (says(case, case.consents[0], hours=2), says(case, yes, hours=hours))
        assert backed(case, "child", "housing.tenancy", *spoken, signed_only=False).rule == rule


def test_a_withdrawal_that_says_the_household_takes_it_back_for_everybody_in_it(case, says, now):
    copied = {"given_by": "mother", "covers": ("household",), "categories": {"housing": "all"}}
    said = says(case, Withdrawal(consent="c9", at=now, **copied))
    ((record,),) = taken_back(case, (said,)).values()
    assert set(record.covers) == {"child", "teen", "youth", "mother", "lodger"}
    assert (record.id, record.given_by, record.given_at) == ("c9", "mother", now)
    assert record.capacity == "self_and_parental_responsibility"


def test_a_changed_person_is_not_missing_where_somebody_else_was_signed_as_they_are_now(case, says, one):
    said, marks = says(case, one(kind="refusal", given_by="father", covers=("father",))), dict(marks_of(case))
    changed = replace(said, statement=replace(said.statement, people={**marks, "father": marks["lodger"]}))
    named = replace(case, people=tuple(replace(p, born=p.born or case.people[0].born) for p in case.people))
    assert without_object(named, (changed,), marks) is None
    alone = replace(said, statement=replace(said.statement, people={"father": marks["lodger"]}))
    assert without_object(named, (alone,), marks).rule == "statements.person_missing"


def test_several_who_are_missing_or_changed_are_all_named(case, says, backed, one):
    gone = one(kind="refusal", covers=("nobody", "noone"))
    found = backed(case, *HOUSING, says(case, gone), signed_only=False)
    assert found.unlock == "Put the person back under that id: nobody, noone."
    changed = backed(replace(case, gateways=()), *HOUSING, says(case, one(), people={}))
    assert "date of birth of child, mother is not" in changed.reason
    lost = [says(case, Withdrawal(consent=ident, at=case.opened_at)) for ident in ("c8", "c9")]
    assert "takes back record c8, c9, which" in backed(case, *HOUSING, *lost, signed_only=False).reason


def test_an_agreement_that_starts_later_is_told_with_its_own_fault_first(family, agreed, backed, ask):
    later = family.case(consents=[agreed(given_at="2026-11-09T10:00:00+00:00")])
    assert backed(later, *HOUSING).rule == "statements.unsigned_consent"
    assert ask(later, *HOUSING).rule == "consent.not_yet"
    other = agreed(given_by="lodger", given_at="2026-11-09T10:00:00+00:00")
    assert ask(family.case(consents=[other]), "child", "housing.tenancy").rule == "capacity.no_responsibility"


@pytest.fixture
def urgent(case, says):
    """An emergency by the runner, on the decision of the case."""

    def make(*powers, ident="e1", **more):
        said = Emergency(reason="Synthetic.", powers=powers or case.gateways)
        return says(case, said, by="j.shah", roles=("analyst",), ident=ident, **more)

    return make


def test_an_emergency_is_told_whole_and_the_oldest_first(case, says, urgent, profile, now):
    twice = (*case.gateways, replace(case.gateways[0], covers=("child",)))
    younger, older = urgent(*twice, hours=1), urgent(ident="e0", hours=-1)
    looked = [says(case, Countersignature(emergency="e1", agrees=False, reason="S."), by=by) for by in ("b", "a", "b")]
    end = now + timedelta(hours=5)
    behind = Backing(spoken=(younger, older, *looked), countersign_by={"e1": end}, runner="j.shah")
    first, second = emergencies_now(case, profile("children_in_need"), now, behind)
    assert (first.id, first.looked, first.until) == ("e0", (), None)
    assert second == EmergencyNow(id="e1", by="j.shah", at=younger.statement.at, reason="Synthetic.", state="declined",
                                  powers=("S47",), until=end, looked=("b", "a"))  # fmt: skip


def test_whoever_may_decide_the_very_power_countersigns_and_is_named(case, urgent, says, changed, now):
    rules = changed("children_in_need", "gateways/S47/deciders", ["legal_adviser"])
    yes = Countersignature(emergency="e1", agrees=True, reason="Synthetic.")
    for role, agreed in (("legal_adviser", True), ("team_manager", False)):
        made = (urgent(), says(case, yes, roles=(role,), hours=1))
        (found,) = emergencies(made, Backing(), rules, ())
        assert (found.agreed, found.roles) == (agreed, ("legal_adviser",))
        stop = not_countersigned((found,), now)
        assert (stop is None) is agreed
        assert stop is None or stop.unlock.startswith("The legal adviser, not j.shah")


def test_of_several_emergencies_that_are_over_the_declined_one_is_told_first(case, says, profile, now):
    def by(who, ident):
        return says(case, Emergency(reason="S.", powers=case.gateways), by=who, roles=("analyst",), ident=ident)

    spoken, rules = [by("bo", "e2"), by("al", "e1"), by("cy", "e3")], profile("children_in_need")
    over = emergencies(spoken, Backing(), rules, ())
    assert "that al declared was not countersigned" in not_countersigned(over, now).reason
    no = says(case, Countersignature(emergency="e3", agrees=False, reason="S."))
    over = emergencies([*spoken, no], Backing(), rules, ())
    assert "that cy declared was declined" in not_countersigned(over, now).reason


def test_the_emergency_that_waits_longest_carries_the_decision(case, urgent, profile, now):
    spoken = (urgent(ident="e1"), replace(urgent(ident="e2"), roles=frozenset({"analyst"})))
    until = {"e1": now + timedelta(hours=9), "e2": now + timedelta(hours=5)}
    both = emergencies(spoken, Backing(countersign_by=until), profile("children_in_need"), ())
    for order in (both, both[::-1]):
        found, settled = taken_on(order, case.gateways[0], marks_of(case), now)
        assert (found.about.statement.id, settled) == ("e1", False)


def test_without_its_case_a_signature_under_the_decision_takes_an_emergency_on(case, urgent, says, profile, now):
    made, until, rules = urgent(), now + timedelta(hours=5), profile("children_in_need")
    signed = says(case, case.gateways[0], hours=1)
    assert state_without_case(made, (made, signed), rules, until, now) == "countersigned"
    wrong = says(case, case.gateways[0], roles=("decider",), hours=1)
    others = says(case, case.gateways[0], people={}, hours=1)
    for other in (wrong, others):
        assert state_without_case(made, (made, other), rules, until, now) == "waiting"
    assert state_without_case(made, (made,), rules, until, until) == "over"


def test_a_limit_that_only_a_signed_record_states_binds_the_other_records(family, agreed, backed, says):
    limited = agreed(id="c9", given_by="father", capacity="parental_responsibility", covers=["child"],
                     categories={"education": "all"}, limited_by="care_order")  # fmt: skip
    whole = family.case(consents=[agreed(), limited])
    draft = replace(whole, consents=whole.consents[:1])
    asked = ("child", "housing.tenancy")
    assert backed(draft, *asked, signed_only=False).rule == "consent.agreed"
    assert backed(draft, *asked, says(draft, whole.consents[1]), signed_only=False).rule == "capacity.limited"


def test_another_way_is_told_with_a_power_that_was_only_signed(family, s47, backed, says):
    whole = family.case(gateways=[s47(covers=["father"])])
    draft = replace(whole, gateways=())
    asked = ("mother", "housing.tenancy")
    assert "the one stated" not in backed(draft, *asked, signed_only=False).unlock
    found = backed(draft, *asked, says(draft, whole.gateways[0]), signed_only=False)
    assert "the one stated covers father only" in found.unlock
