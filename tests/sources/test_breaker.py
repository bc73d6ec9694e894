"""The breaker: opens after five failures in a row, tries once after a minute."""

from __future__ import annotations

import pytest

from mash_trawl.model.hub import Limits
from mash_trawl.sources.breaker import LIMIT, Breakers


@pytest.fixture(params=["memory", "database"])
def breakers(request, clock):
    """Breakers kept in a dict, and in the hub's database."""
    if request.param == "memory":
        return Breakers.in_memory(clock)
    return Breakers.of(request.getfixturevalue("store"), clock)


def fail(breakers, times):
    for _ in range(times):
        breakers.record("housing", failed=True)


def test_it_opens_at_the_fifth_failure_in_a_row_and_for_that_source_only(breakers):
    fail(breakers, LIMIT - 1)
    assert breakers.allows("housing")
    fail(breakers, 1)
    assert not breakers.allows("housing") and breakers.allows("police")


def test_a_success_starts_the_count_again(breakers):
    fail(breakers, LIMIT - 1)
    breakers.record("housing", failed=False)
    fail(breakers, LIMIT - 1)
    assert breakers.allows("housing")


def test_after_a_minute_one_may_try_and_the_others_wait_for_how_that_ends(breakers, clock):
    fail(breakers, LIMIT)
    clock.move(seconds=59)
    assert not breakers.allows("housing")
    clock.move(seconds=1)
    assert breakers.allows("housing") and not breakers.allows("housing")
    breakers.record("housing", failed=False)
    assert breakers.allows("housing")


def test_a_try_that_fails_keeps_it_open_for_another_minute(breakers, clock):
    fail(breakers, LIMIT)
    clock.move(seconds=60)
    assert breakers.allows("housing")
    fail(breakers, 1)
    clock.move(seconds=59)
    assert not breakers.allows("housing")


def test_a_clock_that_was_put_back_does_not_shut_a_source_out(breakers, clock):
    fail(breakers, LIMIT)
    clock.move(hours=-1)
    assert breakers.allows("housing")


def test_what_was_seen_outlives_the_run(store, clock):
    fail(Breakers.of(store, clock), LIMIT)
    assert not Breakers.of(store, clock).allows("housing")


def test_an_open_breaker_answers_without_asking(world, in_memory, clock):
    class Dead(in_memory):
        def find(self, query, grant):
            raise ConnectionError
            yield

    world.breakers = Breakers.in_memory(clock)
    world.limits = {"dead": Limits(parallel=1)}
    world.sources, world.people = {"dead": Dead}, ("p1",)
    said = [world.said()["p1"] for _ in range(LIMIT + 1)]
    assert said == [("unreachable", "connector_crashed")] * LIMIT + [("unreachable", "breaker_open")]
    assert len(world.rows("source.asked")) == LIMIT


def test_a_missing_secret_says_nothing_about_the_source(world, in_memory, clock):
    def resolve(text):
        raise OSError

    world.breakers, world.resolve, world.people = Breakers.in_memory(clock), resolve, ("p1",)
    world.sources, world.settings = {"memory": in_memory}, {"memory": {"connect": {"url": "env:X"}}}
    assert [world.said()["p1"][1] for _ in range(LIMIT + 1)] == ["secret_missing"] * (LIMIT + 1)
