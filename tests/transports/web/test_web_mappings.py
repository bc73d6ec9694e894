"""Mappings without code over REST and FHIR, against a server on this machine: what is sent, and what is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.base import to_plain
from mash_trawl.model.grant import Grant
from mash_trawl.model.json_path import MISSHAPEN, look, parts_of
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.mapping import mapping_class

REST = """version: 1
name: police
agency: police
kind: http
pages: {by: cursor, items: data.people, next_cursor: page.next, cursor: after}
find:
  - by: [family, born]
    path: people/search
    body: {name.surname: family, dob: born}
    fixed: {scope: all}
    person:
      ref: id
      given: "name.given[*]"
      family: name.family
      born: {from: dob, format: "%d/%m/%Y"}
      addresses: {line1: "homes[kind=now].street", postcode: "homes[kind=now].postcode"}
fetch:
  - category: police.incidents
    path: people/:ref/incidents
    items: "@list"
    pages: {by: whole}
    params: {from: since, to: until}
    event: {ref: id, at: when, kind: incident, headline: summary.text}
"""
PEOPLE = [
    {"id": "P/1 ?", "name": {"given": ["Synthetica", "Mary"], "family": "Testfall"}, "dob": "17/05/2014",
     "homes": [{"kind": "then", "street": "9 Old Row"},
               {"kind": "now", "street": "1 Example Row", "postcode": "NB1 4QT"}]},
    {"id": "P2", "name": "not as it should be", "dob": "17/05/2014"},
]  # fmt: skip
QUERY = PersonQuery(id="q", person="p1", by=("family", "born"), family="Testfall", born=date(2014, 5, 17))


def grant(*categories: str, since: date | None = None, until: date | None = None) -> Grant:
    values: dict[str, Any] = {"id": "g1", "source": "police", "person": "p1", "expires_at": None}
    return Grant(Grant._mint, categories=frozenset(categories), since=since, until=until, **values)


@pytest.fixture
def mapped(tmp_path: Path, door: Any) -> Callable[..., Any]:
    """The connector of a mapping at a server, and its door."""

    def made(text: str, url: str) -> tuple[Any, Any]:
        path = tmp_path / "web.yaml"
        path.write_text(text, "utf-8")
        own = door(connect={"url": url})
        return mapping_class(path)(lambda _: own), own

    return made


def answered(reply: Callable[..., bytes], *values: Any) -> list[bytes]:
    return [reply(json.dumps(value).encode()) for value in values]


def test_who_is_searched_for_goes_into_the_body_and_every_page_is_read(mapped, replies, reply) -> None:
    pages = [{"data": {"people": [PEOPLE[0]]}, "page": {"next": "2"}}, {"data": {"people": []}, "page": {"next": None}}]
    server = replies(*answered(reply, *pages))
    connector, door = mapped(REST, server.url)
    (found,) = connector.find(QUERY, grant("police.incidents"))
    assert (found.ref, found.names[0].given, found.names[0].family) == ("P/1 ?", ("Synthetica", "Mary"), "Testfall")
    assert found.born.original == "17/05/2014" and found.addresses[0].postcode == "NB1 4QT"
    first, second = (request.split(b"\r\n\r\n", 1) for request in server.heard)
    assert first[0].startswith(b"POST /people/search HTTP/1.1") and second[0].startswith(b"POST /people/search HTTP")
    assert json.loads(first[1]) == {"name": {"surname": "Testfall"}, "dob": "17/05/2014", "scope": "all"}
    assert json.loads(second[1])["after"] == "2"
    assert door.tally.complete and door.tally.quarantined == 0


def test_an_object_of_another_shape_is_counted_and_costs_no_other(mapped, replies, reply) -> None:
    server = replies(*answered(reply, {"data": {"people": PEOPLE}, "page": {"next": None}}))
    connector, door = mapped(REST, server.url)
    assert [one.ref for one in connector.find(QUERY, grant("police.incidents"))] == ["P/1 ?"]
    assert door.tally.quarantined == 1


def test_a_page_without_the_word_that_ends_the_list_proves_nothing(mapped, replies, reply) -> None:
    server = replies(*answered(reply, {"data": {"people": []}}))
    connector, door = mapped(REST, server.url)
    assert list(connector.find(QUERY, grant("police.incidents"))) == [] and not door.tally.complete


@pytest.mark.parametrize(
    "body", [{}, {"data": []}, {"data": {"people": None}}, [], {"data": {"people": []}, "error": "x"}]
)
def test_a_list_that_is_not_where_it_should_be_is_no_empty_answer(mapped, replies, reply, body) -> None:
    connector, _ = mapped(REST, replies(*answered(reply, body)).url)
    with pytest.raises(Malformed):
        list(connector.find(QUERY, grant("police.incidents")))


def test_the_records_key_is_one_part_of_the_address_whatever_it_holds(mapped, replies, reply) -> None:
    item = {"id": 7, "when": "2025-03-04T23:30:00Z", "summary": {"text": "Noise reported"}}
    server = replies(*answered(reply, {"@list": [item]}))
    connector, door = mapped(REST, server.url)
    (found,) = connector.fetch("P/1 ?", grant("police.incidents", since=date(2020, 1, 1)))
    assert to_plain(found)["headline"] == "Noise reported" and found.ref == "incidents:7"
    assert server.heard[0].startswith(b"GET /people/P%2F1%20%3F/incidents?from=2020-01-01 HTTP/1.1\r\n")
    assert door.tally.complete


@pytest.mark.parametrize("ref", ["..", ".", "../admin", "a/../../b"])
def test_a_key_that_would_lead_elsewhere_is_not_followed(mapped, replies, reply, ref) -> None:
    server = replies(*answered(reply, {"@list": []}))
    connector, _ = mapped(REST, server.url)
    with pytest.raises(Malformed):
        list(connector.fetch(ref, grant("police.incidents")))
    assert server.heard == []


def test_one_object_is_a_list_of_one(mapped, replies, reply) -> None:
    text = REST.replace('items: "@list"', 'items: "."')
    item = {"id": 7, "when": "2025-03-04", "summary": {"text": "Noise reported"}}
    connector, _ = mapped(text, replies(*answered(reply, item)).url)
    assert [one.ref for one in connector.fetch("P2", grant("police.incidents"))] == ["incidents:7"]


FHIR = """version: 1
name: gp
agency: health
kind: fhir
find:
  - by: [nhs_number]
    resource: Patient
    search: {identifier: {system: https://fhir.nhs.uk/Id/nhs-number, value: nhs_number}}
    person:
      ref: id
      family: name.family
      given: "name.given[*]"
      born: birthDate
      nhs_number: "identifier[system=https://fhir.nhs.uk/Id/nhs-number].value"
  - by: [family, born]
    resource: Patient
    search: {family: family, birthdate: born}
fetch:
  - category: health.emergency
    resource: Encounter
    search: {patient: ref, date: [{at_least: since}, {at_most: until}]}
    fixed: {class: EMER}
    event: {ref: id, at: period.start, kind: attendance, headline: "reasonCode[0].text"}
"""


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": one, "search": {"mode": "match"}} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def test_a_fhir_search_is_a_form_in_the_body(mapped, replies, reply) -> None:
    server = replies(*answered(reply, bundle(), bundle(), bundle()))
    connector, _ = mapped(FHIR, server.url)
    number = PersonQuery(id="q", person="p1", by=("nhs_number",), nhs_number="999 000 0007")
    odd = PersonQuery(id="q", person="p1", by=("family", "born"), family="Testfall, of|$", born=date(2014, 5, 17))
    assert list(connector.find(number, grant("health.emergency"))) == []
    assert list(connector.find(odd, grant("health.emergency"))) == []
    window = grant("health.emergency", since=date(2015, 1, 1), until=date(2026, 1, 1))
    assert list(connector.fetch("p-7", window)) == []
    heads, forms = zip(*(request.split(b"\r\n\r\n", 1) for request in server.heard), strict=True)
    assert [head.split(b" HTTP")[0] for head in heads] == [
        b"POST /Patient/_search", b"POST /Patient/_search", b"POST /Encounter/_search",
    ]  # fmt: skip
    assert [parse_qs(form.decode()) for form in forms] == [
        {"identifier": ["https://fhir.nhs.uk/Id/nhs-number|9990000007"]},
        {"family": ["Testfall\\, of\\|\\$"], "birthdate": ["2014-05-17"]},
        {"class": ["EMER"], "patient": ["p-7"], "date": ["ge2015-01-01", "le2026-01-01"]},
    ]


def test_a_fault_of_a_web_source_is_never_an_empty_answer(mapped, replies, reply) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "forbidden"}]}
    connector, _ = mapped(FHIR, replies(*answered(reply, outcome)).url)
    with pytest.raises(Unavailable, match="custodian"):
        list(connector.fetch("p-7", grant("health.emergency")))


HELD = {"a": [{"b": {"c": "x"}, "k": "1"}, {"b": {"c": "y"}, "k": "2"}], "t": ["one", "two"], "n": None, "s": "text"}


@pytest.mark.parametrize(("place", "value"), [
    ("a.b.c", "x"), ("a[1].b.c", "y"), ("a[9].b.c", None), ("a[k=2].b.c", "y"), ("a[k=3].b.c", None), ("t", "one"),
    ("t[*]", "one two"), ("n.b", None), ("gone.b[0].c", None), ("s.b", MISSHAPEN), ("s[0]", MISSHAPEN),
    ("a[*]", MISSHAPEN),
])  # fmt: skip
def test_a_place_in_an_object(place: str, value: Any) -> None:
    assert look(HELD, place) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abk"), inner, max_size=3),
    max_leaves=12,
)


@given(value=JSON, place=st.sampled_from(["a", "a.b", "a[0].b", "a[*]", "a[k=b].b", "a.b[1].k"]))
def test_no_object_upsets_a_place(value: Any, place: str) -> None:
    look(value, place)


@given(st.text(max_size=20))
def test_whatever_is_written_is_a_place_or_none(text: str) -> None:
    parts = parts_of(text)
    assert parts is None or "".join(name for name, _ in parts) in text.replace(".", "") or any(p for _, p in parts)
