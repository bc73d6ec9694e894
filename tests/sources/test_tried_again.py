"""What the ledger, the answer and the breaker know of a database that is asked once more, and of one given up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.sources.breaker import Breakers
from mash_trawl.sources.kinds import SqlConnector


@pytest.fixture
def gone(world: Any, clock: Any) -> Any:
    """A database whose file is not there, as the one source of a case."""

    class Gone(SqlConnector):
        name, agency = "gone", "housing"
        offers = frozenset({"housing.asb", "housing.tenancy"})
        search_keys = (("given", "family", "born"),)

        def find(self, query: Any, grant: Any) -> Iterator[Any]:
            with self.open(grant) as session:
                yield from session.rows("select 1 as one")

        def fetch(self, ref: str, grant: Any) -> Iterator[Any]:
            yield from ()

    world.sources, world.people = {"gone": Gone}, ("p1",)
    world.settings = {"gone": {"connect": {"url": "sqlite:////nowhere/at/all.db"}}}
    world.breakers = Breakers.in_memory(clock)
    return world


def test_the_second_sending_is_a_row_and_the_breaker_counts_the_ask_once(gone):
    (answer,) = gone.answers()
    assert (answer.status, answer.why, answer.attempts) == ("unreachable", "connection_refused", 2)
    assert [(row["attempt"], row["page"], row["step"]) for row in gone.rows("source.retried")] == [(2, 1, "find")]
    (closing,) = gone.rows("source.failed")
    assert (closing["requests"], closing["retries"]) == (2, 1)
    assert gone.breakers.standing("gone") == (1, None)


def test_a_hub_that_allows_one_try_gets_one(gone):
    gone.limits = {"gone": Limits(attempts=1)}
    (answer,) = gone.answers()
    assert (answer.attempts, gone.rows("source.retried")) == (1, [])


def test_an_answer_given_up_at_the_deadline_counts_what_was_sent_for_its_person(world, in_memory):
    over = threading.Event()

    class Slow(in_memory):
        def find(self, query, grant):
            yield from super().find(query, grant)
            if query.person == "p2":
                with self.open(grant) as door:
                    door.request(attempt=1)
                    over.wait(10)

    world.sources, world.limits = {"slow": Slow}, {"slow": Limits(deadline=Duration(seconds=1), parallel=1)}
    sent = {answer.person: (answer.status.value, answer.attempts) for answer in world.answers()}
    over.set()
    assert sent == {"p1": ("found", 2), "p2": ("timed_out", 2)}
    assert world.rows("source.failed")[-1]["requests"] == 2
