"""Write one county into a folder: the systems' data, the demo cases, and the ground truth beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mash_trawl_county import cases, demo_hub, demo_records, traces
from mash_trawl_county.case_files import case_text
from mash_trawl_county.demo_families import decoys, demo_families
from mash_trawl_county.histories import history
from mash_trawl_county.households import Household, households
from mash_trawl_county.noise import noise
from mash_trawl_county.people import Family, Home, Human, Maker
from mash_trawl_county.systems import SYSTEMS
from mash_trawl_county.systems.held import Spelling
from mash_trawl_county.ties import Stay, Tie
from mash_trawl_county.traces import Trace
from mash_trawl_county.truth import write_truth

SPELLING: dict[tuple[str, str], dict[str, Any]] = {
    ("police", "D2-4"): {"given": "Ayesha"},
    ("police", "D2-5"): {"born": date(2017, 9, 3)},
}
"""What systems hold otherwise: police spell the girl's name another way, and her brother's year of birth is wrong."""
NOISY = ("housing", "police", "health", "social_care", "education", "youth_offending")
CASE_FILES = ("early-help.yaml", "children-in-need.yaml", "front-door.yaml")


@dataclass(frozen=True, kw_only=True)
class Built:
    """A county that was drawn: families, strangers, records, the demo cases, ties, and where everybody lived.

    `spelling` is what a system holds otherwise than it is (see `systems.held`); `marks` what is hard about a family, by
    its id (see `households`).
    """

    families: Sequence[Family]
    strangers: Sequence[Human]
    records: Sequence[Trace]
    cases: Sequence[Mapping[str, Any]]
    ties: Sequence[Tie] = ()
    stays: Sequence[Stay] = ()
    spelling: Spelling = field(default_factory=lambda: SPELLING)
    marks: Mapping[str, Set[str]] = field(default_factory=dict)

    def people(self) -> dict[str, Human]:
        """Everybody by id."""
        members = [person for family in self.families for person in family.everyone()]
        return {person.id: person for person in (*members, *self.strangers)}

    def told(self, system: str) -> list[Trace]:
        """Every record of one system."""
        return [trace for trace in self.records if trace.system == system]


def draw(seed: int = 1, families: int = 60) -> Built:
    """The county of this seed: the three demo families first, then `families` drawn ones, each with its strangers."""
    maker = Maker(seed)
    early, need, door = demo_families(maker)
    strangers = decoys(maker, need)
    records = [
        *traces.early_help_traces(early), *traces.children_in_need_traces(need), *traces.front_door_traces(door),
        *demo_records.records(early, need, door),
    ]  # fmt: skip
    made: list[Household] = []
    spelling: dict[tuple[str, str], Mapping[str, Any]] = dict(SPELLING)
    for household in households(maker, families):
        made.append(household)
        records.extend(history(maker.chance, household))
        _misheard(maker, household, spelling)
    files = (cases.early_help_case(early), cases.children_in_need_case(need), cases.front_door_case(door))
    return Built(
        families=[early, need, door, *(one.family for one in made)],
        strangers=[*strangers, *(person for one in made for person in one.strangers)],
        records=records, cases=files, spelling=spelling,
        ties=[*demo_records.ties(early, need, door), *(tie for one in made for tie in one.ties)],
        stays=[*demo_records.stays(need), *(stay for one in made for stay in one.stays)],
        marks={one.family.id: frozenset(one.marks) for one in made if one.marks},
    )  # fmt: skip


def _misheard(maker: Maker, household: Household, spelling: dict[tuple[str, str], Mapping[str, Any]]) -> None:
    """What each system holds otherwise of the household, and of the strangers beside it."""
    earlier: dict[str, list[Home]] = {}
    for stay in household.stays:
        if stay.until:
            earlier.setdefault(stay.person, []).append(stay.home)
    for person in (*household.family.everyone(), *household.strangers):
        for system in NOISY:
            if not person.due and (own := noise(maker.chance, person, system, earlier.get(person.id, ()))):
                spelling[system, person.id] = own


def write_county(folder: Path, built: Built) -> None:
    """Write every system's data and secret, and `truth.json` beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for system in SYSTEMS.values():
        system.write(folder, built)
    write_truth(folder, built, demo_truth(built))


def write_cases(folder: Path, built: Built) -> None:
    """Write the three demo cases as YAML, each with a line that says that its people are synthetic."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in zip(CASE_FILES, built.cases, strict=True):
        (folder / name).write_text(case_text(case), "utf-8")


def demo_truth(built: Built) -> dict[str, Any]:
    """Who is who in each demo case, and the status that a right trawl gives."""
    made: dict[str, Any] = {}
    for case, ids, expected in zip(built.cases, CASE_PEOPLE, EXPECTED, strict=True):
        people = dict(zip((p["id"] for p in case["people"]), ids, strict=True))
        more = demo_hub.more_truth(str(case["id"]), people, built)
        made[str(case["id"])] = {"people": people, "expected": expected | more["expected"], "held": more["held"]}
    return made


CASE_PEOPLE = (("D1-4", "D1-5", "D1-1"), ("D2-4", "D2-5", "D2-1", "D2-2"), ("D3-4", "D3-1"))
EXPECTED: tuple[dict[str, dict[str, str]], ...] = (
    {
        "housing": {"p1": "not_permitted", "p2": "not_permitted", "p3": "found"},
        "police": {"p1": "not_permitted", "p2": "not_permitted", "p3": "found"},
        "health": {"p1": "consent_missing", "p2": "consent_missing", "p3": "consent_missing"},
        "social_care": {"p1": "consent_missing", "p2": "consent_missing", "p3": "consent_missing"},
        "education": {"p1": "consent_missing", "p2": "consent_missing", "p3": "not_permitted"},
        "youth_offending": {"p1": "consent_missing", "p2": "consent_missing", "p3": "consent_missing"},
    },
    {
        "housing": {"p1": "found", "p2": "found", "p3": "found", "p4": "consent_missing"},
        "police": {"p1": "found", "p2": "ambiguous_identity", "p3": "found", "p4": "consent_missing"},
        "health": {"p1": "found", "p2": "found", "p3": "found", "p4": "consent_missing"},
        "social_care": {"p1": "found", "p2": "found", "p3": "found", "p4": "consent_missing"},
        "education": {"p1": "found", "p2": "found", "p3": "none_found", "p4": "consent_missing"},
        "youth_offending": {"p1": "found", "p2": "none_found", "p3": "none_found", "p4": "consent_missing"},
    },
    {
        "housing": {"p1": "consent_missing", "p2": "consent_missing"},
        "police": {"p1": "consent_missing", "p2": "consent_missing"},
        "health": {"p1": "consent_missing", "p2": "consent_missing"},
        "social_care": {"p1": "consent_missing", "p2": "consent_missing"},
        "education": {"p1": "consent_missing", "p2": "consent_missing"},
        "youth_offending": {"p1": "consent_missing", "p2": "consent_missing"},
    },
)
"""The status that a right trawl gives for every (source, person) of the demo cases."""
