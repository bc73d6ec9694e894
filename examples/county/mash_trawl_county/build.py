"""Write one county into a folder: the systems' data, the demo cases, and the ground truth beside them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from mash_trawl_county import cases, traces
from mash_trawl_county.demo_families import decoys, demo_families
from mash_trawl_county.people import Family, Human, county
from mash_trawl_county.systems import (
    fhir_resources,
    health_ref,
    housing_ref,
    police_nominals,
    police_occurrences,
    police_ref,
    write_housing,
)  # fmt: skip
from mash_trawl_county.traces import Trace

SPELLING: dict[tuple[str, str], dict[str, Any]] = {
    ("police", "D2-4"): {"given": "Ayesha"},
    ("police", "D2-5"): {"born": date(2017, 9, 3)},
}
"""What systems hold otherwise: police spell the girl's name another way, and her brother's year of birth is wrong."""
CASE_FILES = ("early-help.yaml", "children-in-need.yaml", "front-door.yaml")


@dataclass(frozen=True, kw_only=True)
class Built:
    """A county that was drawn: families, strangers, records, and the demo cases with their people."""

    families: Sequence[Family]
    strangers: Sequence[Human]
    records: Sequence[Trace]
    cases: Sequence[Mapping[str, Any]]

    def people(self) -> dict[str, Human]:
        """Everybody by id."""
        members = [person for family in self.families for person in family.everyone()]
        return {person.id: person for person in (*members, *self.strangers)}


def draw(seed: int = 1, families: int = 60) -> Built:
    """The county of this seed: the three demo families first, then `families` random ones."""
    drawn, maker = county(seed, families)
    early, need, door = demo_families(maker)
    records = [
        *traces.early_help_traces(early), *traces.children_in_need_traces(need), *traces.front_door_traces(door),
    ]  # fmt: skip
    for number, family in enumerate(drawn, start=1):
        records.extend(traces.random_traces(maker, family, number))
    files = (cases.early_help_case(early), cases.children_in_need_case(need), cases.front_door_case(door))
    return Built(
        families=[early, need, door, *drawn], strangers=decoys(maker, need), records=records, cases=files
    )  # fmt: skip


def write_county(folder: Path, built: Built) -> None:
    """Write `housing.db`, `police.json`, `health.json`, `truth.json` and two client secrets."""
    folder.mkdir(parents=True, exist_ok=True)
    people = built.people()
    write_housing(folder / "housing.db", built.families, built.strangers, built.records, SPELLING)
    known = {ident for trace in built.records if trace.system == "police" for ident, _ in trace.people}
    known |= {person.id for person in built.strangers}
    police = {
        "nominals": police_nominals(people.values(), known, SPELLING),
        "occurrences": police_occurrences(built.records, people),
    }
    _write_json(folder / "police.json", police)
    _write_json(folder / "health.json", fhir_resources(people.values(), built.records, SPELLING))
    _write_json(folder / "truth.json", truth(built, known))
    for name in ("police", "health"):
        secret = folder / f"{name}.secret"
        if not secret.exists():
            secret.write_text(secrets.token_urlsafe(24), "utf-8")
            secret.chmod(0o600)


def write_cases(folder: Path, built: Built) -> None:
    """Write the three demo cases as YAML, each with a line that says that its people are synthetic."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in zip(CASE_FILES, built.cases, strict=True):
        text = "# Synthetic: nobody in this file exists.\n" + yaml.safe_dump(
            dict(case), sort_keys=False, allow_unicode=True
        )
        (folder / name).write_text(text, "utf-8")


def truth(built: Built, known_to_police: set[str]) -> dict[str, Any]:
    """Who is who in each system, which record is about whom, and who is in each demo case."""
    people = {
        ident: {
            "housing": housing_ref(person),
            "police": police_ref(person) if ident in known_to_police else None,
            "health": health_ref(person),
        }
        for ident, person in built.people().items()
    }
    records = {
        trace.ref: {"system": trace.system, "category": f"{trace.system}.{trace.category}",
                    "people": [ident for ident, _ in trace.people]}
        for trace in built.records
    }  # fmt: skip
    demo = {
        str(case["id"]): {
            "people": dict(zip((p["id"] for p in case["people"]), ids, strict=True)),
            "expected": expected,
        }
        for case, ids, expected in zip(built.cases, CASE_PEOPLE, EXPECTED, strict=True)
    }
    return {"people": people, "records": records, "cases": demo}


CASE_PEOPLE = (("D1-4", "D1-5", "D1-1"), ("D2-4", "D2-5", "D2-1", "D2-2"), ("D3-4", "D3-1"))
EXPECTED: tuple[dict[str, dict[str, str]], ...] = (
    {
        "housing": {"p1": "not_permitted", "p2": "not_permitted", "p3": "found"},
        "police": {"p1": "not_permitted", "p2": "not_permitted", "p3": "found"},
        "health": {"p1": "consent_missing", "p2": "consent_missing", "p3": "consent_missing"},
    },
    {
        "housing": {"p1": "found", "p2": "found", "p3": "found", "p4": "consent_missing"},
        "police": {"p1": "found", "p2": "ambiguous_identity", "p3": "found", "p4": "consent_missing"},
        "health": {"p1": "found", "p2": "found", "p3": "found", "p4": "consent_missing"},
    },
    {
        "housing": {"p1": "consent_missing", "p2": "consent_missing"},
        "police": {"p1": "consent_missing", "p2": "consent_missing"},
        "health": {"p1": "consent_missing", "p2": "consent_missing"},
    },
)
"""The status that a right trawl gives for every (source, person) of the demo cases."""


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False), "utf-8")
