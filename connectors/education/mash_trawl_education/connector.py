"""The education connector: two searches by POST, paged by how many rows to skip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mash_trawl.api import Candidate, Envelope, Event, Finding, Grant, HttpConnector, PersonQuery
from mash_trawl_education.records import READERS, pupil, record

FIELDS = {
    "upn": "upn", "family": "surname", "former_names": "surname", "given": "forename", "born": "dateOfBirth",
    "postcode": "postcode",
}  # fmt: skip
"""Our words for the service's. It compares `surname` with preferred and former surnames as well."""
PAGES = Envelope(items="data", total="totalCount", offset="skip")


class Education(HttpConnector):
    """Enrolment with the school's safeguarding lead, attendance, exclusions, special needs, concerns of the school."""

    name, agency, api = "education", "education", 1
    offers = frozenset(f"education.{category}" for category, _ in READERS.values())
    search_keys = (
        ("upn",), ("family", "born"), ("former_names", "born"), ("given", "born"), ("born", "postcode"),
        ("family", "given", "postcode"),
    )  # fmt: skip

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Pupils who agree with every field of the key."""
        wanted = {FIELDS[field]: _text(value) for field, value in query.fields.items()}
        with self.open(grant) as session:
            found = session.pages("api/v1/pupils/search", body=wanted, page="offset", envelope=PAGES)
            yield from session.read(found, pupil)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """Records of the granted types of one pupil; one search for each period."""
        periods: dict[tuple[date | None, date | None], list[str]] = {}
        for kind, (category, _) in sorted(READERS.items()):
            if f"education.{category}" in grant.categories:
                periods.setdefault(grant.period(f"education.{category}"), []).append(kind)
        if not periods:
            return
        with self.open(grant) as session:
            for (since, until), kinds in periods.items():
                wanted: dict[str, Any] = {"pupilId": ref, "types": kinds}
                wanted |= {"from": since.isoformat()} if since else {}
                wanted |= {"to": until.isoformat()} if until else {}
                rows = session.pages("api/v1/records/search", body=wanted, page="offset", envelope=PAGES)
                for findings in session.read(rows, record):
                    yield from (found for found in findings if not _began_before(found, since))


def _began_before(found: Finding, since: date | None) -> bool:
    """The beginning of something that still lasts, before the period: that it lasts is told, its beginning is not."""
    if since is None or not isinstance(found, Event) or found.until is not None or found.when.latest is None:
        return False
    return found.when.latest < since


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
