"""The guards that weigh crowds, common names and names alone; the others stand in test_match.py and test_twins.py."""

from __future__ import annotations

import pytest

from mash_trawl.identity import match
from mash_trawl.identity.guards import RULES
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name
from mash_trawl.model.weights import GUARDS, STRICT

HOSTEL = Address(lines=("1 Dock Street",), postcode="NB2 2BB", uprn="100023330000")
NUMBER = {"identifiers": {"nhs_number": "999 000 0018"}}
STRICTEST = {"guards": dict.fromkeys(STRICT, "strict")}


def only(matches):
    (item,) = matches
    return item


def guards(item):
    return {guard.id for guard in item.guards}


def line(item, field):
    (found,) = [line for line in item.lines if line.field == field]
    return found


@pytest.mark.parametrize(
    "where",
    [
        Address(postcode="ZZ99 3VZ", lines=("14 Mill Lane",)),
        Address(lines=("Harbour Hostel, 1 Dock Street",), postcode="NB2 2BB"),
        Address(lines=("HMP Northfield",), postcode="NB2 2BB"),
        Address(lines=("Oak Lodge Children's Home", "2 Dock Street"), postcode="NB2 2BB"),
    ],
)
def test_g9_a_place_where_strangers_live_together_counts_nothing(person, candidate, where):
    found = only(match(person(addresses=(where,)), [candidate(addresses=(where,))]))
    assert line(found, "address").level == "not compared"
    assert {"G9", "G15"} <= guards(found)
    assert found.outcome == "review"


@pytest.mark.parametrize("shared", ["NB2 2BB", "nb22bb", "100023330000", "000100023330000"])
def test_g9_the_profile_lists_addresses_that_many_share(person, candidate, shared):
    policy = MatchPolicy(shared_addresses=(shared,))
    both = [person(addresses=(HOSTEL,)), [candidate(addresses=(HOSTEL,))]]
    assert only(match(*both)).outcome == "auto"
    assert "G9" in guards(only(match(*both, policy)))


def test_g9_more_than_twelve_people_of_one_source_at_one_home_are_no_family(person, candidate):
    others = [candidate(ref=f"x{n}", given=f"Zed{'abcdefghijklm'[n]}", born=f"19{60 + n}-03-04") for n in range(13)]
    family = match(person(), [candidate(), *others[:11]])
    crowd = match(person(), [candidate(), *others[:12]])
    assert [item.ref for item in family.auto] == ["a"]
    assert not crowd.auto
    assert all("G9" in guards(item) for item in crowd)


def test_g9_another_address_still_counts_and_the_guard_alone_limits_nothing(person, candidate):
    home = Address(lines=("14 Mill Lane",), postcode="NB1 4QT")
    policy = MatchPolicy(shared_addresses=("NB2 2BB",))
    found = only(match(person(addresses=(home, HOSTEL)), [candidate(addresses=(HOSTEL, home))], policy))
    assert (found.outcome, guards(found), line(found, "address").level) == ("auto", {"G9"}, "home")


def test_g11_very_common_names_need_two_more_fields(person, candidate):
    one = {"given": "David", "family": "Jones", "sex": "unknown"}
    alone = only(match(person(**one), [candidate(**one)]))
    assert (alone.outcome, guards(alone)) == ("review", {"G11"})
    with_sex = one | {"sex": "male"}
    assert only(match(person(**with_sex), [candidate(**with_sex)])).outcome == "auto"
    assert only(match(person(**one, **NUMBER), [candidate(**one, **NUMBER)])).outcome == "auto"


def test_g11_is_quiet_where_one_of_the_names_is_rarer_unless_it_is_strict(person, candidate):
    one = {"given": "David", "family": "Fenwick", "sex": "unknown"}
    assert only(match(person(**one), [candidate(**one)])).outcome == "auto"
    assert "G11" in guards(only(match(person(**one), [candidate(**one)], MatchPolicy(**STRICTEST))))


def middle(*given):
    return {"names": (Name(given=given, family="Fenwick"),), "addresses": ()}


@pytest.mark.parametrize(
    ("here", "there", "population", "outcome"),
    [
        (("Isolde", "Marguerite"), ("Isolde", "Marguerite"), 20_000, "auto"),
        (("Isolde", "Marguerite"), ("Isolde", "Marguerite"), 3_000_000, "review"),
        (("Isolde",), ("Isolde",), 20_000, "review"),
        (("Isolde", "Marguerite"), ("Isolde",), 20_000, "review"),
        (("David", "John"), ("David", "John"), 300_000, "review"),
    ],
)
def test_g15_names_alone_are_certain_only_rare_with_a_middle_name_and_few_people(
    person, candidate, here, there, population, outcome
):
    whom, whoever = person(**middle(*here)), candidate(**middle(*there))
    assert only(match(whom, [whoever], MatchPolicy(population=population))).outcome == outcome
    assert only(match(whom, [whoever], MatchPolicy(population=population, **STRICTEST))).outcome == "review"


def test_every_guard_has_a_rule_or_is_found_between_candidates():
    built = {rule.__name__.split("_")[0].upper() for rule in RULES} | {"G6", "G12", "G14"}
    assert built == set(GUARDS)


def test_the_strict_fifteenth_stands_for_an_unknown_day(person, candidate):
    fifteenth = {"born": "2014-05-15"}
    found = only(match(person(**fifteenth), [candidate(**fifteenth)], MatchPolicy(guards={"G8": "strict"})))
    assert "G8" in guards(found)
