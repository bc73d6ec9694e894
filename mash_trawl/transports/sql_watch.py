"""Hang up on a database that has stopped answering: its own time limits do not run when its host is stalled."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def hanging_up(driver: Any, seconds: float) -> Iterator[None]:
    """Shut the socket of a driver's connection after `seconds`, which ends any wait; without a socket do nothing."""
    number = getattr(driver, "fileno", None)
    if number is None:
        yield
        return
    timer = threading.Timer(seconds, _shut, (number,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(number: Any) -> None:
    with contextlib.suppress(Exception), socket.fromfd(number(), socket.AF_INET, socket.SOCK_STREAM) as line:
        line.shutdown(socket.SHUT_RDWR)
