"""The county's FHIR server answers the searches that it offers, in Bundles, and refuses others."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from mash_trawl_county.fhir_server import FhirServer


def patient(number: int) -> dict[str, Any]:
    return {
        "resourceType": "Patient", "id": f"p{number}", "birthDate": "2014-05-17", "gender": "female",
        "name": [{"family": "Khan", "given": ["Aisha", "Noor"]}], "address": [{"postalCode": "NB1 4QT"}],
        "identifier": [{"system": "urn:nhs", "value": f"999{number}"}],
    }  # fmt: skip


RESOURCES: list[dict[str, Any]] = [
    *(patient(number) for number in range(5)),
    {"resourceType": "Encounter", "id": "e1", "subject": {"reference": "Patient/p1"}, "class": {"code": "EMER"},
     "period": {"start": "2020-06-30T23:30:00Z"}},
    {"resourceType": "Encounter", "id": "e2", "subject": {"reference": "Patient/p2"}, "class": {"code": "HH"},
     "type": [{"coding": [{"system": "urn:local", "code": "hv"}]}], "period": {"start": "2021"}},
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[FhirServer]:
    running = FhirServer(RESOURCES, "hub", "secret", page=2)
    running.start()
    yield running
    running.stop()


def call(url: str, body: bytes | None = None, token: str = "") -> tuple[int, Any]:
    request = urllib.request.Request(url, body, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            assert answer.headers["Content-Type"] in ("application/fhir+json", "application/json")
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.fixture
def token(server: FhirServer) -> str:
    form = {"grant_type": "client_credentials", "client_id": "hub", "client_secret": "secret"}
    return str(call(server.token_url, urlencode(form).encode())[1]["access_token"])


def search(server: FhirServer, token: str, kind: str, *params: tuple[str, str]) -> tuple[int, Any]:
    return call(f"{server.base_url}/{kind}/_search", urlencode(params).encode(), token)


def found(server: FhirServer, token: str, kind: str, *params: tuple[str, str]) -> list[str]:
    _, bundle = search(server, token, kind, *params)
    return [entry["resource"]["id"] for entry in bundle["entry"]]


def test_pages_are_linked_by_opaque_tokens(server: FhirServer, token: str) -> None:
    _, bundle = search(server, token, "Patient", ("family", "khan"))
    seen = [entry["resource"]["id"] for entry in bundle["entry"]]
    while bundle["link"]:
        assert "khan" not in bundle["link"][0]["url"].lower()
        _, bundle = call(bundle["link"][0]["url"], None, token)
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
    assert seen == ["p0", "p1", "p2", "p3", "p4"]
    assert bundle["total"] == 5


@pytest.mark.parametrize(
    ("kind", "params", "wanted"),
    [
        ("Patient", [("identifier", "urn:nhs|9993")], ["p3"]),
        ("Patient", [("identifier", "9993")], ["p3"]),
        ("Patient", [("identifier", "urn:other|9993")], []),
        ("Patient", [("_id", "p2"), ("given", "noo")], ["p2"]),
        ("Patient", [("_id", "p2"), ("given", "oor")], []),
        ("Patient", [("_id", "p2"), ("address-postalcode", "nb14qt"), ("birthdate", "2014-05-17")], ["p2"]),
        ("Patient", [("_id", "p2"), ("birthdate", "2014-05-18")], []),
        ("Encounter", [("patient", "p1"), ("class", "EMER")], ["e1"]),
        ("Encounter", [("patient", "Patient/p2"), ("type", "urn:local|hv")], ["e2"]),
        ("Encounter", [("patient", "p1"), ("class", "HH")], []),
        ("Encounter", [("date", "ge2020-07-01")], ["e2"]),
        ("Encounter", [("date", "ge2020-01-01"), ("date", "le2020-12-31")], ["e1"]),
    ],
)
def test_a_search_finds_what_agrees_with_every_parameter(
    server: FhirServer, token: str, kind: str, params: list[tuple[str, str]], wanted: list[str]
) -> None:
    assert found(server, token, kind, *params) == wanted


@pytest.mark.parametrize("params", [[], [("_count", "5")], [("phone", "01632 960000")], [("family:contains", "k")]])
def test_a_search_that_it_does_not_offer_is_refused_with_an_outcome(
    server: FhirServer, token: str, params: list[tuple[str, str]]
) -> None:
    status, outcome = search(server, token, "Patient", *params)
    assert status == 400
    assert outcome["resourceType"] == "OperationOutcome"


def test_nothing_but_the_capability_statement_is_told_without_a_token(server: FhirServer) -> None:
    assert call(f"{server.base_url}/metadata")[1]["fhirVersion"] == "4.0.1"
    assert search(server, "made-up", "Patient", ("family", "khan"))[0] == 401
    assert call(f"{server.base_url}/Patient/p1")[0] == 401


def test_one_resource_can_be_read(server: FhirServer, token: str) -> None:
    assert call(f"{server.base_url}/Patient/p1", None, token)[1]["id"] == "p1"
    assert call(f"{server.base_url}/Patient/none", None, token)[0] == 404
    assert call(f"{server.base_url}/_page?token=none", None, token)[0] == 404


def test_a_search_by_address_line_is_not_offered(server: FhirServer, token: str) -> None:
    assert call(f"{server.base_url}/Patient?family=khan", None, token)[0] == 404
