"""The people of the county: as hard as real ones, and the same for a seed however many are drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

import pytest

from mash_trawl.config.identifiers import upn_fault
from mash_trawl_county.build import Built, draw
from mash_trawl_county.people import TODAY
from mash_trawl_county.systems.held import held_as


@pytest.fixture(scope="module")
def built() -> Built:
    return draw(seed=5, families=600)


def test_a_family_is_the_same_however_many_others_are_drawn_after_it() -> None:
    few, many = draw(4, 20), draw(4, 60)
    assert [asdict(family) for family in few.families] == [asdict(family) for family in many.families[:23]]
    assert few.records == many.records[: len(few.records)]


def test_everything_that_makes_matching_hard_is_there(built: Built) -> None:
    marks = Counter(mark for held in built.marks.values() for mark in held)
    assert set(marks) == {
        "twins", "half_siblings", "moved", "renamed", "alias", "father_and_son", "lodgers", "grandmother", "adopted",
        "hidden", "unborn", "namesake_same_day", "namesake", "same_day", "died",
    }  # fmt: skip


def test_names_collide_as_common_names_do(built: Built) -> None:
    names = Counter((person.given, person.family) for person in built.people().values())
    assert names.most_common(1)[0][1] >= 5


def test_strangers_share_the_name_and_the_birth_date_of_somebody_else(built: Built) -> None:
    people = [person for family in built.families for person in family.everyone()]
    known = {(person.given, person.family, person.born) for person in people}
    assert any((stranger.given, stranger.family, stranger.born) in known for stranger in built.strangers)


def test_every_system_holds_some_people_otherwise_than_they_are(built: Built) -> None:
    people = built.people()
    for system in ("housing", "police", "health", "social_care", "education", "youth_offending"):
        changed = Counter(
            field
            for (name, ident), own in built.spelling.items()
            for field in own
            if name == system and ident in people
        )
        assert {"given", "family", "born", "home"} <= set(changed)


def test_nobody_is_born_after_today_and_the_unborn_have_no_birth_date_anywhere(built: Built) -> None:
    for person in built.people().values():
        if person.due:
            assert person.due > TODAY
            assert held_as(person, "health", built.spelling).born is None
        else:
            own = held_as(person, "police", built.spelling)
            assert person.born < TODAY and (own.born is None or own.born <= TODAY)


def test_unique_pupil_numbers_are_valid_and_different(built: Built) -> None:
    numbers = [person.upn for person in built.people().values() if person.upn]
    assert numbers and len(numbers) == len(set(numbers))
    assert not [number for number in numbers if upn_fault(number)]


def test_one_incident_is_told_by_several_agencies_within_two_days(built: Built) -> None:
    told: dict[str, list] = {}
    for trace in built.records:
        if trace.incident:
            told.setdefault(trace.incident, []).append(trace)
    assert max(len({trace.system for trace in traces}) for traces in told.values()) >= 3
    assert all((max(t.on for t in traces) - min(t.on for t in traces)).days <= 2 for traces in told.values())


def test_records_lie_in_the_lives_of_those_they_are_about(built: Built) -> None:
    people = built.people()
    for trace in built.records:
        for ident, _ in trace.people:
            assert people[ident].born <= trace.on
