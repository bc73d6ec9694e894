"""A cursor is cancelled at the deadline, from another thread, and never while it is being closed.

A driver that cancels what is being freed brings the whole process down.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

_PATIENCE = 0.25
"""Seconds for a cancelling that is under way when the statement has ended; some drivers log in once more to cancel."""


class Late:
    """Cancels `cursor` after so many seconds, unless it is over by then."""

    def __init__(self, cursor: Any, seconds: float) -> None:
        self._cursor, self._lock, self._over = cursor, threading.Lock(), False
        self._timer = threading.Timer(seconds, self._cancel)
        self._timer.daemon = True
        self._timer.start()

    def _cancel(self) -> None:
        with self._lock:
            if not self._over:
                with contextlib.suppress(Exception):
                    self._cursor.cancel()

    def over(self) -> bool:
        """Nothing is cancelled from here on; False while it still is, and then nothing of it may be closed."""
        self._timer.cancel()
        if not self._lock.acquire(timeout=_PATIENCE):
            return False
        self._over = True
        self._lock.release()
        return True
