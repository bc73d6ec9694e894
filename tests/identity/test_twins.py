"""Twins share everything but the given name: nothing else that agrees may bring one in for the other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity import match
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name

SAME_POSTCODE = (Address(lines=("Flat 2",), postcode="NB1 4QT"),)
ELSEWHERE = (Address(lines=("9 Quarry View",), postcode="NB7 2AA", uprn="100023339999"),)
NUMBER = {"identifiers": {"nhs_number": "999 000 0018"}}
TWINS = (
    ("Emma", "Emily"), ("Lauren", "Laura"), ("Harry", "Henry"), ("John", "Jack"), ("Lewis", "Louis"),
    ("Isabelle", "Isabella"), ("Jayden", "Hayden"), ("Ella", "Bella"), ("Ella", "Ellie"), ("Mary-Ann", "Mary-Jane"),
    ("Abdul Rahman", "Abdul Karim"), ("John Paul", "Paul John"), ("Hassan", "Hussain"), ("Taiwo", "Kehinde"),
    ("Aisha", "Zahra"), ("Theodore", "Edward"), ("Amina", "Amna"), ("Maryam", "Miriam"), ("William", "Liam"),
    ("James", "Jamie"), ("Elizabeth", "Eliza"), ("Charlotte", "Lottie"), ("Sara", "Zara"), ("Ali", "Adi"),
    ("Mohammed Ali", "Mohammed Hassan"), ("Muhammad Ali", "Mohammed Hassan"), ("Mia", "Maya"), ("Jack", "Jackson"),
)  # fmt: skip


def only(matches):
    (item,) = matches
    return item


def guards(item):
    return {guard.id for guard in item.guards}


def named(*given_names, family="Khan", use="usual"):
    return Name(given=given_names, family=family, use=use)


@pytest.mark.parametrize("number", [{}, NUMBER], ids=["no number", "same number"])
@pytest.mark.parametrize(
    "where", [None, SAME_POSTCODE, (), ELSEWHERE], ids=["home", "postcode", "unknown", "elsewhere"]
)
@pytest.mark.parametrize(("here", "there"), TWINS)
def test_a_twin_is_never_taken_for_the_other(person, candidate, here, there, where, number):
    place = {} if where is None else {"addresses": where}
    for one, other in ((here, there), (there, here)):
        found = only(match(person(given=one, **number), [candidate(given=other, **place, **number)]))
        assert found.outcome != "auto"
        assert "G3" in guards(found)


@settings(max_examples=200, deadline=None)
@given(
    pair=st.sampled_from(TWINS),
    turn=st.booleans(),
    number=st.sampled_from([{}, NUMBER]),
    place=st.sampled_from([(), SAME_POSTCODE, ELSEWHERE]),
    population=st.sampled_from([2, 1000, 300_000]),
)
def test_no_population_and_no_number_makes_a_twin_certain(pair, turn, number, place, population):
    from mash_trawl.model.dates import PartialDate
    from mash_trawl.model.person import Person
    from mash_trawl.model.query import Candidate

    here, there = pair[::-1] if turn else pair
    same = {"born": PartialDate.parse("2014-05-17"), "sex": "unknown", "addresses": place, **number}
    whom = Person(id="p1", names=(named(here),), **same)
    found = match(whom, [Candidate(ref="a", names=(named(there),), **same)], MatchPolicy(population=population))
    assert found.auto == ()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (("Mohammed", "Ali"), ("Mohammed", "Hassan")), (("Mary", "Ann"), ("Mary", "Jane")),
        (("Mohammed", "Ali"), ("Muhammad",)), (("John", "Paul"), ("Paul", "John")), (("Amina", "Zahra"), ("Zahra",)),
        (("Abdul", "Rahman"), ("Abdul",)),
    ],
)  # fmt: skip
def test_a_first_name_alone_is_not_enough_where_the_rest_tells_brothers_apart(person, candidate, here, there):
    found = only(match(person(names=(named(*here),), **NUMBER), [candidate(names=(named(*there),), **NUMBER)]))
    assert found.outcome == "review"
    assert {"G3", "G7"} <= guards(found)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (("Mohammed", "Ali"), ("Muhammad", "Ali")), (("Mohammed", "Ali"), ("Muhammad Ali",)),
        (("Aisha", "Noor"), ("Ayesha",)), (("Aisha", "Noor"), ("Aisha", "N")), (("Mary", "Ann"), ("Mary-Ann",)),
        (("Aisha", "Noor", "Bibi"), ("Aisha", "Bibi")),
    ],
)  # fmt: skip
def test_middle_names_that_meet_or_are_not_recorded_stand_in_nobodys_way(person, candidate, here, there):
    assert only(match(person(names=(named(*here),)), [candidate(names=(named(*there),))])).outcome == "auto"


@pytest.mark.parametrize(("here", "there"), [("Kate", "Katherine"), ("Ted", "Edward"), ("Betsy", "Elizabeth")])
def test_a_short_form_is_the_same_name_where_an_identifier_or_all_else_agrees(person, candidate, here, there):
    assert only(match(person(given=here), [candidate(given=there)])).outcome == "auto"
    for other in ({"addresses": ()}, {"sex": "unknown"}, {"born": "2014-05-18"}, {"addresses": SAME_POSTCODE}):
        assert only(match(person(given=here), [candidate(given=there, **other)])).outcome == "review"
    assert only(match(person(given=here, **NUMBER), [candidate(given=there, **NUMBER)])).outcome == "auto"


@pytest.mark.parametrize(("here", "there"), [("Elizabeth", "Elsie"), ("John", "Jack"), ("Maryam", "Miriam")])
def test_names_sometimes_used_for_one_another_are_never_lost(person, candidate, here, there):
    for place in ({}, {"addresses": SAME_POSTCODE}, {"addresses": ()}):
        assert only(match(person(given=here), [candidate(given=there, **place)])).outcome == "review"


@pytest.mark.parametrize(
    ("here", "there"), [("Ivy", "Viy"), ("Mei", "Mai"), ("Samira", "Samra"), ("Alex", "Alexander")]
)
def test_what_may_be_another_name_is_never_lost_and_never_certain(person, candidate, here, there):
    assert only(match(person(given=here), [candidate(given=there)])).outcome == "review"


@pytest.mark.parametrize(("here", "there"), [("Samira", "Samria"), ("Jessica", "Jsesica"), ("Gemma", "Gema")])
def test_a_slip_of_the_keys_that_is_nobodys_name_stands_where_all_else_is_the_same(person, candidate, here, there):
    found = only(match(person(given=here), [candidate(given=there)]))
    assert found.outcome == "auto"
    assert {line.level for line in found.lines if line.field == "given name"} == {"slip"}
    for other in ({"addresses": ()}, {"born": "2014-05-18"}, {"addresses": SAME_POSTCODE}):
        assert only(match(person(given=here), [candidate(given=there, **other)])).outcome == "review"


def test_a_name_that_is_only_alike_goes_to_a_person_even_with_the_same_number(person, candidate):
    found = only(match(person(**NUMBER), [candidate(given="Alisha", **NUMBER)]))
    assert found.outcome == "review"
    assert "G7" in guards(found)


@pytest.mark.parametrize(
    "words",
    [
        "Baby", "Baby Girl", "Twin One", "Twin A", "Twin II", "Twin 2", "Male Infant", "Girl", "Female", "Unnamed",
        "Newborn", "B/O", "B/O Samira", "Baby Of Samira", "BABY-BOY", "Unborn", "1st Twin", "First Twin", "Bby", "xx",
        "Not Known", "N/K", "?", "-", "Infant Female", "Child", "Triplet 3", "Baby (1)", "Mrs", "Eldest",
        "Man Of The House", "Mummy", "Hija", "Dziecko",
    ],
)  # fmt: skip
def test_a_word_in_place_of_a_name_agrees_with_nothing(person, candidate, words):
    found = only(match(person(given=words), [candidate(given=words)]))
    assert found.outcome == "review"
    assert "G2" in guards(found)
    assert {line.level for line in found.lines if line.field == "given name"} == {"not compared"}


def test_two_parts_of_a_placeholder_are_one_placeholder(person, candidate):
    found = only(match(person(names=(named("Twin", "One"),)), [candidate(names=(named("Twin", "One"),))]))
    assert "G2" in guards(found)


@pytest.mark.parametrize("old", ["Baby", "Twin", "Girl", "A", "A B", "A."])
def test_twins_who_were_once_called_baby_are_still_two(person, candidate, old):
    here, there = ((named(name), named(old, use="old")) for name in ("Aisha", "Zahra"))
    assert only(match(person(names=here), [candidate(names=there)])).outcome != "auto"


@pytest.mark.parametrize("real", ["Bo", "An", "伟", "Noor", "Mae", "Babar", "Boyd", "Childe", "Malek"])
def test_a_short_or_unusual_name_is_still_a_name(person, candidate, real):
    assert only(match(person(given=real), [candidate(given=real)])).outcome == "auto"


def test_a_family_name_that_nobody_knows_agrees_with_nothing(person, candidate):
    found = only(match(person(family="Unknown"), [candidate(family="UNKNOWN")]))
    assert {line.level for line in found.lines if line.field == "family name"} == {"not compared"}
