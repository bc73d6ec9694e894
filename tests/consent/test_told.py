"""Whom somebody may be told about beside themselves: the children for whom they speak as a parent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.consent.told import children_spoken_for, own_noes, own_words_only, told_in_person
from mash_trawl.model.answer import Why
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.consent import Consent, Explained
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Person

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
PROFILE = load_profile("children_in_need", Path())


def a_case(*ties, born="2016-01-01", consents=(), **child):
    born = PartialDate.parse(born) if born else None
    people = (
        Person(id="p1", roles=("subject",), born=born, **child),
        Person(id="p3", roles=("parent",), born=PartialDate.parse("1990-01-01"), sex="female"),
        Person(id="p4", roles=("parent",), born=PartialDate.parse("1990-01-01")),
    )
    referral = Referral(source="school", received_at=NOW)
    return Case(version=1, id="c", profile="children_in_need", opened_at=NOW, referral=referral, people=people,
                relationships=ties, consents=consents)  # fmt: skip


def tie(who="p3", responsibility="yes", **more):
    return Tie(**({"from_": who, "to": "p1", "kind": "parent", "nature": "birth",
                   "parental_responsibility": responsibility} | more))  # fmt: skip


def children(*ties, **more):
    return children_spoken_for(a_case(*ties, **more), PROFILE, NOW, "p3")


def test_a_parent_with_responsibility_is_told_about_a_child():
    assert children(tie()) == ("p1",)


@pytest.mark.parametrize(
    "ties",
    [(), (tie(responsibility="no"),), (tie(responsibility="unknown"),), (tie("p4"),), (tie(pr_basis="section_20"),),
     (tie(), tie("p4", nature="adoptive")), (tie(), tie("p4", kind="carer", nature="special_guardianship"))],
)  # fmt: skip
def test_whoever_holds_none_or_lost_it_is_told_about_nobody_else(ties):
    assert children(*ties) == ()


@pytest.mark.parametrize("born", ["2010-11-03", "2000-01-01", None])
def test_a_child_of_sixteen_or_of_unknown_age_is_told_in_person(born):
    assert children(tie(), born=born) == ()


def test_a_child_who_died_is_not_told_about():
    assert children(tie(), died=PartialDate.parse("2026-01-01")) == ()


def test_only_a_person_of_the_case_is_told_anything():
    assert children_spoken_for(a_case(tie()), PROFILE, NOW, "p9") == ()


@pytest.mark.parametrize(
    ("born", "own"), [("2016-01-01", False), ("2013-01-01", True), ("2008-01-01", True), (None, False)]
)
def test_a_child_has_a_letter_of_their_own_from_the_age_of_being_asked(born, own):
    case = a_case(born=born)
    assert told_in_person(case, PROFILE, NOW, case.person("p1")) is own


def test_an_adult_whose_age_nobody_wrote_down_still_has_a_letter():
    case = a_case()
    assert told_in_person(case, PROFILE, NOW, Person(id="p5", roles=("carer",)))


def test_a_childs_own_agreement_is_known_by_child_and_record():
    consent = Consent(id="c9", given_by="p1", capacity="gillick", covers=("p1",), categories={}, given_at=NOW)
    assert own_words_only(a_case(consents=(consent,)), ("p1",)) == {("p1", "c9")}
    assert own_words_only(a_case(consents=(consent,)), ()) == frozenset()


SEND, OTHER = ("p1", "education.send"), ("p1", "education.attendance")


def said(who="p3", kind="agreement", at=NOW - timedelta(days=9), **more):
    more = {"capacity": "parental_responsibility", "covers": ("p1",), "categories": {"education": ("send",)},
            "explained": Explained(notice="n", understood_confirmed_by="w"), "how": "face_to_face"} | more  # fmt: skip
    return Consent(id=f"{who}-{at:%d}", kind=kind, given_by=who, given_at=at, **more)


def noes(*consents, who="p3", **child):
    case = a_case(tie(), tie("p4"), consents=consents, **child)
    return own_noes(case, PROFILE, NOW, who, ("p1",))


def test_only_ones_own_no_is_told_and_with_ones_own_latest_word():
    later = NOW - timedelta(days=2)
    assert noes(said(kind="refusal")) == {SEND: Why.CONSENT_NOT_GIVEN}
    assert noes(said(withdrawn_at=later)) == {SEND: Why.CONSENT_WITHDRAWN}
    assert noes(said(expires_at=later)) == {SEND: Why.CONSENT_EXPIRED}
    assert noes(said()) == noes(said(kind="refusal"), said(at=later)) == {}
    assert noes(said("p4", "refusal")) == noes(said("p4", withdrawn_at=later)) == {}
    assert noes(said("p4", "refusal"), said(withdrawn_at=later)) == {SEND: Why.CONSENT_WITHDRAWN}
    assert OTHER in noes(said(kind="refusal", categories={"education": "all"}))


def test_a_young_persons_own_no_is_theirs_alone():
    words = {"capacity": "gillick", "gillick_assessed_by": "school nurse", "pr_basis": None}
    own = said("p1", "refusal", **words)
    assert noes(own, born="2012-05-01") == {}
    assert noes(own, who="p1", born="2012-05-01") == {SEND: Why.CONSENT_NOT_GIVEN}
    unassessed = said("p1", "refusal", **words | {"gillick_assessed_by": None})
    assert noes(unassessed, who="p1", born="2012-05-01") == {SEND: Why.CONSENT_NOT_GIVEN}


def test_what_somebody_said_of_people_outside_the_letter_is_not_in_it():
    mine = said(kind="refusal", capacity="self", covers=("p3", "p4"))
    assert noes(mine) == {("p3", "education.send"): Why.CONSENT_NOT_GIVEN}


def test_a_sibling_of_unknown_age_has_no_letter_of_their_own(family, profile):
    case = family.case()
    unknown = replace(case.person("teen"), born=None)
    assert not told_in_person(case, profile("children_in_need"), NOW, unknown)
