"""FHIR R4 sources: search by POST, follow the Bundle to its end, and believe it only if its counts agree.

Search by POST keeps names and numbers out of addresses (https://hl7.org/fhir/R4/http.html#search). Paging follows the
Bundle's `next` link; a server that repeats the search in that link is asked by POST again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports.door import Door
from mash_trawl.transports.http import Call, HttpSession
from mash_trawl.transports.http import open_session as open_http
from mash_trawl.transports.http_lines import Lines
from mash_trawl.transports.http_paging import Answer, discloses, readable, tells_error

_ACCEPT = {"Accept": "application/fhir+json"}
_FORM = _ACCEPT | {"Content-Type": "application/x-www-form-urlencoded"}
_SPARE_PAGES = 20
_ISSUES: Mapping[str, str] = {
    "security": Why.CUSTODIAN_SAID_NO,
    "forbidden": Why.CUSTODIAN_SAID_NO,
    "suppressed": Why.CUSTODIAN_SAID_NO,
    "login": Why.LOGIN_FAILED,
    "expired": Why.LOGIN_FAILED,
    "unknown": Why.LOGIN_FAILED,
    "throttled": Why.TOO_MANY_REQUESTS,
}
"""Codes of OperationOutcome.issue (https://hl7.org/fhir/R4/valueset-issue-type.html) that say more than "it failed"."""

T = TypeVar("T")
Value = str | Sequence[str]


class FhirSession:
    """Searches of one ask, each read to its end."""

    def __init__(self, door: Door, http: HttpSession) -> None:
        self._door = door
        self._http = http

    def search(self, kind: str, /, **params: Value) -> Iterator[dict[str, Any]]:
        """The resources of one type that match, from all pages.

        Names of parameters are written with underscores (`address_postalcode`, `class_`, `_id`); a sequence repeats
        the parameter. After the last one, `door.tally` says whether the list is proved whole.
        """
        if not kind.isalpha():
            raise ValueError("not a resource type")
        form = [(_name(key), item) for key, value in params.items() for item in _items(value)]
        home = self._http.address(f"{kind}/_search")
        call: Call | None = _post(home, form, 1)
        seen: set[str] = set()
        count = 0
        while call is not None:
            answer = self._http.ask(call)
            bundle = _bundle(answer.value)
            matches = self._matches(bundle, kind)
            count += len(matches)
            link = self._onward(bundle, answer, seen, call.page, count)
            for item in matches:
                if not self._door.row():
                    self._door.tally.truncated = True
                    return
                yield item
            call = self._follow(link, home, form, call.page + 1) if link else None

    def read(self, rows: Iterable[dict[str, Any]], reader: Callable[[dict[str, Any]], T | None]) -> Iterator[T]:
        """What `reader` makes of each resource. One that it cannot read is counted, and costs no other."""
        return readable(self._door, rows, reader)

    def _onward(
        self, bundle: Mapping[str, Any], answer: Answer, seen: set[str], page: int, count: int
    ) -> str | None:  # fmt: skip
        """The next link. The last page is believed to be it if it has none, and if all were sent that it counts."""
        total = bundle.get("total")
        if total is not None and (not isinstance(total, int) or isinstance(total, bool)):
            raise Malformed("not_a_total")
        link = _next_link(bundle, answer.url)
        endless = link is not None and (link in seen or page > count + _SPARE_PAGES)
        short = link is None and total is not None and total != count
        if endless or short or not answer.framed:
            self._door.tally.complete = False
        if link is None or endless:
            return None
        seen.add(link)
        return link

    def _matches(self, bundle: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
        """The resources asked for; a warning from the server makes the answer incomplete, what was included is left."""
        found = []
        for entry in _entries(bundle):
            mode = (
                entry.get("search", {}).get("mode", "match") if isinstance(entry.get("search", {}), dict) else "match"
            )
            resource = entry.get("resource")
            if isinstance(resource, dict) and resource.get("resourceType") == "OperationOutcome":
                self._heed(resource)
            elif mode == "match" and isinstance(resource, dict) and resource.get("resourceType") == kind:
                found.append(resource)
            elif mode == "match":
                self._door.tally.quarantined += 1
        return found

    def _heed(self, outcome: Mapping[str, Any]) -> None:
        if any(issue.get("severity") in ("fatal", "error") for issue in _issues(outcome)):
            raise _refusal(outcome)
        if any(issue.get("severity") == "warning" for issue in _issues(outcome)):
            self._door.tally.complete = False

    def _follow(self, link: str, home: str, form: list[tuple[str, str]], page: int) -> Call:
        url = self._http.own(link)
        parts = urlsplit(url)
        path = parts._replace(query="", fragment="").geturl().removesuffix("/_search")
        if path == home.removesuffix("/_search") and parts.query:
            return _post(home, parse_qsl(parts.query, keep_blank_values=True), page)
        if discloses(url, [value for _, value in form]):
            raise Malformed("link_with_personal_data")
        return Call(method="GET", url=url, headers=_ACCEPT, page=page)


def _post(url: str, form: list[tuple[str, str]], page: int) -> Call:
    return Call(method="POST", url=url, headers=_FORM, body=urlencode(form).encode(), page=page)


def _name(key: str) -> str:
    return key[0] + key[1:].rstrip("_").replace("_", "-")


def _items(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _bundle(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        if value.get("resourceType") == "OperationOutcome":
            raise _refusal(value)
        if tells_error(value):
            raise Malformed("error_in_answer")
        if value.get("resourceType") == "Bundle" and value.get("type") == "searchset":
            return value
    raise Malformed("not_a_bundle")


def _entries(bundle: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Malformed("not_a_bundle")
    return entries


def _next_link(bundle: Mapping[str, Any], url: str) -> str | None:
    links = bundle.get("link", [])
    if not isinstance(links, list):
        raise Malformed("not_a_bundle")
    for link in links:
        if isinstance(link, dict) and link.get("relation") == "next":
            if not isinstance(link.get("url"), str):
                raise Malformed("not_a_link")
            return urljoin(url, str(link["url"]))
    return None


def _issues(outcome: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    issues = outcome.get("issue", [])
    return [issue for issue in issues if isinstance(issue, Mapping)] if isinstance(issues, list) else []


def _refusal(outcome: Mapping[str, Any]) -> TrawlError:
    for issue in _issues(outcome):
        code = issue.get("code")
        if isinstance(code, str) and code in _ISSUES:
            return Unavailable(_ISSUES[code])
    return Malformed("operation_outcome")


@contextmanager
def open_session(door: Door, lines: Lines | None = None) -> Iterator[FhirSession]:
    """A FHIR session with the door's source; settings, login and errors are those of `http`."""
    with open_http(door, lines) as http:
        yield FhirSession(door, http)
