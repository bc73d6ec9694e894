"""Synthetic nominals and occurrences, with decoys, and the service that holds them."""

from __future__ import annotations

from typing import Any

from mash_trawl.testing import Request
from mash_trawl_county.loopback_http import BadRequest
from mash_trawl_county.police_server import PoliceServer

HOME = {"line1": "14 Mill Lane", "postcode": "NB1 4QT", "uprn": "100023336956"}
AWAY = {"line1": "2 High Street", "postcode": "NB1 1AA", "uprn": "100023330001"}


def nominal(ident: str, forename: str, surname: str, dob: str | None, **more: Any) -> dict[str, Any]:
    """One synthetic nominal."""
    held = {"middle_names": "", "former_surname": "", "sex": "F", "address": HOME}
    return {"nominal_id": ident, "forename": forename, "surname": surname, "dob": dob} | held | more


NOMINALS = [
    nominal("N1", "Samira", "Khan", "1988-11-02", former_surname="Malik", middle_names="Noor"),
    nominal("N2", "Aisha", "KHAN", "2014-05-17"),
    nominal("N3", "Amina", "Khan", "2014-05-17"),  # her twin
    nominal("N4", "Aisha", "Khan", "1974-05-17", address=AWAY),
    nominal("N5", "Oliver", "Stone", "2014-05-17", sex="M", address=AWAY),
    nominal("N6", "Dan", "O'Brien", "1985-03-09", sex="M"),
    nominal("N7", "Zoë", "Łukasz-Żuk", None, sex="U", address=None),
]


def part(ident: str, role: str) -> dict[str, Any]:
    """A nominal's part in an occurrence."""
    held = next(item for item in NOMINALS if item["nominal_id"] == ident)
    return {"nominal_id": ident, "role": role} | {key: held[key] for key in ("forename", "surname", "dob")}


def occurrence(ident: str, category: str, day: str, status: str, *people: dict[str, Any]) -> dict[str, Any]:
    """One synthetic occurrence."""
    return {
        "occurrence_id": ident, "category": category, "type": f"{category} report", "occurred_from": f"{day}T21:15",
        "occurred_to": None, "recorded_on": day, "summary": f"Summary of {ident}", "text": "Neighbour rang.",
        "status": status, "people": list(people),
    }  # fmt: skip


OCCURRENCES = [
    occurrence("O1", "domestic_abuse", "2019-07-02", "charged", part("N6", "suspect"), part("N1", "victim")),
    occurrence("O2", "domestic_abuse", "2021-01-09", "no further action", part("N1", "victim")),
    occurrence("O3", "missing", "2022-06-30", "reported", part("N2", "missing person")),
    occurrence("O4", "missing", "2009-06-30", "reported", part("N1", "missing person")),
    occurrence("O5", "arrest", "2023-02-01", "filed", part("N1", "arrested")),
    occurrence("O6", "safeguarding", "2023-03-01", "false report", part("N1", "parent"), part("N3", "child")),
    occurrence("O7", "domestic_abuse", "2024-01-01", "intelligence", part("N5", "suspect")),
]


def answer(request: Request) -> Any:
    """The service for the conformance kit, which makes the pages."""
    try:
        return SERVICE.reply(request)
    except BadRequest:
        return 400


SERVICE = PoliceServer(NOMINALS, OCCURRENCES, "hub", "loopback only", page=10_000)
