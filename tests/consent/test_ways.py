"""What would unlock a no names the legal power that could, for those whom it could reach; it never decides."""

from __future__ import annotations

import pytest

from mash_trawl.model.decision import Outcome
from mash_trawl.model.unlocks import UNDER_POWER

UNCLE = {"id": "p9", "roles": ["alleged_source_of_harm"], "born": "1980-01-01", "sex": "male"}
S47_BY = "decision under S47 (s.47 enquiry, by the team manager)"


@pytest.fixture
def harmed(family):
    """The family with an alleged source of harm in it."""
    return lambda **parts: family.case(people=[*family.people, UNCLE], **parts)


def test_for_an_alleged_source_of_harm_the_power_comes_before_asking_them(harmed, ask):
    found = ask(harmed(), "p9", "police.arrest", by="front_door")
    assert found.outcome is Outcome.DENY
    assert found.unlock == (
        f"A {S47_BY} that covers p9. Or, only where asking puts nobody at risk: Ask p9 for their own agreement to "
        "Police: Arrests and outcomes."
    )


def test_for_anybody_else_agreement_comes_first_and_the_power_after_it(family, ask):
    found = ask(family.case(), "mother", "housing.tenancy")
    assert found.unlock.startswith("Ask mother for their own agreement")
    assert found.unlock.endswith(f" Or a {S47_BY} that covers mother.")


def test_where_telling_the_family_was_found_unsafe_the_power_comes_first_for_everybody(family, ask, s47):
    case = family.case(gateways=[s47(covers=["child"])])
    assert ask(case, "mother", "housing.tenancy").unlock.startswith(f"A new {S47_BY}")


def test_a_stated_power_that_does_not_cover_somebody_could_be_extended(harmed, ask, s47):
    case = harmed(gateways=[s47(covers=["child", "teen", "mother"], why_not=None)])
    for person in ("father", "p9"):
        found = ask(case, person, "police.arrest")
        assert (
            f"ew {S47_BY} that covers {person} too; the one stated covers child, teen and mother only" in found.unlock
        )


def test_a_decision_that_does_not_list_the_category_could_be_made_anew_with_it(family, ask, s47):
    case = family.case(gateways=[s47(categories={"police": ["arrest"]})])
    assert (
        f"new {S47_BY} that also names Housing: Tenancy and household."
        in ask(case, "father", "housing.tenancy").unlock[2:]
    )


@pytest.mark.parametrize(
    "changes, person, category, by",
    [
        ({"level": 3}, "mother", "housing.tenancy", "front_door"),  # below the threshold
        ({}, "mother", "housing.tenancy", "early_help"),  # a profile without the power
        ({}, "mother", "health.emergency", "front_door"),  # s.47 opens a summary of health only
        ({}, "unborn", "housing.tenancy", "front_door"),  # it does not reach a child before birth
        ({"level": None}, "mother", "housing.tenancy", "front_door"),  # no level, no threshold
    ],
)
def test_no_power_is_named_that_could_not_open_it(family, ask, changes, person, category, by):
    case = family.case(**{"level": 4, **changes})
    found = ask(case, person, category, by=by)
    assert found.outcome is Outcome.DENY
    assert UNDER_POWER not in found.unlock


def test_a_power_that_covers_the_person_and_is_not_yet_recorded_is_not_named_twice(family, ask, s47):
    found = ask(family.case(gateways=[s47(grounds="")]), "father", "police.arrest")
    assert "Record it before asking: grounds." in found.unlock
    assert UNDER_POWER not in found.unlock


def test_a_refusal_says_that_a_power_could_still_apply(family, ask, agreed):
    no = agreed(kind="refusal", given_by="father", covers=["father"], capacity="self")
    found = ask(family.case(consents=[no]), "father", "housing.tenancy")
    assert found.why == "consent_not_given"
    assert found.unlock == f"Only if father changes their mind. Or a {S47_BY} that covers father."


def test_an_agreement_that_starts_later_was_given_and_does_not_count_yet(family, ask, agreed):
    found = ask(family.case(consents=[agreed(given_at="2026-11-09T10:00:00+00:00")]), "mother", "housing.tenancy")
    assert (found.rule, found.why) == ("consent.not_yet", "consent_not_counted")
