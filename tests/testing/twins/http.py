"""Twins of a police service over REST: pages, refusals, addresses, patience."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from itertools import islice
from typing import Any

from mash_trawl.api import Candidate, Event, Finding, Grant, HttpConnector, PersonQuery, Unavailable, iso_date, name
from mash_trawl.testing import served
from twins.planting import Family
from twins.police_service import STATUSES, service


class Police(HttpConnector):
    """Safeguarding and missing reports from the police force's search service."""

    name, agency, api = "police", "police", 1
    offers = frozenset({"police.safeguarding", "police.missing"})
    search_keys = (("nhs_number",), ("family", "born"), ("given", "born"))
    fields = {"family": "surname", "given": "forename", "born": "dob", "nhs_number": "nhs"}
    path = "v1/records/search"

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """People who agree with every field of the key."""
        with self.open(grant) as session:
            for item in self.pages(session, "v1/people/search", self.wanted(query)):
                yield self.person(item)

    def wanted(self, query: PersonQuery) -> dict[str, str]:
        """The query in the service's words."""
        return {self.fields[field]: str(value) for field, value in query.fields.items()}

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """One search for each granted category."""
        with self.open(grant) as session:
            for category in sorted(grant.categories & self.offers):
                for item in self.pages(session, self.path, self.asked(ref, category, grant)):
                    if found := self.record(ref, category, item):
                        yield found

    def asked(self, ref: str, category: str, grant: Grant) -> dict[str, str]:
        """What is asked for a category."""
        since, until = grant.period(category)
        days = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
        return {"person": ref, "type": category.partition(".")[2]} | {key: day for key, day in days.items() if day}

    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        """All pages of a search."""
        return session.pages(path, body=body, page="cursor")

    def person(self, item: Any) -> Candidate:
        """A person."""
        return Candidate(ref=item["id"], names=(name(item["forename"], item["surname"]),), born=iso_date(item["dob"]),
                         identifiers={"nhs_number": item["nhs"]})  # fmt: skip

    def record(self, ref: str, category: str, item: Any) -> Finding | None:
        """A report."""
        return Event(ref=item["id"], about=(item["person"],), category=category, when=iso_date(item["day"]),
                     headline=item["summary"], outcome=STATUSES.get(item["status"], item["status"]))  # fmt: skip


HTTP = Family("web service", Police, lambda: served(service, page="cursor", size=3))
plant = HTTP.plant


