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


def test_what_is_known_and_must_not_leave_the_hub_or_is_wrong_is_told_from_what_is_not_known(person, new_id):
    keys = [("uprn",), ("family", "uprn"), ("nhs_number",), ("upn",), ("family", "born")]
    home = (Address(uprn="100023330000"),)
    hidden = person(addresses=home, identifiers={"nhs_number": "999 000 0019"}, restrictions=("hidden_address",))
    plan = plan_queries(hidden, keys, new_id)
    assert plan.not_searched == tuple(keys[:4])
    assert (plan.not_given, plan.not_valid) == ((("uprn",), ("family", "uprn")), (("nhs_number",),))
    shown = plan_queries(person(addresses=home, identifiers={}), keys, new_id)
    assert (shown.not_given, shown.not_valid) == ((), ()) and ("uprn",) not in shown.not_searched
    unknown = plan_queries(person(addresses=(), identifiers={}, restrictions=("hidden_address",)), keys, new_id)
    assert (unknown.not_given, unknown.not_valid) == ((), ()) and ("uprn",) in unknown.not_searched


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


@pytest.mark.parametrize("restriction", ["hidden_address", "witness_protection"])
def test_a_hidden_address_never_leaves_in_a_question(person, new_id, restriction):
    keys = [("uprn",), ("postcode", "born"), ("family", "born")]
    plan = plan_queries(person(restrictions=(restriction,)), keys, new_id)
    assert plan.not_searched == (("uprn",), ("postcode", "born"))
    assert {query.by for query in plan.queries} == {("family", "born")}


def test_first_of_january_is_asked_as_written_and_as_a_whole_year(person, new_id):
    (exact, span) = plan_queries(person(born="2014-01-01"), [("born",), ("born_from", "born_to")], new_id).queries
    assert exact.born == date(2014, 1, 1)
    assert span.born_from < date(2013, 12, 31)
    assert span.born_to > date(2014, 12, 31)


@pytest.mark.parametrize("born", ["1900-01-01", "1899-12-30", "1900"])
def test_a_birth_date_that_is_nobodys_is_never_asked(person, new_id, born):
    plan = plan_queries(person(born=born), [("family", "born"), ("family", "born_from", "born_to")], new_id)
    assert plan.queries == ()
    assert plan.not_searched == (("family", "born"), ("family", "born_from", "born_to"))


@pytest.mark.parametrize("words", ["Baby Girl", "Twin A", "B/O", "Male Infant", "Unnamed"])
def test_nobody_is_asked_for_by_a_word_in_place_of_a_name(person, new_id, words):
    keys = [("given", "born"), ("given_soundex", "born"), ("family", "born")]
    plan = plan_queries(person(given=words), keys, new_id)
    assert plan.not_searched == (("given", "born"), ("given_soundex", "born"))
    assert {query.by for query in plan.queries} == {("family", "born")}


def test_nobody_is_asked_for_by_an_unknown_family_name(person, new_id):
    assert plan_queries(person(family="Unknown"), [("family", "born")], new_id).queries == ()


def test_a_source_is_asked_by_its_former_names_with_every_family_name_that_is_known(person, new_id):
    names = (Name(given=("Samira",), family="Malik"), Name(family="Rahman", use="maiden"))
    queries = plan_queries(person(names=names), [("former_names", "born")], new_id).queries
    assert {query.former_names for query in queries} == {"Malik", "Rahman"}


EVERY_KEY = (
    ("postcode", "house_number"), ("uprn",), ("family", "given", "postcode_sector"), ("given", "family"),
    ("family", "born_from", "born_to"), ("given_soundex", "born"), ("family_soundex", "born"), ("upn",),
    ("nhs_number",),
)  # fmt: skip
NUMBERS = {"nhs_number": "943 476 5919", "upn": "H801200001001"}


def test_the_narrowest_question_is_put_first_whatever_the_order_of_the_source(person, new_id):
    someone = person(born="2014-05-07", identifiers={"nhs_number": "943 476 5919"})
    queries = plan_queries(someone, EVERY_KEY, new_id).queries
    assert [(query.by, query.born) for query in queries] == [
        (("nhs_number",), None),
        (("given_soundex", "born"), date(2014, 5, 7)),
        (("family_soundex", "born"), date(2014, 5, 7)),
        (("family", "born_from", "born_to"), None),
        (("given_soundex", "born"), date(2014, 7, 5)),
        (("family_soundex", "born"), date(2014, 7, 5)),
        (("given", "family"), None),
        (("postcode", "house_number"), None),
        (("uprn",), None),
    ]


