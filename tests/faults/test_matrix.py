"""Ten kinds of fault on the lines of five drivers: every answer comes in time, says what happened, and costs no other.

A trawl for each kind: all five sources are spoilt at once, and a sixth is not. Drivers over ODBC run in workers, as on
every hub; that is what ends the ones that hang, and outlives the one that crashes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mash_trawl.model.answer import Status

DRIVERS = ("requests", "psqlodbc", "mariadb", "freetds", "microsoft")
CONTROL = "control"
HANGS = ("silent", "stall", "drip", "tls_stall")
"""Kinds that nobody but a deadline ends."""
SHORT, LONG, LATE = 1, 8, 1.0
"""Seconds: the deadline where it is what ends the fault, and where it is not; how late a trawl may be."""
WAITING = {"garbage": 2}
"""MariaDB's driver reads a length out of garbage, and waits for so much."""
TRIES, LOAD = 3, 6.0
"""LATE must hold in one of so many runs; in every run it holds with so many seconds more."""
HANDSHAKE = {"requests": 400, "psqlodbc": 0, "mariadb": 200, "freetds": 300, "microsoft": 900}
"""How many of a server's bytes pass before its TLS handshake stops; PostgreSQL's only says that it will begin."""
FAILED = {Status.UNREACHABLE, Status.TIMED_OUT}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the drivers are installed for Linux")


@pytest.fixture(scope="module")
def healthy(scene: Any) -> Any:
    """What a trawl brings when nothing is spoilt, and how much each server then sends; the first one warms up."""
    for _ in range(2):
        scene.spoil(None)
        told = scene.trawl(LONG * 2)
    scene.length.update({name: next(filter(None, proxy.sent)) for name, proxy in scene.proxies.items()})
    return told


def part(scene: Any, share: float) -> dict[str, int]:
    """So much of what each server sends in answer to the first question."""
    return {name: int(length * share) for name, length in scene.length.items()}


def assert_the_ledger_knows_every_try(told: Any) -> None:
    """A row for each ask, one that closes it, one for each retry; and what the closing rows count is what was asked."""
    kinds: Counter[tuple[str, str]] = Counter((kind, row["source"]) for kind, row in told.rows)
    closed: Counter[str] = Counter()
    retried: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    for kind, row in told.rows:
        if kind in ("source.answered", "source.failed"):
            closed[row["source"]] += 1
            retried[row["source"]] += row["retries"]
            sent[row["source"]] += row["requests"]
    for name, answer in told.answers.items():
        assert kinds["source.asked", name] == closed[name] >= 1, name
        assert kinds["source.retried", name] == retried[name], name
        early = sent[name] == 0 and answer.status is Status.TIMED_OUT  # a worker that was not there in time
        assert early or sent[name] == kinds["source.asked", name] + retried[name], name
        assert answer.attempts == sent[name], name


def assert_only_the_spoilt_differ(told: Any, healthy: Any) -> None:
    assert told.content(CONTROL) == healthy.content(CONTROL)
    for name in DRIVERS:
        answer = told.answers[name]
        assert answer.status is not Status.NONE_FOUND, name
        if answer.status in FAILED:
            assert answer.findings == () and answer.matches == (), name
        else:
            assert told.content(name) == healthy.content(name), name


def run(scene: Any, kind: str, after: Mapping[str, int], healthy: Any) -> Any:
    """A trawl with this fault; again, when it was late and the machine may have been busy."""
    deadline = SHORT if kind in HANGS else WAITING.get(kind, LONG)
    for _ in range(TRIES):
        scene.spoil(kind, after)
        told = scene.trawl(deadline)
        print(f"{kind}: {told.seconds:.2f} s of {deadline} s; " + ", ".join(
            f"{name} {told.answers[name].status}/{told.answers[name].why}" for name in DRIVERS))  # fmt: skip
        assert_only_the_spoilt_differ(told, healthy)
        assert_the_ledger_knows_every_try(told)
        assert told.seconds <= deadline + LATE + LOAD
        if told.seconds <= deadline + LATE:
            return told
    raise AssertionError(f"late {TRIES} times")


