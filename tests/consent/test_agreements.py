"""Between agencies: without an agreement that takes the question in, nothing is asked, whoever agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mash_trawl.consent import decide
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.decision import Outcome

HOUSING = ("mother", "housing.tenancy")
PAPER = Agreement(
    version=1, id="north", edition="2", title="North sharing", parties=("housing", "police"),
    purposes=("children_in_need",), categories={"housing": ("tenancy",)}, from_=date(2026, 1, 1), to=date(2027, 1, 1),
    signatories=(Signatory(party="housing", role="director", on=date(2026, 11, 3)),),
)  # fmt: skip


@pytest.fixture
def case(family, agreed):
    """A case in which the mother agreed."""
    return family.case(consents=[agreed()])


@pytest.fixture
def under(case, backed):
    """The decision about housing under these agreements."""
    return lambda *papers, **more: backed(case, *HOUSING, signed_only=False, agreements=papers, **more)


def test_one_that_takes_everything_in_permits_until_it_ends(under):
    found = under(PAPER)
    assert (found.outcome, found.rule) == (Outcome.PERMIT, "consent.agreed")
    assert found.expires_at == datetime(2027, 1, 1, tzinfo=UTC)
    longer = under(PAPER, replace(PAPER, id="south", to=date(2028, 1, 1), categories={"housing": "all"}))
    assert longer.expires_at == datetime(2028, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "change, rule, names",
    [
        ({"parties": ("police",)}, "agreement.none", "Housing"),
        ({"to": date(2026, 11, 3)}, "agreement.lapsed", "North sharing (north, 2)"),
        ({"from_": date(2026, 11, 4)}, "agreement.lapsed", "North sharing (north, 2)"),
        ({"signatories": ()}, "agreement.unsigned", "Housing has not signed"),
        ({"signatories": (replace(PAPER.signatories[0], on=date(2026, 11, 4)),)}, "agreement.unsigned", "Housing"),
        ({"signatories": (replace(PAPER.signatories[0], party="police"),)}, "agreement.unsigned", "Housing"),
        ({"purposes": ("early_help",)}, "agreement.purpose", "not for this purpose"),
        ({"categories": {"housing": ("asb",)}}, "agreement.category", "Tenancy and household"),
        ({"categories": {"police": "all"}}, "agreement.category", "Tenancy and household"),
    ],
)
def test_whatever_it_lacks_is_said_with_who_can_supply_it(under, change, rule, names):
    found = under(replace(PAPER, **change))
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, rule, "no_agreement")
    assert names in found.reason
    assert found.unlock


def test_none_at_all_denies_and_a_library_call_that_looked_at_none_does_not(under, case, backed):
    assert under().rule == "agreement.none"
    assert backed(case, *HOUSING, signed_only=False).outcome is Outcome.PERMIT


def test_the_days_are_those_of_london(under):
    last = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert under(PAPER, now=last).outcome is Outcome.PERMIT
    summer = replace(PAPER, to=date(2027, 6, 1))
    assert under(summer, now=datetime(2027, 5, 31, 23, 30, tzinfo=UTC)).rule == "agreement.lapsed"


def test_scope_is_asked_before_it_and_a_restriction_after_it(family, backed, agreed):
    outside = family.case(level=1, consents=[agreed()])
    assert backed(outside, *HOUSING, agreements=()).rule == "scope.level"


@pytest.mark.parametrize(
    "why, rule",
    [(Why.SUSPENDED, "scope.suspended"), (Why.NOT_APPROVED, "scope.not_approved"),
     (Why.SECRET_MISSING, "scope.not_connected")],
)  # fmt: skip
def test_a_source_that_is_closed_is_asked_nothing_and_the_others_are(under, case, profile, now, why, rule):
    found = under(PAPER, closed={"housing": why})
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, rule, why.value)
    assert found.unlock
    everything = decide(case, profile("children_in_need"), now, backing=Backing(closed={"housing": why}))
    assert {item.rule for item in everything if item.source == "housing"} == {rule}
    assert {item.outcome for item in everything if item.source == "education"} >= {Outcome.PERMIT}


def test_what_is_not_approved_stops_everything_and_is_named_before_a_closed_source(case, profile, now):
    behind = Backing(unapproved=("hub.yaml", "profiles/base.yaml"), closed={"housing": Why.SUSPENDED})
    found = decide(case, profile("children_in_need"), now, backing=behind)
    assert {(item.outcome, item.rule, item.why) for item in found} == {
        (Outcome.DENY, "approval.missing", "policy_not_approved")
    }
    assert found.items[0].reason == "Not approved as it is now: hub.yaml, profiles/base.yaml."


def test_an_agreement_about_nothing_that_can_be_read_denies(case, profile, now):
    broken = decide(case, profile("children_in_need"), now, backing=Backing(agreements=(None,)))
    assert {item.outcome for item in broken} == {Outcome.DENY}
    assert {item.rule for item in broken if item.agency == "housing"} <= {"failed.scope", "scope.role"}
    shut = decide(case, profile("children_in_need"), now, backing=Backing(closed=None))
    assert {item.rule for item in shut} == {"failed.source"}
