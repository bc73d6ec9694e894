"""Synthetic patients and their records, with decoys, as FHIR R4."""

from __future__ import annotations

from typing import Any

NHS = "https://fhir.nhs.uk/Id/nhs-number"
HOME = {"line": ["14 Mill Lane"], "city": "North Borough", "postalCode": "NB1 4QT"}
AWAY = {"line": ["2 High Street"], "postalCode": "NB1 1AA"}


def patient(ident: str, given: str, family: str, born: str, **more: Any) -> dict[str, Any]:
    """One synthetic patient."""
    held = {"gender": "female", "address": [HOME], "generalPractitioner": [{"display": "Canal Walk Surgery"}]}
    name = {"use": "official", "family": family, "given": [given]}
    return {"resourceType": "Patient", "id": ident, "name": [name], "birthDate": born} | held | more


def about(kind: str, ident: str, who: str, **more: Any) -> dict[str, Any]:
    """One synthetic record of a patient."""
    return {"resourceType": kind, "id": ident, "subject": {"reference": f"Patient/{who}"}} | more


def coded(code: str, text: str = "") -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [{"code": code}], "text": text}


def appointment(ident: str, who: str, status: str, day: str, **more: Any) -> dict[str, Any]:
    """One synthetic appointment with the health visitor."""
    present = [{"actor": {"reference": f"Patient/{who}"}, "status": "accepted"}]
    held = {"resourceType": "Appointment", "id": ident, "status": status, "start": f"{day}T23:30:00Z"}
    return held | {"serviceType": [coded("health-visiting", "Health visiting")], "participant": present} | more


RESOURCES = [
    patient("p1", "Aisha", "Khan", "2014-05-17", identifier=[{"system": NHS, "value": "9434765919"}]),
    patient("p2", "Amina", "Khan", "2014-05-17", generalPractitioner=[]),  # her twin
    patient("p3", "Aisha", "Khan", "1974-05-17", address=[AWAY]),
    patient("p4", "Oliver", "Stone", "2014-05-17", gender="male", address=[AWAY]),
    patient("p5", "Samira", "Khan", "1988-11-02", identifier=[{"system": "urn:local", "value": "9434765919"}]),
    about("Condition", "c1", "p1", category=[coded("problem-list-item")], code=coded("195967001", "Asthma"),
          onsetDateTime="2018-03", recordedDate="2018-03-09", clinicalStatus=coded("active"),
          note=[{"text": "Inhaler."}]),
    about("Condition", "c2", "p1", category=[coded("encounter-diagnosis")], code=coded("1", "Not on the list")),
    about("Condition", "c3", "p1", category=[coded("problem-list-item")], code=coded("2", "Wrong patient"),
          recordedDate="2019-01-01", verificationStatus=coded("entered-in-error")),
    about("Condition", "c4", "p2", category=[coded("problem-list-item")], code=coded("3", "The twin's")),
    about("Encounter", "e1", "p1", type=[coded("health-visiting")], status="finished",
          **{"class": {"code": "HH"}}, period={"start": "2016-05-01T09:30:00+01:00"}, reasonCode=[coded("", "Review")]),
    about("Encounter", "e2", "p1", status="finished", **{"class": {"code": "EMER"}},
          period={"start": "2020-06-30T23:30:00Z", "end": "2020-07-01T02:00:00Z"}, reasonCode=[coded("", "Burn")]),
    about("Encounter", "e3", "p1", status="finished", **{"class": {"code": "EMER"}}, period={"start": "2009-01-01"}),
    about("Encounter", "e4", "p1", status="cancelled", **{"class": {"code": "EMER"}}, period={"start": "2021-01-01"}),
    appointment("a1", "p1", "noshow", "2017-06-30", description="Two year review"),
    appointment("a2", "p1", "fulfilled", "2017-08-01"),
    appointment("a3", "p2", "noshow", "2017-08-01"),
    {"resourceType": "EpisodeOfCare", "id": "ep1", "status": "active", "patient": {"reference": "Patient/p1"},
     "type": [coded("camhs", "Child and adolescent mental health")], "period": {"start": "2023-09-01"},
     "careManager": {"display": "CAMHS duty team"}},
    {"resourceType": "EpisodeOfCare", "id": "ep2", "status": "finished", "patient": {"reference": "Patient/p1"},
     "type": [coded("podiatry")]},
]  # fmt: skip
