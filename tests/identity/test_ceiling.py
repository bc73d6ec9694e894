"""What keys and guards leave for any weights to reach: counted from guards and levels, never from a score."""

from __future__ import annotations

import pytest

from benchmarks.matching_ceiling import for_a_person_at_most, never_agrees, ruled_out
from benchmarks.matching_table import Row, Table, Tally, ask_all
from mash_trawl.identity import match
from mash_trawl.model.match import MatchPolicy

NUMBER = {"identifiers": {"nhs_number": "999 000 0018"}}


@pytest.mark.parametrize(
    ("record", "person_at_most", "another"),
    [
        ({}, False, False), ({"addresses": ()}, False, False), ({"born": None}, True, False),
        ({"sex": "male"}, True, False),
        ({"given": "Zahra"}, True, True), ({"given": "Alisha"}, True, False), ({"born": "1985-02-11"}, True, True),
        ({"born": "2015-05-17"}, True, False), ({"given": "A"}, True, False),
    ],
)  # fmt: skip
def test_what_a_guard_stands_against_no_weights_reach(person, candidate, record, person_at_most, another):
    found = match(person(), [candidate(**record)])
    assert for_a_person_at_most(found) == person_at_most
    assert ruled_out(person(), found) == another


@pytest.mark.parametrize(
    ("record", "never"),
    [
        ({}, False), ({"given": "Alisha"}, False), ({"born": "2014-06-17"}, False), ({"born": "2014"}, False),
        ({"sex": "male"}, False), ({"given": "Zahra"}, True), ({"given": "A"}, True), ({"given": ""}, True),
        ({"born": None}, True), ({"born": "1985-02-11"}, True),
    ],
)  # fmt: skip
def test_without_any_agreement_of_given_name_and_birth_date_nobody_is_certain(person, candidate, record, never):
    assert never_agrees(match(person(), [candidate(**record)])) == never
    assert not never_agrees(match(person(), [candidate(**record), candidate(ref="whole")]))


def test_an_identifier_keeps_another_name_and_another_year_from_being_somebody_else(person, candidate):
    for record in ({"given": "Zahra"}, {"born": "1985-02-11"}):
        found = match(person(**NUMBER), [candidate(**record, **NUMBER)])
        assert not ruled_out(person(**NUMBER), found)


def test_of_several_records_the_best_counts_and_whom_no_key_finds_is_lost(person, candidate):
    rows = [
        Row(whose="p1", candidate=candidate(born=None, ref="vague")), Row(whose="p1", candidate=candidate(ref="whole")),
        Row(whose="p2", candidate=candidate(given="Zahra", ref="sister")),
        Row(whose="p3", candidate=candidate(given="Nell", family="Fenwick", born="1979-02-11", ref="far")),
    ]  # fmt: skip
    table = Table(rows, [("family_soundex", "born"), ("family_soundex", "given_soundex")])
    tally = ask_all(table, [[(whose, person())] for whose in ("p1", "p2", "p3")], MatchPolicy())
    assert isinstance(tally, Tally)
    assert (tally.held, tally.found, tally.guarded, tally.ruled_out) == (3, 2, 1, 1)
    assert (tally.auto_ceiling, tally.ceiling) == (1 / 3, 1 / 3)
    assert tally.least_review(1.0) == pytest.approx(2 / 3)
    assert tally.least_review(0.2) == 0
