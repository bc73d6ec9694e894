"""Killed at any moment, stopped by the user, or with a ledger that can no longer be written: never half a product."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time

import pytest

from mash_trawl.errors import Refused
from mash_trawl.hub import Hub

KILLS = int(os.environ.get("MASH_TRAWL_KILLS", "15"))
"""How many random moments are tried; `MASH_TRAWL_KILLS=200` for a long run."""


def test_killed_at_random_moments_there_is_an_old_product_a_whole_new_one_or_none(place, county):
    case = place.case("children-in-need")
    with place.open() as hub:
        began = time.monotonic()
        path = hub.run(case).path
        took = time.monotonic() - began
    chance = random.Random(7)
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            _run_and_exit(place, case)
        time.sleep(chance.uniform(0, took * 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        path = _newest_opens(place, path)


def _run_and_exit(place, case):
    """The child: one trawl, then out, without the test runner's clean-up."""
    try:
        with Hub.open(place.hub) as hub:
            hub.run(case, refresh=("all",))
    finally:
        os._exit(0)


def _newest_opens(place, before):
    """After a kill: the hub recovers, its newest record opens, no part files are left, the ledger is whole."""
    from mash_trawl.audit.verify import verify

    with place.open() as hub:
        known = hub.custody.newest("DEMO-2026-0002")
        assert known.path is not None
        assert known.path.exists()
        assert hub.open(known.path, reason="test").people
        assert {file.suffix for file in hub.records.iterdir()} <= {".mtr"}
        assert not verify(hub.store, hub.signer.verifier).problems
        return known.path


def test_ctrl_c_writes_nothing_half_and_closes_the_ledger(place, county, begin):
    slow = county.police.reply
    county.police.reply = lambda request: (time.sleep(3), slow(request))[1]
    running = begin("--hub", place.hub, "run", place.case("children-in-need"))
    deadline = time.monotonic() + 30
    while not sum(county.police.hits.values()) and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130, err
    assert not list((place.hub / "records").iterdir())
    with place.open() as hub:
        assert [row.kind for row in hub.ledger.rows()][-1] == "trawl.stopped"


def test_a_ledger_that_becomes_unwritable_stops_the_trawl_before_the_next_request(place, county):
    with place.open() as hub:
        hits = []
        original = county.police.reply

        def reply(request):
            hits.append(request.path)
            return original(request)

        county.police.reply = reply
        write = hub.ledger.write

        def failing(*entries):
            if any(entry.kind == "source.asked" for entry in entries):
                raise Refused("ledger_not_writable")
            return write(*entries)

        hub.ledger.write = failing
        with pytest.raises(Refused, match="ledger"):
            hub.run(place.case("children-in-need"))
        assert hits == []
        assert not list(hub.records.iterdir())


def test_a_run_can_be_cancelled_from_the_library(place, county):
    from mash_trawl.trawl import Stopped

    slow = county.health.reply
    county.health.reply = lambda request: (time.sleep(1), slow(request))[1]
    with place.open() as hub:
        run = hub.start(place.case("children-in-need"))
        run.cancel()
        with pytest.raises(Stopped):
            run.result()


def test_a_ledger_that_cannot_be_written_any_more_ends_the_run_with_exit_5(place, county, begin):
    slow = county.health.reply
    holders = []

    def lock_the_ledger(request):
        if not holders:
            holder = sqlite3.connect(place.hub / "hub.db", isolation_level=None, check_same_thread=False)
            holder.execute("begin immediate")
            holders.append(holder)
        return slow(request)

    county.health.reply = lock_the_ledger
    running = begin("--hub", place.hub, "run", place.case("children-in-need"))
    _, err = running.communicate(timeout=60)
    for holder in holders:
        holder.rollback()
        holder.close()
    assert running.returncode == 5, err
    assert "ledger" in err
    assert not list((place.hub / "records").iterdir())
