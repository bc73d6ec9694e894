"""The demo families in social care, schools and youth justice: their story hangs together."""

from __future__ import annotations

from collections import Counter

import pytest

from mash_trawl_county import demo_hub, practice
from mash_trawl_county.beside import district_council, probation
from mash_trawl_county.build import CASE_PEOPLE, EXPECTED, draw
from mash_trawl_county.systems import SYSTEMS
from mash_trawl_county.traces import AWAY, EVENING, FOUND_IN_CAR_PARK, whom


@pytest.fixture(scope="module")
def built():
    return draw(seed=1, families=3)


def test_each_incident_of_the_demo_families_is_told_by_several_systems_within_two_days(built):
    for incident, systems in (
        (EVENING, {"police", "health", "housing", "social_care", "education"}),
        (AWAY, {"police", "social_care"}),
        (FOUND_IN_CAR_PARK, {"police", "social_care"}),
    ):
        told = [trace for trace in built.records if trace.incident == incident]
        assert {trace.system for trace in told} == systems
        assert (max(trace.on for trace in told) - min(trace.on for trace in told)).days <= 2
        assert len({trace.words for trace in told}) == len(told), "nobody repeats another"


def test_a_demo_record_has_a_key_of_its_own_and_is_not_older_than_the_people_in_it(built):
    people = built.people()
    own = [trace for trace in built.records if trace.people[0][0].startswith("D")]
    assert max(Counter((trace.system, trace.ref) for trace in own).values()) == 1
    for trace in own:
        assert all(people[ident].born <= trace.on for ident, _ in trace.people), trace.ref
        assert trace.until is None or trace.until >= trace.on


def test_who_is_expected_to_be_found_has_a_record_there_and_who_is_not_has_none(built):
    for about, expected in zip(CASE_PEOPLE, EXPECTED, strict=True):
        for name, statuses in expected.items():
            held = SYSTEMS[name].held(built)
            for number, ident in enumerate(about, 1):
                status = statuses[f"p{number}"]
                assert status != "found" or ident in held, (name, ident)
                assert status != "none_found" or ident not in held, (name, ident)


def test_the_same_holds_of_the_two_systems_that_only_the_demo_asks(built):
    systems = {module.NAME: module for module in (district_council, probation)}
    for about, expected in zip(CASE_PEOPLE, demo_hub.EXPECTED.values(), strict=True):
        for name, module in systems.items():
            held = whom(module.records(built))
            for number, ident in enumerate(about, 1):
                status = expected[name][f"p{number}"]
                assert status != "found" or ident in held, (name, ident)
                assert status != "none_found" or ident not in held, (name, ident)
    assert {"D2-2", "D2-3"} <= whom(probation.records(built)), "whom no case may or can ask about"


def test_the_practice_answers_about_people_whom_the_demo_has(built):
    names = {f"{person.given} {person.family}" for person in built.people().values()}
    assert set(practice.PATIENTS) <= names


def test_the_relatives_whom_social_care_knows_are_in_no_case_and_in_no_drawn_family(built):
    (family,) = (family for family in built.families if family.id == "D2")
    near = {tie.a for tie in built.ties if tie.b == family.mother.id} | {
        tie.b for tie in built.ties if tie.a == family.mother.id
    }
    relatives = {person.id for person in family.others}
    assert relatives <= near
    assert not relatives & {ident for about in CASE_PEOPLE for ident in about}
    homes = {person.home for person in built.people().values() if person.id not in relatives}
    assert not homes & {person.home for person in family.others}
