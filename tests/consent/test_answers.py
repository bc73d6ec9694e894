"""What a named person answers to a REVIEW: for that question alone, by who may decide, and only of what was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mash_trawl.consent import question_mark
from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Reply

NO = {"id": "c2", "kind": "refusal", "given_by": "father", "capacity": "parental_responsibility", "covers": ["child"],
      "given_at": "2026-11-02T11:00:00+00:00"}  # fmt: skip
CHILD = ("child", "housing.tenancy")
CONTESTED = {"person": "child", "category": "housing.tenancy", "rule": "consent.contested", "basis": "c1"}


@pytest.fixture
def disputed(family, agreed):
    """A mother who agrees and a father who refuses for their child."""
    return family.case(consents=[agreed(), agreed(**NO)])


@pytest.fixture
def reply(says):
    """A named person's answer."""

    def make(case, yes=True, *, reason="Synthetic.", until=None, about=CONTESTED, **more):
        return says(case, Reply(yes=yes, reason=reason, until=until, **about), **more)

    return make


@pytest.fixture
def answered(backed):
    """The decision with these replies, in a hub that counts what the file says."""
    return lambda case, person, category, *spoken, **more: backed(
        case, person, category, *spoken, signed_only=False, **more
    )


def test_without_an_answer_it_stays_a_question(disputed, answered):
    assert answered(disputed, *CHILD).rule == "consent.contested"


def test_a_yes_permits_and_keeps_basis_obligations_and_end(disputed, answered, reply, now):
    found = answered(disputed, *CHILD, reply(disputed, until=now + timedelta(days=2)))
    assert (found.outcome, found.rule, found.basis, found.why) == (Outcome.PERMIT, "review.agreed", "c1", "")
    assert (found.obligations, found.expires_at) == (("minimise",), now + timedelta(days=2))
    assert "r.cole decided on 3 November 2026 that it may be asked." in found.reason


def test_a_no_denies_and_says_who_could_decide_otherwise(disputed, answered, reply):
    found = answered(disputed, *CHILD, reply(disputed, yes=False))
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "review.declined", "forbidden_by_rule")
    assert "Only if r.cole, or another who may decide, decides otherwise." in found.unlock


@pytest.mark.parametrize(
    "other",
    [{"person": "mother"}, {"category": "housing.asb"}, {"rule": "consent.own_only"}, {"basis": "c2"}, {"basis": None}],
)
def test_it_answers_that_question_and_no_other(disputed, answered, reply, other):
    assert answered(disputed, *CHILD, reply(disputed, about={**CONTESTED, **other})).rule == "consent.contested"


WHO = [{"by": "j.shah"}, {"roles": ("decider",)}, {"roles": ()}, {"people": {}}]


@pytest.mark.parametrize("who", WHO)
def test_the_runner_another_role_or_a_statement_about_somebody_else_answers_nothing(disputed, answered, reply, who):
    assert answered(disputed, *CHILD, reply(disputed, **who)).rule == "consent.contested"


@pytest.mark.parametrize("who", WHO)
def test_a_no_counts_whoever_said_it_until_somebody_who_may_says_yes_after_it(disputed, answered, reply, who):
    no = reply(disputed, yes=False, hours=1, **who)
    assert answered(disputed, *CHILD, no).rule == "review.declined"
    assert answered(disputed, *CHILD, reply(disputed), no).rule == "review.declined"
    assert answered(disputed, *CHILD, reply(disputed, hours=2, **who), no).rule == "review.declined"
    assert answered(disputed, *CHILD, reply(disputed, hours=2), no).rule == "review.agreed"


def test_a_no_holds_also_against_what_became_known_after_it(disputed, answered, reply, says):
    later = says(disputed, replace(disputed.consents[1], id="c4"), hours=2)
    assert answered(disputed, *CHILD, reply(disputed, yes=False), later).rule == "review.declined"


def test_a_yes_that_says_what_it_answered_counts_only_while_that_reads_the_same(
    disputed, answered, reply, family, agreed
):
    asked = answered(disputed, *CHILD)
    yes = reply(disputed, about={**CONTESTED, "question": question_mark(asked)})
    assert answered(disputed, *CHILD, yes).rule == "review.agreed"
    limited = family.case(consents=[agreed(limited_by="court_order")])
    about = {**CONTESTED, "rule": "capacity.limited"}
    seen = reply(limited, about={**about, "question": question_mark(answered(limited, *CHILD))})
    assert answered(limited, *CHILD, seen).rule == "review.agreed"
    order = {"from": "father", "to": "child", "kind": "carer", "nature": "foster", "pr_basis": "care_order"}
    tied = family.case(consents=[agreed(limited_by="court_order")], relationships=[*family.ties, order])
    worse = family.case(consents=[agreed(limited_by="interim_care_order")])
    for case in (tied, worse):
        assert answered(case, *CHILD, seen).rule == "capacity.limited"
        assert answered(case, *CHILD, reply(case, about=about)).rule == "review.agreed"


def test_the_mark_of_a_restriction_is_its_own_whatever_opens_the_question(family, agreed, s47, answered, reply):
    people = [{**one, "restrictions": ["adoption"]} if one["id"] == "mother" else one for one in family.people]
    asked = ("mother", "education.attendance")
    one = family.case(people=people, consents=[agreed()])
    two = family.case(people=people, gateways=[s47()])
    marks = {question_mark(answered(case, *asked)) for case in (one, two)}
    assert len(marks) == 1
    about = {"person": "mother", "category": asked[1], "rule": "restriction.adoption", "question": marks.pop()}
    for case in (one, two):
        assert answered(case, *asked, reply(case, about=about)).rule == "review.agreed"
        other = reply(case, about={**about, "question": "0" * 32})
        assert answered(case, *asked, other).rule == "restriction.adoption"


