"""Twins of a health connector over FHIR R4."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from mash_trawl.api import Candidate, Event, FhirConnector, Finding, Grant, PartialDate, PersonQuery, iso_date, name
from mash_trawl.testing import served_fhir
from twins.planting import Family

NHS = "https://fhir.nhs.uk/Id/nhs-number"
UK = ZoneInfo("Europe/London")


def _patient(ident: str, given: str, family: str, born: str, number: str, post: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient", "id": ident, "identifier": [{"system": NHS, "value": number}],
        "name": [{"family": family, "given": [given]}], "birthDate": born, "address": [{"postalCode": post}],
    }  # fmt: skip


def _visit(ident: str, who: str, kind: str, start: str, status: str = "finished") -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "id": ident, "status": status, "class": {"code": kind},
        "subject": {"reference": f"Patient/{who}"}, "period": {"start": start}, "reasonCode": [{"text": f"Visit {ident}"}],
    }  # fmt: skip


RESOURCES = [
    _patient("K1", "Aisha", "Khan", "2014-05-17", "9990000018", "NB1 4QT"),
    _patient("K2", "Amina", "Khan", "2014-05-17", "9990000026", "NB1 4QT"),
    _patient("K3", "Aisha", "Khan", "2009-11-02", "9990000034", "NB1 1AA"),
    _patient("K4", "Oliver", "Stone", "2014-05-17", "9990000042", "NB2 7PP"),
    _patient("K5", "Bilal", "Khan", "2012-03-09", "9990000050", "NB1 4QT"),
    _visit("e1", "K1", "EMER", "2024-07-01T00:30:00+01:00"), _visit("e2", "K1", "EMER", "2023-01-10T09:00:00Z"),
    _visit("h1", "K1", "HH", "2022-03-09T10:00:00Z"), _visit("h2", "K1", "HH", "2025-08-12T10:00:00Z"),
    _visit("e3", "K2", "EMER", "2024-02-02T10:00:00Z"), _visit("h3", "K5", "HH", "2024-02-02T10:00:00Z"),
]  # fmt: skip
CLASSES = {"health.emergency": "EMER", "health.health_visiting": "HH"}


class Health(FhirConnector):
    """Emergency attendances and health visits from the FHIR service of the trust."""

    name, agency, api = "health", "health", 1
    offers = frozenset(CLASSES)
    search_keys = (("nhs_number",), ("family", "born"), ("given", "born"), ("born", "postcode"))
    words = {"family": "family", "given": "given", "born": "birthdate", "postcode": "address_postalcode"}

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Patients who agree with every field of the key."""
        with self.open(grant) as session:
            for item in self.searched(session, "Patient", **self.wanted(query)):
                yield self.patient(item)

    def wanted(self, query: PersonQuery) -> dict[str, str]:
        """The query as search parameters."""
        if query.nhs_number:
            return {"identifier": f"{NHS}|{query.nhs_number}"}
        return {self.words[field]: str(value) for field, value in query.fields.items()}

    def searched(self, session: Any, kind: str, **wanted: Any) -> Iterator[Any]:
        """All pages of a search."""
        return session.search(kind, **wanted)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """One search for each granted category."""
        with self.open(grant) as session:
            for category in sorted(grant.categories & self.offers):
                since, until = grant.period(category)
                days = [f"ge{since}"] * bool(since) + [f"le{until}"] * bool(until)
                asked = {"patient": ref, "class_": CLASSES[category]} | ({"date": days} if days else {})
                for item in self.searched(session, "Encounter", **asked):
                    if found := self.encounter(ref, category, item):
                        yield found

    def patient(self, item: Any) -> Candidate:
        """A patient."""
        number = next((held["value"] for held in item["identifier"] if held["system"] == NHS), None)
        return Candidate(
            ref=item["id"], names=tuple(name(" ".join(held["given"]), held["family"]) for held in item["name"]),
            born=iso_date(item["birthDate"]), identifiers={"nhs_number": number} if number else {},
        )  # fmt: skip

    def encounter(self, ref: str, category: str, item: Any) -> Finding | None:
        """An attendance or visit."""
        return Event(
            ref=item["id"], about=(item["subject"]["reference"].removeprefix("Patient/"),), category=category,
            when=self.day(item["period"]["start"]), headline=item["reasonCode"][0]["text"], kind=item["class"]["code"],
            outcome=item["status"],
        )  # fmt: skip

    def day(self, text: str) -> PartialDate:
        """The day in this country."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return iso_date(text)
        return PartialDate.of(moment.astimezone(UK).date(), text) if "T" in text and moment.tzinfo else iso_date(text)


FHIR = Family("FHIR", Health, lambda: served_fhir(RESOURCES, size=2))
plant = FHIR.plant


@plant("reads the first page of the Bundle", "`entry` of the first answer.", "pages", 17)
class FirstBundle(Health):
    def searched(self, session: Any, kind: str, **wanted: Any) -> Iterator[Any]:
        return islice(super().searched(session, kind, **wanted), 2)


@plant("searches the number without its system", "Any identifier with those digits is taken for an NHS number.",
       "only this person", 8,
       seed=lambda: served_fhir([*RESOURCES, {**_patient("K9", "Ivy", "Moss", "1990-01-01", "1", "NB9 9ZZ"),
                                              "identifier": [{"system": "urn:local", "value": "9990000018"}]}]))  # fmt: skip
class NoSystem(Health):
    def wanted(self, query: PersonQuery) -> dict[str, str]:
        return {"identifier": query.nhs_number} if query.nhs_number else super().wanted(query)

    def patient(self, item: Any) -> Candidate:
        found = super().patient(item)
        return found


@plant("leaves the birthday out", "`birthdate` is misspelt in its table and dropped.", "only this person", 8)
class NoBirthdate(Health):
    def wanted(self, query: PersonQuery) -> dict[str, str]:
        return {name: value for name, value in super().wanted(query).items() if name != "birthdate"}


@plant("asks for all encounters of the patient", "Without `class`; the other category is dropped here.",
       "granted categories", 5)  # fmt: skip
class AllClasses(Health):
    def searched(self, session: Any, kind: str, **wanted: Any) -> Iterator[Any]:
        code = wanted.pop("class_", None)
        for item in super().searched(session, kind, **wanted):
            if code is None or item["class"]["code"] == code:
                yield item


@plant("takes an OperationOutcome for an empty Bundle", "`Malformed` is caught.", "faults", 16)
class OutcomeIsEmpty(Health):
    def searched(self, session: Any, kind: str, **wanted: Any) -> Iterator[Any]:
        try:
            yield from super().searched(session, kind, **wanted)
        except Exception:  # the fault
            return


@plant("takes the day of an instant in UTC", "An attendance at half past midnight is on the day before.", "dates", 20)
class UtcDay(Health):
    def day(self, text: str) -> PartialDate:
        return iso_date(text[:10] if "T" in text else text)


@plant("takes the first name for the only one", "A change of name: the second in the list is lost.", "only this person", 8,
       seed=lambda: served_fhir([{**item, "name": [{"family": "Malik", "given": ["Aisha"], "use": "old"}, *item["name"]]}
                                 if item["id"] == "K1" else item for item in RESOURCES]))  # fmt: skip
class FirstName(Health):
    def patient(self, item: Any) -> Candidate:
        return super().patient({**item, "name": item["name"][:1]})


@plant("leaves out what has an unknown status", "A status nobody listed is not shown.", "codes", 22)
class KnownStatus(Health):
    def encounter(self, ref: str, category: str, item: Any) -> Finding | None:
        return super().encounter(ref, category, item) if item["status"] in ("finished", "arrived") else None


@plant("numbers the entries of a Bundle", "`ref` is the place in the answer.", "references", 3, 21)
class Places(Health):
    place = 0

    def encounter(self, ref: str, category: str, item: Any) -> Finding | None:
        type(self).place += 1
        found = super().encounter(ref, category, item)
        return Event(ref=f"entry-{self.place}", about=found.about, category=category, when=found.when,
                     headline=found.headline)  # fmt: skip
