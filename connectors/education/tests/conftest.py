"""A small synthetic education system on loopback, with decoys, and a door to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.testing import neighbour
from mash_trawl_county.education_server import EducationServer

LOGIN = {"client_id": "hub", "client_secret": "loopback only"}
KEY = "a-key-for-loopback-only"

HELD = neighbour("pupils.py")


@pytest.fixture
def server() -> Iterator[EducationServer]:
    """The county's server with synthetic pupils, paged by two; its journal keeps every question."""
    running = EducationServer(HELD.PUPILS, HELD.RECORDS, *LOGIN.values(), page=2, api_key=KEY)
    running.journal = []
    running.start()
    yield running
    running.stop()


@pytest.fixture
def door(server: EducationServer, counting_door: Callable[..., Any]) -> Any:
    """A door to it."""
    return counting_door("education", {"url": server.base_url, "token_url": server.token_url} | LOGIN)


@pytest.fixture
def with_key(server: EducationServer, door: Any) -> Any:
    """The same door, opened by an API key in the place of a login."""
    door.connect = {"url": server.base_url, "api_key": KEY}
    return door


@pytest.fixture
def grant(granted: Callable[..., Grant]) -> Callable[..., Grant]:
    """Make a grant for these categories, named without their agency."""
    return lambda *categories, **more: granted("education", *(f"education.{name}" for name in categories), **more)
