"""A batch that dies at any step and is resumed, whose cases are poisoned, or whose hub is in trouble."""

from __future__ import annotations

import errno
import threading
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.batch.night import SETBACKS
from mash_trawl.batch.summary import summary
from mash_trawl.errors import Malformed, Misconfigured, Problem, Refused

SLOWLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def test_every_case_gets_one_product_and_the_journal_says_so(world):
    journal = world.night()
    assert world.products == Counter("ABCD")
    assert journal.counts() == {("done", "nothing_permitted", ""): 4}
    assert journal.run().state == "ended"


@SLOWLY
@given(st.lists(st.integers(0, 30), max_size=4), st.integers(1, 3))
def test_whatever_moments_it_dies_at_a_resumed_batch_gives_every_case_exactly_one_product(make_world, deaths, at_once):
    world = make_world(["A", "B", "C", "D"])
    for moment in deaths:
        world.store.live(moment)
        finished = dict(world.products)
        try:
            world.night(at_once=at_once)
        except BaseException as end:
            assert type(end).__name__ == "Dead"
        assert all(world.products[case] >= number for case, number in finished.items())
    world.store.live()
    journal = world.night(at_once=at_once)
    assert world.products == Counter("ABCD"), "exactly one product each"
    assert all(world.asked[case] <= 1 + len(deaths) for case in "ABCD")
    done = summary(journal)
    assert (done.state, done.cases, done.counts["left"], done.counts["failed"]) == ("ended", 4, 0, 0)


def test_at_every_single_step_a_death_repeats_at_most_what_was_in_flight(make_world):
    steps = 0
    while True:
        world = make_world(["A", "B", "C"])
        world.store.live(steps)
        try:
            world.night(at_once=1)
            died = False
        except BaseException:
            died = True
        done_before = Counter({case: world.asked[case] for case in world.products})
        world.store.live()
        world.night(at_once=1)
        assert world.products == Counter("ABC"), steps
        assert all(world.asked[case] == number for case, number in done_before.items()), "a finished case asked again"
        assert sum(world.asked.values()) <= 4, "only the one in flight is asked twice"
        if not died:
            break
        steps += 1
    assert steps > 15


def test_a_case_that_is_ruined_costs_itself_alone(world):
    world.cases = ["A", "crash", "wrong", "busy", "gone", "B", "own"]
    troubles = {
        "crash": ZeroDivisionError("a value that nobody may read"),
        "wrong": Misconfigured(Problem(where="/secret/name.yaml:12:3: people", what="this is no date."), *[
            Problem(where="x", what="y")] * 2),
        "busy": Refused("case_busy"),
        "gone": Refused("case_destroyed"),
        "own": Malformed("odd"),
    }  # fmt: skip

    def spoil(case):
        if case in troubles:
            raise troubles[case]

    world.spoil = spoil
    done = summary(world.night(at_once=3))
    assert (done.counts["nothing_permitted"], done.counts["failed"], done.counts["skipped"]) == (2, 3, 2)
    assert {row.case_id: (row.why, row.detail) for row in done.troubles} == {
        "crash": ("crashed", "ZeroDivisionError"),
        "wrong": ("case_unreadable", "line 12: this is no date. (and 2 more)"),
        "own": ("trawl_failed", "Malformed"),
    }
    assert done.something_is_missing


@pytest.mark.parametrize(
    "trouble",
    [Refused("record_not_writable"), Refused("clock_behind"), OSError(errno.ENOSPC, "full"), Refused("root_missing")],
    ids=lambda trouble: getattr(trouble, "why", "disk full"),
)
def test_trouble_of_the_hub_stops_the_batch_and_spends_no_case(world, trouble):
    def spoil(case):
        if case == "C":
            raise trouble

    world.spoil = spoil
    with pytest.raises(type(trouble)):
        world.night(at_once=1)
    assert world.products == Counter("AB")
    world.spoil = lambda _: None
    journal = world.night()
    assert world.products == Counter("ABCD")
    assert journal.number == 1
    assert summary(journal).state == "ended"


@pytest.mark.parametrize("times", [SETBACKS, SETBACKS + 1])
def test_a_ledger_that_others_lock_for_a_while_is_waited_for_and_not_for_ever(world, times):
    locked = [times]

    def spoil(case):
        if locked[0]:
            locked[0] -= 1
            raise Refused("ledger_not_writable")

    world.spoil = spoil
    if times > SETBACKS:
        with pytest.raises(Refused, match="ledger"):
            world.night(at_once=1)
    else:
        world.night(at_once=1)
        assert world.products == Counter("ABCD")


def test_two_files_of_one_case_give_one_product(world):
    world.cases = ["A", "B", "A", "A"]
    done = summary(world.night(at_once=3))
    assert world.products == Counter("AB")
    assert done.counts["skipped"] == 2
    assert set(done.whys) <= {"listed_twice", "asked_before"}


def test_a_stop_leaves_the_rest_queued_and_a_new_batch_is_a_new_one(world):
    stop = threading.Event()
    world.spoil = lambda _: stop.set()
    journal = world.night(at_once=1, stop=stop)
    assert summary(journal).counts["left"] == 3
    assert journal.run().state == "stopped"
    world.spoil = lambda _: None
    fresh = summary(world.night(resume=False))
    assert (fresh.batch, fresh.cases, fresh.whys) == (2, 4, {"asked_before": 1})
    assert world.products == Counter("ABCD")


def test_what_is_no_longer_listed_is_skipped_and_what_is_new_joins_in(world):
    stop = threading.Event()
    world.spoil = lambda _: stop.set()
    world.night(at_once=1, stop=stop)
    world.spoil = lambda _: None
    world.cases = ["A", "B"]
    first = summary(world.night())
    assert first.whys == {"not_listed_any_more": 2}
    assert world.products == Counter("AB")


def test_nothing_of_a_finished_case_is_in_the_journal_but_its_id(world, tmp_path):
    world.night()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("hub.db*"))
    assert b"/cases/" not in stored
