"""What was signed laid over the draft: what is replaced, what is added, and what is never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.consent import effective
from mash_trawl.errors import Misconfigured
from mash_trawl.model.backing import UNBACKED, Backing
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Withdrawal

HOUSING = ("mother", "housing.tenancy")
AND = {"education": "all", "health": ("gp_summary",)}


@pytest.fixture
def case(family, agreed):
    """A case with one agreement in its file."""
    return family.case(consents=[agreed()])


@pytest.fixture
def behind():
    """What stands behind the case when these were said."""
    return lambda *spoken, **more: Backing(spoken=spoken, **{"signed_only": True, "runner": "j.shah", **more})


def test_with_nothing_behind_it_a_case_is_what_its_file_says(case):
    assert effective(case, UNBACKED) == case


def test_what_was_signed_takes_the_place_of_the_draft_and_keeps_what_that_takes_away(case, behind, says, now):
    wide = replace(case.consents[0], categories={"housing": "all"})
    found = effective(case, behind(says(case, wide))).consents
    assert found == (wide,)
    less = {"withdrawn_at": now, "expires_at": now + timedelta(days=1), "limited_by": "care_order"}
    draft = replace(case, consents=(replace(case.consents[0], **less),))
    assert effective(draft, behind(says(case, wide))).consents == (replace(wide, **less),)
    ahead = replace(wide, expires_at=now, limited_by="court_order", withdrawn_at=now - timedelta(days=1))
    assert effective(draft, behind(says(case, ahead))).consents == (ahead,)


def test_the_latest_signed_record_of_an_id_counts_and_of_two_at_once_both(case, behind, says):
    one, two = (replace(case.consents[0], categories={name: "all"}) for name in ("housing", "education"))
    later = behind(says(case, two, hours=1), says(case, one))
    assert effective(case, later).consents == (two,)
    at_once = effective(case, behind(says(case, two), says(case, one))).consents
    assert at_once == effective(case, behind(says(case, one), says(case, two))).consents
    assert {tuple(found.categories) for found in at_once} == {("housing",), ("education",)}


def test_a_later_record_by_the_runner_alone_replaces_nothing(case, behind, says):
    wide = replace(case.consents[0], categories={**case.consents[0].categories, "police": "all"})
    mine = says(case, wide, by="j.shah", hours=1)
    assert effective(case, behind(says(case, case.consents[0]), mine)).consents == case.consents


@pytest.mark.parametrize("who", [{"by": "j.shah"}, {"roles": ()}, {"people": {}}])
def test_what_a_later_record_leaves_out_is_not_asked_whoever_signed_it(case, behind, says, backed, who):
    some = {"housing": ("tenancy",), "health": ("gp_summary", "sexual_health"), "police": "all"}
    wide = replace(case, consents=(replace(case.consents[0], categories={"housing": ("tenancy", "asb"), **AND}),))
    first = says(wide, wide.consents[0])
    less = says(wide, replace(wide.consents[0], categories=some, covers=("mother",)), hours=1, **who)
    found = effective(wide, behind(first, less)).consents
    assert [(one.covers, one.categories) for one in found] == [
        (("mother",), {"housing": ("tenancy",), "health": ("gp_summary",)})
    ]
    assert backed(wide, "mother", "housing.tenancy", first, less).rule == "consent.agreed"
    for asked in (("mother", "housing.asb"), ("child", "housing.tenancy"), ("mother", "education.attendance")):
        assert backed(wide, *asked, first, less).outcome is not Outcome.PERMIT
    before = says(wide, less.statement.said, hours=-1, **who)
    assert effective(wide, behind(first, before)).consents == wide.consents


def test_a_later_record_that_says_something_else_waits_for_somebody_else_to_sign_it_too(case, behind, says, backed):
    first, other = says(case, case.consents[0]), replace(case.consents[0], capacity="self")
    mine = says(case, other, by="j.shah", hours=1)
    assert backed(case, *HOUSING, first, mine).rule == "statements.own_record"
    assert backed(case, *HOUSING, first, mine, says(case, other, hours=2)).rule == "consent.agreed"
    again = says(case, case.consents[0], by="j.shah", hours=3)
    assert backed(case, *HOUSING, first, says(case, other, hours=2), again).rule == "statements.own_record"


def test_from_file_what_the_runner_recorded_more_narrowly_takes_away_too(case, says, backed):
    less = says(case, replace(case.consents[0], categories={"education": "all"}), by="j.shah")
    assert backed(case, *HOUSING, less, signed_only=False).outcome is not Outcome.PERMIT
    assert backed(case, "mother", "education.attendance", less, signed_only=False).rule == "consent.agreed"


def test_a_refusal_is_never_lost(case, behind, says, now):
    no = replace(case.consents[0], kind="refusal")
    assert {one.kind for one in effective(case, behind(says(case, no))).consents} == {"agreement", "refusal"}
    draft = replace(case, consents=(no,))
    both = effective(draft, behind(says(case, case.consents[0], hours=1), says(case, no))).consents
    assert [one.kind for one in both] == ["refusal", "agreement"]
    taken_back = says(case, Withdrawal(consent="c1", at=now - timedelta(hours=1)))
    kept = effective(draft, behind(says(case, no), taken_back)).consents
    assert kept == (no,)


def test_a_signed_withdrawal_ends_the_record_whoever_signed_it_and_in_both_modes(case, behind, says, backed, now):
    hour = timedelta(hours=1)
    back = [says(case, Withdrawal(consent="c1", at=now - n * hour), by="j.shah", roles=()) for n in (1, 2)]
    for signed_only in (True, False):
        found = effective(case, behind(*back, says(case, case.consents[0]), signed_only=signed_only))
        assert [one.withdrawn_at for one in found.consents] == [now - 2 * hour]
        decided = backed(case, *HOUSING, *back, says(case, case.consents[0]), signed_only=signed_only)
        assert decided.rule == "consent.withdrawn"
    elsewhere = says(case, Withdrawal(consent="c9", at=now))
    assert effective(case, behind(elsewhere)).consents == case.consents


def test_what_does_not_count_is_in_the_effective_case_only_where_the_file_has_it(case, behind, says, s47, family):
    bare = replace(case, consents=())
    mine = says(case, case.consents[0], by="j.shah")
    assert effective(bare, behind(mine)).consents == ()
    assert effective(case, behind(mine)).consents == case.consents
    power = family.case(gateways=[s47()]).gateways[0]
    assert effective(bare, behind(says(case, power))).gateways == (power,)
    assert effective(bare, behind(says(case, power, by="j.shah"))).gateways == ()


def test_from_file_a_signed_decision_is_added_only_with_the_profile_that_says_who_decides(
    case, behind, says, s47, family, profile
):
    power = family.case(gateways=[s47()]).gateways[0]
    rules, signed = profile("children_in_need"), says(case, power)
    assert effective(case, behind(signed, signed_only=False)).gateways == ()
    assert effective(case, behind(signed, signed_only=False), rules).gateways == (power,)
    wrong = says(case, power, roles=("decider",))
    assert effective(case, behind(wrong, signed_only=False), rules).gateways == ()


def test_the_effective_case_of_an_effective_case_is_itself(case, behind, says, s47, family, now):
    power = family.case(gateways=[s47()]).gateways[0]
    behind_it = behind(
        says(case, power), says(case, replace(case.consents[0], covers=("household",)), hours=1),
        says(case, Withdrawal(consent="c1", at=now)), says(case, replace(case.consents[0], id="c2", kind="refusal")),
    )  # fmt: skip
    once = effective(case, behind_it)
    assert effective(once, behind_it) == once


def test_the_whole_household_is_everybody_in_it_and_an_adult_who_did_not_sign_is_refused(family, agreed, ask):
    case = family.case(consents=[agreed(covers=["household"])])
    assert set(effective(case, UNBACKED).consents[0].covers) == {"child", "teen", "youth", "mother", "lodger"}
    assert ask(case, "mother", "housing.tenancy").rule == "consent.agreed"
    assert ask(case, "child", "housing.tenancy").rule == "consent.agreed"
    for grown in ("lodger", "youth"):
        assert ask(case, grown, "housing.tenancy").rule == "capacity.another_adult"
    for outside in ("father", "unborn"):
        assert ask(case, outside, "housing.tenancy").rule == "consent.not_sought"


def test_the_children_of_the_household_are_neither_its_adults_nor_the_giver(family, agreed, ask):
    case = family.case(consents=[agreed(covers=["household_children", "father", "child"])])
    assert effective(case, UNBACKED).consents[0].covers == ("child", "teen", "youth", "father")
    assert ask(case, "mother", "housing.tenancy").rule == "consent.not_sought"
    assert ask(case, "youth", "housing.tenancy").rule == "capacity.another_adult"


def test_somebody_called_household_is_that_person(family, agreed):
    people = [{**one, "id": "household"} if one["id"] == "lodger" else one for one in family.people]
    case = family.case(people=people, consents=[agreed(covers=["household"])])
    assert effective(case, UNBACKED) == case


def test_who_joins_the_household_after_it_was_signed_is_not_covered(family, agreed, backed, says):
    case = family.case(consents=[agreed(covers=["household"])])
    signed = says(case, case.consents[0])
    baby = replace(case.people[0], id="baby", born=PartialDate.parse("2026-01-01"))
    tie = replace(case.relationships[0], to="baby")
    more = replace(case, people=(*case.people, baby), relationships=(*case.relationships, tie))
    assert backed(more, "child", "housing.tenancy", signed).rule == "consent.agreed"
    assert backed(more, "baby", "housing.tenancy", signed).rule == "consent.not_sought"


def test_a_case_file_may_say_household_in_a_consent_and_not_in_a_power(family, agreed, s47):
    plain = family.plain(consents=[agreed(covers=["household_children"])])
    plain["people"] = [{**one, "names": [{"given": ["Ada"], "family": "Example"}]} for one in plain["people"]]
    assert load_case(plain).consents[0].covers == ("household_children",)
    with pytest.raises(Misconfigured):
        load_case({**plain, "gateways": [s47(covers=["household"])]})


def test_the_earlier_of_two_ends_stays_whether_or_not_a_zone_is_written(family, agreed, behind, says):
    case = family.case(consents=[agreed(expires_at="2026-12-01T00:00:00+00:00")])
    bare = replace(case.consents[0], expires_at=datetime(2026, 11, 20))
    draft = replace(case, consents=(bare,))
    (found,) = effective(draft, behind(says(case, case.consents[0]))).consents
    assert found.expires_at == datetime(2026, 11, 20)


def test_everything_and_a_list_have_nothing_sure_in_common(case, says, backed):
    first = replace(case.consents[0], categories={"housing": "all", "education": "all"})
    later = replace(case.consents[0], categories={"housing": ("tenancy",), "education": "all"})
    spoken = says(case, first), says(case, later, by="j.shah", hours=1)
    assert backed(replace(case, consents=(first,)), "mother", "education.attendance", *spoken).rule == "consent.agreed"
    assert backed(replace(case, consents=(first,)), *HOUSING, *spoken).outcome is not Outcome.PERMIT


def test_a_withdrawn_record_that_stands_under_a_signature_is_laid_once_though_the_draft_says_less(case, says, now):
    one = case.consents[0]
    draft = replace(case, consents=(replace(one, categories={"education": "all"}), *case.consents[1:]))
    taken_back = Withdrawal(consent=one.id, at=now - timedelta(hours=1), given_by=one.given_by, covers=one.covers,
                            categories=one.categories)  # fmt: skip
    behind = Backing(signed_only=True, spoken=(says(case, one), says(case, taken_back)))
    laid = [each for each in effective(draft, behind).consents if each.id == one.id]
    assert laid and all(each.withdrawn_at == now - timedelta(hours=1) for each in laid)
    assert effective(effective(draft, behind), behind) == effective(draft, behind)
