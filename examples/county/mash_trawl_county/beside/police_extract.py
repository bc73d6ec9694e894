"""The police's records once more, as an extract: nominals, and each occurrence for everybody in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.extract import iso, put, uk
from mash_trawl_county.people import Human
from mash_trawl_county.systems import police
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "police_extract"
APPROVE = "{distribution: mash-trawl-police, plugin: police_file}"
SOURCE = """
  - name: police_extract
    agency: police
    connector: police_file
    connect: {folder: ../county/police_extract, trailer: TRAILER}
    limits: {rows: 2000}
    coverage: {from: 2015-01, area: North Borough}
    contact: {name: Police disclosure desk, telephone: "01632 960002"}"""
FILES = {"safeguarding": "safeguarding", "domestic_abuse": "domestic-abuse", "missing": "missing", "arrest": "arrests"}
NOMINALS = ("nominal_id", "forename", "middle_names", "surname", "former_surname", "dob", "sex", "address", "postcode",
            "restriction")  # fmt: skip
OCCURRENCES = (
    "nominal_id", "occurrence_no", "occurrence_type", "occurred_from", "occurred_to", "recorded_on", "status",
    "summary", "people_and_roles", "involved_id", "involved_forename", "involved_surname", "involved_dob",
)  # fmt: skip


def records(built: Built) -> Sequence[Trace]:
    """Every record of the police."""
    return built.told(police.NAME)


def write(folder: Path, built: Built) -> None:
    """The five files of `police_extract`."""
    people, known, drop = built.people(), police.held(built), folder / "police_extract"
    put(drop, "nominals", NOMINALS, (_nominal(people[ident], built) for ident in sorted(known)))
    for category, name in FILES.items():
        told = [trace for trace in records(built) if trace.category == category]
        put(drop, name, OCCURRENCES, (row for trace in told for row in _occurrence(trace, people)))


def _nominal(person: Human, built: Built) -> dict[str, str]:
    own = held_as(person, police.NAME, built.spelling)
    return {
        "nominal_id": police.ref(person), "forename": own.given, "middle_names": own.middle, "surname": own.family,
        "former_surname": own.former, "dob": uk(own.born), "sex": own.sex or "U", "restriction": "NONE",
        "address": own.home.line if own.home else "", "postcode": own.home.postcode if own.home else "",
    }  # fmt: skip


def _occurrence(trace: Trace, people: dict[str, Human]) -> Iterator[dict[str, str]]:
    roles = "; ".join(f"{part}: {people[ident].given} {people[ident].family}" for ident, part in trace.people)
    for mine, _ in trace.people:
        for ident, _ in trace.people:
            other = people[ident]
            yield {
                "nominal_id": police.ref(people[mine]), "occurrence_no": trace.ref, "occurrence_type": trace.kind,
                "occurred_from": iso(trace.on), "occurred_to": iso(trace.on), "recorded_on": iso(trace.on),
                "status": "Filed", "summary": trace.words, "people_and_roles": roles,
                "involved_id": police.ref(other), "involved_forename": other.given, "involved_surname": other.family,
                "involved_dob": uk(other.born),
            }  # fmt: skip
