"""The county's health records: a FHIR R4 server in small, with search by POST and Bundle paging.

It knows the search parameters of R4 that the health connector uses, on Patient, Encounter, Condition, Appointment and
EpisodeOfCare, and refuses others, as a server with `handling=strict` would. A `next` link is an opaque token.
Parameters and Bundle: https://hl7.org/fhir/R4/search.html and https://hl7.org/fhir/R4/bundle.html.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mash_trawl.testing.server import Reply, Request
from mash_trawl_county.loopback_http import BadRequest, LoopbackServer

Resource = Mapping[str, Any]
PAGE = 20
CONTENT = "application/fhir+json"


class FhirServer(LoopbackServer):
    """Serves the given resources until stopped; `hits` counts requests by path."""

    base_path = "/fhir"
    open_paths = frozenset({"/fhir/metadata"})
    error_kind = CONTENT

    def __init__(
        self, resources: Sequence[Resource], client_id: str, client_secret: str, port: int = 0,
        token_life: float = 300.0, page: int = PAGE,
    ) -> None:  # fmt: skip
        super().__init__(client_id, client_secret, port, token_life)
        self._resources = sorted(resources, key=lambda item: (item["resourceType"], item["id"]))
        self._page = page
        self._by_kind: dict[str, list[Resource]] = defaultdict(list)
        self._by_key: dict[tuple[str, str, str], list[Resource]] = defaultdict(list)
        for item in self._resources:
            kind = item["resourceType"]
            self._by_kind[kind].append(item)
            for name, value in dict.fromkeys(_index_keys(item)):
                self._by_key[kind, name, value].append(item)
        self._waiting: dict[str, tuple[list[Resource], int, int]] = {}

    def error_body(self, code: str, text: str) -> Any:
        """An OperationOutcome, as R4 asks for."""
        issue = {"severity": "error", "code": code, "diagnostics": text}
        return {"resourceType": "OperationOutcome", "issue": [issue]}

    def reply(self, request: Request) -> Reply:
        """Capability statement, search, next page, read."""
        parts = request.path.removeprefix("/fhir").strip("/").split("/")
        if parts == ["metadata"]:
            return _fhir(
                {"resourceType": "CapabilityStatement", "status": "active", "kind": "instance",
                 "fhirVersion": "4.0.1", "format": ["json"]}
            )  # fmt: skip
        if parts == ["_page"]:
            return self._next(request.query.get("token", ""))
        if len(parts) == 2 and parts[1] == "_search" and request.method == "POST":
            return self._search(parts[0], request.form())
        if len(parts) == 2 and request.method == "GET":
            return self._read(parts[0], parts[1])
        return Reply(status=404, body=self.error_body("not-found", "no such interaction"), kind=CONTENT)

    def _read(self, kind: str, ident: str) -> Reply:
        if found := self._by_key.get((kind, "_id", ident)):
            return _fhir(found[0])
        return Reply(status=404, body=self.error_body("not-found", "no such resource"), kind=CONTENT)

    def _search(self, kind: str, form: list[tuple[str, str]]) -> Reply:
        count, tests = self._page, []
        held = self._by_kind.get(kind, [])
        for name, value in form:
            if name == "_count":
                count = max(1, min(int(value), self._page)) if value.isdigit() else self._page
            elif (kind, name) in PARAMETERS or ("", name) in PARAMETERS:
                tests.append((PARAMETERS.get((kind, name)) or PARAMETERS["", name], value))
                if name in INDEXED and (name != "birthdate" or value[:2].isdigit()):
                    held = min(held, self._by_key.get((kind, name, INDEXED[name](value)), []), key=len)
            else:
                raise BadRequest("an unknown search parameter")
        if not tests:
            raise BadRequest("a search must say what it looks for")
        return self._bundle([item for item in held if all(test(item, value) for test, value in tests)], 0, count)

    def _next(self, token: str) -> Reply:
        with self._lock:
            waiting = self._waiting.get(token)
        if waiting is None:
            return Reply(status=404, body=self.error_body("not-found", "this page is gone"), kind=CONTENT)
        return self._bundle(*waiting)

    def _bundle(self, found: list[Resource], start: int, count: int) -> Reply:
        page = found[start : start + count]
        links = []
        if start + count < len(found):
            token = secrets.token_urlsafe(12)
            with self._lock:
                self._waiting[token] = (found, start + count, count)
            links.append({"relation": "next", "url": f"{self.base_url}/_page?token={token}"})
        entries = [
            {"fullUrl": f"{self.base_url}/{item['resourceType']}/{item['id']}", "resource": item,
             "search": {"mode": "match"}}
            for item in page
        ]  # fmt: skip
        return _fhir(
            {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links, "entry": entries}
        )


def _fhir(body: Resource) -> Reply:
    return Reply(body=body, kind=CONTENT)


Test = Callable[[Resource, str], bool]


def _names(part: str) -> Test:
    """R4 string search: starts with, without regard to case."""

    def test(item: Resource, value: str) -> bool:
        held: list[str] = []
        for name in item.get("name", ()):
            held += [name.get("family", "")] if part == "family" else list(name.get("given", ()))
        return any(word.casefold().startswith(value.casefold()) for word in held)

    return test


def _postcode(item: Resource, value: str) -> bool:
    held = ("".join(address.get("postalCode", "").split()) for address in item.get("address", ()))
    return "".join(value.split()).casefold() in (code.casefold() for code in held)


def _token(*path: str) -> Test:
    """R4 token search over Coding, CodeableConcept, Identifier or code; `system|code` or `code`."""

    def test(item: Resource, value: str) -> bool:
        system, bar, code = value.rpartition("|")
        return any(
            code == held and (not bar or not system or system == space)
            for found in _reach(item, path)
            for space, held in _codes(found)
        )

    return test


def _codes(found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, str):
        yield "", found
    elif isinstance(found, Mapping):
        yield found.get("system", ""), found.get("value") or found.get("code") or ""
        for coding in found.get("coding", ()):
            yield coding.get("system", ""), coding.get("code", "")


def _day(*paths: tuple[str, ...]) -> Test:
    """R4 date search with the prefixes eq, ge, le, on days; a record that only has a year is compared as text."""

    def test(item: Resource, value: str) -> bool:
        prefix, day = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
        held = [str(found)[:10] for path in paths for found in _reach(item, path)]
        if prefix == "ge":
            return any(found >= day[: len(found)] for found in held)
        if prefix == "le":
            return any(found[: len(day)] <= day for found in held)
        return prefix == "eq" and day in held

    return test


def _lasts(item: Resource, value: str) -> bool:
    """A period that reaches into the days: one without an end goes on."""
    period = item.get("period") or {}
    if value.startswith("ge"):
        return "end" not in period or _day(("period", "end"))(item, value)
    return _day(("period", "start"))(item, value)


def _reference(*path: str) -> Test:
    def test(item: Resource, value: str) -> bool:
        held = [str(found) for found in _reach(item, path)]
        return any(found == value or found.rpartition("/")[2] == value for found in held)

    return test


def _reach(found: Any, path: Sequence[str]) -> list[Any]:
    """All values at the end of a path, whichever lists lie on the way."""
    for step in path:
        items = found if isinstance(found, list) else [found]
        found = [item[step] for item in items if isinstance(item, Mapping) and step in item]
        found = [inner for item in found for inner in (item if isinstance(item, list) else [item])]
    return found if isinstance(found, list) else [found]


PARAMETERS: dict[tuple[str, str], Test] = {
    ("", "_id"): lambda item, value: item["id"] == value,
    ("Patient", "identifier"): _token("identifier"),
    ("Patient", "birthdate"): _day(("birthDate",)),
    ("Patient", "family"): _names("family"),
    ("Patient", "given"): _names("given"),
    ("Patient", "gender"): _token("gender"),
    ("Patient", "address-postalcode"): _postcode,
    ("Encounter", "patient"): _reference("subject", "reference"),
    ("Encounter", "class"): _token("class"),
    ("Encounter", "type"): _token("type"),
    ("Encounter", "date"): _day(("period", "start")),
    ("Condition", "patient"): _reference("subject", "reference"),
    ("Condition", "category"): _token("category"),
    ("Condition", "recorded-date"): _day(("recordedDate",)),
    ("Condition", "onset-date"): _day(("onsetDateTime",)),
    ("Appointment", "patient"): _reference("participant", "actor", "reference"),
    ("Appointment", "service-type"): _token("serviceType"),
    ("Appointment", "status"): _token("status"),
    ("Appointment", "date"): _day(("start",)),
    ("EpisodeOfCare", "patient"): _reference("patient", "reference"),
    ("EpisodeOfCare", "type"): _token("type"),
    ("EpisodeOfCare", "date"): _lasts,
}


INDEXED: dict[str, Callable[[str], str]] = {
    "_id": str, "birthdate": str, "identifier": lambda value: value.rpartition("|")[2],
    "patient": lambda value: value.rpartition("/")[2],
}  # fmt: skip
"""Parameters that are looked up instead of read through: a county has a quarter of a million patients."""


def _index_keys(item: Resource) -> Iterator[tuple[str, str]]:
    """Under which parameters and values a resource is looked up; the search still tests everything."""
    yield "_id", str(item["id"])
    if item.get("birthDate"):
        yield "birthdate", str(item["birthDate"])
    for found in item.get("identifier", ()):
        yield "identifier", str(found.get("value"))
    for path in (("subject", "reference"), ("patient", "reference"), ("participant", "actor", "reference")):
        for reference in _reach(item, path):
            yield "patient", str(reference).rpartition("/")[2]
