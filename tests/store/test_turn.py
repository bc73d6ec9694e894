"""One trawl of a case at a time: who holds it, when it is free again, and that a late one seals nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.errors import Refused
from mash_trawl.store import lease
from mash_trawl.store.engine import Store
from mash_trawl.store.turn import case_turn
from mash_trawl.system import process_started

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path):
    store = Store.open("sqlite:///hub.db", tmp_path)
    yield store
    store.close()


def hold(store, clock, actor="j.shah", stop=None):
    return case_turn(store, "MASH-2026-0001", actor, clock, stop or threading.Event())


def elsewhere(process, *, host="another-machine", started="x"):
    return lease.Holder(id="other", actor="r.cole", host=host, process=process, process_started=started)


def taken_by(store, holder, at=NOW):
    with store.begin() as connection:
        return lease.take(connection, "MASH-2026-0001", holder, at)


def test_the_second_run_is_refused_and_told_who_holds_the_case(store, clock):
    with hold(store, clock), pytest.raises(Refused) as refusal, hold(store, clock, "r.cole"):
        pass
    assert refusal.value.why == "case_busy"
    assert "j.shah has been trawling this case since 3 November 2026 at 12:00 UK time" in str(refusal.value)
    assert f"process {os.getpid()}" in str(refusal.value)


def test_another_case_is_free(store, clock):
    with hold(store, clock), case_turn(store, "MASH-2026-0002", "r.cole", clock, threading.Event()):
        pass


def test_a_case_is_free_again_once_its_run_has_ended_even_badly(store, clock):
    with pytest.raises(ZeroDivisionError), hold(store, clock):
        raise ZeroDivisionError
    with hold(store, clock, "r.cole"):
        pass


def test_a_holder_on_another_machine_counts_until_its_lease_ends(store, clock):
    taken_by(store, elsewhere(1))
    clock.now = NOW + lease.LENGTH - timedelta(seconds=1)
    with pytest.raises(Refused), hold(store, clock):
        pass
    clock.now = NOW + lease.LENGTH
    with hold(store, clock):
        pass


def test_a_process_of_this_machine_that_was_killed_is_not_waited_for(store, clock):
    import socket

    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = process_started(child.pid)
    taken_by(store, elsewhere(child.pid, host=socket.gethostname(), started=started))
    with pytest.raises(Refused, match=r"r\.cole"), hold(store, clock):
        pass
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with hold(store, clock):
        pass


def test_a_process_number_that_was_used_again_is_another_process(store, clock):
    import socket

    taken_by(store, elsewhere(os.getpid(), host=socket.gethostname(), started="long ago"))
    with hold(store, clock):
        pass


def test_a_run_that_was_overtaken_can_seal_nothing_and_is_stopped(store, clock):
    stop = threading.Event()
    with hold(store, clock, stop=stop) as turn:
        taken_by(store, elsewhere(1))
        with pytest.raises(Refused, match="another run took this case over"), store.begin() as connection:
            turn.still(connection)
    assert stop.is_set() and turn.overtaken
    with store.read() as connection:
        assert lease.held(connection, "MASH-2026-0001").holder.actor == "r.cole"


def test_renewing_keeps_the_case_and_tells_an_overtaken_run(store, clock):
    with hold(store, clock), store.begin() as connection:
        assert lease.renew(connection, "MASH-2026-0001", 1, NOW + timedelta(seconds=20))
        assert lease.held(connection, "MASH-2026-0001").until == NOW + timedelta(seconds=50)
        assert not lease.renew(connection, "MASH-2026-0001", 0, NOW)


@pytest.mark.parametrize("behind", [1, 12, 240])
def test_a_machine_whose_clock_is_behind_honours_the_lease(store, clock, behind):
    taken_by(store, elsewhere(1))
    clock.now = NOW - timedelta(seconds=behind)
    with pytest.raises(Refused), hold(store, clock):
        pass


def test_a_lease_from_a_clock_that_was_far_ahead_holds_nobody_up(store, clock):
    taken_by(store, elsewhere(1), NOW + timedelta(days=400))
    with hold(store, clock):
        pass


def test_of_many_at_once_exactly_one_holds_the_case(store, clock):
    won, lost, gate, done = [], [], threading.Barrier(12), threading.Event()

    def try_it():
        gate.wait()
        try:
            with hold(store, clock):
                won.append(1)
                done.wait(10)
        except Refused as refusal:
            lost.append(refusal.why)
            if len(lost) == 11:
                done.set()

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lost == ["case_busy"] * 11