def whys(told: Any) -> dict[str, str]:
    return {name: str(told.answers[name].why) for name in DRIVERS}


def test_all_five_answer_when_nothing_is_spoilt(healthy: Any) -> None:
    assert {answer.status for answer in healthy.answers.values()} == {Status.FOUND}
    assert len({str(healthy.content(name)["findings"]) for name in DRIVERS}) == 1
    assert_the_ledger_knows_every_try(healthy)


@pytest.mark.parametrize("kind", HANGS)
def test_what_hangs_ends_at_the_deadline(scene: Any, healthy: Any, kind: str) -> None:
    after = {"stall": part(scene, 0.5), "tls_stall": HANDSHAKE}.get(kind, {})
    told = run(scene, kind, after, healthy)
    assert whys(told) == dict.fromkeys(DRIVERS, "deadline")


def test_nobody_there_is_told_as_that(scene: Any, healthy: Any) -> None:
    told = run(scene, "refuse", {}, healthy)
    assert whys(told) == dict.fromkeys(DRIVERS, "connection_refused")
    assert told.answers["requests"].attempts == 3


ENDED = {"connection_lost", "connection_refused", "connector_crashed", "server_error"}
"""What a driver may make of a line that ended. MariaDB's (3.1.15) crashes in the middle of a handshake."""


@pytest.mark.parametrize(("kind", "share"), [("cut", 0.5), ("cut", 0.8), ("reset", 0.15), ("reset", 0.7)])
def test_a_line_that_ends_in_the_middle_is_no_answer(scene: Any, healthy: Any, kind: str, share: float) -> None:
    told = run(scene, kind, part(scene, share), healthy)
    assert {told.answers[name].status for name in DRIVERS} == {Status.UNREACHABLE}
    assert set(whys(told).values()) <= ENDED


def test_a_line_that_ends_anywhere_gives_the_whole_answer_or_none(scene: Any, healthy: Any) -> None:
    """Near the end some drivers have all that they need: then it is the same answer, and never a part of it."""
    told = run(scene, "cut", {name: length - 60 for name, length in scene.length.items()}, healthy)
    assert {told.answers[name].status for name in DRIVERS} <= {Status.FOUND, Status.UNREACHABLE}


def test_bytes_that_are_no_answer_are_not_taken_for_one(scene: Any, healthy: Any) -> None:
    told = run(scene, "garbage", {}, healthy)
    assert {told.answers[name].status for name in DRIVERS if name != "mariadb"} == {Status.UNREACHABLE}
    assert told.answers["mariadb"].status in FAILED


def test_a_slow_line_that_is_not_too_late_changes_nothing(scene: Any, healthy: Any) -> None:
    told = run(scene, "slow", {}, healthy)
    assert {told.answers[name].status for name in DRIVERS} == {Status.FOUND}


def retries(told: Any, name: str) -> list[int]:
    """The numbers of the tries in the rows of the ledger."""
    return [row["attempt"] for kind, row in told.rows if kind == "source.retried" and row["source"] == name]


def test_a_line_that_comes_and_goes_is_tried_again(scene: Any, healthy: Any) -> None:
    """REST three times, a database twice; two of three lines are not enough for a database to come through.

    How many asks that makes is the driver's affair: Microsoft's now and then opens a second line by itself, so that
    its first ask comes through and the second one does not.
    """
    told = run(scene, "flap", {}, healthy)
    assert told.answers["requests"].status is Status.FOUND
    assert retries(told, "requests") == [2, 3, 2, 3]
    assert {told.answers[name].status for name in DRIVERS[1:]} == {Status.UNREACHABLE}
    for name in ("psqlodbc", "freetds", "microsoft"):
        assert retries(told, name) in ([2], [2, 2]), name


@pytest.fixture(scope="module", autouse=True)
def nothing_left(scene: Any) -> Iterator[None]:
    """Afterwards the sources answer as before: nothing that happened is kept."""
    yield
    scene.spoil(None)
    assert {answer.status for answer in scene.trawl(LONG * 2).answers.values()} == {Status.FOUND}
