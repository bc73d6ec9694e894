"""The county's education server behaves as a real one would, also towards those who ask wrongly, and counts."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from mash_trawl_county.education_server import EducationServer

PUPILS = [
    {"pupilId": f"PU{number}", "upn": f"A12345678901{number}", "legalForename": "Aisha", "legalSurname": "Khan",
     "dateOfBirth": "2014-05-17", "address": {"postcode": "NB1 4QT"}}
    for number in range(5)
]  # fmt: skip
RECORDS = [
    {"recordId": "R1", "type": "send", "pupilId": "PU1", "startDate": "2019-01-01", "endDate": None},
    {"recordId": "R2", "type": "exclusion", "pupilId": "PU1", "startDate": "2019-01-01", "endDate": None},
    {"recordId": "R3", "type": "concern", "pupilId": "PU1", "startDate": "2024-01-01", "endDate": None},
    {"recordId": "R4", "type": "concern", "pupilId": "PU2", "startDate": "2024-01-01", "endDate": None},
]
PUPIL_SEARCH, RECORD_SEARCH = "/api/v1/pupils/search", "/api/v1/records/search"
KHAN = {"surname": "KHAN", "dateOfBirth": "2014-05-17"}


@pytest.fixture
def server() -> Iterator[EducationServer]:
    running = EducationServer(PUPILS, RECORDS, "hub", "secret", page=2, api_key="loopback-key")
    running.start()
    yield running
    running.stop()


def ask(
    server: EducationServer, path: str, body: Any, header: tuple[str, str] = ("X-API-Key", "loopback-key"),
    method: str = "POST",
) -> tuple[int, Any]:  # fmt: skip
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(server.base_url + path, data, dict([header]), method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_a_key_or_a_token_opens_and_nothing_else_does(server: EducationServer) -> None:
    form = urlencode({"grant_type": "client_credentials", "client_id": "hub", "client_secret": "secret"}).encode()
    _, token = ask(server, "/oauth2/token", form, ("X-None", "-"))
    assert ask(server, PUPIL_SEARCH, KHAN, ("Authorization", f"Bearer {token['access_token']}"))[0] == 200
    assert ask(server, PUPIL_SEARCH, KHAN)[0] == 200
    for wrong in (("X-API-Key", "other"), ("X-API-Key", ""), ("Authorization", "Bearer made-up")):
        assert ask(server, PUPIL_SEARCH, KHAN, wrong)[0] == 401
    assert not EducationServer(PUPILS, RECORDS, "hub", "secret")._key


def test_a_list_comes_in_pages_with_its_total(server: EducationServer) -> None:
    pages = [ask(server, PUPIL_SEARCH, KHAN | {"skip": skip})[1] for skip in (0, 2, 4, 6)]
    assert [[row["pupilId"] for row in page["data"]] for page in pages] == [["PU0", "PU1"], ["PU2", "PU3"], ["PU4"], []]
    assert {page["totalCount"] for page in pages} == {5}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PUPIL_SEARCH, {}), (PUPIL_SEARCH, {"surname": "Khan"}), (PUPIL_SEARCH, KHAN | {"nhsNumber": "1"}),
        (PUPIL_SEARCH, KHAN | {"skip": -1}), (PUPIL_SEARCH, KHAN | {"take": "all"}), (PUPIL_SEARCH, b"not json"),
        (RECORD_SEARCH, {"types": ["send"]}), (RECORD_SEARCH, {"pupilId": "PU1"}),
        (RECORD_SEARCH, {"pupilId": "PU1", "types": ["everything"]}),
    ],
)  # fmt: skip
def test_a_search_that_is_too_wide_or_wrong_is_refused_and_counted_for_nobody(
    server: EducationServer, path: str, body: Any
) -> None:
    assert ask(server, path, body)[0] == 400
    assert not server.asked


def test_searches_are_by_post_and_nothing_else_is_served(server: EducationServer) -> None:
    assert ask(server, PUPIL_SEARCH, KHAN, method="GET")[0] == 405
    assert ask(server, "/api/v1/pupils", KHAN)[0] == 404


def test_only_records_of_the_pupil_the_types_and_the_period_come_back(server: EducationServer) -> None:
    def keys(**body: Any) -> list[str]:
        return [row["recordId"] for row in ask(server, RECORD_SEARCH, {"pupilId": "PU1"} | body)[1]["data"]]

    assert keys(types=["concern"]) == ["R3"]
    assert keys(types=["send", "exclusion"], **{"from": "2020-01-01"}) == ["R1"]  # support lasts, an exclusion does not
    assert keys(types=["concern"], to="2023-12-31") == []


def test_it_counts_who_was_offered_and_about_whom_it_was_asked(server: EducationServer) -> None:
    ask(server, PUPIL_SEARCH, {"upn": "A123456789013"})
    ask(server, RECORD_SEARCH, {"pupilId": "PU3", "types": ["send", "concern"]})
    assert server.searched == {("upn",): 1} and server.offered == {"PU3": 1}
    assert server.asked == {("PU3", "send"): 1, ("PU3", "concern"): 1}
