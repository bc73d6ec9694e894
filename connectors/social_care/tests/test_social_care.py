"""The social care connector against a seeded system: the right people, the granted categories, nobody's secret."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event, Fact, Finding, Involvement, Relationship, Residence
from mash_trawl.model.query import FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.sieve import FINDINGS, in_scope, sound
from mash_trawl_social_care import SocialCare
from mash_trawl_social_care.codes import RELATIONS

ALL = ("referrals", "assessments", "plans", "looked_after", "missing", "family")
BIRTHDAY = date(2014, 5, 17)


def ask(ident: str = "q1", **fields: Any) -> PersonQuery:
    return PersonQuery(id=ident, person="p1", by=tuple(fields), **fields)


def refs(opener: Any, grant: Any, **fields: Any) -> list[str]:
    return [found.ref for found in SocialCare(opener).find(ask(**fields), grant(*ALL))]


def fetched(opener: Any, grant: Any, ref: str = "L2") -> dict[tuple[str, str], Finding]:
    """What is held on a person, by kind and key."""
    return {(found.type, found.ref): found for found in SocialCare(opener).fetch(ref, grant)}


def test_surname_and_birthday_find_the_child_in_capitals_or_not_and_offer_her_twin(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=BIRTHDAY) == ["L2", "L3"]


def test_same_name_with_another_birthday_and_same_birthday_with_another_name_are_others(
    opener: Any, grant: Any
) -> None:
    assert refs(opener, grant, family="Khan", born=date(1974, 5, 17)) == ["L4"]
    assert refs(opener, grant, family="Stone", born=BIRTHDAY) == ["L5"]


@pytest.mark.parametrize("key", SocialCare.search_keys)
def test_every_search_key_that_is_offered_finds_the_child(opener: Any, grant: Any, key: tuple[str, ...]) -> None:
    known = {"nhs_number": "9434765919", "upn": "A123456789012", "family": "Khan", "given": "Aisha", "born": BIRTHDAY,
             "postcode": "NB14QT", "former_names": "Khan"}  # fmt: skip
    assert "L2" in refs(opener, grant, **{name: known[name] for name in key})


def test_a_maiden_name_and_a_nickname_find_their_bearer(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, former_names="malik", born=date(1988, 11, 2)) == ["L1"]
    assert refs(opener, grant, given="ASH", born=BIRTHDAY) == ["L2"]


def test_capitals_with_diacritics_are_found_by_the_ordinary_spelling(opener: Any, grant: Any) -> None:
    (found,) = SocialCare(opener).find(ask(nhs_number="9990000034"), grant(*ALL))
    assert found.born is None and found.sex == "other" and found.names[0].family == "ŁUKASZ-ŻUK"
    assert refs(opener, grant, family="Łukasz-Żuk", given="Zoë", postcode="NB14QT") == []


def test_a_candidate_carries_all_that_identifies(opener: Any, grant: Any) -> None:
    (found,) = SocialCare(opener).find(ask(upn="A123456789012"), grant(*ALL))
    assert [(name.given, name.family, name.use) for name in found.names] == [
        (("Aisha", "Noor"), "KHAN", "usual"), (("Ash",), "Khan", "nickname"),
    ]  # fmt: skip
    assert found.born and found.born.earliest == BIRTHDAY and found.sex == "female"
    assert found.identifiers == {"upn": "A123456789012", "nhs_number": "9434765919"}
    assert [place.lines for place in found.addresses] == [("14 Mill Lane",)]  # the present one only


@pytest.mark.parametrize("family", ["O'Brien", "o'brien", "' or 1=1 --", "Khan'; drop table person; --", "%", "K" * 200,
                                    "\u202eKhan", "Kh\x00an"])  # fmt: skip
def test_a_hostile_surname_is_only_ever_a_value(opener: Any, grant: Any, family: str, statements: list[str]) -> None:
    expected = ["L6"] if family.lower() == "o'brien" else []
    assert refs(opener, grant, family=family, born=date(1985, 3, 9)) == expected
    assert not any(family in text for text in statements if family != "%")


def test_an_impossible_day_is_unknown_and_keeps_its_own_words(opener: Any, grant: Any) -> None:
    (found,) = SocialCare(opener).find(ask(nhs_number="9990000042"), grant(*ALL))
    assert found.born and (found.born.precision, found.born.original) == ("unknown", "2010-02-31")
    undated = fetched(opener, grant("referrals"))[("event", "referral:F3")]
    assert isinstance(undated, Event) and undated.when.precision == "unknown"


def test_a_flag_on_a_record_restricts_it_and_an_unknown_one_too_but_not_a_withdrawn_one(
    opener: Any, grant: Any
) -> None:
    def flags(**fields: Any) -> tuple[str, ...]:
        (found,) = SocialCare(opener).find(ask(**fields), grant(*ALL))
        return found.restrictions

    assert flags(family="Khan", born=date(2012, 1, 9)) == ("adoption",)
    assert flags(family="Marsh", born=date(1990, 7, 7)) == ("hidden_address",)
    assert flags(family="O'Brien", born=date(1985, 3, 9)) == ()
    assert flags(given="Samira", born=date(1988, 11, 2)) == ()


def test_a_locked_record_is_restricted_whatever_its_code(opener: Any, grant: Any) -> None:
    (found,) = SocialCare(opener).find(ask(nhs_number="9990000042"), grant(*ALL))
    assert found.restrictions == ("restricted",)


def test_the_secret_address_of_a_mother_does_not_come_out_through_her_son(opener: Any, grant: Any) -> None:
    (found,) = SocialCare(opener).find(ask(family="Marsh", born=date(2015, 8, 8)), grant(*ALL))
    assert found.addresses == ()
    homes = [one for one in fetched(opener, grant("family"), "L11").values() if isinstance(one, Residence)]
    assert [home.address.lines for home in homes] == [("1 Canal Walk",)]
    assert "Beacon" not in json.dumps([to_plain(one) for one in fetched(opener, grant(*ALL), "L11").values()])


def test_nobody_who_was_adopted_is_named_in_the_record_of_the_family_they_came_from(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant(*ALL), "L1")
    assert ("relationship", "person_relation:R5") not in found and ("relationship", "person_relation:R1") in found
    assert "Nadia" not in json.dumps([to_plain(one) for one in found.values()])
    own = fetched(opener, grant("family"), "L9")  # once a person let the record itself be read
    assert ("relationship", "person_relation:R5") in own


def test_relatives_come_with_kind_nature_responsibility_and_days(opener: Any, grant: Any, door: Any) -> None:
    found = fetched(opener, grant("family"))
    ties = {one.ref[-2:]: one for one in found.values() if isinstance(one, Relationship)}
    assert {ref: (one.from_, one.to, one.kind, one.nature) for ref, one in ties.items()} == {
        "R1": ("L1", "L2", "parent", "birth"), "R2": ("L6", "L2", "parent", "step"),
        "R4": ("L3", "L2", "sibling", "birth"), "R6": ("L4", "L2", "grandparent", "unknown"),
    }  # fmt: skip
    assert (ties["R1"].parental_responsibility, ties["R2"].parental_responsibility) == ("yes", "no")
    assert (
        ties["R4"].parental_responsibility == "unknown" and ties["R2"].since and ties["R2"].since.edtf == "2019-01-01"
    )
    assert [(one.ref, one.names[0].family) for one in ties["R2"].mentions] == [("L6", "O'Brien"), ("L2", "KHAN")]
    assert all(not one.addresses for tie in ties.values() for one in tie.mentions)
    assert door.tally.quarantined == 1  # a code that nobody knows is counted, not guessed


def test_every_code_of_a_relationship_has_a_kind_of_ours() -> None:
    kinds = {"parent", "partner", "sibling", "grandparent", "carer", "other"}
    assert {kind for kind, _ in RELATIONS.values()} == kinds


def test_records_are_told_in_words_with_the_statutory_code_beside_them(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant(*ALL))
    contact, referral = found[("event", "contact:C1")], found[("event", "referral:F1")]
    assert isinstance(contact, Event) and contact.text == "From: police (6)." and contact.basis == "reported"
    assert isinstance(referral, Event)
    assert referral.text == "From: school (2A). Primary need: abuse or neglect (N1)."
    unknown = found[("event", "referral:F3")]
    assert isinstance(unknown, Event) and unknown.text == "From: ZZ."
    services = {one.service: one.status for one in found.values() if isinstance(one, Involvement)}
    assert services == {
        "Child protection plan: emotional abuse (EMO), now neglect (NEG)": "historic",
        "Child protection plan: neglect (NEG)": "current", "Child in need plan": "historic",
        "Looked after: accommodated under s.20 (V2)": "historic", "Looked after: full care order (C2)": "current",
        "Placement: foster placement (U6)": "current", "North Assessment Team": "current",
    }  # fmt: skip
    factors = {one.value for one in found.values() if isinstance(one, Fact)}
    assert factors == {"domestic violence: parent or carer (3B)", "99X"}


def test_an_assessment_of_two_children_tells_its_factors_about_both(opener: Any, grant: Any, database: Path) -> None:
    with closing(sqlite3.connect(database)) as held, held:
        held.execute("insert into assessment values ('S1', 'L5', '2019-07-05', '2019-08-16', 'The same one', '')")
    asks = [FetchAsk(ref=ref, grant=grant("assessments")) for ref in ("L2", "L5")]
    told = [(ref, one.ref) for ref, one in SocialCare(opener).fetch_many(asks) if isinstance(one, Fact)]
    assert sorted(told) == [(ref, f"assessment:S1/{code}") for ref in ("L2", "L5") for code in ("3B", "99X")]


def test_plans_visits_enquiries_and_missing_episodes_are_events(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant(*ALL))
    told = {ref: (one.headline, one.kind) for (kind, ref), one in found.items() if isinstance(one, Event)}
    assert told["s47_enquiry:E1"] == ("Bruising", "s.47 enquiry")
    assert told["cp_conference:G1"] == ("Initial child protection conference", "conference")
    assert told["cp_plan:P1"][0] == "Child protection plan: emotional abuse (EMO), now neglect (NEG) began"
    assert told["cin_plan:P1"] == ("Child in need plan began", "child in need plan")  # P1 of another table
    assert told["visit:V1"] == ("Home visit", "visit CP")
    missing, visit = found[("event", "missing_episode:M1")], found[("event", "visit:V1")]
    assert isinstance(missing, Event) and missing.text == "Return interview offered: yes. accepted: no."
    assert isinstance(visit, Event) and visit.text == "Child not seen alone." and visit.basis == "observed"


@pytest.mark.parametrize("category", ALL)
def test_only_the_granted_category_is_asked_for_and_comes_back(
    opener: Any, grant: Any, category: str, statements: list[str]
) -> None:
    tables = {
        "referrals": {"contact", "referral"}, "assessments": {"assessment", "assessment_factor", "s47_enquiry"},
        "plans": {"cp_conference", "cp_plan", "cin_plan", "visit"}, "looked_after": {"legal_status", "placement"},
        "missing": {"missing_episode"},
        "family": {"involvement", "person_address", "person_relation", "person", "person_restriction"},
    }  # fmt: skip
    found = list(SocialCare(opener).fetch("L2", grant(category)))
    assert found and {one.category for one in found} == {f"childrens_social_care.{category}"}
    words = " ".join(text for text in statements if text.lstrip().lower().startswith("select")).lower().split()
    read = {words[place + 1] for place, word in enumerate(words[:-1]) if word in ("from", "join")}
    assert read == tables[category]


def test_nothing_outside_the_period_is_read_and_what_lasts_into_it_is(opener: Any, grant: Any, door: Any) -> None:
    given = grant(*ALL, since=date(2019, 7, 3), until=date(2019, 12, 31))
    found = fetched(opener, given)
    assert ("event", "contact:C1") not in found and ("event", "referral:F2") not in found
    assert ("event", "referral:F1") in found and ("event", "referral:F3") in found  # the one without a day
    assert ("involvement", "cp_plan:P2") in found and ("event", "cp_plan:P2") not in found  # began earlier, is open
    assert ("event", "missing_episode:M1") not in found
    assert all(in_scope(one, given) for one in found.values())


def test_categories_with_periods_of_their_own_are_read_apart(opener: Any, grant: Any) -> None:
    periods = {"childrens_social_care.missing": (date(2025, 1, 1), None)}
    found = fetched(opener, grant("missing", "referrals", periods=periods))
    assert ("event", "missing_episode:M1") not in found and ("event", "contact:C1") in found


def test_many_people_are_asked_about_in_one_statement_each_with_their_own_grant(
    opener: Any, grant: Any, statements: list[str]
) -> None:
    asks = [FetchAsk(ref="L2", grant=grant("referrals")), FetchAsk(ref="L5", grant=grant("referrals", "missing"))]
    found = list(SocialCare(opener).fetch_many(asks))
    assert {(ref, one.ref) for ref, one in found} == {
        ("L2", "contact:C1"), ("L2", "referral:F1"), ("L2", "referral:F2"), ("L2", "referral:F3"), ("L5", "contact:C2"),
    }  # fmt: skip
    assert sum(" from contact " in text for text in statements) == 1
    questions = [FindAsk(query=ask("q1", family="Khan", born=BIRTHDAY), grant=grant(*ALL)),
                 FindAsk(query=ask("q2", upn="A123456789012"), grant=grant(*ALL))]  # fmt: skip
    hits = [(ident, one.ref) for ident, one in SocialCare(opener).find_many(questions)]
    assert hits == [("q1", "L2"), ("q1", "L3"), ("q2", "L2")]


def test_a_relationship_between_two_people_asked_for_is_given_for_both(opener: Any, grant: Any) -> None:
    asks = [FetchAsk(ref=ref, grant=grant("family")) for ref in ("L1", "L2")]
    found = [(ref, one) for ref, one in SocialCare(opener).fetch_many(asks) if one.ref == "person_relation:R1"]
    assert [ref for ref, _ in found] == ["L1", "L2"] and found[0][1] == found[1][1]


def test_nothing_granted_opens_nothing(grant: Any) -> None:
    def refuse(_: Any) -> Any:
        raise AssertionError("nothing may be opened")

    assert list(SocialCare(refuse).fetch_many([FetchAsk(ref="L2", grant=grant())])) == []
    assert list(SocialCare(refuse).find_many([])) == []


def test_the_row_budget_cuts_and_says_so(opener: Any, grant: Any, door: Any) -> None:
    from mash_trawl.model.hub import Limits

    door.limits = Limits(rows=2)
    found = list(SocialCare(opener).fetch("L2", grant("referrals")))
    assert len(found) == 2 and door.tally.truncated


def test_everything_that_comes_back_is_sound(opener: Any, grant: Any) -> None:
    for ref in ("L1", "L2", "L6", "L9", "L11"):
        for one in SocialCare(opener).fetch(ref, grant(*ALL)):
            assert sound(one, FINDINGS) == one and ref in one.about


def test_it_says_what_it_offers_before_anything_is_opened() -> None:
    assert (SocialCare.name, SocialCare.agency, SocialCare.kind) == ("social_care", "childrens_social_care", "sql")
    assert SocialCare.offers == {f"childrens_social_care.{name}" for name in ALL}
