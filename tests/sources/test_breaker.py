"""The breaker: opens after five failures in a row, tries once after a minute."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from mash_trawl.errors import Unavailable
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.sources.breaker import LIMIT, Breakers, Leave


@pytest.fixture(params=["memory", "database"])
def breakers(request, clock):
    """Breakers kept in a dict, and in the hub's database."""
    if request.param == "memory":
        return Breakers.in_memory(clock)
    return Breakers.of(request.getfixturevalue("store"), clock)


def fail(breakers, times):
    for _ in range(times):
        breakers.record("housing", failed=True)


def may_ask(breakers, source):
    return breakers.leave(source) is not Leave.NO


def test_it_opens_at_the_fifth_failure_in_a_row_and_for_that_source_only(breakers):
    fail(breakers, LIMIT - 1)
    assert may_ask(breakers, "housing")
    fail(breakers, 1)
    assert not may_ask(breakers, "housing") and may_ask(breakers, "police")


def test_a_success_starts_the_count_again(breakers):
    fail(breakers, LIMIT - 1)
    breakers.record("housing", failed=False)
    fail(breakers, LIMIT - 1)
    assert may_ask(breakers, "housing")


def test_after_a_minute_one_may_try_and_the_others_wait_for_how_that_ends(breakers, clock):
    fail(breakers, LIMIT)
    clock.move(seconds=59)
    assert not may_ask(breakers, "housing")
    clock.move(seconds=1)
    assert may_ask(breakers, "housing") and not may_ask(breakers, "housing")
    breakers.record("housing", failed=False)
    assert may_ask(breakers, "housing")


def test_a_try_that_fails_keeps_it_open_for_another_minute(breakers, clock):
    fail(breakers, LIMIT)
    clock.move(seconds=60)
    assert may_ask(breakers, "housing")
    fail(breakers, 1)
    clock.move(seconds=59)
    assert not may_ask(breakers, "housing")


def test_a_clock_that_was_put_back_does_not_shut_a_source_out(breakers, clock):
    fail(breakers, LIMIT)
    clock.move(hours=-1)
    assert may_ask(breakers, "housing")


def test_what_was_seen_outlives_the_run(store, clock):
    fail(Breakers.of(store, clock), LIMIT)
    assert not may_ask(Breakers.of(store, clock), "housing")


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


def test_a_try_that_was_given_back_goes_to_the_next_and_closes_nothing(breakers, clock):
    breakers.give_back("housing")
    assert breakers.leave("housing") is Leave.ASK
    fail(breakers, LIMIT)
    clock.move(seconds=60)
    assert breakers.leave("housing") is Leave.TRY
    breakers.give_back("housing")
    assert breakers.leave("housing") is Leave.TRY
    assert breakers.leave("housing") is Leave.NO


@pytest.fixture
def recovering(world, in_memory, clock):
    """A world whose source failed until a minute ago; `refused_once` is set when a breaker has said no."""

    class Watched(Breakers):
        refused_once = threading.Event()

        def leave(self, source):
            said = super().leave(source)
            if said is Leave.NO:
                self.refused_once.set()
            return said

    world.breakers, world.sources = Watched.in_memory(clock), {"memory": in_memory}
    for _ in range(LIMIT):
        world.breakers.record("memory", failed=True)
    clock.move(seconds=60)
    return world


@pytest.fixture
def forty(recovering, monkeypatch):
    """The same with a case of forty people, of whom four may be asked about at once."""
    _, adult, _ = recovering.case.people
    people = tuple(replace(adult, id=f"a{number}") for number in range(40))
    case = replace(recovering.case, people=people)
    monkeypatch.setattr(type(recovering), "case", property(lambda _: case))
    recovering.people = tuple(person.id for person in people)
    recovering.limits = {"memory": Limits(parallel=4, deadline=Duration(seconds=60))}
    return recovering


@pytest.mark.parametrize("batches", [False, True])
def test_a_person_without_a_usable_key_does_not_use_up_the_try(recovering, in_memory, batches):
    class Some(in_memory):
        pass

    Some.batches = batches
    recovering.sources, recovering.people = {"memory": Some}, ("p3", "p1")
    recovering.limits = {"memory": Limits(parallel=1)}
    assert recovering.said() == {"p3": ("ambiguous_identity", "no_usable_key"), "p1": ("found", "matched")}
    assert recovering.breakers.leave("memory") is Leave.ASK


def test_a_person_without_a_usable_key_is_told_so_while_the_breaker_is_open(recovering, clock):
    clock.move(seconds=-1)
    recovering.people = ("p1", "p3")
    assert recovering.said() == {"p3": ("ambiguous_identity", "no_usable_key"), "p1": ("unreachable", "breaker_open")}


def test_an_ask_that_shows_nothing_of_the_source_gives_the_try_back(recovering, in_memory):
    class NoDriver(in_memory):
        def find(self, query, grant):
            raise Unavailable("driver_missing")
            yield

    recovering.people, recovering.sources = ("p1",), {"memory": NoDriver}
    assert recovering.said() == {"p1": ("not_connected", "driver_missing")}
    recovering.sources = {"memory": in_memory}
    assert recovering.said() == {"p1": ("found", "matched")}


def test_forty_people_are_all_answered_by_a_source_that_is_healthy_again(forty, in_memory):
    class Slow(in_memory):
        def find(self, query, grant):
            assert forty.breakers.refused_once.wait(20)
            yield from super().find(query, grant)

    forty.sources = {"memory": Slow}
    assert forty.said() == dict.fromkeys(forty.people, ("found", "matched"))


def test_when_the_try_fails_nobody_else_of_the_trawl_is_asked_about(forty, in_memory):
    class Dead(in_memory):
        def find(self, query, grant):
            forty.breakers.refused_once.wait(20)
            raise ConnectionError
            yield

    forty.sources = {"memory": Dead}
    said = sorted(forty.said().values())
    assert said == [("unreachable", "breaker_open")] * 39 + [("unreachable", "connector_crashed")]
    assert len(forty.rows("source.asked")) == 1


def test_a_try_that_hangs_holds_the_others_until_the_deadline_and_no_longer(forty, in_memory):
    release = threading.Event()

    class Hangs(in_memory):
        def find(self, query, grant):
            release.wait(20)
            yield from ()

    forty.sources = {"memory": Hangs}
    forty.limits = {"memory": Limits(parallel=4, deadline=Duration(seconds=1))}
    assert set(forty.said().values()) == {("timed_out", "deadline")}
    release.set()
    assert forty.breakers.leave("memory") is Leave.NO


def test_a_stop_wakes_those_who_wait_for_a_try(forty, in_memory):
    release = threading.Event()

    class Hangs(in_memory):
        def find(self, query, grant):
            forty.breakers.refused_once.wait(20)
            forty.stop.set()
            release.wait(20)
            yield from ()

    before = set(threading.enumerate())
    forty.sources = {"memory": Hangs}
    assert set(forty.said().values()) == {("timed_out", "stopped")}
    release.set()
    lines = set(threading.enumerate()) - before
    for line in lines:
        line.join(10)
    assert not any(line.is_alive() for line in lines)
