"""The county's police server behaves as a real one would, also towards those who ask wrongly."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from mash_trawl_county.police_server import PoliceServer

NOMINALS = [
    {"nominal_id": f"N{number}", "forename": "Aisha", "surname": "Khan", "former_surname": "Malik", "dob": "2014-05-17",
     "sex": "F", "address": {"postcode": "NB1 4QT"}}
    for number in range(5)
]  # fmt: skip
OCCURRENCES = [
    {
        "occurrence_id": "O1",
        "category": "missing",
        "occurred_from": "2020-01-02T10:00",
        "people": [{"nominal_id": "N1"}],
    }
]
SEARCH = "/v1/nominals/search"
KHAN = {"surname": "KHAN", "dob": "2014-05-17"}


@pytest.fixture
def server() -> Iterator[PoliceServer]:
    running = PoliceServer(NOMINALS, OCCURRENCES, "hub", "secret", page=2)
    running.start()
    yield running
    running.stop()


def post(server: PoliceServer, path: str, body: bytes, token: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(server.base_url + path, body, method="POST")  # noqa: S310 - loopback
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def log_in(server: PoliceServer, secret: str = "secret") -> tuple[int, Any]:  # noqa: S107 - loopback
    form = {"grant_type": "client_credentials", "client_id": "hub", "client_secret": secret}
    return post(server, "/oauth2/token", urlencode(form).encode())


@pytest.fixture
def token(server: PoliceServer) -> str:
    return str(log_in(server)[1]["access_token"])


def search(server: PoliceServer, token: str, **body: Any) -> tuple[int, Any]:
    return post(server, SEARCH, json.dumps(body).encode(), token)


def test_it_listens_on_this_machine_only(server: PoliceServer) -> None:
    assert server.base_url.startswith("http://127.0.0.1:")


def test_a_wrong_secret_gets_no_token(server: PoliceServer) -> None:
    assert log_in(server, "wrong") == (401, {"error": "invalid_client"})


def test_nothing_is_told_without_a_good_token(server: PoliceServer, token: str) -> None:
    for held in (None, "made-up"):
        assert post(server, SEARCH, json.dumps(KHAN).encode(), held)[0] == 401
    server.forget_tokens()
    assert search(server, token, **KHAN)[0] == 401


def test_a_token_lapses() -> None:
    server = PoliceServer(NOMINALS, OCCURRENCES, "hub", "secret", token_life=0)
    server.start()
    assert search(server, str(log_in(server)[1]["access_token"]), **KHAN)[0] == 401
    server.stop()


def test_pages_follow_one_another_and_count_to_the_total(server: PoliceServer, token: str) -> None:
    found, cursor = [], None
    for _ in range(3):
        _, page = search(server, token, **KHAN, cursor=cursor)
        found += [item["nominal_id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert found == ["N0", "N1", "N2", "N3", "N4"]
    assert cursor is None and page["total"] == 5


def test_a_cursor_of_another_search_is_refused(server: PoliceServer, token: str) -> None:
    cursor = search(server, token, **KHAN)[1]["next_cursor"]
    assert search(server, token, surname="Stone", dob="2014-05-17", cursor=cursor)[0] == 400


@pytest.mark.parametrize(
    "body", [{}, {"surname": "Khan"}, {"surname": "", "dob": ""}, {**KHAN, "admin": True}, {**KHAN, "limit": 0}]
)
def test_a_search_that_asks_for_too_much_is_refused(server: PoliceServer, token: str, body: dict[str, Any]) -> None:
    assert search(server, token, **body)[0] == 400


def test_a_former_surname_and_a_spaceless_postcode_agree(server: PoliceServer, token: str) -> None:
    assert search(server, token, surname="malik", postcode="nb14qt")[1]["total"] == 5


@pytest.mark.parametrize(
    ("body", "total"),
    [
        ({"nominal_id": "N1", "categories": ["missing"]}, 1),
        ({"nominal_id": "N1", "categories": ["arrest"]}, 0),
        ({"nominal_id": "N2", "categories": ["missing"]}, 0),
        ({"nominal_id": "N1", "categories": ["missing"], "since": "2020-01-03"}, 0),
    ],
)
def test_only_the_asked_occurrences_come_back(
    server: PoliceServer, token: str, body: dict[str, Any], total: int
) -> None:
    assert post(server, "/v1/occurrences/search", json.dumps(body).encode(), token)[1]["total"] == total


def test_occurrences_of_no_category_are_refused(server: PoliceServer, token: str) -> None:
    assert post(server, "/v1/occurrences/search", b'{"nominal_id": "N1", "categories": []}', token)[0] == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_a_body_that_is_no_object_is_refused(server: PoliceServer, token: str, body: bytes) -> None:
    assert post(server, SEARCH, body, token)[0] == 400


def test_every_request_is_counted_by_path(server: PoliceServer, token: str) -> None:
    search(server, token, **KHAN)
    post(server, SEARCH, b"{}")
    assert server.hits == {"/oauth2/token": 1, SEARCH: 2}


def test_a_stopped_server_answers_nobody(server: PoliceServer) -> None:
    server.stop()
    with pytest.raises(urllib.error.URLError):
        log_in(server)
