"""Which questions a source is asked about one person."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from mash_trawl.identity.plan import plan_queries
from mash_trawl.model.person import Address, Name


@pytest.fixture
def new_id():
    numbers = count(1)
    return lambda: f"q{next(numbers)}"


def test_only_the_fields_of_the_key_are_filled(person, new_id):
    (first, *_) = plan_queries(person(), [("family", "born")], new_id).queries
    assert first.fields == {"family": "Khan", "born": date(2014, 5, 17)}
    assert first.given is None
    assert first.postcode is None


def test_a_key_that_the_facts_do_not_fill_is_listed_as_not_searched(person, new_id):
    plan = plan_queries(person(), [("nhs_number",), ("family", "born")], new_id)
    assert plan.not_searched == (("nhs_number",),)
    assert {query.by for query in plan.queries} == {("family", "born")}


def test_every_former_name_and_address_is_asked(person, new_id):
    names = (Name(given=("Samira",), family="Malik"), Name(family="Rahman", use="maiden"))
    homes = (Address(uprn="1"), Address(uprn="2"))
    queries = plan_queries(person(names=names, addresses=homes), [("family", "uprn")], new_id).queries
    assert {(query.family, query.uprn) for query in queries} == {(n, u) for n in ("Malik", "Rahman") for u in "12"}


def test_day_and_month_the_other_way_round_are_asked_too(person, new_id):
    from mash_trawl.model.dates import PartialDate

    someone = person(born=PartialDate.parse("2014-05-07"))
    queries = plan_queries(someone, [("born",)], new_id).queries
    assert {query.born for query in queries} == {date(2014, 5, 7), date(2014, 7, 5)}


def test_a_partial_birth_date_asks_by_range_and_never_by_an_invented_day(person, new_id):
    someone = person(born="2014")
    plan = plan_queries(someone, [("family", "born"), ("family", "born_from", "born_to")], new_id)
    assert plan.not_searched == (("family", "born"),)
    (query,) = plan.queries
    assert query.born_from < date(2014, 1, 1) < date(2014, 12, 31) < query.born_to


def test_an_unborn_child_is_never_searched_by_the_word_unborn(person, new_id):
    plan = plan_queries(person(given="Unborn", born=None), [("given", "family")], new_id)
    assert plan.queries == ()
    assert plan.not_searched == (("given", "family"),)


def test_aliases_cannot_multiply_questions_without_end(person, new_id):
    names = tuple(Name(given=(f"Name{n}",), family=f"Family{n}") for n in range(30))
    assert len(plan_queries(person(names=names), [("given", "family")], new_id).queries) == 12


def test_a_key_that_was_asked_only_in_part_is_told(person, new_id):
    names = tuple(Name(given=("Samira",), family=f"Family{n}") for n in range(13))
    plan = plan_queries(person(names=names), [("family", "born"), ("born",)], new_id)
    assert plan.cut == (("family", "born"),)
    assert plan.not_searched == (("family", "born"),)


def test_a_key_with_just_as_many_values_as_allowed_is_not_cut(person, new_id):
    names = tuple(Name(given=("Samira",), family=f"Family{n}") for n in range(12))
    plan = plan_queries(person(names=names), [("family", "born")], new_id)
    assert (plan.cut, plan.not_searched, len(plan.queries)) == ((), (), 12)
