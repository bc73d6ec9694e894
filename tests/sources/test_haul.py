"""A search by a place alone brings fifty people at most, says so, and is counted by its key in the ledger."""

from __future__ import annotations

import json

import pytest

from mash_trawl.api import Candidate, name
from mash_trawl.model.query import MOST_AT_A_PLACE, PersonQuery
from mash_trawl.sources.haul import MOST_KEYS_TOLD, FindHaul
from tests.sources.conftest import InMemory, person_row


def hostel(people: int, rows: int = 1, *, known: bool = True):
    """A source with so many people at the address of the case, each in so many rows, and perhaps the person."""

    class Hostel(InMemory):
        search_keys = (("given", "family", "born"), ("postcode",))

        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                if query.by == ("postcode",):
                    for number in range(people * rows):
                        yield Candidate(ref=f"other-{number % people}", names=(name("Somebody", "Else"),))
                elif known:
                    yield person_row(query, f"r-{query.person}")

    return Hostel


def answer(world, source):
    """The answer about p2, who has an address."""
    world.sources, world.people = {"memory": source}, ("p2",)
    (found,) = world.answers()
    return found


@pytest.fixture
def at_home(world):
    """The case with an address for its second person."""
    world.file["people"][1]["addresses"] = [{"lines": ["1 Example Row"], "postcode": "NB1 4QT"}]
    return world


def test_fifty_people_at_a_place_are_taken(at_home):
    found = answer(at_home, hostel(MOST_AT_A_PLACE))
    assert [(item.by, item.candidates, item.truncated) for item in found.searched][-1] == (("postcode",), 50, False)
    assert found.why != "search_truncated"


def test_one_more_cuts_the_list_and_no_rule_decides_alone(at_home):
    found = answer(at_home, hostel(MOST_AT_A_PLACE + 1))
    told = [(item.by, item.candidates, item.truncated) for item in found.searched]
    assert told[-1] == (("postcode",), 50, True) and not told[0][2]
    assert (found.status, found.why, found.matches, found.findings) == ("partial", "search_truncated", (), ())


def test_a_list_that_was_cut_never_says_that_nothing_is_held(at_home):
    found = answer(at_home, hostel(MOST_AT_A_PLACE + 1, known=False))
    assert (found.status, found.why) == ("partial", "search_truncated")


def test_rows_about_one_person_count_once(at_home):
    found = answer(at_home, hostel(MOST_AT_A_PLACE, rows=3))
    assert (found.searched[-1].candidates, found.searched[-1].truncated) == (150, False)


def test_the_ledger_counts_each_key_and_holds_no_value(at_home):
    answer(at_home, hostel(MOST_AT_A_PLACE + 1))
    row = next(row for row in at_home.rows("source.answered") if row["step"] == "find")
    assert row["searched"]["postcode"] == {"queries": 1, "candidates": 50, "cut_off": 1}
    assert row["searched"]["given + family + born"]["cut_off"] == 0
    assert "NB1" not in json.dumps(row) and "1988" not in json.dumps(row)


def test_very_many_keys_are_counted_together_at_the_end():
    queries = [PersonQuery(id=f"q{n}", person="p1", by=(f"key{n}",)) for n in range(MOST_KEYS_TOLD + 5)]
    told = FindHaul(queries).by_key()
    assert len(told) == MOST_KEYS_TOLD + 1
    assert told["others"] == {"queries": 5, "candidates": 0, "cut_off": 0}


def test_what_the_source_cannot_be_searched_by_stands_in_the_answer(at_home, in_memory):
    found = answer(at_home, in_memory)
    assert found.not_offered == (("family", "born_from", "born_to"), ("postcode",))
    assert found.status == "found"
