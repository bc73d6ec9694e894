"""FHIR searches: by POST, over all pages of the Bundle, believed only when the counts agree."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.transports.fhir import open_session


def patients(*idents: str, mode: str = "match") -> list[dict[str, Any]]:
    return [{"resource": {"resourceType": "Patient", "id": ident}, "search": {"mode": mode}} for ident in idents]


def outcome(code: str, severity: str = "error", mode: str | None = None) -> dict[str, Any]:
    issue = {"severity": severity, "code": code, "diagnostics": "Canary"}
    resource = {"resourceType": "OperationOutcome", "issue": [issue]}
    return {"resource": resource, "search": {"mode": mode}} if mode else resource


def bundle(entries: list[Any], total: int | None = None, following: str | None = None, **more: Any) -> bytes:
    links = [{"relation": "self", "url": "http://x/"}]
    links += [{"relation": "next", "url": following}] if following else []
    held = {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries, "total": total} | more
    return json.dumps({key: value for key, value in held.items() if value is not None}).encode()


def ask(door: Any, kind: str = "Patient", **params: Any) -> list[str]:
    with open_session(door) as session:
        return [item["id"] for item in session.search(kind, **(params or {"family": "Khan"}))]


@pytest.fixture
def fhir(replies: Any, reply: Any) -> Any:
    """A server that gives these Bundles one after another."""
    return lambda *pages: replies(*(reply(page, kind="application/fhir+json") for page in pages))


def test_a_search_is_a_post_of_a_form(fhir: Any, door: Any) -> None:
    server = fhir(bundle(patients("a"), 1))
    asked = door(connect={"url": server.url + "/fhir"})
    how = {"family": "O'Brien & Łukasz", "address_postalcode": "NB1 4QT", "class_": "EMER", "_id": "7"}
    assert ask(asked, birthdate=["ge2014-01-01", "le2014-12-31"], **how) == ["a"]
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /fhir/Patient/_search HTTP/1.1\r\n")
    assert b"Accept: application/fhir+json" in head
    assert parse_qsl(body.decode()) == [
        ("birthdate", "ge2014-01-01"), ("birthdate", "le2014-12-31"), ("family", "O'Brien & Łukasz"),
        ("address-postalcode", "NB1 4QT"), ("class", "EMER"), ("_id", "7"),
    ]  # fmt: skip
    assert asked.tally.complete


def test_an_opaque_next_link_is_followed_relative_or_absolute(fhir: Any, door: Any) -> None:
    pages = [bundle(patients("a"), 3, "?page=2"), bundle(patients("b"), 3, "/fhir?page=3"), bundle(patients("c"), 3)]
    server = fhir(*pages)
    asked = door(connect={"url": server.url + "/fhir"})
    assert ask(asked) == ["a", "b", "c"]
    assert server.heard[2].startswith(b"GET /fhir?page=3 ")
    assert asked.tally.complete


@pytest.mark.parametrize("link", ["/fhir/Patient?family=Khan&_offset=1", "/fhir/Patient/_search?family=Khan&_offset=1"])
def test_a_next_link_that_repeats_the_search_is_asked_by_post(fhir: Any, door: Any, link: str) -> None:
    server = fhir(bundle(patients("a"), 2, link), bundle(patients("b"), 2))
    assert ask(door(connect={"url": server.url + "/fhir"})) == ["a", "b"]
    assert server.heard[1].startswith(b"POST /fhir/Patient/_search HTTP")
    assert server.heard[1].endswith(b"family=Khan&_offset=1")


def test_a_next_link_with_personal_data_elsewhere_is_not_followed(fhir: Any, door: Any) -> None:
    server = fhir(bundle(patients("a"), 2, "/other?family=khan"))
    with pytest.raises(Malformed, match="link with personal data"):
        ask(door(connect={"url": server.url + "/fhir"}))
    assert len(server.heard) == 1


def test_a_next_link_to_another_host_is_refused(fhir: Any, door: Any) -> None:
    server = fhir(bundle(patients("a"), 2, "http://127.0.0.2/fhir?page=2"))
    with pytest.raises(Unavailable, match="redirected"):
        ask(door(connect={"url": server.url + "/fhir"}))


def test_no_entry_and_a_total_of_none_is_a_proved_empty_list(fhir: Any, door: Any) -> None:
    server = fhir(b'{"resourceType": "Bundle", "type": "searchset", "total": 0}')
    asked = door(connect={"url": server.url})
    assert ask(asked) == []
    assert asked.tally.complete


@pytest.mark.parametrize(
    "pages",
    [
        [bundle(patients("a"), 2)],
        [bundle([], 1)],
        [bundle(patients("a", "b"), 1)],
        [bundle(patients("a"), 3, "?p=2"), bundle(patients("b"), 3, "?p=2")],
        [bundle([*patients("a"), outcome("incomplete", "warning", "outcome")], 1)],
    ],
    ids=["fewer than the total", "none of one", "more than the total", "the same link again", "a warning"],
)
def test_counts_that_do_not_agree_make_the_list_incomplete(fhir: Any, door: Any, pages: list[bytes]) -> None:
    server = fhir(*pages)
    asked = door(connect={"url": server.url})
    ask(asked)
    assert not asked.tally.complete


def test_what_was_included_or_told_beside_the_matches_is_no_match(fhir: Any, door: Any) -> None:
    beside = [*patients("x", mode="include"), outcome("informational", "information", "outcome")]
    server = fhir(bundle([*patients("a"), *beside], 1))
    asked = door(connect={"url": server.url})
    assert ask(asked) == ["a"]
    assert asked.tally.complete
    assert asked.tally.quarantined == 0


def test_a_match_of_another_type_is_quarantined(fhir: Any, door: Any) -> None:
    server = fhir(bundle([*patients("a"), {"resource": {"resourceType": "Practitioner", "id": "z"}}, {}], 1))
    asked = door(connect={"url": server.url})
    assert ask(asked) == ["a"]
    assert asked.tally.quarantined == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "not_a_bundle"),
        (b"[]", "not_a_bundle"),
        (b'{"resourceType": "Patient"}', "not_a_bundle"),
        (b'{"resourceType": "Bundle", "type": "history", "entry": []}', "not_a_bundle"),
        (b'{"resourceType": "Bundle", "type": "searchset", "entry": {}}', "not_a_bundle"),
        (b'{"resourceType": "Bundle", "type": "searchset", "entry": [1]}', "not_a_bundle"),
        (b'{"resourceType": "Bundle", "type": "searchset", "link": 1}', "not_a_bundle"),
        (b'{"resourceType": "Bundle", "type": "searchset", "link": [{"relation": "next"}]}', "not_a_link"),
        (b'{"resourceType": "Bundle", "type": "searchset", "total": "1"}', "not_a_total"),
        (b'{"resourceType": "Bundle", "type": "searchset", "total": 0, "error": "Canary"}', "error_in_answer"),
        (json.dumps(outcome("exception")).encode(), "operation_outcome"),
        (json.dumps(outcome("forbidden")).encode(), "custodian_said_no"),
        (json.dumps(outcome("suppressed")).encode(), "custodian_said_no"),
        (json.dumps(outcome("login")).encode(), "login_failed"),
        (json.dumps(outcome("throttled")).encode(), "too_many_requests"),
        (b'{"resourceType": "OperationOutcome", "issue": 5}', "operation_outcome"),
        (bundle([outcome("security", mode="outcome")]), "custodian_said_no"),
    ],
)
def test_what_is_no_list_becomes_an_error_with_a_name(fhir: Any, door: Any, body: bytes, why: str) -> None:
    server = fhir(body)
    with pytest.raises(TrawlError) as caught:
        ask(door(connect={"url": server.url}))
    assert caught.value.why == why  # type: ignore[attr-defined]  # both kinds have it
    assert "Canary" not in str(caught.value)


def test_the_row_budget_ends_the_search_and_is_told(fhir: Any, door: Any) -> None:
    server = fhir(bundle(patients("a", "b", "c"), 9, "?p=2"))
    asked = door(connect={"url": server.url}).limited(rows=2)
    assert ask(asked) == ["a", "b"]
    assert asked.tally.truncated


def test_endless_pages_are_left(wire: Any, reply: Any, door: Any) -> None:
    def script(line: Any, _: int) -> None:
        while server.hear(line):
            line.sendall(reply(bundle([], None, f"?p={len(server.heard)}")))

    server = wire(script)
    asked = door(connect={"url": server.url})
    assert ask(asked) == []
    assert not asked.tally.complete


def test_a_resource_type_is_a_word(door: Any) -> None:
    with pytest.raises(ValueError, match="resource type"):
        ask(door(connect={"url": "http://127.0.0.1:1"}), kind="Patient?family=Khan")
