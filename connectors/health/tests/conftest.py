"""A small synthetic health system on loopback, with decoys; and a door that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally
from mash_trawl_county.fhir_server import FhirServer
from mash_trawl_county.loopback_http import Reply, Request

LOGIN = {"client_id": "hub", "client_secret": "loopback only"}
NHS = "https://fhir.nhs.uk/Id/nhs-number"
HOME = {"line": ["14 Mill Lane"], "city": "North Borough", "postalCode": "NB1 4QT"}
AWAY = {"line": ["2 High Street"], "postalCode": "NB1 1AA"}


def patient(ident: str, given: str, family: str, born: str, **more: Any) -> dict[str, Any]:
    """One synthetic patient."""
    held = {"gender": "female", "address": [HOME], "generalPractitioner": [{"display": "Canal Walk Surgery"}]}
    name = {"use": "official", "family": family, "given": [given]}
    return {"resourceType": "Patient", "id": ident, "name": [name], "birthDate": born} | held | more


def about(kind: str, ident: str, who: str, **more: Any) -> dict[str, Any]:
    """One synthetic record of a patient."""
    return {"resourceType": kind, "id": ident, "subject": {"reference": f"Patient/{who}"}} | more


def coded(code: str, text: str = "") -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [{"code": code}], "text": text}


def appointment(ident: str, who: str, status: str, day: str, **more: Any) -> dict[str, Any]:
    """One synthetic appointment with the health visitor."""
    present = [{"actor": {"reference": f"Patient/{who}"}, "status": "accepted"}]
    held = {"resourceType": "Appointment", "id": ident, "status": status, "start": f"{day}T23:30:00Z"}
    return held | {"serviceType": [coded("health-visiting", "Health visiting")], "participant": present} | more


RESOURCES = [
    patient("p1", "Aisha", "Khan", "2014-05-17", identifier=[{"system": NHS, "value": "9434765919"}]),
    patient("p2", "Amina", "Khan", "2014-05-17", generalPractitioner=[]),  # her twin
    patient("p3", "Aisha", "Khan", "1974-05-17", address=[AWAY]),
    patient("p4", "Oliver", "Stone", "2014-05-17", gender="male", address=[AWAY]),
    patient("p5", "Samira", "Khan", "1988-11-02", identifier=[{"system": "urn:local", "value": "9434765919"}]),
    about("Condition", "c1", "p1", category=[coded("problem-list-item")], code=coded("195967001", "Asthma"),
          onsetDateTime="2018-03", recordedDate="2018-03-09", clinicalStatus=coded("active"),
          note=[{"text": "Inhaler."}]),
    about("Condition", "c2", "p1", category=[coded("encounter-diagnosis")], code=coded("1", "Not on the list")),
    about("Condition", "c3", "p1", category=[coded("problem-list-item")], code=coded("2", "Wrong patient"),
          recordedDate="2019-01-01", verificationStatus=coded("entered-in-error")),
    about("Condition", "c4", "p2", category=[coded("problem-list-item")], code=coded("3", "The twin's")),
    about("Encounter", "e1", "p1", type=[coded("health-visiting")], status="finished",
          **{"class": {"code": "HH"}}, period={"start": "2016-05-01T09:30:00+01:00"}, reasonCode=[coded("", "Review")]),
    about("Encounter", "e2", "p1", status="finished", **{"class": {"code": "EMER"}},
          period={"start": "2020-06-30T23:30:00Z", "end": "2020-07-01T02:00:00Z"}, reasonCode=[coded("", "Burn")]),
    about("Encounter", "e3", "p1", status="finished", **{"class": {"code": "EMER"}}, period={"start": "2009-01-01"}),
    about("Encounter", "e4", "p1", status="cancelled", **{"class": {"code": "EMER"}}, period={"start": "2021-01-01"}),
    appointment("a1", "p1", "noshow", "2017-06-30", description="Two year review"),
    appointment("a2", "p1", "fulfilled", "2017-08-01"),
    appointment("a3", "p2", "noshow", "2017-08-01"),
    {"resourceType": "EpisodeOfCare", "id": "ep1", "status": "active", "patient": {"reference": "Patient/p1"},
     "type": [coded("camhs", "Child and adolescent mental health")], "period": {"start": "2023-09-01"},
     "careManager": {"display": "CAMHS duty team"}},
    {"resourceType": "EpisodeOfCare", "id": "ep2", "status": "finished", "patient": {"reference": "Patient/p1"},
     "type": [coded("podiatry")]},
]  # fmt: skip


class Listening(FhirServer):
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

    source = "health"
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
    running = Listening(RESOURCES, *LOGIN.values(), page=2)
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
        values: dict[str, Any] = {"id": "g1", "source": "health", "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=frozenset(categories), since=since, until=until, **values, **more)

    return made
