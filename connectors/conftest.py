"""What the tests of several connectors share: a door that counts, and grants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally


class CountingDoor:
    """Stands in for the gate's door: counts requests and rows, and lets no more rows through than `limits` says."""

    step = "find"
    tls = Tls()
    proxy = None

    def __init__(self, source: str, connect: Mapping[str, str], base: Path) -> None:
        self.source, self.connect, self.base = source, dict(connect), base
        self.limits, self.tally = Limits(), Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        self.tally.requests += 1
        return 5.0

    def row(self) -> bool:
        self.tally.rows += 1
        return self.tally.rows <= self.limits.rows

    def wait(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


@pytest.fixture
def counting_door(tmp_path: Path) -> Callable[..., CountingDoor]:
    """Make a door to a source: `counting_door("police", {"url": ...})`."""
    return lambda source, connect: CountingDoor(source, connect, tmp_path)


@pytest.fixture
def opener(door: CountingDoor) -> Callable[[Sequence[Grant]], CountingDoor]:
    """What a connector is made with; `door` is the connector's own."""
    return lambda grants: door


@pytest.fixture
def granted() -> Callable[..., Grant]:
    """Make a grant of a source: `granted("police", "police.arrest", since=...)`."""

    def made(source: str, *categories: str, since: date | None = None, until: date | None = None, **more: Any) -> Grant:
        values: dict[str, Any] = {"id": "g1", "source": source, "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=frozenset(categories), since=since, until=until, **values, **more)

    return made
