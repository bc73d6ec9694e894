"""The council's education system, in the shape of Synergy: pupils by UPN, and records of five types.

A trace's category chooses the type; `details` are further fields in the service's own words (`schoolName`, `reason`,
`provision`, `sessionsPossible`, ...). Attendance without figures of its own gets some from its key.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county.people import TODAY, Human
from mash_trawl_county.systems.held import held_as, keep_secret, write_json
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "education"
TYPES = {
    "enrolment": "enrolment", "attendance": "attendance", "exclusions": "exclusion", "send": "send",
    "safeguarding": "concern",
}  # fmt: skip
"""Category of a trace to type of record."""
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
    """Everybody of school age or who has a record or a UPN: parents are no pupils."""
    known = {ident for trace in built.records if trace.system == NAME for ident, _ in trace.people}
    return known | {
        person.id for person in built.people().values() if not person.due and (person.upn or _pupil(person))
    }


def _pupil(person: Human) -> bool:
    return 4 * 365 <= (TODAY - person.born).days < 17 * 365


def write(folder: Path, built: Built) -> None:
    """`education.json` and the client secret."""
    people, known = built.people(), held(built)
    traces = [trace for trace in built.records if trace.system == NAME]
    records = [_record(trace, people[ident]) for trace in traces for ident, _ in trace.people]
    enrolled = {(row["pupilId"]) for row in records if row["type"] == "enrolment"}
    pupils = [people[ident] for ident in sorted(known)]
    records += [_enrolled(person) for person in pupils if ref(person) not in enrolled and _pupil(person)]
    write_json(folder / "education.json", {"pupils": [_row(person, built) for person in pupils], "records": records})
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
        "recordId": trace.ref, "type": TYPES[trace.category], "pupilId": ref(person), "kind": trace.kind,
        "summary": trace.words, "startDate": trace.on.isoformat(),
        "endDate": trace.until.isoformat() if trace.until else None,
    }  # fmt: skip
    if told["type"] == "enrolment":
        told |= _school(person)
    if told["type"] == "attendance":
        told |= _figures(trace)
    return told | {name: int(value) if name in NUMBERS else value for name, value in trace.details.items()}


def _enrolled(person: Human) -> dict[str, Any]:
    """Every pupil is on the roll of a school, since the September after the fourth birthday."""
    began = date(person.born.year + (4 if person.born.month < 9 else 5), 9, 1)
    return {
        "recordId": f"EN-{person.id}", "type": "enrolment", "pupilId": ref(person), "kind": "C", "summary": "",
        "startDate": min(began, TODAY).isoformat(), "endDate": None,
    } | _school(person)  # fmt: skip


def _school(person: Human) -> dict[str, Any]:
    name, telephone, lead = SCHOOLS[sum(map(ord, person.family)) % len(SCHOOLS)]
    return {"schoolName": name, "safeguardingLead": lead, "telephone": telephone}


def _figures(trace: Trace) -> Mapping[str, int]:
    """A year's sessions: the key decides how many were missed, so that the same county says the same."""
    missed = 10 + sum(map(ord, trace.ref)) % 120
    return {"sessionsPossible": 380, "sessionsAuthorised": missed // 3, "sessionsUnauthorised": missed - missed // 3}
