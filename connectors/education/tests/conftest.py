"""A small synthetic education system on loopback, with decoys; and a door that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally
from mash_trawl_county.education_server import EducationServer
from mash_trawl_county.loopback_http import BadRequest, Reply, Request

LOGIN = {"client_id": "hub", "client_secret": "loopback only"}
KEY = "a-key-for-loopback-only"
HOME = {"line1": "14 Mill Lane", "postcode": "NB1 4QT", "uprn": "100023336956"}
AWAY = {"line1": "2 High Street", "postcode": "NB1 1AA", "uprn": None}


def pupil(ident: str, forename: str, surname: str, born: str | None, upn: str | None, **more: Any) -> dict[str, Any]:
    """One synthetic pupil."""
    held = {"legalMiddleNames": "", "gender": "F", "address": HOME, "flags": []}
    named = {"legalForename": forename, "legalSurname": surname, "dateOfBirth": born, "upn": upn}
    return {"pupilId": ident} | named | held | more


PUPILS = [
    pupil("PU1", "Aisha", "KHAN", "2014-05-17", "A123456789012", legalMiddleNames="Noor", preferredForename="Ash",
          formerSurname="Malik"),
    pupil("PU2", "Amina", "Khan", "2014-05-17", "B123456789013"),  # her twin
    pupil("PU3", "Aisha", "Khan", "2008-05-17", None, address=AWAY),
    pupil("PU4", "Oliver", "Stone", "2014-05-17", None, gender="M", address=AWAY, flags=["ADDRESS_WITHHELD", "NEW"]),
    pupil("PU5", "Dan", "O'Brien", "2012-03-09", None, gender="M"),
    pupil("PU6", "Zoë", "Łukasz-Żuk", None, "C1234567890A5", gender="X", address=None, formerUpn="C1234567890B6"),
]  # fmt: skip


def record(ident: str, type_: str, who: str, start: str | None, end: str | None = None, **more: Any) -> dict[str, Any]:
    """One synthetic record."""
    held = {"recordId": ident, "type": type_, "pupilId": who, "startDate": start, "endDate": end, "summary": ""}
    return held | more


SCHOOL = {"schoolName": "Quarry View School", "safeguardingLead": "Ms J Orr", "telephone": "01632 960303"}
RECORDS = [
    record("R1", "enrolment", "PU1", "2018-09-01", kind="C", **SCHOOL),
    record("R2", "enrolment", "PU1", "2017-09-01", "2018-07-20", kind="C", schoolName="Canal Walk Nursery"),
    record("R3", "enrolment", "PU1", "2020-03-01", "2020-09-01", kind="EHE"),
    record("R4", "enrolment", "PU1", "2016-01-01", kind="CME", summary="No school place"),
    record("R5", "enrolment", "PU2", "2018-09-01", kind="C", **SCHOOL),
    record("R1", "attendance", "PU1", "2025-09-01", "2026-07-20", sessionsPossible=380, sessionsAuthorised=19,
           sessionsUnauthorised=38),
    record("R2", "attendance", "PU1", "2024-09-01", "2025-07-20", sessionsPossible=380, sessionsAuthorised=0,
           sessionsUnauthorised=4),
    record("R3", "attendance", "PU1", "2023-09-01", "2024-07-20", sessionsPossible=0, sessionsAuthorised=0,
           sessionsUnauthorised=0),
    record("R4", "attendance", "PU1", "2022-09-01", "2023-07-20", sessionsPossible=100, sessionsAuthorised=50,
           sessionsUnauthorised=10),
    record("X1", "exclusion", "PU1", "2025-11-03", "2025-11-05", kind="SUSP", reason="PP, QQ", sessions=5,
           summary="Fight at lunch."),
    record("X2", "exclusion", "PU1", "2019-01-10", kind="PERM"),
    record("S1", "send", "PU1", "2019-01-10", provision="E", primaryNeed="SEMH", planIssued="2021-02-03",
           reviewDue="2027-02-03"),
    record("S2", "send", "PU1", "2018-09-01", "2019-01-10", provision="K", primaryNeed=None),
    record("S3", "send", "PU1", "2018-01-01", provision="N"),
    record("N1", "concern", "PU1", "2026-09-21", kind="disclosure", summary="Said she was hungry.",
           action="Parent called", recordedBy="Ms J Orr"),
    record("N2", "concern", "PU4", "2026-09-21", summary="Somebody else's"),
]  # fmt: skip


class Listening(EducationServer):
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

    source = "education"
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
    """The county's server with synthetic pupils, paged by two."""
    running = Listening(PUPILS, RECORDS, *LOGIN.values(), page=2, api_key=KEY)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def door(server: Listening) -> CountingDoor:
    """A door to it."""
    return CountingDoor(server)


@pytest.fixture
def with_key(server: Listening, door: CountingDoor) -> CountingDoor:
    """The same door, opened by an API key in the place of a login."""
    door.connect = {"url": server.base_url, "api_key": KEY}
    return door


@pytest.fixture
def opener(door: CountingDoor) -> Callable[[Sequence[Grant]], CountingDoor]:
    """What a connector is made with."""
    return lambda grants: door


@pytest.fixture
def grant() -> Callable[..., Grant]:
    """Make a grant for these categories, named without their agency."""

    def made(*categories: str, since: date | None = None, until: date | None = None, **more: Any) -> Grant:
        full = frozenset(f"education.{name}" for name in categories)
        values: dict[str, Any] = {"id": "g1", "source": "education", "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=full, since=since, until=until, **values, **more)

    return made


@pytest.fixture(scope="session")
def kit_app() -> Callable[[Request], Any]:
    """The same service for the conformance kit, which makes the pages; without the figures that cannot be."""
    kept = [one for one in RECORDS if (one["type"], one["recordId"]) != ("attendance", "R3")]
    service = EducationServer(PUPILS, kept, *LOGIN.values(), page=10_000)

    def app(request: Request) -> Any:
        try:
            return service.reply(request)
        except BadRequest:
            return 400

    return app
