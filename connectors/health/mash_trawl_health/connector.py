"""The health connector: FHIR R4 searches by POST, one or two for each granted category and none for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mash_trawl.api import Candidate, FhirConnector, Finding, Grant, Involvement, PersonQuery
from mash_trawl_health.records import (
    condition,
    encounter,
    episode,
    missed_appointment,
    patient,
    practice,
    without_onset,
)

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"

PARAMETERS = {"family": "family", "given": "given", "born": "birthdate", "postcode": "address_postalcode"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search of a category: the type of resource, what narrows it, the parameter of its date, how to read it.

    `windowed`: it only adds what another search misses when days are granted.
    """

    kind: str
    read: Callable[[str, str, dict[str, Any]], Finding | None]
    narrow: Mapping[str, str] = field(default_factory=dict)
    patient: str = "patient"
    date: str | None = "date"
    windowed: bool = False


SEARCHES: Mapping[str, tuple[Search, ...]] = {
    "health.gp_summary": (
        Search(kind="Condition", read=condition, narrow={"category": "problem-list-item"}, date="onset_date"),
        Search(
            kind="Condition",
            read=without_onset,
            narrow={"category": "problem-list-item"},
            date="recorded_date",
            windowed=True,
        ),
        Search(kind="Patient", read=practice, patient="_id", date=None),
    ),
    "health.health_visiting": (
        Search(kind="Encounter", read=encounter, narrow={"type": "health-visiting"}),
        Search(
            kind="Appointment", read=missed_appointment, narrow={"service_type": "health-visiting", "status": "noshow"}
        ),
    ),
    "health.emergency": (Search(kind="Encounter", read=encounter, narrow={"class": "EMER"}),),
    "health.camhs": (Search(kind="EpisodeOfCare", read=episode, narrow={"type": "camhs"}, date=None),),
}
"""What is asked for each category. A service whose codes differ is a subclass with another table."""


class Health(FhirConnector):
    """GP summary, health visiting, emergency attendances and CAMHS episodes."""

    name, agency, api = "health", "health", 1
    offers = frozenset(SEARCHES)
    search_keys = (("nhs_number",), ("family", "born"), ("given", "born"), ("born", "postcode"))
    searches: Mapping[str, tuple[Search, ...]] = SEARCHES

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Patients who agree with every field of the key."""
        if query.nhs_number:
            wanted = {"identifier": f"{NHS_NUMBER}|{''.join(query.nhs_number.split())}"}
        else:
            wanted = {PARAMETERS[field]: str(value) for field, value in query.fields.items()}
        with self.open(grant) as session:
            yield from session.read(session.search("Patient", **wanted), patient)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The granted categories of one patient, in a fixed order."""
        with self.open(grant) as session:
            for category in sorted(grant.categories & self.offers):
                for search in self.searches[category]:
                    window = _window(search, grant, category)
                    if search.windowed and not window:
                        continue
                    asked = {search.patient: ref, **search.narrow, **window}
                    rows = session.search(search.kind, **asked)
                    for found in session.read(rows, partial(search.read, ref, category)):
                        if search.date or _lasts_into(found, grant, category):
                            yield found


def _lasts_into(found: Finding, grant: Grant, category: str) -> bool:
    """Does it reach into the granted days? Without a day it counts, and what has no end goes on.

    Servers differ in whether a search by date brings an episode without a period, or one that is still open.
    """
    since, until = grant.period(category)
    if not isinstance(found, Involvement):
        return True
    first, last = found.from_ and found.from_.earliest, found.to and found.to.latest
    return not (since and last and last < since) and not (until and first and first > until)


def _window(search: Search, grant: Grant, category: str) -> dict[str, list[str]]:
    """The category's period, where the resource has a day. An episode or a practice is asked for as it stands."""
    since, until = grant.period(category)
    days = [f"ge{since.isoformat()}"] if since else []
    days += [f"le{until.isoformat()}"] if until else []
    return {search.date: days} if search.date and days else {}
