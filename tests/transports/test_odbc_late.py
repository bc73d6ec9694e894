"""A deadline that comes just when a statement ends: nothing is cancelled while it is being closed."""

from __future__ import annotations

import threading
import time

import pytest

from mash_trawl.transports import odbc, odbc_late
from mash_trawl.transports.odbc_late import Late


class Stalled:
    """Stands in for a cursor of a driver whose cancelling does not come back."""

    def __init__(self):
        self.began, self.free, self.cancelled, self.closed = threading.Event(), threading.Event(), 0, 0

    def cancel(self):
        self.cancelled += 1
        self.began.set()
        self.free.wait(10)

    def close(self):
        self.closed += 1


class Line:
    """Stands in for its connection."""

    def __init__(self, cursor):
        self._cursor = cursor

    def cursor(self):
        return self._cursor


def test_what_is_over_is_not_cancelled_any_more():
    cursor = Stalled()
    late = Late(cursor, 0.05)
    assert late.over()
    late._timer.join(5)
    late._cancel()
    assert cursor.cancelled == 0


def test_while_a_driver_still_cancels_nothing_may_be_closed(monkeypatch):
    monkeypatch.setattr(odbc_late, "_PATIENCE", 0.01)
    cursor = Stalled()
    late = Late(cursor, 0)
    assert cursor.began.wait(5)
    assert not late.over()
    cursor.free.set()
    late._timer.join(5)
    assert late.over() and cursor.cancelled == 1


@pytest.mark.parametrize("stalls", [True, False])
def test_a_statement_that_ends_meanwhile_leaves_its_line_to_the_thread_that_cancels(open_door, monkeypatch, stalls):
    monkeypatch.setattr(odbc_late, "_PATIENCE", 0.01)
    cursor = Stalled()
    session = odbc.Session(open_door())
    session._connection, session._end = Line(cursor), time.monotonic() + (0.02 if stalls else 60)
    with session._cursor(session._connection):
        assert not stalls or cursor.began.wait(5)
    assert cursor.closed == (not stalls)
    assert (session._connection is None) == stalls
    cursor.free.set()
