"""Three outcomes, and every guard by name."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity import match
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate


def only(matches):
    (item,) = matches
    return item


def guards(item):
    return {guard.id for guard in item.guards}


def test_the_same_person_spelt_alike_is_matched_without_asking_anybody(person, candidate):
    assert only(match(person(), [candidate()])).outcome == "auto"


@pytest.mark.parametrize(
    ("here", "there"),
    [("Aisha", "Ayesha"), ("Mohammed", "Muhammad"), ("Catherine", "Katherine"), ("Zoë", "Zoe"), ("Jo-Anne", "Joanne")],
)
def test_another_spelling_of_the_given_name_is_the_same_name(person, candidate, here, there):
    assert only(match(person(given=here), [candidate(given=there)])).outcome == "auto"


def test_a_maiden_name_counts_as_a_family_name(person, candidate):
    names = (Name(given=("Samira",), family="Malik"), Name(given=("Samira",), family="Rahman", use="maiden"))
    mother = person(names=names, born="1988-11-02")
    assert only(match(mother, [candidate(given="Samira", family="Rahman", born="1988-11-02")])).outcome == "auto"


def test_names_in_the_other_order_are_the_same_names(person, candidate):
    found = only(match(person(given="Wei", family="Chen"), [candidate(given="Chen", family="Wei")]))
    assert found.outcome in ("auto", "review")


def test_a_stranger_is_no_match_and_is_never_fetched(person, candidate):
    stranger = candidate(given="Nell", family="Fenwick", born="1979-02-11", addresses=())
    assert only(match(person(), [stranger])).outcome == "no_match"


def test_g1_a_missing_birth_date_goes_to_a_person(person, candidate):
    found = only(match(person(), [candidate(born=None)]))
    assert found.outcome == "review"
    assert "G1" in guards(found)


def test_g1_an_identifier_with_birth_date_and_one_name_is_enough(person, candidate):
    number = {"identifiers": {"nhs_number": "999 000 0018"}}
    found = only(match(person(given="", **number), [candidate(given="", **number)]))
    assert "G1" not in guards(found)


@pytest.mark.parametrize("given_name", ["", "A", "Baby", "Unborn", "Twin 2"])
def test_g2_no_real_given_name_is_never_certain(person, candidate, given_name):
    found = only(match(person(), [candidate(given=given_name)]))
    assert found.outcome != "auto"
    assert "G2" in guards(found)


def test_g3_a_sibling_with_another_given_name_is_another_person(person, candidate):
    found = only(match(person(), [candidate(given="Zahra")]))
    assert found.outcome == "no_match"
    assert "G3" in guards(found)


@pytest.mark.parametrize(("here", "there"), [("Ella", "Ellie"), ("Jayden", "Hayden")])
def test_g3_nearly_the_same_name_birth_date_and_home_may_be_the_twin(person, candidate, here, there):
    found = only(match(person(given=here), [candidate(given=there)]))
    assert found.outcome != "auto"
    assert "G3" in guards(found)


def test_g4_another_recorded_sex_goes_to_a_person(person, candidate):
    found = only(match(person(), [candidate(sex="male")]))
    assert found.outcome == "review"
    assert "G4" in guards(found)


def test_g5_another_year_of_birth_goes_to_a_person(person, candidate):
    found = only(match(person(), [candidate(born="2013-05-17")]))
    assert found.outcome == "review"
    assert "G5" in guards(found)


def test_g5_a_father_of_the_same_name_is_no_match(person, candidate):
    found = only(match(person(given="Imran", sex="male"), [candidate(given="Imran", sex="male", born="1985-03-14")]))
    assert found.outcome == "no_match"
    assert "G5" in guards(found)


def test_g6_two_equally_good_candidates_both_go_to_a_person(person, candidate):
    found = match(person(), [candidate(ref="a"), candidate(ref="b")])
    assert [item.outcome for item in found] == ["review", "review"]
    assert all("G6" in guards(item) for item in found)


def test_g6_a_sibling_far_behind_does_not_stand_in_the_way(person, candidate):
    found = match(person(), [candidate(ref="a"), candidate(ref="b", given="Zahra", born="2016-01-09")])
    assert [item.ref for item in found.auto] == ["a"]


def test_g7_two_different_nhs_numbers_go_to_a_person(person, candidate):
    here, there = ({"identifiers": {"nhs_number": n}} for n in ("999 000 0018", "999 000 0026"))
    found = only(match(person(**here), [candidate(**there)]))
    assert found.outcome == "review"
    assert "G7" in guards(found)


@pytest.mark.parametrize("born", ["2014-01-01", "2014", "2014-05"])
def test_g8_a_placeholder_or_partial_date_is_never_exact(person, candidate, born):
    found = only(match(person(), [candidate(born=born)]))
    assert found.outcome == "review"
    assert "G8" in guards(found)


def test_g8_in_social_care_the_fifteenth_stands_for_an_unknown_day(person, candidate):
    policy = MatchPolicy(social_care_dates=True)
    fifteenth = {"born": "2014-05-15"}
    assert "G8" in guards(only(match(person(), [candidate(**fifteenth)], policy)))
    assert "G8" not in guards(only(match(person(**fifteenth), [candidate(**fifteenth)])))


def test_g10_an_adopted_child_is_never_matched_without_a_person(person, candidate):
    found = only(match(person(), [candidate(restrictions=("adoption",))]))
    assert found.outcome == "review"
    assert "G10" in guards(found)


def test_g12_a_search_that_was_cut_off_is_never_certain(person, candidate):
    found = only(match(person(), [candidate()], truncated=True))
    assert found.outcome == "review"
    assert "G12" in guards(found)


def test_one_candidate_found_by_several_queries_counts_once(person, candidate):
    assert len(match(person(), [candidate(), candidate(), candidate()])) == 1


def test_address_and_family_name_alone_never_bring_a_sibling_in(person, candidate):
    sibling = only(match(person(), [candidate(given="Yusuf", sex="male", born="2018-09-03")]))
    together = sum(line.millibits for line in sibling.lines if line.field in ("address", "family name"))
    assert together <= 9800
    assert sibling.outcome == "no_match"


def test_plain_dicts_in_the_shape_of_the_case_file_work_too():
    born = {"names": [{"given": ["Aisha"], "family": "Khan"}], "born": "2014-05-17", "sex": "female"}
    born["addresses"] = [{"lines": ["14 Mill Lane"], "postcode": "NB1 4QT"}]
    assert only(match(born, [{"ref": "x"} | born])).outcome == "auto"


@pytest.mark.parametrize(
    "theirs", [{}, {"addresses": ({"postcode": "NB1 4XX"},)}, {"addresses": ({"postcode": "M1 1AA"},)}]
)
def test_g15_names_and_birth_date_alone_are_never_certain(theirs):
    """The source may hold only a stranger of that name who was born that day: nobody else is there to lead."""
    here = {"names": [{"given": ["Aisha"], "family": "Khan"}], "born": "2014-05-17", "sex": "female"}
    place = {"addresses": ({"lines": ["14 Mill Lane"], "postcode": "NB1 4QT", "uprn": "100023336956"},)}
    alone = only(match(here | place, [{"ref": "x"} | here | theirs]))
    assert alone.outcome == "review"
    assert "G15" in {guard.id for guard in alone.guards}


@pytest.mark.parametrize(
    "shared",
    [
        {"identifiers": {"nhs_number": "9434765919"}},
        {"identifiers": {"upn": "H801200001001"}},
        {"addresses": ({"postcode": "NB1 4QT"},)},
        {"addresses": ({"uprn": "100023336956"},)},
    ],
)
def test_g15_is_quiet_where_an_identifier_or_a_place_agrees(shared):
    here = {"names": [{"given": ["Aisha"], "family": "Khan"}], "born": "2014-05-17", "sex": "female"} | shared
    assert only(match(here, [{"ref": "x"} | here])).outcome == "auto"


def test_non_latin_names_are_compared_and_empty_names_never_agree(person, candidate):
    same = only(match(person(given="Оксана", family="Шевченко"), [candidate(given="Оксана", family="Шевченко")]))
    other = only(match(person(given="Оксана", family="Шевченко"), [candidate(given="Андрій", family="Бойко")]))
    assert (same.outcome, other.outcome) == ("auto", "no_match")
    nothing = only(match(person(given="", family=""), [candidate(given="", family="")]))
    assert nothing.outcome != "auto"


names = st.sampled_from(
    ["Aisha", "Ayesha", "Ella", "Ellie", "", "A", "Baby", "Jo-Anne", "Оксана", "O'Neill", "محمد", "x" * 500]
)
dates = st.sampled_from([None, "2014-05-17", "2014-01-01", "2014", "1985-03-14", "2014-05-18", "2031-01-02"])
places = st.sampled_from([(), (Address(lines=("14 Mill Lane",), postcode="NB1 4QT"),), (Address(postcode="ZZ99 3VZ"),)])
facts = st.fixed_dictionaries({
    "given": names, "family": names, "born": dates, "sex": st.sampled_from(["female", "male", "unknown"]),
    "addresses": places,
})  # fmt: skip


def build(here, there):
    """A person and candidates out of drawn facts."""

    def values(drawn):
        given_name, family, born = drawn["given"], drawn["family"], drawn["born"]
        rest = {name: drawn[name] for name in ("sex", "addresses", "identifiers") if name in drawn}
        names = (Name(given=(given_name,) if given_name else (), family=family or None),)
        return rest | {"names": names, "born": PartialDate.parse(born) if born else None}

    whom = Person(id="p1", **values(here))
    return whom, [Candidate(ref=str(n), **values(drawn)) for n, drawn in enumerate(there)]


@settings(max_examples=150, deadline=None)
@given(here=facts, there=st.lists(facts, max_size=5), order=st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters_and_the_bars_add_up(here, there, order):
    whom, candidates = build(here, there)
    first = match(whom, candidates)
    order.shuffle(candidates)
    assert match(whom, candidates) == first
    for item in first:
        assert item.prior + sum(line.millibits for line in item.lines) == item.millibits
        assert item.lines[-1].running == item.millibits


@settings(max_examples=150, deadline=None)
@given(here=facts, there=facts)
def test_comparison_is_the_same_from_both_sides(here, there):
    one, (other,) = build(here, [there])
    two, (back,) = build(there, [here])
    assert only(match(one, [other])).millibits == only(match(two, [back])).millibits


@settings(max_examples=100, deadline=None)
@given(here=facts, there=facts)
def test_an_agreeing_identifier_never_lowers_the_score(here, there):
    number = {"identifiers": {"nhs_number": "9990000018"}}
    one, (other,) = build(here, [there])
    more, (too,) = build(here | number, [there | number])
    assert only(match(more, [too])).millibits > only(match(one, [other])).millibits


def test_importing_identity_loads_no_pandas_and_no_pydantic():
    code = (
        "import sys, mash_trawl.identity; print([m for m in ('pandas', 'pydantic', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("shown", [{}, {"sex": "female"}, {"given": "Aisha"}, {"family": "Khan"}])
def test_a_record_that_hides_who_it_is_about_is_never_taken_for_nobody(person, shown):
    names = {"given": (shown.pop("given"),)} if "given" in shown else {}
    names |= {"family": shown.pop("family")} if "family" in shown else {}
    masked = Candidate(ref="N9", names=(Name(**names),) if names else (), **shown)
    assert only(match(person(), [masked])).outcome == "review"


def test_a_masked_record_that_contradicts_what_it_shows_is_no_match(person):
    masked = Candidate(ref="N9", names=(Name(given=("Declan",)),), sex="male")
    assert only(match(person(), [masked])).outcome == "no_match"


def test_rows_of_one_key_with_a_vague_and_a_full_birth_date_do_not_contradict_each_other(person, candidate):
    rows = [candidate(), candidate(born="2014")]
    for order in (rows, rows[::-1]):
        assert only(match(person(), order)).outcome == "auto"
    rows.append(candidate(born="1960-01-02"))
    assert "G13" in guards(only(match(person(), rows)))
