"""A small synthetic police system on loopback, with decoys; and a door that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.testing import Reply, Request, neighbour
from mash_trawl.transports.door import Tally
from mash_trawl_county.police_server import PoliceServer

LOGIN = {"client_id": "hub", "client_secret": "loopback only"}

HELD = neighbour("nominals.py")
NOMINALS, OCCURRENCES, part, occurrence, nominal = (
    HELD.NOMINALS,
    HELD.OCCURRENCES,
    HELD.part,
    HELD.occurrence,
    HELD.nominal,
)


class Listening(PoliceServer):
    """Keeps every question as it came: `questions` is (path, body as text)."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.questions: list[tuple[str, str]] = []

    def answer(self, request: Request) -> Reply:
        """Note the question, then answer."""
        if not request.path.startswith("/oauth2"):
            self.questions.append((request.path, request.body.decode()))
        return super().answer(request)


class CountingDoor:
    """Stands in for the gate's door: counts requests and rows."""

    source = "police"
    step = "find"
    tls = Tls()
    proxy = None
    base = Path()
    limits = Limits()

    def __init__(self, server: Listening) -> None:
        self.connect = {"url": server.base_url, "token_url": server.token_url} | LOGIN
        self.tally = Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        self.tally.requests += 1
        return 5.0

    def row(self) -> bool:
        self.tally.rows += 1
        return self.tally.rows <= self.limits.rows

    def wait(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


@pytest.fixture
def server() -> Iterator[Listening]:
    """The county's server with synthetic people, paged by two."""
    running = Listening(NOMINALS, OCCURRENCES, *LOGIN.values(), page=2)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def door(server: Listening) -> CountingDoor:
    """A door to it."""
    return CountingDoor(server)


@pytest.fixture
def opener(door: CountingDoor) -> Callable[[Sequence[Grant]], CountingDoor]:
    """What a connector is made with."""
    return lambda grants: door


@pytest.fixture
def grant() -> Callable[..., Grant]:
    """Make a grant for these categories."""

    def made(*categories: str, since: date | None = None, until: date | None = None, **more: Any) -> Grant:
        values: dict[str, Any] = {"id": "g1", "source": "police", "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=frozenset(categories), since=since, until=until, **values, **more)

    return made
