"""What each system came to know: an incident here, a tenancy there, spelt as that system spells.

A trace names the people in it, the day, and the words; `systems` writes it in each system's own shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mash_trawl_county.people import Family, Human


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One record of one system. `people` are (person id, part); `category` is the profile's without its agency.

    `details` are further fields in the words of the system; records with one `incident` are retellings of it.
    """

    system: str
    category: str
    ref: str
    on: date
    people: tuple[tuple[str, str], ...]
    kind: str
    words: str
    until: date | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    incident: str = ""


def whom(traces: Iterable[Trace]) -> set[str]:
    """The ids of everybody who is in these records."""
    return {ident for trace in traces for ident, _ in trace.people}


EVENING, AWAY, FOUND_IN_CAR_PARK = "I-D2-1", "I-D2-2", "I-D3-1"
"""Incidents of the demo families that several systems tell."""


def _trace(
    system: str, category: str, ref: str, on: date, kind: str, words: str, *people: tuple[Human, str],
    incident: str = "",
) -> Trace:  # fmt: skip
    named = tuple((person.id, part) for person, part in people)
    return Trace(
        system=system, category=category, ref=ref, on=on, people=named, kind=kind, words=words, incident=incident
    )


def children_in_need_traces(family: Family) -> list[Trace]:
    """The story of the second demo family: an incident told by two agencies, missed appointments, a move."""
    mother, father, partner = family.mother, family.father, family.partner
    aisha, yusuf, ivy = family.children
    if father is None or partner is None:
        raise ValueError("the second demo family has a father and a partner")
    police, health, housing = "police", "health", "housing"
    return [
        _trace(police, "domestic_abuse", "O90001", date(2021, 8, 14), "DOMESTIC INCIDENT",
               "Argument between the adults; father asked to leave for the night. Daughter upset, not hurt.",
               (mother, "victim"), (father, "suspect"), (aisha, "child present")),
        _trace(police, "domestic_abuse", "O90002", date(2026, 9, 20), "DOMESTIC INCIDENT",
               "Neighbour heard shouting and breaking glass. Mother said nothing had happened; children awake.",
               (mother, "victim"), (partner, "suspect"), (aisha, "child present"), (yusuf, "child present"),
               incident=EVENING),
        _trace(police, "safeguarding", "O90003", date(2026, 9, 21), "CONCERN FOR CHILD",
               "Officers returned in daylight: broken door, baby asleep, older children at school.",
               (aisha, "subject"), (yusuf, "subject"), (ivy, "subject")),
        _trace(police, "missing", "O90004", date(2026, 10, 12), "MISSING PERSON",
               "Not home by 21:00; found at her father's address at 23:40. Return interview offered.",
               (aisha, "subject"), incident=AWAY),
        _trace(police, "arrest", "O90005", date(2019, 3, 2), "ARREST",
               "Arrested on suspicion of common assault on a former partner. No further action.", (partner, "suspect")),
        _trace(health, "gp_summary", "h90001", date(2025, 11, 4), "active",
               "Low mood; trouble sleeping. Reviewed monthly.", (mother, "")),
        _trace(health, "health_visiting", "h90002", date(2026, 2, 10), "fulfilled",
               "New-birth visit: baby well, feeding established.", (ivy, "")),
        _trace(health, "health_visiting", "h90003", date(2026, 8, 3), "noshow", "Six-month review",
               (ivy, "")),
        _trace(health, "emergency", "h90004", date(2026, 9, 20), "finished",
               "Attended at 22:50 with a cut to the left hand; said to be from a broken glass.", (aisha, ""),
               incident=EVENING),
        _trace(health, "camhs", "h90005", date(2026, 6, 15), "active",
               "Open to the child and adolescent mental health team.", (aisha, "")),
        _trace(health, "gp_summary", "h90006", date(2024, 4, 18), "active", "Asthma, well controlled.", (yusuf, "")),
        _trace(housing, "asb", "A90001", date(2026, 7, 2), "noise",
               "Shouting late at night reported by two neighbours.", (mother, "")),
        _trace(housing, "asb", "A90002", date(2026, 9, 22), "noise",
               "Neighbour reports that police were called on Sunday night.", (mother, ""), incident=EVENING),
        _trace(housing, "homelessness", "A90003", date(2021, 8, 16), "relationship breakdown",
               "Father asked for advice after leaving the family home.", (father, "")),
    ]  # fmt: skip


def early_help_traces(family: Family) -> list[Trace]:
    """The first demo family: small things."""
    owen, rory = family.children
    return [
        _trace("housing", "asb", "A80001", date(2026, 5, 19), "rubbish",
               "Rubbish left in the shared hallway; cleared after a letter.", (family.mother, "")),
        _trace("police", "safeguarding", "O80001", date(2025, 12, 29), "CONCERN FOR CHILD",
               "Child seen alone outside after dark; mother at the shop, home within minutes.",
               (owen, "subject"), (family.mother, "parent")),
        _trace("health", "health_visiting", "h80001", date(2024, 7, 11), "noshow", "Two-year review",
               (rory, "")),
    ]  # fmt: skip


def front_door_traces(family: Family) -> list[Trace]:
    """The third demo family: what nobody may ask yet."""
    (orla,) = family.children
    return [
        _trace("police", "missing", "O70001", date(2026, 10, 30), "MISSING PERSON",
               "Found in a car park with two adults whom she would not name.", (orla, "subject"),
               incident=FOUND_IN_CAR_PARK),
        _trace("health", "emergency", "h70001", date(2026, 8, 8), "finished", "Attended after drinking alcohol.",
               (orla, "")),
    ]  # fmt: skip
