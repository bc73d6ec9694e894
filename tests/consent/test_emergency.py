"""Running without a decider: it counts for one working day, then only with a decider's countersignature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Countersignature, Emergency

POLICE = ("mother", "police.arrest")
HOUSING = ("mother", "housing.tenancy")


@pytest.fixture
def case(family, s47, agreed):
    """A case with a decision that nobody signed, and a signed agreement's draft."""
    return family.case(gateways=[s47()], consents=[agreed(covers=["mother"], capacity="self")])


@pytest.fixture
def urgent(case, says):
    """An emergency that the runner declared."""

    def make(*powers, by="j.shah", ident="e1", **more):
        said = Emergency(reason="Synthetic: nobody could be reached.", powers=powers or case.gateways)
        return says(case, said, by=by, roles=("analyst",), ident=ident, **more)  # fmt: skip

    return make


@pytest.fixture
def answer(case, says):
    """A countersignature, or a no."""

    def make(agrees, *, hours=1, emergency="e1", **more):
        return says(
            case, Countersignature(emergency=emergency, agrees=agrees, reason="Synthetic."), hours=hours, **more
        )

    return make


@pytest.fixture
def tomorrow(now):
    """The end of the working day within which it must be countersigned."""
    return {"countersign_by": {"e1": now + timedelta(days=1)}}


@pytest.mark.parametrize("signed_only", [True, False])
def test_until_its_working_day_ends_the_power_counts_and_no_permit_holds_longer(
    case, backed, urgent, tomorrow, now, signed_only
):
    mine = replace(case, gateways=(replace(case.gateways[0], decided_by="j.shah"),))
    found = backed(mine, *POLICE, urgent(*mine.gateways), signed_only=signed_only, **tomorrow)
    assert (found.outcome, found.rule, found.basis) == (Outcome.PERMIT, "gateway.S47", "S47")
    assert found.expires_at == now + timedelta(days=1)
    assert "in an emergency that j.shah declared and that nobody has countersigned yet" in found.reason


def test_other_permits_of_the_case_end_with_it_too(case, backed, urgent, says, tomorrow, now):
    signed = says(case, case.consents[0])
    found = backed(case, *HOUSING, urgent(), signed, **tomorrow)
    assert (found.rule, found.expires_at) == ("consent.agreed", now + timedelta(days=1))


@pytest.mark.parametrize("by_when", [{}, {"e1": timedelta(0)}, {"e1": -timedelta(hours=1)}])
def test_over_or_without_a_known_end_the_whole_case_stops(case, backed, urgent, says, now, by_when):
    until = {ident: now + span for ident, span in by_when.items()}
    for question in (POLICE, HOUSING):
        found = backed(case, *question, urgent(), says(case, case.consents[0]), countersign_by=until)
        assert (found.outcome, found.rule, found.why) == (
            Outcome.DENY, "emergency.not_countersigned", "not_countersigned",
        )  # fmt: skip
        assert "The team manager, not j.shah nor whoever runs the trawl, countersigns the emergency." in found.unlock


def test_a_countersignature_makes_it_count_for_good(case, backed, urgent, answer, says):
    found = backed(case, *POLICE, urgent(), answer(True))
    assert (found.rule, found.expires_at) == ("gateway.S47", None)
    assert "declared and that was countersigned" in found.reason
    assert backed(case, *HOUSING, urgent(), answer(True), says(case, case.consents[0])).expires_at is None


@pytest.mark.parametrize("who", [{"by": "j.shah"}, {"by": "k.lee"}, {"roles": ("decider",)}, {"emergency": "e2"}])
def test_neither_the_runner_nor_the_maker_nor_another_role_countersigns(case, backed, urgent, answer, who):
    found = backed(case, *POLICE, urgent(by="k.lee"), answer(True, **who))
    assert found.rule == "emergency.not_countersigned"


def test_a_no_stops_the_case_at_once_until_a_later_yes(case, backed, urgent, answer, tomorrow):
    no = answer(False, by="j.shah", roles=())
    found = backed(case, *POLICE, urgent(), no, **tomorrow)
    assert found.rule == "emergency.not_countersigned"
    assert "was declined" in found.reason
    for hours in (0, 1):
        assert backed(case, *POLICE, urgent(), no, answer(True, hours=hours), **tomorrow).rule == found.rule
    assert backed(case, *POLICE, urgent(), no, answer(True, hours=2), **tomorrow).rule == "gateway.S47"


