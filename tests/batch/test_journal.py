"""The journal as a state machine, on both databases."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mash_trawl.batch.journal import Ending, Journal
from mash_trawl.store.engine import Store

KEYS = ("a", "b", "c")
ENDINGS = {
    "done": Ending(state="done", outcome="complete", version=1),
    "failed": Ending(state="failed", why="crashed", detail="ValueError"),
    "skipped": Ending(state="skipped", why="asked_before"),
}


class Machine(RuleBasedStateMachine):
    """Every step that a batch can take, against a dictionary; processes come and go between any two."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.store = Store.open("sqlite:///hub.db", Path(self.folder.name))
        self.now = iter(range(10**6))
        self.states = dict.fromkeys((1, 2, 3), "queued")
        self.attempts = dict.fromkeys((1, 2, 3), 0)
        self.journal = Journal.open(self.store, self.clock, resume=False)
        assert list(self.journal.take_in(KEYS)) == [1, 2, 3]

    def clock(self):
        from datetime import UTC, datetime, timedelta

        return datetime(2026, 11, 3, tzinfo=UTC) + timedelta(seconds=next(self.now))

    @rule(n=st.sampled_from((1, 2, 3)))
    def begin(self, n):
        if self.states[n] == "queued":
            assert self.journal.begin(n, f"case {n}", 0)
            self.states[n], self.attempts[n] = "running", self.attempts[n] + 1
        else:
            with pytest.raises(RuntimeError):
                self.journal.begin(n, f"case {n}", 0)

    @rule(n=st.sampled_from((1, 2, 3)), how=st.sampled_from(sorted(ENDINGS)))
    def end(self, n, how):
        open_still = self.states[n] in ("queued", "running")
        assert self.journal.end(n, ENDINGS[how], f"case {n}") is open_still
        self.states[n] = how if open_still else self.states[n]

    @rule(n=st.sampled_from((1, 2, 3)))
    def put_back(self, n):
        self.journal.put_back(n)
        self.states[n] = "queued" if self.states[n] == "running" else self.states[n]

    @rule(n=st.sampled_from((1, 2, 3)), other=st.sampled_from((1, 2, 3)))
    def begin_the_case_of_another_file(self, n, other):
        if n != other and self.states[n] == "queued" and self.states[other] in ("running", "done", "failed"):
            assert self.journal.begin(n, f"case {other}", 0) is False

    @rule()
    def die_and_resume(self):
        self.store.close()
        self.store = Store.open("sqlite:///hub.db", Path(self.folder.name))
        self.journal = Journal.open(self.store, self.clock, resume=True)
        left = [n for n, state in self.states.items() if state == "queued"]
        assert list(self.journal.take_in(KEYS)) == left

    @invariant()
    def the_journal_says_what_happened(self):
        rows = self.journal.cases("queued", "running", "done", "failed", "skipped")
        assert {row.n: row.state for row in rows} == self.states
        assert {row.n: row.attempts for row in rows} == self.attempts
        assert self.journal.number == 1

    def teardown(self):
        self.store.close()
        self.folder.cleanup()


TestJournal = Machine.TestCase
TestJournal.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


def test_a_journal_is_the_same_on_both_databases(any_store, clock):
    first = Journal.open(any_store, clock, resume=True)
    assert first.take_in(KEYS) == {1: "a", 2: "b", 3: "c"}
    assert first.begin(2, "case", 4)
    assert first.begin(1, "case", 4) is False
    first.end(1, ENDINGS["skipped"], "case")
    first.close("stopped")
    again = Journal.open(any_store, clock, resume=True)
    assert again.take_in(["c", "d"]) == {3: "c", 4: "d"}
    assert [(row.n, row.before, row.attempts) for row in again.cases("running")] == [(2, 4, 1)]
    assert again.end(2, ENDINGS["done"])
    again.close("ended")
    assert Journal.open(any_store, clock, resume=True).number == 2
    newest = Journal.newest(any_store, clock)
    assert newest is not None
    assert newest.counts() == {}


def test_the_same_file_has_another_digest_in_each_batch(store, clock):
    one, two = (Journal.open(store, clock, resume=False) for _ in range(2))
    assert one.digest("a") != two.digest("a")
    assert one.digest("a") == one.digest("a")