@pytest.mark.parametrize(
    "wrong", [{"nhs_number": "943 476 5918"}, {"nhs_number": "0000000000"}, {"upn": "A000000000000"}]
)
def test_a_number_that_can_be_nobodys_is_never_asked_by(person, new_id, wrong):
    plan = plan_queries(person(identifiers=wrong), [("nhs_number",), ("upn",), ("family", "born")], new_id)
    assert {query.by for query in plan.queries} == {("family", "born")}
    assert plan.not_searched == (("nhs_number",), ("upn",))


def test_a_test_number_is_asked_by_like_any_other(person, new_id):
    (query,) = plan_queries(person(identifiers={"nhs_number": "999 000 0018"}), [("nhs_number",)], new_id).queries
    assert query.nhs_number == "9990000018"


def test_the_years_asked_are_whole_with_one_on_either_side(person, new_id):
    (query,) = plan_queries(person(), [("family", "born_from", "born_to")], new_id).queries
    assert (query.born_from, query.born_to) == (date(2013, 1, 1), date(2015, 12, 31))


def test_both_halves_of_a_double_barrelled_name_are_asked(person, new_id):
    queries = plan_queries(person(family="Khan-Malik"), [("family", "born")], new_id).queries
    assert [query.family for query in queries] == ["Khan-Malik", "Khan", "Malik"]


def test_house_number_and_postcode_are_always_of_one_address(person, new_id):
    homes = (
        Address(lines=("Flat 3", "12A High Street"), postcode="nb1 4qt"),
        Address(lines=("Rose Cottage",), postcode="NB2 1AA"),
        Address(lines=("9 Elm Road",)),
        Address(lines=("2 Mill Lane",), postcode="NB3 1AA"),
    )
    queries = plan_queries(person(addresses=homes), [("house_number", "postcode")], new_id).queries
    assert [(query.house_number, query.postcode) for query in queries] == [("12A", "NB14QT"), ("2", "NB31AA")]


def test_nobody_is_looked_for_where_nobody_lives(person, new_id):
    homes = (Address(lines=("NFA",), postcode="NB1 4QT"), Address(postcode="ZZ99 3VZ"), Address(no_fixed_address=True))
    keys = [("postcode",), ("uprn",), ("postcode", "house_number")]
    assert plan_queries(person(addresses=homes), keys, new_id).queries == ()


@pytest.mark.parametrize("born", ["2014", "2014-01-01", "about 2014"])
def test_names_in_the_sector_are_asked_where_the_birth_date_is_not_certain(person, new_id, born):
    keys = [("family", "postcode_sector"), ("family", "born")]
    queries = plan_queries(person(born=born), keys, new_id).queries
    assert "NB1 4" in {query.postcode_sector for query in queries}


def test_names_in_the_sector_are_asked_where_no_key_has_a_birth_date_and_else_not(person, new_id):
    (query,) = plan_queries(person(), [("family", "postcode_sector")], new_id).queries
    assert query.postcode_sector == "NB1 4"
    plan = plan_queries(person(), [("family", "postcode_sector"), ("family", "born")], new_id)
    assert [query.by for query in plan.queries] == [("family", "born")]
    assert plan.not_searched == ()


def test_a_usual_way_of_searching_that_the_source_does_not_offer_is_told(person, new_id):
    plan = plan_queries(person(identifiers=NUMBERS), [("given", "family")], new_id)
    assert plan.not_offered == (("nhs_number",), ("family", "born"), ("family", "born_from", "born_to"), ("uprn",))
    assert plan.not_searched == ()
    assert plan_queries(person(identifiers=NUMBERS), EVERY_KEY, new_id).not_offered == ()


def test_what_is_not_known_is_not_missed_in_a_source(person, new_id):
    plan = plan_queries(person(born=None, addresses=()), [("given", "family")], new_id)
    assert plan.not_offered == ()
