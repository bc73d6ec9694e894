"""A small synthetic police system on loopback, with decoys; and a door that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally
from mash_trawl_county.loopback_http import BadRequest, Reply, Request
from mash_trawl_county.police_server import PoliceServer

LOGIN = {"client_id": "hub", "client_secret": "loopback only"}
HOME = {"line1": "14 Mill Lane", "postcode": "NB1 4QT", "uprn": "100023336956"}
AWAY = {"line1": "2 High Street", "postcode": "NB1 1AA", "uprn": "100023330001"}


def nominal(ident: str, forename: str, surname: str, dob: str | None, **more: Any) -> dict[str, Any]:
    """One synthetic nominal."""
    held = {"middle_names": "", "former_surname": "", "sex": "F", "address": HOME}
    return {"nominal_id": ident, "forename": forename, "surname": surname, "dob": dob} | held | more


NOMINALS = [
    nominal("N1", "Samira", "Khan", "1988-11-02", former_surname="Malik", middle_names="Noor"),
    nominal("N2", "Aisha", "KHAN", "2014-05-17"),
    nominal("N3", "Amina", "Khan", "2014-05-17"),  # her twin
    nominal("N4", "Aisha", "Khan", "1974-05-17", address=AWAY),
    nominal("N5", "Oliver", "Stone", "2014-05-17", sex="M", address=AWAY),
    nominal("N6", "Dan", "O'Brien", "1985-03-09", sex="M"),
    nominal("N7", "Zoë", "Łukasz-Żuk", None, sex="U", address=None),
]


def part(ident: str, role: str) -> dict[str, Any]:
    """A nominal's part in an occurrence."""
    held = next(item for item in NOMINALS if item["nominal_id"] == ident)
    return {"nominal_id": ident, "role": role} | {key: held[key] for key in ("forename", "surname", "dob")}


def occurrence(ident: str, category: str, day: str, status: str, *people: dict[str, Any]) -> dict[str, Any]:
    """One synthetic occurrence."""
    return {
        "occurrence_id": ident, "category": category, "type": f"{category} report", "occurred_from": f"{day}T21:15",
        "occurred_to": None, "recorded_on": day, "summary": f"Summary of {ident}", "text": "Neighbour rang.",
        "status": status, "people": list(people),
    }  # fmt: skip


OCCURRENCES = [
    occurrence("O1", "domestic_abuse", "2019-07-02", "charged", part("N6", "suspect"), part("N1", "victim")),
    occurrence("O2", "domestic_abuse", "2021-01-09", "no further action", part("N1", "victim")),
    occurrence("O3", "missing", "2022-06-30", "reported", part("N2", "missing person")),
    occurrence("O4", "missing", "2009-06-30", "reported", part("N1", "missing person")),
    occurrence("O5", "arrest", "2023-02-01", "filed", part("N1", "arrested")),
    occurrence("O6", "safeguarding", "2023-03-01", "false report", part("N1", "parent"), part("N3", "child")),
    occurrence("O7", "domestic_abuse", "2024-01-01", "intelligence", part("N5", "suspect")),
]


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


@pytest.fixture(scope="session")
def kit_app() -> Callable[[Request], Any]:
    """The same service for the conformance kit, which makes the pages."""
    service = PoliceServer(NOMINALS, OCCURRENCES, *LOGIN.values(), page=10_000)

    def app(request: Request) -> Any:
        try:
            return service.reply(request)
        except BadRequest:
            return 400

    return app
