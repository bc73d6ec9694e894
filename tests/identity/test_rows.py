"""Rows under one key, rows without one, people nearly lost, and rules that hold whatever the facts are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity import match
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate

RANK = {"no_match": 0, "review": 1, "auto": 2}
NUMBER, OTHER_NUMBER = ({"identifiers": {"nhs_number": number}} for number in ("999 000 0018", "999 000 0026"))
HOME = Address(lines=("14 Mill Lane",), postcode="NB1 4QT", uprn="100023336956")


def only(matches):
    (item,) = matches
    return item


def guards(item):
    return {guard.id for guard in item.guards}


@pytest.mark.parametrize(
    "odd",
    [
        {"born": "2012-05-17"}, {"sex": "male"}, OTHER_NUMBER, {"given": "Zahra"}, {"given": "Aishah Noor"},
    ],
)  # fmt: skip
def test_g13_rows_of_one_key_that_contradict_each_other_go_to_a_person_in_any_order(person, candidate, odd):
    rows = [candidate(**NUMBER), candidate(**(NUMBER | odd))]
    one, other = match(person(**NUMBER), rows), match(person(**NUMBER), rows[::-1])
    assert one == other
    assert only(one).outcome == "review"
    assert "G13" in guards(only(one))


def test_rows_of_one_key_that_add_to_each_other_are_one_person(person, candidate):
    former = candidate(names=(Name(given=("Aisha",), family="Begum", use="old"),), addresses=(), **NUMBER)
    plain = candidate(family="Malik", addresses=(Address(postcode="NB7 2AA"),))
    first, *others = [match(person(), rows).items for rows in permutations([former, plain, candidate()])]
    assert all(other == first for other in others)
    items = first
    assert [item.outcome for item in items] == ["auto"]
    assert {name.family for name in items[0].candidate.names} == {"Begum", "Malik", "Khan"}
    assert dict(items[0].candidate.identifiers) == NUMBER["identifiers"]


def test_g13_one_row_with_two_usual_given_names_is_a_household(person, candidate):
    both = candidate(names=(Name(given=("Aisha",), family="Khan"), Name(given=("Zahra",), family="Khan")))
    assert "G13" in guards(only(match(person(), [both])))
    alias = replace(both, names=(both.names[0], replace(both.names[1], use="nickname")))
    assert only(match(person(), [alias])).outcome == "auto"


def test_g13_a_key_with_very_many_names_is_not_a_person(person, candidate):
    rows = [candidate(given=f"Aisha{n}") for n in range(400)]
    assert "G13" in guards(only(match(person(), rows)))


@pytest.mark.parametrize("ref", ["", "  "])
def test_g14_a_candidate_without_a_key_is_never_certain(person, candidate, ref):
    found = match(person(), [candidate(ref=ref), candidate(ref=ref, given="Zahra"), candidate(ref=ref)])
    assert [item.outcome for item in found] == ["review", "no_match"]
    assert all("G14" in guards(item) for item in found)


def test_dicts_without_a_key_are_never_taken_for_one_that_has_it():
    facts = {"names": [{"given": ["Aisha"], "family": "Khan"}], "born": "2014-05-17"}
    assert len(match(facts, [{"ref": "1"} | facts, facts])) == 2


@pytest.mark.parametrize("place", [(HOME,), (), (Address(postcode="NB7 2AA"),)])
def test_names_in_two_scripts_are_not_compared_and_the_person_is_not_lost(person, candidate, place):
    here = person(given="Aisha", family="Khan")
    found = only(match(here, [candidate(given="عائشة", family="خان", addresses=place)]))
    assert found.outcome == "review"
    assert {line.level for line in found.lines if line.field.endswith("name")} == {"not compared"}


def test_a_name_in_the_same_script_decides_where_there_is_one(person, candidate):
    here = person(names=(Name(given=("Oksana",), family="Boyko"), Name(given=("Оксана",), family="Бойко")))
    assert only(match(here, [candidate(given="Оксана", family="Бойко")])).outcome == "auto"
    assert only(match(here, [candidate(given="Дарія", family="Бойко")])).outcome == "no_match"


@pytest.mark.parametrize("born", ["2004-05-17", "2010-05-17", "1914-05-17"])
def test_g5_a_slip_in_the_year_with_the_same_number_goes_to_a_person(person, candidate, born):
    found = only(match(person(**NUMBER), [candidate(born=born, **NUMBER)]))
    assert found.outcome == "review"
    assert "G5" in guards(found)
    assert only(match(person(), [candidate(born=born)])).outcome == "review"
    assert only(match(person(), [candidate(born=born, addresses=())])).outcome == "no_match"
    other_day = born.replace("-17", "-26")
    assert only(match(person(), [candidate(born=other_day)])).outcome == "no_match"


@pytest.mark.parametrize("born", ["1900-01-01", "1899-12-30", "1900", "01/01/1901", "0001-01-01", "9999-12-31"])
def test_a_birth_date_that_is_nobodys_is_not_compared(person, candidate, born):
    when = PartialDate.of(date.fromisoformat(born)) if re.fullmatch(r"\d{4}-\d\d-\d\d", born) else born
    found = only(match(person(), [candidate(born=when)]))
    assert found.outcome == "review"
    assert {line.level for line in found.lines if line.field == "date of birth"} == {"not compared"}


@pytest.mark.parametrize("number", ["0000000000", "9999999999", "1234567890"])
def test_the_same_impossible_nhs_number_proves_nothing(person, candidate, number):
    both = {"identifiers": {"nhs_number": number}}
    found = only(match(person(**both), [candidate(**both)]))
    assert {line.level for line in found.lines if line.field == "NHS number"} == {"not compared"}


given_names = st.sampled_from(["Aisha", "Ayesha", "Zahra", "Ella", "Ellie", "Kate", "Katherine", "Baby", "A", "Оксана"])
families = st.sampled_from(["Khan", "Kahn", "Begum", "Khan-Begum", "Шевченко", ""])
days = st.sampled_from(["2014-05-17", "2014-01-01", "2014", "2014-05-18", "2004-05-17", "1985-03-14", None])
facts = st.fixed_dictionaries({
    "given": given_names, "family": families, "born": days, "sex": st.sampled_from(["female", "male", "unknown"]),
    "number": st.sampled_from([None, "9990000018"]),
    "place": st.sampled_from([(), (HOME,), (Address(postcode="NB1 4QT"),), (Address(postcode="NB1 4QX"),),
                              (Address(postcode="NB7 2AA"),)]),
})  # fmt: skip


def values(drawn):
    return {
        "names": (Name(given=(drawn["given"],), family=drawn["family"] or None),),
        "born": PartialDate.parse(drawn["born"]) if drawn["born"] else None,
        "sex": drawn["sex"], "addresses": drawn["place"],
        "identifiers": {"nhs_number": drawn["number"]} if drawn["number"] else {},
    }  # fmt: skip


def outcome(here, there):
    return RANK[only(match(Person(id="p1", **here), [Candidate(ref="a", **there)])).outcome]


@settings(max_examples=300, deadline=None)
@given(here=facts, there=facts, same=st.sampled_from([HOME, Address(postcode="NB1 4QT")]))
def test_an_agreeing_address_never_lowers_the_outcome(here, there, same):
    one, other = values(here), values(there)
    more, too = (side | {"addresses": (*side["addresses"], same)} for side in (one, other))
    assert outcome(more, too) >= outcome(one, other)


@settings(max_examples=300, deadline=None)
@given(here=facts, there=facts, field=st.sampled_from(["sex", "born", "identifiers"]))
def test_a_contradiction_never_raises_the_outcome(here, there, field):
    one, other = values(here), values(there)
    here_too, there_too = {
        "sex": ("female", "male"),
        "born": (PartialDate.parse("2014-05-17"), PartialDate.parse("1987-11-29")),
        "identifiers": (NUMBER["identifiers"], OTHER_NUMBER["identifiers"]),
    }[field]
    blank = {"sex": "unknown", "born": None, "identifiers": {}}[field]
    contradicted = outcome(one | {field: here_too}, other | {field: there_too})
    assert contradicted <= outcome(one | {field: blank}, other | {field: blank})
    assert contradicted <= outcome(one | {field: here_too}, other | {field: here_too})
    assert contradicted < RANK["auto"]


@settings(max_examples=200, deadline=None)
@given(
    son=st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 11, 22)),
    years=st.integers(14, 60),
    number=st.sampled_from([{}, NUMBER]),
    same_day=st.booleans(),
)
def test_a_father_of_the_same_name_is_never_taken_for_the_son(son, years, number, same_day):
    day = son.replace(day=min(son.day, 28))
    father = day.replace(year=max(day.year - years, 1906), month=day.month if same_day else day.month % 12 + 1)
    both = {"names": (Name(given=("Imran",), family="Khan"),), "sex": "male", "addresses": (HOME,), **number}
    son_facts, father_facts = both | {"born": PartialDate.of(day)}, both | {"born": PartialDate.of(father)}
    assert outcome(son_facts, father_facts) <= (RANK["review"] if number or same_day else RANK["no_match"])
