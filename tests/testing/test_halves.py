"""The checks in two processes: each is run once, what is found is the same, and nothing hangs on the copy."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mash_trawl import system
from mash_trawl.testing.bench import Options
from mash_trawl.testing.halves import Run, shared_out
from mash_trawl.testing.kit import FIRST, JOBS, LAST, Report, checks, run_kit
from mash_trawl.testing.verdict import Check, Result

copies = pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows cannot be copied")
HERE = os.getpid()


def fake_bench(*, twice: bool = True) -> Any:
    """What `shared_out` needs of a bench."""
    return SimpleNamespace(seed=SimpleNamespace(twice=twice), remarks=["of the first checks"])


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program with one thread: pytest's workers have more."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def both(tmp_path: Path) -> Callable[[], None]:
    """Waits until both processes have taken a check, ten seconds at most; their numbers are the files' names."""

    def wait() -> None:
        (tmp_path / str(os.getpid())).touch()
        until = time.monotonic() + 10
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.001)

    return wait


def jobs() -> list[list[Check]]:
    """As the kit shares them out."""
    known = checks()
    return [[known[number] for number in job] for job in JOBS]


def noting(wait: Callable[[], None], then: Callable[[], None] = lambda: None) -> Run:
    """Runs nothing: notes which process was to run it, once both have taken one."""

    def run(bench: Any, one: Check) -> Result:
        wait()
        then()
        bench.remarks.append(f"of check {one.number}")
        return Result(number=one.number, name=one.name, outcome="passed", reason=str(os.getpid()))

    return run


def test_every_check_is_the_first_or_shared_out_or_the_last() -> None:
    assert sorted([*FIRST, *(number for job in JOBS for number in job), *LAST]) == list(checks())


@copies
@pytest.mark.usefixtures("alone")
def test_both_processes_take_part_each_check_is_run_once_and_the_remarks_come_back(both: Any) -> None:
    bench = fake_bench()
    done = shared_out(bench, jobs(), noting(both))
    numbers = sorted(number for job in JOBS for number in job)
    assert sorted(one.number for one in done) == numbers
    assert len({one.reason for one in done}) == 2
    assert sorted(bench.remarks) == sorted(["of the first checks", *(f"of check {number}" for number in numbers)])


@copies
@pytest.mark.usefixtures("alone")
def test_checks_that_look_at_the_same_asks_are_run_in_one_process_in_their_order(both: Any) -> None:
    where = {one.number: one.reason for one in shared_out(fake_bench(), jobs(), noting(both))}
    assert all(len({where[number] for number in job}) == 1 for job in JOBS)


@copies
@pytest.mark.usefixtures("alone")
def test_the_copy_is_gone_when_the_checks_are_done(both: Any, tmp_path: Path) -> None:
    shared_out(fake_bench(), jobs(), noting(both))
    (copy,) = ({int(one.name) for one in tmp_path.iterdir()}) - {HERE}
    with pytest.raises(ProcessLookupError):
        os.kill(copy, 0)


def die() -> None:
    """The copy is killed from outside, as by a machine without memory."""
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    """The copy ends by itself, as when the connector says `exit`."""
    if os.getpid() != HERE:
        raise SystemExit(1)


@copies
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("end", [die, leave])
def test_what_a_copy_took_and_died_of_is_run_here(both: Any, end: Callable[[], None]) -> None:
    done = shared_out(fake_bench(), jobs(), noting(both, end))
    assert sorted(one.number for one in done) == sorted(number for job in JOBS for number in job)
    assert {one.reason for one in done} == {str(HERE)}


@copies
@pytest.mark.usefixtures("alone")
def test_a_copy_that_tells_only_a_part_has_told_nothing(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pickle.dumps
    monkeypatch.setattr("mash_trawl.testing.halves.pickle.dumps", lambda told: whole(told)[:-9])
    assert {one.reason for one in shared_out(fake_bench(), jobs(), noting(both))} == {str(HERE)}


@copies
@pytest.mark.usefixtures("alone")
def test_when_this_process_is_interrupted_the_copy_is_ended_too(both: Any, tmp_path: Path) -> None:
    def interrupted() -> None:
        if os.getpid() == HERE:
            raise KeyboardInterrupt
        time.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        shared_out(fake_bench(), jobs(), noting(both, interrupted))
    (copy,) = ({int(one.name) for one in tmp_path.iterdir()}) - {HERE}
    with pytest.raises(ProcessLookupError):
        os.kill(copy, 0)


ORPHAN = """
import os, signal, sys, time
from mash_trawl.system.copies import copied
from mash_trawl.testing.guard import staying
def work():
    with staying():
        print(os.getpid(), flush=True)
        time.sleep(60)
with copied(work) as told:
    sys.stdin.read(1)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@copies
def test_when_this_process_is_killed_the_copy_ends_by_itself() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ours:
        assert ours.stdin and ours.stdout
        copy = int(ours.stdout.readline())
        began = system.process_started(copy)
        ours.stdin.write(b"x")
        ours.stdin.close()
    until = time.monotonic() + 10
    while system.process_alive(copy, began) and time.monotonic() < until:
        time.sleep(0.01)
    assert not system.process_alive(copy, began)


@pytest.mark.usefixtures("alone")
def test_a_seed_that_cannot_be_asked_twice_at_once_is_asked_by_one_process() -> None:
    done = shared_out(fake_bench(twice=False), jobs(), noting(lambda: None))
    assert {one.reason for one in done} == {str(HERE)}


def test_a_process_with_another_thread_is_not_copied() -> None:
    ended = threading.Event()
    other = threading.Thread(target=ended.wait, args=(10,))
    other.start()
    try:
        done = shared_out(fake_bench(), jobs(), noting(lambda: None))
    finally:
        ended.set()
        other.join()
    assert {one.reason for one in done} == {str(HERE)}


def test_only_a_database_in_a_file_is_asked_by_both(systems: Any) -> None:
    assert [kind for kind, (_, seed, _) in systems.items() if seed().twice] == ["sql"]


def found(report: Report) -> list[tuple[Any, ...]]:
    """What the kit found, without how long it took."""
    return [(one.number, one.outcome, one.findings, one.reason) for one in report.results]


@pytest.mark.parametrize("faulty", [False, True], ids=["a healthy one", "a faulty one"])
def test_a_connector_is_judged_alike_by_one_process_and_by_two(
    systems: Any, monkeypatch: pytest.MonkeyPatch, *, faulty: bool
) -> None:
    small, seed, cast = systems["sql"]
    asked = {"offers": small.offers | {"small.third"}, "search_keys": (("family", "born"), ("postcode",))}
    told = {"__module__": small.__module__, "__doc__": small.__doc__} | (asked if faulty else {})
    connector = type("Small", (small,), told)
    reports = []
    for threads in (2, 1):
        monkeypatch.setattr(threading, "active_count", lambda threads=threads: threads)
        reports.append(run_kit(connector, seed(), cast=cast, options=Options(not_codes={"outcome": "free text"})))
    one, two = reports
    assert found(one) == found(two)
    assert (one.green, one.remarks) == (not faulty, two.remarks)
    assert faulty or one.remarks == ("outcome is not taken for a code: free text",)
