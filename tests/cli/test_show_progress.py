"""Progress: a word for every state, nothing in a pipe, and the last picture stays on the terminal."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from mash_trawl.cli.show_progress import Watched, watch
from mash_trawl.running import Run

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals, so nothing is drawn on one here")


def a_run(*notes: tuple[str, str, int, int], until: threading.Event | None = None) -> Run:
    """A run that says this of its sources, and ends."""

    def work(note: Callable[..., None], stop: threading.Event) -> Any:
        for one in notes:
            note(*one)
        if until:
            until.wait(10)
        return object()

    return Run(work)


def test_every_state_is_a_word_and_a_source_that_ended_keeps_its_time() -> None:
    now = [0.0]
    watched = Watched(clock=lambda: now[0])
    watched.look({"housing": ("asking", 0, 3), "police": ("waiting", 0, 3)})
    now[0] = 7.0
    watched.look({"housing": ("done", 3, 3), "police": ("asking", 1, 3)})
    now[0] = 150.0
    watched.look({"housing": ("done", 3, 3), "police": ("late", 1, 3), "health": ("stopped", 0, 2)})
    assert watched.rows() == [
        ("housing", "3 of 3", "answered", "0:07"),
        ("police", "1 of 3", "late: given up", "2:30"),
        ("health", "0 of 2", "stopped", "0:00"),
    ]


def test_a_pipe_sees_nothing_and_the_wait_ends_with_the_run() -> None:
    out = io.StringIO()
    run = a_run(("housing", "asking", 0, 1), ("housing", "done", 1, 1))
    watch(run, out)
    assert run.done(0)
    assert out.getvalue() == ""


@pytest.mark.parametrize(("term", "drawn"), [("xterm", True), ("dumb", False)])
def test_a_terminal_keeps_the_last_picture_and_one_that_cannot_redraw_gets_none(monkeypatch, term, drawn) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", "60")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        watch(a_run(("housing", "done", 1, 1), ("a\u202eb", "late", 0, 2)), out)
        out.write("end\n")
        out.flush()
        shown = b""
        while b"end" not in shown:
            shown += os.read(ours, 4096)
    os.close(ours)
    text = shown.decode("utf-8")
    assert ("housing" in text and "answered" in text and "late: given up" in text) is drawn
    assert "\u202e" not in text


def test_a_screen_reader_hears_each_source_once_when_it_has_ended(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        watch(a_run(("housing", "done", 2, 2), ("police", "asking", 0, 1)), out, simple=True)
        out.write("end\n")
        out.flush()
        shown = b""
        while b"end" not in shown:
            shown += os.read(ours, 4096)
    os.close(ours)
    assert shown.decode("utf-8").split("\r\n") == ["housing: answered, 2 of 2, 0:00", "end", ""]


def test_an_error_of_the_run_ends_the_watching_and_is_told_by_the_result() -> None:
    def work(note: Callable[..., None], stop: threading.Event) -> Any:
        note("housing", "asking", 0, 1)
        raise ValueError("synthetic")

    run = Run(work)
    watch(run, io.StringIO())
    with pytest.raises(ValueError, match="synthetic"):
        run.result()