@plant("reads the first page only", "`items` of the first answer, and no look at the cursor.", "pages", 17)
class FirstPage(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        return islice(super().pages(session, path, body), 3)


@plant("follows ten pages at most", "A safety limit that nobody is told of.", "pages", 17, 7)
class TenPages(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        return islice(super().pages(session, path, body), 30)


@plant("loses the last item of each page", "A page size that is off by one.", "pages", 17, 7)
class OffByOne(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        for number, item in enumerate(super().pages(session, path, body), 1):
            if number % 3:
                yield item


@plant("asks for pages in the wrong way", "The service pages by cursor; the connector by offset.", "pages", 17, 16, 2)
class WrongPaging(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        return session.pages(path, body=body, page="offset")


@plant("takes a dropped line for the end", "What came before counts as all.", "faults", 16)
class DroppedLine(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        rows = super().pages(session, path, body)
        try:
            yield from rows
        except Unavailable:
            return


@plant("takes 404 for nobody", "`if status == 404: return []`, also for a wrong path.", "faults", 16)
class NotFound(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        try:
            yield from super().pages(session, path, body)
        except Exception as error:
            if "404" in str(getattr(error, "why", "")):
                return
            raise


@plant("takes 403 for nobody", "The custodian said no, and the answer says that nothing is known.", "faults", 16)
class Forbidden(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        try:
            yield from super().pages(session, path, body)
        except Exception as error:
            if "custodian" in str(getattr(error, "why", "")):
                return
            raise


@plant("takes a failed login for nobody", "401 is caught, and the search goes on without.", "faults", 16)
class Unauthorized(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        try:
            yield from super().find(query, grant)
        except Unavailable as error:
            if "login" not in str(error.why):
                raise


@plant("takes an answer that is no JSON for nobody", "A maintenance page in HTML, or no body at all, is caught.", "faults",
       16)  # fmt: skip
class NoJson(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        try:
            yield from super().pages(session, path, body)
        except Exception as error:
            if type(error).__name__ == "Malformed":
                return
            raise


@plant("gives up quietly when the service is busy", "429 is nobody.", "faults", 16, 18)
class Busy(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        try:
            yield from super().find(query, grant)
        except Unavailable as error:
            if "many" not in str(error.why):
                raise


@plant("puts the name into the path", "`GET people/Khan`: it is in every log on the way.", "no canary", 13, 9, 16)
class NameInPath(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            for item in session.pages(f"v1/people/{query.family or query.given or query.nhs_number}", page="cursor"):
                yield self.person(item)


@plant("puts the number into the query string", "`?nhs=...`, under a name that the session does not know.",
       "no canary", 13, 9)  # fmt: skip
class NumberInQuery(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            for item in session.pages("v1/people/search", params=self.wanted(query), page="cursor"):
                yield self.person(item)


@plant("calls the service by itself", "`urllib` to another host, around door, ledger and deadline.", "no other host", 11,
       16)  # fmt: skip
class DialsOut(Police):
    def person(self, item: Any) -> Candidate:
        try:
            urllib.request.urlopen("http://127.0.0.1:9/photo", timeout=0.2)
        except OSError:
            pass
        return super().person(item)


@plant("asks the right host around the session", "The address is right; no gate, no ledger, no key.", "row budget", 7, 10,
       18, 12, 15)  # fmt: skip
class AroundSession(Police):
    def pages(self, session: Any, path: str, body: dict[str, str]) -> Iterator[Any]:
        url = f"{session.address(path)}"
        asked = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=2) as answer:
            yield from json.load(answer)["items"]


@plant(
    "tells the service who was looked at", "POST to `v1/view`, for the service's own list of readers.", "read only", 10
)
class TellsView(Police):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            list(session.pages("v1/view", body={"person": ref}, page="cursor"))
        yield from super().fetch(ref, grant)


@plant("makes the person where it finds none", "POST to `v1/people` creates a record.", "read only", 10)
class Creates(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            list(session.pages("v1/people", body=self.wanted(query), page="cursor"))
        yield from super().find(query, grant)


@plant("asks again when busy, at once", "Its own loop, without the pause that the service wants.", "patience", 18, 16)
class AtOnce(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        for left in range(3, -1, -1):
            try:
                found = list(super().find(query, grant))
            except Unavailable:
                if not left:
                    raise
                continue
            yield from found
            return


@plant("waits by sleeping", "`time.sleep(retry_after)`, through a stop and a deadline.", "patience", 18, 14)
class SleepsThrough(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        for left in range(4, -1, -1):
            try:
                yield from super().find(query, grant)
                return
            except Unavailable as error:
                if not left:
                    raise
                time.sleep(min(error.retry_after or 0.01, 0.05))


@plant(
    "asks for all types at once", "One search without `type`, sorted by category afterwards.", "granted categories", 5
)
class AllTypes(Police):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            for item in self.pages(session, self.path, {"person": ref}):
                category = f"police.{item['type']}"
                since, until = grant.period(category)
                day = iso_date(item["day"]).earliest
                late = until is not None and day is not None and day > until
                early = since is not None and day is not None and day < since
                if (
                    category in grant.categories
                    and not late
                    and not early
                    and (found := self.record(ref, category, item))
                ):
                    yield found


@plant("asks by birthday and name in turn", "Two searches, put together: or, in another dress.", "only this person", 8)
class TwoSearches(Police):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            for field, value in self.wanted(query).items():
                for item in self.pages(session, "v1/people/search", {field: value}):
                    yield self.person(item)


@plant("shows closed for an unknown status", "`STATUSES.get(code, 'closed')`.", "codes", 22)
class Closed(Police):
    def record(self, ref: str, category: str, item: Any) -> Finding | None:
        found = super().record(ref, category, item)
        status = STATUSES.get(item["status"], "closed")
        return Event(ref=found.ref, about=found.about, category=category, when=found.when, headline=found.headline,
                     outcome=status)  # fmt: skip


@plant("keeps all pages in a list", "`list(session.pages(...))`.", "flat memory", 19)
class Collects(Police):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        yield from list(super().fetch(ref, grant))
