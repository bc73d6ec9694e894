"""The health records: everybody's Patient, and encounters, appointments, conditions and episodes, as FHIR R4."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.people import Human
from mash_trawl_county.systems.held import held_as, keep_secret, write_json
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "health"


def ref(person: Human) -> str:
    """The health server's id of a patient."""
    return f"pat-{person.id}"


def held(built: Built) -> Set[str]:
    """Everybody who was born."""
    return {person.id for person in built.people().values() if not person.due}


def write(folder: Path, built: Built) -> None:
    """`health.json` and the client secret of its server."""
    known = held(built)
    resources = [_patient(person, built) for person in built.people().values() if person.id in known]
    resources.extend(_resource(trace) for trace in built.told(NAME))
    write_json(folder / "health.json", resources)
    keep_secret(folder, NAME)


def _patient(person: Human, built: Built) -> dict[str, Any]:
    own = held_as(person, NAME, built.spelling)
    names: list[dict[str, Any]] = [{"use": "official", "family": own.family, "given": [own.given]}]
    if own.former:
        names.append({"use": "old", "family": own.former, "given": [own.given]})
    home = own.home
    return {
        "resourceType": "Patient", "id": ref(person), "name": names,
        **({"birthDate": own.born.isoformat()} if own.born else {}),
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": own.nhs}] if own.nhs else [],
        "gender": {"F": "female", "M": "male"}.get(own.sex, "unknown"),
        "address": [{"use": "home", "line": [home.line], "postalCode": home.postcode}] if home else [],
        "generalPractitioner": [{"display": "Canal Walk Surgery"}],
    }  # fmt: skip


def _resource(trace: Trace) -> dict[str, Any]:
    """The resource of one health trace; a visit that was not kept is an Appointment, one that was kept an Encounter."""
    subject = {"reference": f"Patient/pat-{trace.people[0][0]}"}
    on = trace.on.isoformat()
    if trace.category == "gp_summary":
        return {"resourceType": "Condition", "id": trace.ref, "subject": subject, "recordedDate": on,
                "onsetDateTime": on, "clinicalStatus": _code(trace.kind), "category": [_code("problem-list-item")],
                "code": {"text": trace.words}}  # fmt: skip
    if trace.category == "camhs":
        return {"resourceType": "EpisodeOfCare", "id": trace.ref, "status": trace.kind, "patient": subject,
                "period": {"start": on}, "type": [_code("camhs", "Child and adolescent mental health")],
                "careManager": {"display": "CAMHS duty team"}}  # fmt: skip
    if trace.kind == "noshow":
        return {"resourceType": "Appointment", "id": trace.ref, "status": "noshow", "start": f"{on}T10:30:00Z",
                "serviceType": [_code("health-visiting")], "description": trace.words,
                "participant": [{"actor": subject, "status": "accepted"}]}  # fmt: skip
    visit = trace.category == "health_visiting"
    return {"resourceType": "Encounter", "id": trace.ref, "status": "finished", "subject": subject,
            "class": {"code": "HH" if visit else "EMER"}, "type": [_code("health-visiting")] if visit else [],
            "period": {"start": f"{on}T10:30:00Z" if visit else f"{on}T22:50:00Z"},
            "reasonCode": [{"text": trace.words}]}  # fmt: skip


def _code(code: str, text: str = "") -> dict[str, Any]:
    """A CodeableConcept with one coding."""
    return {"coding": [{"code": code}]} | ({"text": text} if text else {})
