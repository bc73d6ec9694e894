"""The trawls of a case, newest first, and one whose process died."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.errors import Refused
from mash_trawl.store.engine import Store
from mash_trawl.store.runs import finish_run, runs_of, start_run

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_the_trawls_of_a_case_are_kept_with_how_they_ended(any_store: Store) -> None:
    with any_store.begin() as connection:
        start_run(connection, "r1", "case-1", NOON)
        start_run(connection, "r2", "case-2", NOON)
        finish_run(connection, "r1", "finished", NOON + timedelta(seconds=4), record="x7")
        start_run(connection, "r3", "case-1", NOON + timedelta(hours=1))
    with any_store.read() as connection:
        died, finished = runs_of(connection, "case-1")
    assert (died.run_id, died.finished, died.outcome, died.record) == ("r3", None, None, None)
    assert (finished.run_id, finished.outcome, finished.record) == ("r1", "finished", "x7")
    assert (finished.started, finished.finished) == (NOON, NOON + timedelta(seconds=4))


def test_a_run_cannot_start_twice(any_store: Store) -> None:
    with pytest.raises(Refused), any_store.begin() as connection:
        start_run(connection, "r1", "case-1", NOON)
        start_run(connection, "r1", "case-1", NOON)
