"""Several trawls of one hub at one source: who waits, who goes first, and whose time runs."""

from __future__ import annotations

import itertools
import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.consent.grants import mint_grants
from mash_trawl.errors import Unavailable
from mash_trawl.identity.recognise import Recognise
from mash_trawl.model.answer import Why
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.sources import lane
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.lanes import ask
from mash_trawl.sources.pace import MOST_REST, Pace, Width


class Shared:
    """One gate, several trawls."""

    def __init__(self, world) -> None:
        self.world, self._ids = world, itertools.count()
        self.gate = Gate.build(
            world.ledger,
            world.hub_file(),
            resolve=world.resolve,
            clock=world.clock,
            monotonic=time.monotonic,
            actor="a",
        )
        self.answers: list = []

    def trawl(self) -> None:
        decisions = self.world.decisions()
        grants = mint_grants(decisions, decisions.at, lambda: f"g{next(self._ids)}")
        self.answers.append(
            ask(
                self.world.case, decisions, grants, registry=self.world.registry(), gate=self.gate,
                plan=self.world.plan, match=Recognise(), clock=self.world.clock, stop=self.world.stop,
            )
        )  # fmt: skip

    def at_once(self, trawls: int) -> list[tuple[str, str]]:
        threads = [threading.Thread(target=self.trawl) for _ in range(trawls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [(one.status.value, one.why.value) for answers in self.answers for one in answers]


def test_a_deadline_does_not_run_while_other_trawls_of_the_hub_are_being_served(world, in_memory):
    class Slow(in_memory):
        def find(self, query, grant):
            time.sleep(0.4)
            yield from super().find(query, grant)

    world.sources, world.people = {"slow": Slow}, ("p1",)
    world.limits = {"slow": Limits(deadline=Duration(seconds=1), parallel=1)}
    assert Shared(world).at_once(5) == [("found", "matched")] * 5


def test_a_trawl_that_waits_too_long_for_its_first_place_is_told_so_and_harms_no_breaker(world, in_memory, monkeypatch):
    held = threading.Event()

    class Holding(in_memory):
        def find(self, query, grant):
            held.wait(10)
            yield from super().find(query, grant)

    monkeypatch.setattr(lane, "PATIENCE", 0.3)
    world.sources, world.people = {"slow": Holding}, ("p1",)
    world.limits = {"slow": Limits(deadline=Duration(seconds=30), parallel=1)}
    shared = Shared(world)
    first = threading.Thread(target=shared.trawl)
    first.start()
    while not world.rows("source.asked"):
        time.sleep(0.01)
    shared.trawl()
    held.set()
    first.join()
    assert [(one.status, one.why) for (one,) in shared.answers] == [("timed_out", "deadline"), ("found", "matched")]
    assert len(world.rows("source.asked")) == 2


def test_a_stop_ends_a_trawl_that_stands_in_the_queue_at_once(world, in_memory):
    held = threading.Event()

    class Holding(in_memory):
        def find(self, query, grant):
            held.wait(10)
            yield from super().find(query, grant)

    world.sources, world.people = {"slow": Holding}, ("p1",)
    world.limits = {"slow": Limits(deadline=Duration(seconds=30), parallel=1)}
    shared = Shared(world)
    threads = [threading.Thread(target=shared.trawl) for _ in range(3)]
    for thread in threads:
        thread.start()
    while not world.rows("source.asked"):
        time.sleep(0.01)
    world.stop.set()
    for thread in threads:
        thread.join(5)
    held.set()
    assert [one.why for (one,) in shared.answers] == ["stopped"] * 3
    assert shared.gate.post("slow").width.take(0) is not None


def test_all_trawls_together_never_have_more_lines_at_a_source_than_it_can_bear(world, in_memory):
    lock, running, most = threading.Lock(), [0], [0]

    class Counting(in_memory):
        def find(self, query, grant):
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            time.sleep(0.02)
            with lock:
                running[0] -= 1
            yield from super().find(query, grant)

    world.sources = {"counted": Counting}
    world.limits = {"counted": Limits(deadline=Duration(seconds=20), parallel=2)}
    assert len(Shared(world).at_once(8)) == 16
    assert most == [2]


def test_a_slow_source_leaves_the_others_their_own_places(world, in_memory):
    slow_may_answer, quick = threading.Event(), []

    class Slow(in_memory):
        def find(self, query, grant):
            slow_may_answer.wait(10)
            yield from super().find(query, grant)

    class Quick(in_memory):
        def fetch(self, ref, grant):
            yield from super().fetch(ref, grant)
            quick.append(ref)
            if len(quick) == 4:
                slow_may_answer.set()

    world.sources, world.people = {"slow": Slow, "quick": Quick}, ("p1",)
    world.limits = {"slow": Limits(parallel=1), "quick": Limits(parallel=1)}
    assert Shared(world).at_once(4) == [("found", "matched")] * 8


def test_what_a_source_asks_for_is_heeded_by_the_next_trawl_as_well(world, in_memory):
    """A batch of forty cases does not knock forty times at a source that said when to come back."""
    asked = []

    class Busy(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                asked.append(query.person)
                raise Unavailable(Why.TOO_MANY_REQUESTS, 600)
            yield

    world.sources, world.people = {"busy": Busy}, ("p1",)
    shared = Shared(world)
    shared.trawl()
    shared.trawl()
    assert [answers[0].why for answers in shared.answers] == ["too_many_requests"] * 2
    assert asked == ["p1"], "it was asked once"
    assert [row["why"] for row in world.rows("source.failed")] == ["too_many_requests"] * 2


def test_nobody_can_ask_to_be_left_alone_for_ever():
    pace = Pace(None)
    pace.rest(100.0, 10**9)
    assert pace.resting(100.0) == MOST_REST and pace.resting(100.0 + MOST_REST) == 0
    pace.rest(100.0, 1)
    assert pace.resting(100.0) == MOST_REST, "a shorter wish does not take back a longer one"


@given(st.integers(1, 4), st.lists(st.sampled_from(["line up", "give back", "twice", "leave queue"]), max_size=40))
def test_places_are_given_in_order_and_never_more_than_there_are(places, acts):
    width, queue = Width(places), []
    for act in acts:
        here = [place for place in queue if place.called.is_set()]
        waiting = [place for place in queue if not place.called.is_set()]
        if act == "line up":
            queue.append(width.line_up())
        elif act in ("give back", "twice") and here:
            here[0].give_back()
            if act == "twice":
                here[0].give_back()
            queue.remove(here[0])
        elif act == "leave queue" and waiting:
            waiting[-1].give_back()
            assert not waiting[-1].wait(0)
            queue.remove(waiting[-1])
        called = [place.called.is_set() for place in queue]
        assert called == sorted(called, reverse=True), "first come, first served"
        assert sum(called) == min(places, len(queue)), "no free place while somebody waits"


@given(st.integers(1, 50), st.lists(st.floats(0, 0.5), min_size=1, max_size=60))
def test_no_second_holds_more_turns_than_the_source_allows(per_second, pauses):
    pace, now, turns = Pace(per_second), 100.0, []
    for pause in pauses:
        now += pause
        turns.append(now + pace.turn(now))
    gaps = [later - earlier for earlier, later in itertools.pairwise(turns)]
    assert all(gap >= 1 / per_second - 1e-9 for gap in gaps)
