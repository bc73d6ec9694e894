"""Connectors that leave the program, start others, write where nobody looks, or never end: the kit tells of each."""

from __future__ import annotations

import io
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.testing.contract import ConnectorContract
from mash_trawl.testing.kit import Report, run_kit

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes are copied on POSIX alone")
Act = Callable[[], object]


@pytest.fixture
def test(systems: Any) -> Callable[..., Report]:
    """The healthy connector over a database, with something more that it does each time it is asked."""
    small, seed, cast = systems["sql"]

    def run(*numbers: int, **body: Any) -> Report:
        told = {"__module__": small.__module__, "__doc__": small.__doc__}
        return run_kit(type("Rude", (small,), told | body), seed(), cast=cast, only=numbers or None)

    return run


def first(act: Act, step: str = "fetch") -> dict[str, Any]:
    """A connector that does this before it fetches (or finds)."""

    def ask(self: Any, what: Any, grant: Any) -> Iterator[Any]:
        act()
        yield from getattr(super(type(self), self), step)(what, grant)

    return {step: ask}


def found(report: Report, number: int) -> str:
    """What one check said."""
    return " ".join(next(one for one in report.results if one.number == number).findings)


def leave() -> None:
    """As `sys.exit()` in a script that became a connector."""
    raise SystemExit(0)


@pytest.mark.parametrize("act", [leave, lambda: os._exit(0)], ids=["exit", "_exit"])
def test_one_that_ends_the_program_fails_and_everything_else_is_still_asked(test: Any, act: Act) -> None:
    report = test(2, 12, 14, **first(act))
    assert "`connector_crashed` (SystemExit)" in found(report, 2)
    assert "the connector turns it into SystemExit" in found(report, 12)
    assert len(report.results) == 3


def test_one_that_ends_the_program_when_it_is_made_fails(test: Any) -> None:
    report = test(2, 12, __init__=lambda self, *given: leave())
    assert "connector_crashed" in found(report, 2) and "cannot even be made (SystemExit)" in found(report, 12)


def test_one_that_tries_again_when_it_is_refused_is_given_up(test: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mash_trawl.testing.bench.MOST_WALL", 0.3)
    given_up: list[bool] = []

    def again(self: Any, what: Any, grant: Any) -> Iterator[Any]:
        while not given_up:
            with suppress(Exception):
                yield from super(type(self), self).fetch(what, grant)
                return

    try:
        report = test(12, 14, fetch=again)
    finally:
        given_up.append(True)
    assert "is refused by the gate, and the connector never ends" in found(report, 12)
    assert "did not end" in found(report, 14) or "hang" in found(report, 14)


def datagram() -> None:
    """Beside `sendto`, which is noticed by another event of Python's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, suppress(OSError):
        line.sendmsg([b"hello"], [], 0, ("127.0.0.1", 9))


def copied() -> None:
    """As `multiprocessing` begins."""
    with suppress(OSError):
        if os.fork() == 0:  # type: ignore[attr-defined]  # not on Windows
            os._exit(0)


def test_a_datagram_is_a_connection_to_somewhere_else(test: Any) -> None:
    assert "127.0.0.1:9, which is not the address" in found(test(11, **first(datagram)), 11)


@posix
def test_a_copy_of_the_program_is_a_program_and_is_not_made(test: Any) -> None:
    report = test(10, 11, 12, **first(copied))
    assert "started a program" in found(report, 10) and "a copy of this one" in found(report, 11)
    assert "started a program" in found(report, 12)


@pytest.mark.parametrize("how", ["write", "mkdir", "sqlite", "rename"])
def test_a_file_that_is_kept_anywhere_is_noticed_whatever_stands_in_it(test: Any, tmp_path: Path, how: str) -> None:
    (tmp_path / "old").touch()
    acts: dict[str, Act] = {
        "write": lambda: (tmp_path / "notes").write_text("seen twice", "utf-8"),
        "mkdir": lambda: (tmp_path / "folder").mkdir(exist_ok=True),
        "sqlite": lambda: sqlite3.connect(tmp_path / "cache.db").close(),
        "rename": lambda: (tmp_path / "old").replace(tmp_path / "old"),
    }
    report = test(12, 13, **first(acts[how]))
    assert "wrote or changed a file" in found(report, 13) and "still opens something" in found(report, 12)


@pytest.mark.parametrize(
    ("act", "place"),
    [
        (lambda: print("Khan", file=sys.__stderr__), "stderr"),
        (lambda: print("Khan", file=sys.__stdout__), "stdout"),
        (lambda: os.write(1, b"Khan"), "stdout"),
        (lambda: subprocess.run([sys.executable, "-c", "print('Khan')"], check=True), "stdout"),
    ],
    ids=["stderr", "stdout", "descriptor", "program"],
)
def test_what_is_printed_past_python_s_own_streams_is_heard(test: Any, act: Act, place: str, capfd: Any) -> None:
    report = test(12, 13, **first(act))
    assert f"into {place}" in found(report, 13) and f"into {place}" in found(report, 12)
    assert capfd.readouterr() == ("", "")


def swap() -> None:
    """A connector that silences a noisy library for good."""
    sys.stdout = io.StringIO()


def shut() -> None:
    """As a `with` around a stream that is not one's own."""
    sys.stdout.close()


@pytest.mark.parametrize("act", [swap, shut])
def test_one_that_takes_the_output_away_takes_it_from_nobody_else(test: Any, act: Act, capfd: Any) -> None:
    assert test(2, 12, **first(act)).green
    print("still heard")
    assert capfd.readouterr().out == "still heard\n"


def counting(most: int, count: list[int]) -> Callable[..., Iterator[Any]]:
    """A fetch that brings nothing any more after so many times."""

    def fetch(self: Any, ref: str, grant: Any) -> Iterator[Any]:
        count.append(1)
        if len(count) <= most:
            yield from super(type(self), self).fetch(ref, grant)

    return fetch


def test_one_that_falls_silent_later_is_noticed_in_the_end(test: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)  # a copy of this process would count for itself
    count: list[int] = []
    assert test(fetch=counting(9**9, count)).green
    most = len(count) - 1
    count.clear()
    report = test(fetch=counting(most, count))
    assert [one.number for one in report.results if one.findings] == [3]
    assert "asked once more when all the rest was asked" in found(report, 3)


def test_pytest_tells_it_too_after_the_last_check(systems: Any) -> None:
    small, seed, cast = systems["sql"]
    body = {"fetch": counting(1, []), "__module__": small.__module__, "__doc__": small.__doc__}
    made: Any = type("Silent", (small,), body)
    contract = type("Contract", (ConnectorContract,), {"connector": made, "source": seed(), "cast": cast})
    contract.bench().once("fetch")
    with pytest.raises(AssertionError, match="check 3: asked once more"):
        contract.teardown_class()
    assert contract._bench is None
