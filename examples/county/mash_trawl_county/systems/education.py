"""The council's education system, in the shape of Synergy: pupils by UPN, and records of five types.

A trace's category chooses the type, its kind the code; `details` are further fields in the service's own words
(`reason`, `primaryNeed`, `sessionsPossible`, ...), and `school` and `percent` are understood too.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.people import TODAY, Human
from mash_trawl_county.systems.held import held_as, keep_secret, write_json
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "education"
TYPES = {
    "enrolment": "enrolment", "attendance": "attendance", "exclusions": "exclusion", "send": "send",
    "safeguarding": "concern",
}  # fmt: skip
"""Category of a trace to type of record."""
KINDS = {
    "enrolment": "C", "suspension": "SUSP", "exclusion": "PERM", "SEN support": "K", "EHC plan": "E",
    "missing education": "CME", "home education": "EHE",
}  # fmt: skip
"""Kind of a trace to the service's code."""
SCHOOLS = (
    ("Canal Walk Primary School", "01632 960301", "Ms R Pell"),
    ("Beacon Hill Academy", "01632 960302", "Mr T Aske"),
    ("Quarry View School", "01632 960303", "Ms J Orr"),
)
FLAGS = {"hidden_address": "ADDRESS_WITHHELD", "adoption": "ADOPTED", "adopted": "ADOPTED", "staff_interest": "STAFF"}
NUMBERS = frozenset({"sessionsPossible", "sessionsAuthorised", "sessionsUnauthorised", "sessions"})


def ref(person: Human) -> str:
    """The education system's key of a pupil."""
    return f"PU-{person.id}"


def held(built: Built) -> Set[str]:
    """Everybody who has a record, a UPN, or the age of a pupil: parents are no pupils."""
    return whom(built.told(NAME)) | {
        person.id for person in built.people().values() if not person.due and (person.upn or _pupil(person))
    }


def _pupil(person: Human) -> bool:
    return 4 * 365 <= (TODAY - person.born).days < 17 * 365


def write(folder: Path, built: Built) -> None:
    """`education.json` and the client secret."""
    people, known = built.people(), held(built)
    traces = built.told(NAME)
    records = [_record(trace, people[ident]) for trace in traces for ident, _ in trace.people]
    pupils = [_row(people[ident], built) for ident in sorted(known)]
    write_json(folder / "education.json", {"pupils": pupils, "records": records})
    keep_secret(folder, NAME)


def _row(person: Human, built: Built) -> dict[str, Any]:
    own = held_as(person, NAME, built.spelling)
    home = own.home
    return {
        "pupilId": ref(person), "upn": own.upn or None, "legalForename": own.given, "legalMiddleNames": own.middle,
        "legalSurname": own.family, "preferredForename": person.aliases[0] if person.aliases else None,
        "formerSurname": own.former or None, "dateOfBirth": own.born.isoformat() if own.born else None,
        "gender": own.sex, "flags": [FLAGS.get(word, "RESTRICTED") for word in person.restrictions],
        "address": {"line1": home.line, "postcode": home.postcode, "uprn": home.uprn} if home else None,
    }  # fmt: skip


def _record(trace: Trace, person: Human) -> dict[str, Any]:
    told: dict[str, Any] = {
        "recordId": trace.ref, "type": TYPES[trace.category], "pupilId": ref(person),
        "kind": KINDS.get(trace.kind, trace.kind), "summary": trace.words, "startDate": trace.on.isoformat(),
        "endDate": trace.until.isoformat() if trace.until else None,
    }  # fmt: skip
    if told["type"] == "enrolment":
        told |= _school(person, trace.details.get("school", ""))
    if told["type"] == "attendance":
        told |= _figures(trace)
    own = {name: value for name, value in trace.details.items() if name not in ("school", "percent")}
    return told | {name: int(value) if name in NUMBERS else value for name, value in own.items()}


def _school(person: Human, school: str) -> dict[str, Any]:
    """The school of the trace, else one by the family's name; a school has one lead, whoever asks."""
    some = SCHOOLS[sum(map(ord, school or person.family)) % len(SCHOOLS)]
    name, telephone, lead = next((one for one in SCHOOLS if school and one[0].startswith(school)), some)
    return {"schoolName": school or name, "safeguardingLead": lead, "telephone": telephone}


def _figures(trace: Trace) -> Mapping[str, int]:
    """A year's sessions; without a percentage attended, the key decides, so that the same county says the same."""
    attended = int(trace.details.get("percent", 70 + sum(map(ord, trace.ref)) % 30))
    missed = 380 * (100 - attended) // 100
    return {"sessionsPossible": 380, "sessionsAuthorised": missed // 3, "sessionsUnauthorised": missed - missed // 3}
