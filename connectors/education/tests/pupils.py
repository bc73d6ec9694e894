"""Synthetic pupils and their records, with decoys, and the service that holds them."""

from __future__ import annotations

from typing import Any

from mash_trawl.testing import Request
from mash_trawl_county.education_server import EducationServer
from mash_trawl_county.loopback_http import BadRequest

HOME = {"line1": "14 Mill Lane", "postcode": "NB1 4QT", "uprn": "100023336956"}
AWAY = {"line1": "2 High Street", "postcode": "NB1 1AA", "uprn": None}


def pupil(ident: str, forename: str, surname: str, born: str | None, upn: str | None, **more: Any) -> dict[str, Any]:
    """One synthetic pupil."""
    held = {"legalMiddleNames": "", "gender": "F", "address": HOME, "flags": []}
    named = {"legalForename": forename, "legalSurname": surname, "dateOfBirth": born, "upn": upn}
    return {"pupilId": ident} | named | held | more


PUPILS = [
    pupil("PU1", "Aisha", "KHAN", "2014-05-17", "A123456789012", legalMiddleNames="Noor", preferredForename="Ash",
          formerSurname="Malik"),
    pupil("PU2", "Amina", "Khan", "2014-05-17", "B123456789013"),  # her twin
    pupil("PU3", "Aisha", "Khan", "2008-05-17", None, address=AWAY),
    pupil("PU4", "Oliver", "Stone", "2014-05-17", None, gender="M", address=AWAY, flags=["ADDRESS_WITHHELD", "NEW"]),
    pupil("PU5", "Dan", "O'Brien", "2012-03-09", None, gender="M"),
    pupil("PU6", "Zoë", "Łukasz-Żuk", None, "C1234567890A5", gender="X", address=None, formerUpn="C1234567890B6"),
]  # fmt: skip


def record(ident: str, type_: str, who: str, start: str | None, end: str | None = None, **more: Any) -> dict[str, Any]:
    """One synthetic record."""
    held = {"recordId": ident, "type": type_, "pupilId": who, "startDate": start, "endDate": end, "summary": ""}
    return held | more


SCHOOL = {"schoolName": "Quarry View School", "safeguardingLead": "Ms J Orr", "telephone": "01632 960303"}
RECORDS = [
    record("R1", "enrolment", "PU1", "2018-09-01", kind="C", **SCHOOL),
    record("R2", "enrolment", "PU1", "2017-09-01", "2018-07-20", kind="C", schoolName="Canal Walk Nursery"),
    record("R3", "enrolment", "PU1", "2020-03-01", "2020-09-01", kind="EHE"),
    record("R4", "enrolment", "PU1", "2016-01-01", kind="CME", summary="No school place"),
    record("R5", "enrolment", "PU2", "2018-09-01", kind="C", **SCHOOL),
    record("R1", "attendance", "PU1", "2025-09-01", "2026-07-20", sessionsPossible=380, sessionsAuthorised=19,
           sessionsUnauthorised=38),
    record("R2", "attendance", "PU1", "2024-09-01", "2025-07-20", sessionsPossible=380, sessionsAuthorised=0,
           sessionsUnauthorised=4),
    record("R3", "attendance", "PU1", "2023-09-01", "2024-07-20", sessionsPossible=0, sessionsAuthorised=0,
           sessionsUnauthorised=0),
    record("R4", "attendance", "PU1", "2022-09-01", "2023-07-20", sessionsPossible=100, sessionsAuthorised=50,
           sessionsUnauthorised=10),
    record("X1", "exclusion", "PU1", "2025-11-03", "2025-11-05", kind="SUSP", reason="PP, QQ", sessions=5,
           summary="Fight at lunch."),
    record("X2", "exclusion", "PU1", "2019-01-10", kind="PERM"),
    record("S1", "send", "PU1", "2019-01-10", provision="E", primaryNeed="SEMH", planIssued="2021-02-03",
           reviewDue="2027-02-03"),
    record("S2", "send", "PU1", "2018-09-01", "2019-01-10", provision="K", primaryNeed=None),
    record("S3", "send", "PU1", "2018-01-01", provision="N"),
    record("N1", "concern", "PU1", "2026-09-21", kind="disclosure", summary="Said she was hungry.",
           action="Parent called", recordedBy="Ms J Orr"),
    record("N2", "concern", "PU4", "2026-09-21", summary="Somebody else's"),
]  # fmt: skip


def answer(request: Request) -> Any:
    """The service for the conformance kit, which makes the pages; without the figures that cannot be."""
    try:
        return SERVICE.reply(request)
    except BadRequest:
        return 400


KEPT = [one for one in RECORDS if (one["type"], one["recordId"]) != ("attendance", "R3")]
SERVICE = EducationServer(PUPILS, KEPT, "hub", "loopback only", page=10_000)
