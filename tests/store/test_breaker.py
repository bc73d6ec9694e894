"""A source's failures are remembered between runs."""

from __future__ import annotations

from datetime import UTC, datetime

from mash_trawl.store.breaker import BreakerState, breaker_state, set_breaker
from mash_trawl.store.engine import Store


def test_a_source_that_never_failed_is_asked(any_store: Store) -> None:
    with any_store.read() as connection:
        assert breaker_state(connection, "housing") == BreakerState(failures=0, opened_at=None)


def test_the_last_state_of_each_source_is_kept(any_store: Store) -> None:
    opened = BreakerState(failures=5, opened_at=datetime(2026, 11, 3, 9, 20, tzinfo=UTC))
    with any_store.begin() as connection:
        set_breaker(connection, "housing", BreakerState(failures=1))
        set_breaker(connection, "police", BreakerState(failures=2))
        set_breaker(connection, "housing", opened)
    with any_store.read() as connection:
        assert breaker_state(connection, "housing") == opened
        assert breaker_state(connection, "police") == BreakerState(failures=2)
