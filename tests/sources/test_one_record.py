"""Rows of one record, blank keys, and records that were taken for two people."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from mash_trawl.api import PartialDate, name


@pytest.fixture
def row(make_candidate, world):
    """Makes rows of the record R."""
    from mash_trawl.model.query import PersonQuery

    child = make_candidate(PersonQuery(id="q1", person="p1", by=()), "R")
    return lambda **changes: replace(child, **changes)


def test_rows_with_blank_keys_do_not_make_one_person_of_two(world, in_memory, make_candidate):
    class Keyless(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                for ref in ("", "  ", "\u00a0"):
                    yield make_candidate(query, ref)

        def fetch(self, ref, grant):
            raise AssertionError("fetched a record without a key")

    world.sources = {"memory": Keyless}
    answers = world.answers()
    assert [(one.status, one.why) for one in answers] == [("unreachable", "unreadable_answer")] * 2
    assert [one.quarantined % 3 for one in answers] == [0, 0] and all(one.quarantined for one in answers)
    assert not any(one.matches or one.possible for one in answers)


def test_a_blank_key_beside_a_good_row_is_quarantined_and_nothing_is_taken_for_certain(
    world, in_memory, make_candidate
):
    class Half(in_memory):
        def find(self, query, grant):
            yield from super().find(query, grant)
            yield make_candidate(query, " ")

    world.sources, world.people = {"memory": Half}, ("p1",)
    (answer,) = world.answers()
    assert (answer.status, answer.why, answer.quarantined) == ("partial", "rows_quarantined", 1)
    assert answer.findings == ()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {"born": PartialDate.of(date(1960, 1, 2))},
        {"sex": "male"},
        {"identifiers": {"nhs_number": "999 000 0018"}},
        {"names": (name("Otheria", "Testfall"),)},
    ],
    ids=str,
)
def test_a_record_whose_rows_contradict_each_other_is_for_a_person_to_review(world, in_memory, row, turned, changes):
    rows = [row(sex="female"), row(**{"sex": "female"} | changes)]

    class Mixed(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield from reversed(rows) if turned else rows

        def fetch(self, ref, grant):
            raise AssertionError("fetched a record that contradicts itself")

    world.sources, world.people = {"memory": Mixed}, ("p1",)
    (answer,) = world.answers()
    assert (answer.status, answer.why, answer.possible) == ("ambiguous_identity", "possible_matches", 1)


def disputed(world):
    """What the ledger has of records that were taken for two people."""
    return [row for row in world.rows("match.decided") if row["why"] == "one_record_for_several"]


WITHDRAWN = ("ambiguous_identity", "possible_matches", 1, (), (), 0)


def told(answer):
    """All that the product could learn from an answer about a record."""
    return (answer.status, answer.why, answer.possible, answer.matches, answer.findings, answer.dropped)


@pytest.mark.parametrize("parallel", [1, 2])
@pytest.mark.parametrize("people", [("p1", "p2"), ("p2", "p1")])
def test_one_record_taken_for_two_people_reaches_the_product_for_neither(
    world, in_memory, make_candidate, make_event, parallel, people
):
    class Shared(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield make_candidate(query, "R")

        def fetch(self, ref, grant):
            yield from super().fetch(ref, grant)
            yield make_event("e-other", "somebody else")

    world.sources, world.people = {"memory": Shared}, people
    world.limits = {"memory": replace(world.hub_file().sources[0].limits, parallel=parallel)}
    assert [told(answer) for answer in world.answers()] == [WITHDRAWN] * 2
    (decided,) = disputed(world)
    assert (decided["why"], decided["records"], decided["people"]) == ("one_record_for_several", 1, 2)
    assert world.told_privately("match.decided")[-1] == ["p1", "p2"]


def test_a_record_that_was_fetched_before_the_second_claim_is_withdrawn_and_the_ledger_tells_how_much(
    world, in_memory, make_candidate
):
    fetched = threading.Event()

    class Late(in_memory):
        def find(self, query, grant):
            if query.person == "p2":
                fetched.wait(10)
            with self.open(grant) as door:
                door.request()
                yield make_candidate(query, "R")

        def fetch(self, ref, grant):
            yield from super().fetch(ref, grant)
            fetched.set()

    world.sources = {"memory": Late}
    assert [told(answer) for answer in world.answers()] == [WITHDRAWN] * 2
    (decided,) = disputed(world)
    assert decided["withdrawn"] == 1


def test_people_with_records_of_their_own_keep_them_beside_a_disputed_one(world, in_memory, make_candidate):
    class Shared(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield make_candidate(query, "R")

    world.sources = {"shared": Shared, "own": in_memory}
    answers = world.answers()
    assert [(one.source, one.status) for one in answers] == [
        ("shared", "ambiguous_identity"),
        ("shared", "ambiguous_identity"),
        ("own", "found"),
        ("own", "found"),
    ]


def test_a_source_that_takes_many_is_not_asked_for_a_disputed_record_at_all(world, in_memory, make_candidate):
    class Many(in_memory):
        batches = True

        def find_many(self, asks):
            with self.open(*(ask.grant for ask in asks)) as door:
                door.request()
                for ask in asks:
                    yield ask.query.id, make_candidate(ask.query, "R")

        def fetch_many(self, asks):
            raise AssertionError("fetched a record that was taken for two people")

    world.sources = {"memory": Many}
    assert [told(answer) for answer in world.answers()] == [WITHDRAWN] * 2
    assert [row["step"] for row in world.rows("source.asked")] == ["find"]


def test_a_fetch_that_failed_does_not_hide_that_the_record_was_disputed(world, in_memory, make_candidate):
    class Failing(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield make_candidate(query, "R")

        def fetch(self, ref, grant):
            raise KeyError(ref)
            yield

    world.sources = {"memory": Failing}
    assert [told(answer) for answer in world.answers()] == [WITHDRAWN] * 2
