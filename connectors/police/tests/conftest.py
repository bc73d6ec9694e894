"""A small synthetic police system on loopback, with decoys, and a door to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.testing import neighbour
from mash_trawl_county.police_server import PoliceServer

LOGIN = {"client_id": "hub", "client_secret": "loopback only"}

HELD = neighbour("nominals.py")


@pytest.fixture
def server() -> Iterator[PoliceServer]:
    """The county's server with synthetic people, paged by two; its journal keeps every question."""
    running = PoliceServer(HELD.NOMINALS, HELD.OCCURRENCES, *LOGIN.values(), page=2)
    running.journal = []
    running.start()
    yield running
    running.stop()


@pytest.fixture
def door(server: PoliceServer, counting_door: Callable[..., Any]) -> Any:
    """A door to it."""
    return counting_door("police", {"url": server.base_url, "token_url": server.token_url} | LOGIN)


@pytest.fixture
def grant(granted: Callable[..., Grant]) -> Callable[..., Grant]:
    """Make a grant for these categories."""
    return partial(granted, "police")
