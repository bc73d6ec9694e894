"""A family that moved, through a whole hub: recognised by its being together, and no longer than that holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.model.answer import Status
from mash_trawl.model.match import match_id
from mash_trawl_county.serving import served

CASE = "children-in-need"
MOVED = "update {table} set uprn = '', addr1 = '3 Weir Street', postcode = 'NB7 1AA'"


@pytest.fixture
def moved(place):
    """The housing department has this family at a home that the case does not know, and no number of anybody."""
    with closing(sqlite3.connect(place.root / "county" / "housing.db")) as database:
        people = load_case(place.case(CASE)).people
        born = [(f"{one.born.earliest:%d/%m/%Y}",) for one in people if one.born and one.born.exact]
        database.executemany(MOVED.format(table="person") + ", nhs_no = '' where dob = ?", born)
        database.executemany(
            MOVED.format(table="tenancy") + " where tenancy_id in (select tenancy_id from tenancy_person join person"
            " using (person_id) where dob = ?)", born,
        )  # fmt: skip
        database.commit()
    with served(place.root / "county"), place.open() as hub:
        yield hub


def housing(result):
    return {answer.person: answer for answer in result.answers if answer.source == "housing" and answer.matches}


def test_each_is_found_beside_the_others_and_waits_once_they_are_somebody_elses(moved, place):
    case = place.case(CASE)
    first = moved.run(case)
    together = {person: answer for person, answer in housing(first).items() if answer.matches[0].company}
    assert len(together) > 1
    for person, answer in together.items():
        (match,) = answer.matches
        assert {one.person for one in match.company} <= together.keys() - {person}
        assert match.lines[-1].level == "company" and match.outcome == "auto"
    told = [(one.matches.person, one.matches.items[0].outcome) for one in moved.retold(case) if one.source == "housing"]
    for person in together:
        assert [outcome for who, outcome in told if who == person] == ["review", "auto"]

    again = moved.run(case)
    assert again.unchanged and not again.asked

    last, *others = together
    kept = json.loads(moved.custody.working_copy(moved.unseal(first.path, reason="strategy meeting")) or b"{}")
    for person in others:
        record = match_id("housing", together[person].matches[0].ref, kept["secret"])
        moved.take_back(load_case(case), record, reason="The agency says that this record is of a namesake.")
        told = [one for one in moved.retold(case) if (one.source, one.matches.person) == ("housing", last)]
        assert told and all(one.closed and not one.matches.items for one in told)
    held = (
        moved.custody.working_copy(moved.unseal(moved.custody.newest("DEMO-2026-0002").path, reason="meeting")) or b"{}"
    )
    traces = [one for one in json.loads(held)["traces"] if (one["source"], one["person"]) == ("housing", last)]
    assert traces and not any(one["key"] or one.get("beside") for one in traces)
    after = {answer.person: answer for answer in moved.run(case).answers if answer.source == "housing"}
    assert after[last].status == Status.AMBIGUOUS_IDENTITY and after[last].possible == 1 and not after[last].found
    assert not any(after[person].matches for person in others)
