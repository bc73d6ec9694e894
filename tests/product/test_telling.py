"""Whom a letter is for, when it must wait, and what a notice before the asking says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.answer import Why
from mash_trawl.model.case import Case, Referral
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.person import Name, Person, SafeContact
from mash_trawl.product.telling import addressee, hold, notice, safe_contact, tellable

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
PROFILE = load_profile("children_in_need", Path())
ALL = [(agency, f"{agency}.{name}") for agency, it in PROFILE.agencies.items() for name in it.categories]
SAFE = SafeContact(kind="letter", value="2 Test Street", safe="yes", confirmed_on=date(2026, 11, 1))


def someone(ident, *roles, **more):
    more = {"contacts": (SAFE,), "born": PartialDate.parse("1990-01-01")} | more
    return Person(id=ident, roles=roles or ("parent",), names=(Name(given=("Ann",), family="Example"),), **more)


def a_case(*people, gateways=()):
    referral = Referral(source="school", received_at=NOW)
    return Case(version=1, id="c", profile="children_in_need", opened_at=NOW, referral=referral, people=people,
                gateways=gateways)  # fmt: skip


def decided(category, person="p3", outcome=Outcome.PERMIT, why="", basis=None):
    agency = category.split(".")[0]
    return Decision(person=person, source=agency, agency=agency, category=category, outcome=outcome, rule="r",
                    reason="", why=why, basis=basis)  # fmt: skip


def power(**more):
    return GatewayUse(id="S47", decided_by="d", decided_at=NOW, grounds="g", covers=("p1",), **more)


def held(person, *others, gateways=(), children=()):
    found = hold(a_case(person, *others, gateways=gateways), PROFILE, person, children, NOW)
    return found and (found.whys, found.review_on)


def test_a_person_with_a_safe_contact_and_nothing_against_it_may_be_told():
    assert held(someone("p3")) is None


@pytest.mark.parametrize("contacts", [(), (replace(SAFE, safe="unknown"),), (replace(SAFE, safe="no"),),
                                      (replace(SAFE, value="  "),)])  # fmt: skip
def test_without_a_contact_marked_safe_a_letter_waits_a_week(contacts):
    assert held(someone("p3", contacts=contacts)) == (("no_safe_contact",), date(2026, 11, 10))


def test_of_the_safe_contacts_the_latest_confirmed_is_used():
    newer = replace(SAFE, value="3 Test Street", confirmed_on=date(2026, 11, 2))
    unsafe = replace(SAFE, safe="no", confirmed_on=date(2026, 11, 3))
    assert safe_contact(someone("p3", contacts=(SAFE, newer, unsafe))) is newer


def test_a_review_that_is_over_when_a_letter_is_held_is_not_overdue_from_the_first_moment():
    def held_until(*days):
        uses = [power(why_not="x", review_on=day) for day in days]
        return held(someone("p3"), gateways=tuple(uses))[1]

    today = NOW.date()
    assert held_until(today - timedelta(days=30)) == today + timedelta(days=7)
    assert held_until(today) == today
    assert held_until(today - timedelta(days=1), today + timedelta(days=3)) == today + timedelta(days=3)
    assert held_until(today - timedelta(days=1), today + timedelta(days=30)) == today + timedelta(days=7)


def test_an_alleged_source_of_harm_is_never_written_to():
    assert held(someone("p3", "parent", "alleged_source_of_harm"))[0] == ("source_of_harm",)


def test_a_recorded_reason_not_to_tell_holds_everybodys_letter_until_its_review():
    use = power(why_not="Telling could place the child at risk.", review_on=date(2026, 11, 6))
    assert held(someone("p3"), gateways=(use,)) == (("not_to_tell",), date(2026, 11, 6))
    assert held(someone("p3"), gateways=(power(why_not="x", ends_at=NOW),)) == (("not_to_tell",), date(2026, 11, 10))
    assert held(someone("p3"), gateways=(power(why_not=" "),)) is None


@pytest.mark.parametrize("restriction", ["adoption", "witness_protection", "gender_history", "staff_interest"])
def test_a_restriction_on_the_person_or_a_child_goes_to_a_named_person_first(restriction):
    child = someone("p1", "subject", restrictions=(restriction,))
    assert held(someone("p3", restrictions=(restriction,)))[0] == ("restriction",)
    assert held(someone("p3"), child, children=("p1",))[0] == ("restriction",)
    assert held(someone("p3"), child) is None


def test_a_letter_about_a_child_at_a_hidden_place_waits_unless_it_goes_to_that_household():
    child = someone("p1", "subject", restrictions=("hidden_address",))
    assert held(someone("p3"), child, children=("p1",))[0] == ("restriction",)
    assert held(someone("p3", restrictions=("hidden_address",)), child, children=("p1",)) is None


def test_no_letter_is_for_professionals_the_unborn_or_the_dead():
    born = PartialDate.parse("2026-10-01")
    for one in (someone("p3", "professional"), someone("p3", died=born), someone("p3", born=None, due=born)):
        with pytest.raises(Refused, match="no member of the family"):
            addressee(a_case(one), "p3")
    with pytest.raises(Misconfigured):
        addressee(a_case(someone("p3")), "p9")


def test_what_is_a_disclosure_by_itself_or_not_told_is_left_out():
    said = {category: tellable(PROFILE, category, "p3", "p3") for _, category in ALL}
    assert {name for name, told in said.items() if told == "no"} == {
        "health.sexual_health", "domestic_abuse_service.refuge", "police.intelligence",
        "domestic_abuse_service.risk_conference",
    }  # fmt: skip
    assert {name for name, told in said.items() if told == "asked"} == {
        "police.domestic_abuse",
        "exploitation_team.panel",
    }
    assert tellable(PROFILE, "health.substance_misuse", "p3", "p3") == "yes"
    assert tellable(PROFILE, "health.substance_misuse", "p1", "p3") == "no"
    assert tellable(PROFILE, "health.unheard_of", "p3", "p3") == "no"


def groups(*decisions, children=(), own=frozenset(), **noes):
    told = notice(a_case(someone("p3")), PROFILE, decisions, "p3", children, own, **noes)
    return {name: [(line.agency, line.kinds, line.about, line.code) for line in lines]
            for name, lines in told.lists.items() if lines}  # fmt: skip


def test_a_notice_tells_powers_agreements_choices_and_questions_to_a_person_apart():
    deny = Outcome.DENY
    assert groups(
        decided("police.arrest", basis="S47"),
        decided("housing.tenancy", basis="c1"),
        decided("health.gp_summary", outcome=deny, why="consent_not_sought"),
        decided("health.camhs", outcome=Outcome.REVIEW),
        decided("education.send", outcome=deny, why="consent_withdrawn"),
        decided("probation.orders", outcome=deny, why="gateway_not_met"),
        decided("housing.asb", outcome=deny, why="no_rule"),
        noes={("p3", "education.send"): Why.CONSENT_WITHDRAWN},
    ) == {
        "asked": [("police", ("police.arrest",), ("p3",), "")],
        "agreed": [("housing", ("housing.tenancy",), ("p3",), "")],
        "if_yes": [("health", ("health.gp_summary",), ("p3",), "")],
        "waits": [("health", ("health.camhs",), ("p3",), "")],
        "said_no": [("education", ("education.send",), ("p3",), "consent_withdrawn")],
        "not_asked": [("probation", (), ("p3",), "")],
        "reasons": [("", (), (), "S47")],
    }


@pytest.mark.parametrize("why", ["consent_not_given", "consent_withdrawn"])
def test_a_no_that_is_not_the_addressees_own_reads_like_anything_that_is_not_asked(why):
    for about in ("p1", "p3"):
        somebodys = decided("education.send", about, outcome=Outcome.DENY, why=why)
        nobodys = decided("education.send", about, outcome=Outcome.DENY, why="no_rule")
        mine = {("p4", "education.send"): Why.CONSENT_NOT_GIVEN, (about, "education.attendance"): Why.CONSENT_NOT_GIVEN}
        assert groups(somebodys, children=("p1",), noes=mine) == groups(nobodys, children=("p1",))
        assert groups(somebodys, children=("p1",)) == {"not_asked": [("education", (), (about,), "")]}


def test_the_addressees_own_word_is_told_and_not_what_somebody_else_made_of_it():
    refused = decided("education.send", outcome=Outcome.DENY, why="consent_not_given")
    took_back = {("p3", "education.send"): Why.CONSENT_WITHDRAWN}
    assert groups(refused, noes=took_back)["said_no"][0][3] == "consent_withdrawn"
    ended = {("p3", "education.send"): Why.CONSENT_EXPIRED}
    assert set(groups(refused, noes=ended)) == {"not_asked"}


def test_what_a_child_agreed_to_for_themselves_is_not_told_to_the_parent():
    own = decided("health.camhs", "p1", basis="c9")
    assert groups(own, children=("p1",), own=frozenset({("p1", "c9")})) == {}
    assert groups(own, children=("p1",))["agreed"] == [("health", ("health.camhs",), ("p1",), "")]


@given(st.lists(st.tuples(st.sampled_from(ALL), st.sampled_from(["p1", "p2", "p3", "p4"]), st.sampled_from(Outcome),
                          st.sampled_from(["", "consent_not_sought", "consent_not_given", "no_rule"]),
                          st.sampled_from([None, "S47", "S17", "c1"])), max_size=40))  # fmt: skip
def test_no_notice_names_anybody_else_or_a_restricted_kind(drawn):
    decisions = [decided(category, person, outcome, why, basis) for (_, category), person, outcome, why, basis in drawn]
    told = notice(a_case(someone("p3")), PROFILE, decisions, "p3", ("p1",), frozenset())
    lines = [line for group in told.lists.values() for line in group]
    assert {person for line in lines for person in line.about} <= {"p1", "p3"}
    assert all(tellable(PROFILE, kind, person, "p3") != "no"
               for line in lines for kind in line.kinds for person in line.about)  # fmt: skip
    assert set(told.children) <= {"p1"}


def test_the_base_offers_no_justice_service_about_somebody_too_young_for_it():
    """What no yes can open stands under what is not asked: nobody is frightened by it (docs/for-families.md)."""
    ages = {name: PROFILE.agencies[name].ages for name in ("probation", "youth_offending")}
    assert {name: found and found.from_ for name, found in ages.items()} == {"probation": 18, "youth_offending": 10}
    shut = decided("youth_offending.risk", "p1", Outcome.DENY, "forbidden_by_rule")
    told = notice(a_case(), PROFILE, [shut], "p3", ("p1",), frozenset(), last=None)
    assert told.lists["if_yes"] == () and [line.kinds for line in told.lists["not_asked"]] == [()]
