"""Who says so: what nobody signed, what only the runner signed, and what was signed about somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mash_trawl.model.backing import Backing
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome

PERMIT, DENY = Outcome.PERMIT, Outcome.DENY
HOUSING, POLICE = ("mother", "housing.tenancy"), ("mother", "police.arrest")


@pytest.fixture
def case(family, agreed, s47):
    """A case with one agreement and one decision in its file."""
    return family.case(consents=[agreed()], gateways=[s47()])


def test_what_nobody_signed_does_not_count_and_the_refusal_says_who_may_sign(case, backed):
    found = backed(case, *POLICE)
    assert (found.outcome, found.rule, found.why) == (DENY, "statements.unsigned_decision", "consent_not_sought")
    assert "The team manager signs the decision under S47." in found.unlock
    alone = backed(replace(case, gateways=()), *HOUSING)
    assert (alone.outcome, alone.rule, alone.why) == (DENY, "statements.unsigned_consent", "not_signed")
    assert "Somebody enrolled who may record consents" in alone.unlock
    assert "who does not run this trawl, signs record c1." in alone.unlock


def test_from_file_counts_what_the_file_says(case, backed):
    assert backed(case, *POLICE, signed_only=False).rule == "gateway.S47"
    assert backed(replace(case, gateways=()), *HOUSING, signed_only=False).rule == "consent.agreed"


def test_what_another_enrolled_person_signed_counts(case, backed, says):
    assert backed(case, *POLICE, says(case, case.gateways[0])).outcome is PERMIT
    assert backed(replace(case, gateways=()), *HOUSING, says(case, case.consents[0])).outcome is PERMIT


def test_what_was_only_signed_counts_without_a_draft(case, backed, says):
    bare = replace(case, consents=(), gateways=())
    for signed_only in (True, False):
        power = backed(bare, *POLICE, says(case, case.gateways[0]), signed_only=signed_only)
        consent = backed(bare, *HOUSING, says(case, case.consents[0]), signed_only=signed_only)
        assert (power.outcome, consent.outcome) == (PERMIT, PERMIT)


def test_the_runner_alone_is_no_decider_and_no_witness(case, backed, says):
    own = says(case, case.gateways[0], by="j.shah")
    found = backed(case, *POLICE, own)
    assert found.rule == "statements.own_decision"
    assert "Another team manager decides and signs; or somebody else runs the trawl." in found.unlock
    assert backed(case, *POLICE, own, says(case, case.gateways[0])).outcome is PERMIT
    record = says(case, case.consents[0], by="j.shah")
    alone = replace(case, gateways=())
    assert backed(alone, *HOUSING, record).rule == "statements.own_record"
    assert backed(alone, *HOUSING, record, says(case, case.consents[0], roles=("practitioner",))).outcome is PERMIT
    nobody = says(case, case.consents[0], roles=())
    assert backed(alone, *HOUSING, nobody).rule == "statements.unsigned_consent"


def test_from_file_the_runner_named_as_decider_is_refused_until_another_signs(case, backed, says):
    mine = replace(case, gateways=(replace(case.gateways[0], decided_by="j.shah"),))
    assert backed(mine, *POLICE, signed_only=False).rule == "statements.own_decision"
    assert backed(mine, *POLICE, says(mine, mine.gateways[0]), signed_only=False).outcome is PERMIT


def test_from_file_what_only_the_runner_signed_opens_nothing_that_the_file_does_not(case, backed, says):
    bare = replace(case, consents=(), gateways=())
    own = says(case, case.gateways[0], by="j.shah")
    assert backed(bare, *POLICE, own, signed_only=False).rule == "statements.own_decision"
    record = says(case, case.consents[0], by="j.shah")
    assert backed(bare, *HOUSING, record, signed_only=False).rule == "statements.own_record"
    assert backed(replace(case, gateways=()), *HOUSING, record, signed_only=False).outcome is PERMIT


def test_a_decision_needs_the_role_that_decides_it(case, backed, says):
    found = backed(case, *POLICE, says(case, case.gateways[0], roles=("decider", "caldicott_guardian")))
    assert found.rule == "statements.decider_role"
    assert "The team manager signs the decision under S47." in found.unlock
    bare = replace(case, gateways=())
    other = says(case, case.gateways[0], roles=("decider",))
    assert backed(bare, *POLICE, other, signed_only=False).rule == "statements.decider_role"


def test_where_neither_power_nor_profile_names_a_role_the_one_who_makes_statements_decides(
    family, backed, says, changed, s47
):
    rules = changed("children_in_need", "gateways/S47/deciders", [])
    rules = replace(rules, deciders=())
    case = family.case(gateways=[s47()])
    assert backed(case, *POLICE, says(case, case.gateways[0], roles=("decider",)), by=rules).outcome is PERMIT


def test_a_power_that_the_profile_does_not_know_stays_unknown_when_signed(family, backed, says, s47):
    case = family.case(gateways=[s47(id="NEW")])
    assert backed(case, *POLICE, says(case, case.gateways[0])).rule == "gateway.not_relied_on"


def test_a_statement_about_somebody_who_is_now_described_as_somebody_else_does_not_count(case, backed, says):
    signed = (says(case, case.gateways[0]), says(case, case.consents[0]))
    people = tuple(replace(one, born=PartialDate.parse("1987-01-01")) if one.id == "mother" else one
                   for one in case.people)  # fmt: skip
    now_other = replace(case, people=people)
    found = backed(now_other, *POLICE, *signed)
    assert found.rule == "statements.person_changed"
    assert "date of birth of mother is not what it was when the decision under S47 was signed" in found.reason
    assert backed(replace(now_other, gateways=()), *HOUSING, signed[1]).rule == "statements.person_changed"
    again = says(now_other, case.gateways[0])
    assert backed(now_other, *POLICE, *signed, again).outcome is PERMIT


def test_a_statement_binds_everybody_whom_it_covers(case, backed, says):
    found = backed(case, *POLICE, says(case, case.gateways[0], people={}))
    assert found.rule == "statements.person_changed"
    gone = replace(case, people=tuple(one for one in case.people if one.id != "lodger"))
    assert backed(gone, *POLICE, says(case, case.gateways[0])).rule == "statements.person_changed"


def test_a_statement_about_another_case_says_nothing_here(case, backed, says):
    other = replace(case, id="SYNTHETIC-2")
    assert backed(case, *POLICE, says(other, case.gateways[0])).rule == "statements.unsigned_decision"


def test_a_refusal_and_a_withdrawal_count_without_a_signature(family, backed, says, agreed):
    signed = family.case(consents=[agreed()])
    back = family.case(consents=[agreed(withdrawn_at="2026-11-03T09:00:00+00:00")])
    found = backed(back, *HOUSING, says(signed, signed.consents[0]))
    assert (found.outcome, found.rule, found.why) == (DENY, "consent.withdrawn", "consent_withdrawn")
    no = agreed(id="c2", kind="refusal", given_at="2026-11-03T09:00:00+00:00")
    refused = family.case(consents=[agreed(), no])
    assert backed(refused, *HOUSING, says(signed, signed.consents[0])).rule == "consent.refused"


def test_an_agreement_that_is_over_reads_as_over_and_not_as_unsigned(family, backed, agreed):
    case = family.case(consents=[agreed(expires_at="2026-11-03T09:00:00+00:00")])
    assert backed(case, *HOUSING).rule == "consent.expired"


def test_nothing_is_missing_twice_a_power_below_its_threshold_says_that_first(family, backed, s47):
    assert backed(family.case(level=3, gateways=[s47()]), *POLICE).rule == "gateway.S47.below_threshold"


def test_whoever_else_is_behind_the_run_decides_and_records_no_more_than_the_runner(case, backed, says):
    host = {"runs_as": frozenset({"r.cole"})}
    decided, recorded = says(case, case.gateways[0]), says(case, case.consents[0])
    alone = replace(case, gateways=())
    assert backed(case, *POLICE, decided).outcome is PERMIT
    assert backed(case, *POLICE, decided, **host).rule == "statements.own_decision"
    assert backed(case, *POLICE, signed_only=False, **host).rule == "statements.own_decision"
    assert backed(alone, *HOUSING, recorded).outcome is PERMIT
    assert backed(alone, *HOUSING, recorded, **host).rule == "statements.own_record"
    assert backed(alone, *HOUSING, recorded, says(case, case.consents[0], by="k.lee"), **host).outcome is PERMIT


def test_nobody_runs_as_nobody():
    assert not Backing().runs("") and not Backing(runner="a").runs("")
    assert Backing(runner="a", runs_as=frozenset({"b"})).runs("b")
