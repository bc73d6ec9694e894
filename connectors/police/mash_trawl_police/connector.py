"""The police connector: two searches by POST, paged by cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from mash_trawl.api import (
    Candidate,
    Event,
    Finding,
    Grant,
    HttpConnector,
    PartialDate,
    PersonQuery,
    address,
    iso_date,
    name,
)

FIELDS = {"family": "surname", "former_names": "surname", "given": "forename", "born": "dob", "postcode": "postcode"}
"""Our words for the service's. It compares `surname` with former surnames as well."""

SEXES: dict[str, Literal["female", "male"]] = {"F": "female", "M": "male"}

FLAGS = {
    "hidden_address": "hidden_address",
    "protected address": "hidden_address",
    "witness_protection": "witness_protection",
    "protected person": "witness_protection",
    "staff_interest": "staff_interest",
}
"""The service's own flags on a nominal, in our words."""

Basis = Literal["reported", "alleged", "documented", "third_hand", "not_stated"]
BASES: dict[str, Basis] = {
    "reported": "reported",
    "filed": "reported",
    "open": "reported",
    "closed": "reported",
    "under investigation": "alleged",
    "alleged": "alleged",
    "no further action": "alleged",
    "charged": "documented",
    "cautioned": "documented",
    "convicted": "documented",
    "intelligence": "third_hand",
}
"""How well the police themselves say something is established. A status that is not listed says nothing."""

NOT_A_CONCERN = frozenset({"false report", "no crime", "recorded in error"})


class Police(HttpConnector):
    """Safeguarding and domestic abuse occurrences, missing reports and arrests."""

    name, agency, api = "police", "police", 1
    offers = frozenset({"police.safeguarding", "police.domestic_abuse", "police.missing", "police.arrest"})
    search_keys = (
        ("family", "born"), ("former_names", "born"), ("given", "born"), ("born", "postcode"),
        ("family", "given", "postcode"), ("family", "postcode"), ("given", "postcode"),
    )  # fmt: skip

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Nominals who agree with every field of the key."""
        wanted = {FIELDS[field]: _text(value) for field, value in query.fields.items()}
        with self.open(grant) as session:
            yield from session.read(session.pages("v1/nominals/search", body=wanted), nominal)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """Occurrences of the granted categories in which the nominal has a part; one search for each period."""
        periods: dict[tuple[date | None, date | None], list[str]] = {}
        for category in sorted(grant.categories & self.offers):
            periods.setdefault(grant.period(category), []).append(category.removeprefix("police."))
        with self.open(grant) as session:
            for (since, until), categories in periods.items():
                wanted: dict[str, Any] = {"nominal_id": ref, "categories": categories}
                wanted |= {"since": since.isoformat()} if since else {}
                wanted |= {"until": until.isoformat()} if until else {}
                yield from session.read(session.pages("v1/occurrences/search", body=wanted), occurrence)


def nominal(item: dict[str, Any]) -> Candidate:
    """A person whom the police hold, or who has a part in an occurrence."""
    given, former = item.get("forename"), item.get("former_surname")
    names = [name(given, item.get("surname"), middle=item.get("middle_names"))]
    names += [name(given, former, use="old")] if former else []
    place = item.get("address") or {}
    return Candidate(
        ref=item["nominal_id"],
        names=tuple(names),
        born=_day(item.get("dob")),
        sex=SEXES.get(item.get("sex") or "", "unknown"),
        addresses=(address(place.get("line1"), postcode=place.get("postcode"), uprn=place.get("uprn")),)
        if place
        else (),
        restrictions=_restrictions(item.get("restrictions") or ()),
    )


def occurrence(item: dict[str, Any]) -> Event:
    """An occurrence; everybody with a part in it is named once, in the order of their keys."""
    people = sorted(item["people"], key=lambda person: str(person["nominal_id"]))
    status = (item.get("status") or "").strip()
    recorded = item.get("recorded_on")
    return Event(
        ref=item["occurrence_id"],
        about=tuple(person["nominal_id"] for person in people),
        mentions=tuple(nominal(person) for person in people),
        category=f"police.{item['category']}",
        when=iso_date(item["occurred_from"]),
        until=_day(item.get("occurred_to")),
        recorded_on=date.fromisoformat(recorded) if recorded else None,
        kind=item.get("type") or item["category"],
        headline=item["summary"],
        text=" ".join(part for part in (item.get("text") or "", _roles(people)) if part),
        basis=BASES.get(status.lower(), "not_stated"),
        polarity="neutral" if status.lower() in NOT_A_CONCERN else "concern",
        outcome=status,
    )


def _restrictions(flags: str | Iterable[str]) -> tuple[str, ...]:
    """Our words for the service's flags; one that is not listed still means that a person looks first."""
    given = [flags] if isinstance(flags, str) else flags
    return tuple(sorted({FLAGS.get(str(flag).strip().lower(), "restricted") for flag in given}))


def _roles(people: list[dict[str, Any]]) -> str:
    parts = (
        f"{person['role']}: {' '.join(part for part in (person.get('forename'), person.get('surname')) if part)}"
        for person in people
        if person.get("role")
    )
    told = "; ".join(parts)
    return f"({told})" if told else ""


def _day(value: str | None) -> PartialDate | None:
    return iso_date(value) if value else None


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
