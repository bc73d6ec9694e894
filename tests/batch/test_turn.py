"""One batch of a hub at a time, also where the clocks of its machines differ."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mash_trawl.batch.night import Desk
from mash_trawl.batch.turn import LEASE, work_through
from mash_trawl.errors import Refused
from mash_trawl.store import lease


def nobody(*_):
    raise AssertionError("there is no case in this list")


def begin(store, clock):
    desk = Desk(load=nobody, profile=nobody, newest=nobody, start=nobody, asks=nobody, clock=clock)
    return work_through(desk, store, "night", [], at_once=1)


def under_way_elsewhere(store, clock, ahead):
    """A batch on another machine, whose clock is ahead of this one's."""
    other = lease.Holder(id="other", actor="night", host="another-machine", process=1, process_started="x")
    with store.begin() as connection:
        lease.take(connection, LEASE, other, clock() + ahead)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=1), timedelta(minutes=5)])
def test_a_batch_on_a_machine_whose_clock_is_ahead_by_up_to_five_minutes_counts(store, clock, ahead):
    under_way_elsewhere(store, clock, ahead)
    with pytest.raises(Refused) as refusal:
        begin(store, clock)
    assert refusal.value.why == "batch_busy"


def test_a_lease_from_further_ahead_comes_from_a_wrong_clock_and_holds_nobody_up(store, clock):
    under_way_elsewhere(store, clock, timedelta(minutes=5, seconds=1))
    assert begin(store, clock).state == "ended"
