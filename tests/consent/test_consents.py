"""What people agreed to, refused, withdrew, or said some time ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.consent import explain
from mash_trawl.model.decision import Outcome


def test_what_nobody_agreed_to_is_denied_and_says_whom_to_ask(family, ask):
    found = ask(family.case(), "child", "housing.tenancy")
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.not_sought", "consent_not_sought")
    assert "parental responsibility" in found.unlock
    assert "mother" in ask(family.case(), "unborn", "housing.tenancy").unlock
    assert "competent" in ask(family.case(), "teen", "housing.tenancy").unlock
    assert "lodger" in ask(family.case(), "lodger", "housing.tenancy").unlock


def test_an_agreement_opens_the_categories_that_it_lists_and_no_other(family, ask, agreed):
    case = family.case(consents=[agreed(categories={"housing": ["asb"], "health": ["gp_summary", "health_visiting"]})])
    opened = {"housing.asb", "health.gp_summary", "health.health_visiting"}
    for category in ("housing.asb", "housing.tenancy", "health.gp_summary", "health.health_visiting",
                     "health.midwifery", "police.safeguarding"):  # fmt: skip
        assert (ask(case, "mother", category).outcome is Outcome.PERMIT) is (category in opened)


def test_all_of_health_opens_only_what_need_not_be_named(family, ask, agreed):
    case = family.case(consents=[agreed(categories={"health": "all"})])
    assert ask(case, "mother", "health.gp_summary").outcome is Outcome.PERMIT
    for category in ("health.sexual_health", "health.substance_misuse", "health.camhs"):
        found = ask(case, "mother", category)
        assert (found.outcome, found.rule) == (Outcome.DENY, "consent.must_be_named")


def test_a_named_sensitive_category_is_opened_by_the_person_but_not_by_a_parent(family, ask, agreed):
    case = family.case(consents=[agreed(categories={"health": ["sexual_health"]})])
    assert ask(case, "mother", "health.sexual_health").outcome is Outcome.PERMIT
    assert ask(case, "child", "health.sexual_health").rule == "consent.own_only"
    assert ask(case, "child", "health.sexual_health").outcome is Outcome.REVIEW


def test_no_agreement_opens_police_intelligence(family, ask, agreed):
    case = family.case(consents=[agreed(categories={"police": ["intelligence"]})])
    found = ask(case, "mother", "police.intelligence")
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.not_enough", "forbidden_by_rule")


def test_the_end_is_exclusive_and_counts_at_the_moment_of_asking(family, ask, agreed):
    end = datetime(2026, 12, 1, 9, tzinfo=UTC)
    case = family.case(consents=[agreed(expires_at=end.isoformat())])
    just_before = ask(case, "mother", "housing.tenancy", now=end - timedelta(microseconds=1))
    assert (just_before.outcome, just_before.expires_at) == (Outcome.PERMIT, end)
    at_the_end = ask(case, "mother", "housing.tenancy", now=end)
    assert (at_the_end.outcome, at_the_end.rule, at_the_end.why) == (
        Outcome.DENY, "consent.expired", "consent_expired")  # fmt: skip


def test_withdrawal_counts_from_its_moment(family, ask, agreed):
    moment = datetime(2026, 11, 3, 12, tzinfo=UTC)
    case = family.case(consents=[agreed(withdrawn_at=moment.isoformat())])
    assert ask(case, "mother", "housing.tenancy", now=moment - timedelta(seconds=1)).outcome is Outcome.PERMIT
    found = ask(case, "mother", "housing.tenancy", now=moment)
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.withdrawn", "consent_withdrawn")


def test_an_agreement_from_the_future_does_not_count_yet(family, ask, agreed):
    case = family.case(consents=[agreed(given_at="2026-11-03T12:00:01+00:00")])
    assert ask(case, "mother", "housing.tenancy").rule == "consent.not_yet"


def test_early_help_agreements_end_after_90_days_if_they_state_no_end(family, ask, agreed):
    case = family.case(level=3, consents=[agreed()])
    end = datetime(2027, 1, 31, tzinfo=UTC)
    found = ask(case, "mother", "housing.tenancy", by="early_help")
    assert (found.outcome, found.expires_at) == (Outcome.PERMIT, end)
    assert ask(case, "mother", "housing.tenancy", by="early_help", now=end).rule == "consent.expired"
    assert ask(case, "mother", "housing.tenancy").expires_at is None


def test_early_help_asks_services_only_about_the_ages_that_they_serve(family, ask, agreed):
    case = family.case(level=3, consents=[agreed(categories={"housing": "all", "police": "all", "education": "all"})])
    assert ask(case, "mother", "police.missing", by="early_help").outcome is Outcome.PERMIT
    found = ask(case, "child", "police.missing", by="early_help")
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.age_of_service", "forbidden_by_rule")
    assert ask(case, "mother", "education.send", by="early_help").rule == "consent.age_of_service"
    assert ask(case, "child", "education.send", by="early_help").outcome is Outcome.PERMIT


def test_s47_is_not_narrowed_by_the_ages_of_a_service(family, ask, s47):
    assert ask(family.case(gateways=[s47()]), "child", "police.missing").outcome is Outcome.PERMIT


def test_a_refusal_alone_is_a_choice_that_is_not_sought_again(family, ask, agreed):
    case = family.case(consents=[agreed(kind="refusal")])
    found = ask(case, "mother", "housing.tenancy")
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.refused", "consent_not_given")


def test_parents_who_disagree_lead_to_a_named_person(family, ask, agreed):
    no = agreed(id="c2", given_by="father", kind="refusal", covers=["child"])
    found = ask(family.case(consents=[agreed(), no]), "child", "housing.tenancy")
    assert (found.outcome, found.rule, found.why) == (Outcome.REVIEW, "consent.contested", "review_unanswered")
    assert "human_review" in found.obligations


def test_a_competent_childs_no_is_not_overridden_by_a_parents_yes(family, ask, agreed):
    no = agreed(id="c2", given_by="teen", capacity="gillick", gillick_assessed_by="nurse", kind="refusal",
                covers=["teen"])  # fmt: skip
    yes = agreed(covers=["teen"])
    assert ask(family.case(consents=[yes]), "teen", "housing.tenancy").outcome is Outcome.PERMIT
    assert ask(family.case(consents=[yes, no]), "teen", "housing.tenancy").outcome is Outcome.REVIEW


def test_a_young_persons_no_that_nobody_assessed_is_heard_too(family, ask, agreed):
    no = agreed(id="c2", given_by="teen", capacity="self", kind="refusal", covers=["teen"])
    assert ask(family.case(consents=[agreed(covers=["teen"]), no]), "teen", "housing.tenancy").outcome is Outcome.REVIEW


def test_an_adults_own_no_beats_their_attorneys_yes(family, ask, agreed):
    yes = agreed(capacity="attorney_or_deputy", authority_ref="seen", covers=["lodger"])
    no = agreed(id="c2", given_by="lodger", capacity="self", kind="refusal", covers=["lodger"])
    assert ask(family.case(consents=[yes, no]), "lodger", "housing.tenancy").rule == "consent.refused"


def test_the_latest_word_of_one_giver_counts_and_at_one_moment_the_no(family, ask, agreed):
    early, late = "2026-11-01T10:00:00+00:00", "2026-11-02T10:00:00+00:00"
    for yes_at, no_at, outcome in (
        (late, early, Outcome.PERMIT),
        (early, late, Outcome.DENY),
        (late, late, Outcome.DENY),
    ):
        records = [agreed(given_at=yes_at), agreed(id="c2", kind="refusal", given_at=no_at)]
        assert ask(family.case(consents=records), "mother", "housing.tenancy").outcome is outcome


def test_a_refusal_with_all_takes_in_what_must_be_named(family, ask, agreed):
    yes = agreed(categories={"health": ["camhs"]}, given_at="2026-11-01T10:00:00+00:00")
    no = agreed(id="c2", kind="refusal", categories={"health": "all"})
    assert ask(family.case(consents=[yes, no]), "mother", "health.camhs").rule == "consent.refused"


def test_a_withdrawn_refusal_no_longer_counts(family, ask, agreed):
    no = agreed(id="c2", kind="refusal", withdrawn_at="2026-11-03T09:00:00+00:00")
    assert ask(family.case(consents=[agreed(), no]), "mother", "housing.tenancy").outcome is Outcome.PERMIT


@pytest.mark.parametrize(
    ("wall", "first_refused"),
    [
        ("2026-10-25T01:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the hour that comes twice
        ("2026-03-29T01:30:00", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),  # the hour that never comes
        ("2026-07-01T00:00:00", datetime(2026, 6, 30, 23, 0, tzinfo=UTC)),  # summer time
    ],
)
def test_an_end_in_local_time_is_read_as_the_earlier_instant(wall, first_refused):
    from mash_trawl.consent.times import ends

    assert ends(datetime.fromisoformat(wall)) == first_refused


def test_a_beginning_in_the_doubled_hour_is_read_as_the_later_instant():
    from mash_trawl.consent.times import begins

    assert begins(datetime(2026, 10, 25, 1, 30)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_birthday_is_a_local_day(family, ask, agreed):
    people = [{"id": "x", "roles": ["subject"], "born": "2010-07-01"}]
    own = agreed(given_by="x", capacity="self", covers=["x"], given_at="2026-06-30T23:00:00+00:00")
    case = family.case(people=people, relationships=[], consents=[own])
    assert ask(case, "x", "housing.tenancy").outcome is Outcome.PERMIT  # 00:00 in London on the 16th birthday
    own["given_at"] = "2026-06-30T22:59:59+00:00"
    assert (
        ask(family.case(people=people, relationships=[], consents=[own]), "x", "housing.tenancy").outcome
        is Outcome.DENY
    )


def test_somebody_born_on_29_february_is_a_year_older_on_1_march():
    from datetime import date

    from mash_trawl.consent.times import birthday

    assert birthday(date(2012, 2, 29), 16) == date(2028, 2, 29)
    assert birthday(date(2012, 2, 29), 18) == date(2030, 3, 1)


def test_a_withdrawal_that_is_already_dated_ends_the_permit(family, ask, agreed):
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    case = family.case(consents=[agreed(withdrawn_at=moment.isoformat())])
    assert ask(case, "mother", "housing.tenancy").expires_at == moment


def word(agreed, ident, day, **more):
    return agreed(id=ident, given_at=f"2026-11-{day:02d}T10:00:00+00:00", **more)


def on(day):
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def at(day):
    return f"2026-11-{day:02d}T10:00:00+00:00"


def test_withdrawing_a_repeated_agreement_does_not_revive_the_older_one(family, ask, agreed):
    case = family.case(consents=[word(agreed, "c1", 2), word(agreed, "c2", 5, withdrawn_at=at(8))])
    assert ask(case, "mother", "housing.tenancy", now=on(6)).basis == "c2"
    found = ask(case, "mother", "housing.tenancy", now=on(10))
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.withdrawn", "consent_withdrawn")


def test_a_withdrawal_ends_everything_that_the_giver_agreed_to_before_it_and_nothing_after(family, ask, agreed):
    taken_back = word(agreed, "c1", 2, withdrawn_at=at(8))
    for day, outcome in ((5, Outcome.DENY), (8, Outcome.DENY), (9, Outcome.PERMIT)):
        case = family.case(consents=[taken_back, word(agreed, "c2", day)])
        assert ask(case, "mother", "housing.tenancy", now=on(10)).outcome is outcome
        assert ask(case, "child", "housing.tenancy", now=on(10)).outcome is outcome


def test_a_withdrawal_ends_only_the_persons_and_categories_that_it_covers(family, ask, agreed):
    taken_back = word(agreed, "c2", 5, covers=["child"], categories={"housing": "all"}, withdrawn_at=at(8))
    case = family.case(consents=[word(agreed, "c1", 2), taken_back])
    assert ask(case, "child", "housing.tenancy", now=on(10)).rule == "consent.withdrawn"
    assert ask(case, "child", "education.send", now=on(10)).outcome is Outcome.PERMIT
    assert ask(case, "mother", "housing.tenancy", now=on(10)).outcome is Outcome.PERMIT


def test_a_withdrawal_of_all_takes_back_what_had_to_be_named(family, ask, agreed):
    named = word(agreed, "c1", 2, categories={"health": ["camhs"]})
    taken_back = word(agreed, "c2", 5, categories={"health": "all"}, withdrawn_at=at(8))
    case = family.case(consents=[named, taken_back])
    assert ask(case, "mother", "health.camhs", now=on(7)).outcome is Outcome.PERMIT
    assert ask(case, "mother", "health.camhs", now=on(10)).rule == "consent.withdrawn"


def test_one_parents_withdrawal_leaves_the_other_parents_yes(family, ask, agreed):
    case = family.case(consents=[word(agreed, "c1", 2, given_by="father", covers=["child"]),
                                 word(agreed, "c2", 5, withdrawn_at=at(8))])  # fmt: skip
    assert ask(case, "child", "housing.tenancy", now=on(10)).basis == "c1"


def test_a_withdrawal_counts_though_the_withdrawn_record_could_not(family, ask, agreed):
    case = family.case(consents=[word(agreed, "c1", 2), word(agreed, "c2", 5, pr_basis="aunt", withdrawn_at=at(8))])
    found = ask(case, "child", "housing.tenancy", now=on(10))
    assert (found.outcome, found.rule) == (Outcome.DENY, "consent.withdrawn")


def test_an_expired_renewal_does_not_revive_the_agreement_that_it_replaced(family, ask, agreed):
    replaced = [word(agreed, "c1", 2), word(agreed, "c2", 5, expires_at=at(8))]
    case = family.case(consents=replaced)
    assert ask(case, "mother", "housing.tenancy", now=on(6)).expires_at == datetime(2026, 11, 8, 10, tzinfo=UTC)
    found = ask(case, "mother", "housing.tenancy", now=on(10))
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.expired", "consent_expired")
    again = family.case(consents=[*replaced, word(agreed, "c3", 9)])
    assert ask(again, "mother", "housing.tenancy", now=on(10)).basis == "c3"


def test_an_earlier_refusal_is_heard_again_when_the_yes_after_it_is_taken_back(family, ask, agreed):
    no = word(agreed, "c1", 2, kind="refusal")
    case = family.case(consents=[no, word(agreed, "c2", 4), word(agreed, "c3", 5, withdrawn_at=at(8))])
    assert ask(case, "mother", "housing.tenancy", now=on(6)).basis == "c3"
    assert ask(case, "mother", "housing.tenancy", now=on(10)).rule == "consent.refused"


def test_a_permit_ends_with_a_withdrawal_or_refusal_that_is_dated_already(family, ask, agreed):
    for later in (word(agreed, "c1", 1, withdrawn_at=at(20)), word(agreed, "c1", 20, kind="refusal")):
        case = family.case(consents=[later, word(agreed, "c2", 5)])
        found = ask(case, "mother", "housing.tenancy", now=on(10))
        assert (found.basis, found.expires_at) == ("c2", datetime(2026, 11, 20, 10, tzinfo=UTC))
        assert ask(case, "mother", "housing.tenancy", now=found.expires_at).outcome is Outcome.DENY


def test_where_only_the_persons_own_word_counts_a_parents_longer_yes_does_not_hide_it(family, ask, agreed):
    named = {"health": ["sexual_health"]}
    own = agreed(id="c2", given_by="teen", capacity="gillick", gillick_assessed_by="nurse", covers=["teen"],
                 categories=named, expires_at="2026-12-01T00:00:00+00:00")  # fmt: skip
    case = family.case(consents=[agreed(covers=["teen"], categories=named), own])
    assert ask(case, "teen", "health.sexual_health").basis == "c2"


def test_the_explanation_says_that_a_word_was_taken_back_since(family, profile, ask, agreed):
    case = family.case(consents=[word(agreed, "c1", 2), word(agreed, "c2", 5, withdrawn_at=at(8))])
    lines = explain(case, profile("children_in_need"), ask(case, "mother", "housing.tenancy", now=on(10)))
    assert any(line.startswith("Record c1") and "taken it back, since" in line for line in lines)