def test_where_nobody_decides_nobody_answers(family, agreed, answered, reply):
    early = {"categories": {"early_help": "all"}}
    case = family.case(level=3, consents=[agreed(**early), agreed(**NO, **early)])
    said = reply(case, about={**CONTESTED, "category": "early_help.episodes"}, roles=("decider", "team_manager"))
    assert answered(case, "child", "early_help.episodes", said, by="front_door").rule == "review.agreed"
    assert answered(case, "child", "early_help.episodes", said, by="early_help").rule == "consent.contested"


def test_the_latest_word_counts_and_at_the_same_moment_the_no_or_the_shorter_yes(disputed, answered, reply, now):
    early, late = reply(disputed, hours=1), reply(disputed, yes=False, hours=2)
    assert answered(disputed, *CHILD, late, early).rule == "review.declined"
    assert answered(disputed, *CHILD, late, reply(disputed, hours=3)).rule == "review.agreed"
    assert answered(disputed, *CHILD, reply(disputed, hours=2), late).rule == "review.declined"
    short = reply(disputed, until=now + timedelta(hours=1))
    for both in ((short, reply(disputed)), (reply(disputed), short)):
        assert answered(disputed, *CHILD, *both).expires_at == now + timedelta(hours=1)


def test_a_yes_that_is_over_leaves_the_question_open_and_no_earlier_yes_comes_back(disputed, answered, reply, now):
    over = reply(disputed, until=now, hours=1)
    assert answered(disputed, *CHILD, over, reply(disputed)).rule == "consent.contested"


def test_a_yes_given_before_a_refusal_was_known_does_not_set_that_refusal_aside(family, answered, reply, agreed, now):
    own = {"id": "c3", "kind": "refusal", "given_by": "teen", "capacity": "gillick", "gillick_assessed_by": "nurse"}
    teen = family.case(consents=[agreed(covers=["teen"]), agreed(**{**NO, "covers": ["teen"]}),
                                 agreed(covers=["teen"], given_at="2026-11-03T12:30:00+00:00", **own)])  # fmt: skip
    later = now + timedelta(hours=1)
    about = {**CONTESTED, "person": "teen"}
    assert answered(teen, "teen", CHILD[1], reply(teen, about=about), now=later).rule == "consent.contested"
    assert answered(teen, "teen", CHILD[1], reply(teen, about=about, hours=1), now=later).rule == "review.agreed"


def test_a_refusal_that_was_signed_after_the_yes_was_not_known_either(disputed, answered, reply, says):
    later = says(disputed, replace(disputed.consents[1], id="c4"), hours=2)
    assert answered(disputed, *CHILD, reply(disputed), later).rule == "consent.contested"
    assert answered(disputed, *CHILD, reply(disputed, hours=3), later).rule == "review.agreed"


def test_each_agreement_is_answered_by_itself(family, agreed, answered, reply):
    short = agreed(id="c5", expires_at="2026-12-01T00:00:00+00:00")
    case = family.case(consents=[agreed(), short, agreed(**NO)])
    assert [one.id for one in case.consents] == ["c1", "c5", "c2"]
    assert answered(case, *CHILD).basis == "c5"  # the giver's latest word of the two


def test_a_power_that_leads_to_a_named_person_is_opened_by_their_yes(family, s47, answered, reply):
    case = family.case(gateways=[s47()])
    about = {"person": "child", "category": "police.intelligence", "rule": "gateway.S47.named_person", "basis": "S47"}
    found = answered(case, "child", "police.intelligence", reply(case, about=about))
    assert (found.outcome, found.obligations) == (Outcome.PERMIT, ("minimise", "no_onward", "notify"))
    early = reply(case, about=about, hours=-1)
    assert answered(case, "child", "police.intelligence", early).rule == "gateway.S47.named_person"


def test_a_restriction_is_answered_whatever_the_basis_and_each_by_itself(family, agreed, answered, reply, now):
    people = [{**one, "restrictions": ["adoption", "gender_history"]} if one["id"] == "mother" else one
              for one in family.people]  # fmt: skip
    case = family.case(people=people, consents=[agreed()])
    asked = ("mother", "housing.tenancy")
    about = {"person": "mother", "category": "housing.tenancy"}
    one = reply(case, about={**about, "rule": "restriction.adoption"})
    two = reply(case, about={**about, "rule": "restriction.gender_history"}, until=now + timedelta(days=1))
    assert answered(case, *asked).rule == "restriction.adoption"
    assert answered(case, *asked, one).rule == "restriction.gender_history"
    both = answered(case, *asked, one, two)
    assert (both.rule, both.expires_at, both.basis) == ("review.agreed", now + timedelta(days=1), agreed()["id"])
    no = reply(case, yes=False, about={**about, "rule": "restriction.gender_history"}, hours=1)
    assert answered(case, *asked, one, two, no).rule == "review.declined"
    based = reply(case, about={**about, "rule": "restriction.adoption", "basis": "c1"})
    assert answered(case, *asked, based).rule == "restriction.adoption"
    bare = family.case(people=people)
    assert answered(bare, *asked, one, two).rule == "consent.not_sought"