def test_a_decider_who_signs_the_decision_itself_has_countersigned_it(case, backed, urgent, answer, says):
    signed = says(case, case.gateways[0], hours=2)
    assert backed(case, *POLICE, urgent(), signed).rule == "gateway.S47"
    assert backed(case, *POLICE, urgent(), answer(False), signed).rule == "gateway.S47"
    assert backed(case, *POLICE, urgent(), answer(False, hours=3), signed).rule == "emergency.not_countersigned"
    assert backed(case, *POLICE, urgent(by="r.cole"), signed).rule == "emergency.not_countersigned"


def test_every_power_must_be_countersigned_by_somebody_who_decides_it(family, s47, says, backed, urgent, answer):
    order = {"id": "COURT", "order_ref": "SYN-1", "categories": {"police": "all"}}
    case = family.case(gateways=[s47(), s47(ends_at="2026-12-01T00:00:00+00:00", **order)])
    rules = says(case, Emergency(reason="Synthetic.", powers=case.gateways), by="j.shah", ident="e1")
    manager, lawyer = answer(True), answer(True, by="l.grey", roles=("legal_adviser",))
    assert backed(case, *POLICE, rules, lawyer).rule == "emergency.not_countersigned"
    assert backed(case, *POLICE, rules, manager).rule == "gateway.S47"
    assert backed(case, *POLICE, rules, lawyer, answer(True, by="m.ash")).rule == "gateway.S47"


def test_an_emergency_that_names_no_power_needs_a_decider_all_the_same(case, backed, says, answer):
    bare = says(case, Emergency(reason="Synthetic.", powers=()), by="j.shah", ident="e1")
    assert backed(case, *HOUSING, bare, says(case, case.consents[0])).rule == "emergency.not_countersigned"
    assert backed(case, *HOUSING, bare, says(case, case.consents[0]), answer(True)).rule == "consent.agreed"


def test_it_carries_only_the_very_decision_that_it_names_about_the_very_people(case, backed, urgent, tomorrow):
    other = replace(case.gateways[0], grounds="Synthetic: something else.")
    assert backed(case, *POLICE, urgent(other), **tomorrow).rule == "statements.unsigned_decision"
    assert backed(case, *POLICE, urgent(people={}), **tomorrow).rule == "statements.unsigned_decision"


def test_of_two_emergencies_the_longer_carries_and_the_shorter_ends_every_permit(case, backed, urgent, now):
    both = (urgent(), urgent(ident="e2", by="k.lee"))
    until = {"e1": now + timedelta(hours=5), "e2": now + timedelta(hours=9)}
    found = backed(case, *POLICE, *both, countersign_by=until)
    assert (found.outcome, found.expires_at) == (Outcome.PERMIT, now + timedelta(hours=5))
    assert "that k.lee declared" in found.reason
    one_over = backed(case, *POLICE, *both, countersign_by={"e2": until["e2"]})
    assert one_over.rule == "emergency.not_countersigned"


def test_an_emergency_whose_maker_holds_no_role_any_more_carries_no_power_and_still_stops_the_case(
    case, backed, urgent, answer, says, tomorrow, now
):
    signed, left = says(case, case.consents[0]), replace(urgent(), roles=frozenset())
    assert backed(case, *POLICE, left, **tomorrow).rule == "statements.unsigned_decision"
    assert backed(case, *POLICE, left, answer(True), **tomorrow).rule == "statements.unsigned_decision"
    found = backed(case, *HOUSING, left, signed, **tomorrow)
    assert (found.rule, found.expires_at) == ("consent.agreed", now + timedelta(days=1))
    assert backed(case, *HOUSING, left, signed, answer(False), **tomorrow).rule == "emergency.not_countersigned"
    assert backed(case, *HOUSING, left, signed, countersign_by={"e1": now}).rule == "emergency.not_countersigned"
    assert backed(case, *HOUSING, left, signed, answer(True), countersign_by={"e1": now}).rule == "consent.agreed"


def test_whoever_else_is_behind_the_run_countersigns_nothing(case, backed, urgent, answer, tomorrow):
    found = backed(case, *POLICE, urgent(), answer(True), runs_as=frozenset({"r.cole"}), **tomorrow)
    assert "nobody has countersigned yet" in found.reason
