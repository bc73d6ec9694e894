"""Cases of the county's families, each of one pattern; and what such a case allows, known because we built it so.

`allowed` says for every person of the case which categories of which system may be asked. It is worked out here from
the pattern alone, in the plain words of each function, and never by the program that is scored.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mash_trawl_county.case_people import CasePerson, people_of
from mash_trawl_county.people import Family, Human

OPENED = "2026-11-02T09:20:00+00:00"
RECEIVED = "2026-11-02T09:05:00+00:00"
AGREED = "2026-11-02T10:05:00+00:00"
DECIDED = "2026-11-02T11:40:00+00:00"
ASKED = datetime.fromisoformat("2026-11-03T13:00:00+00:00")
"""The moment at which the cases are trawled: what a case allows is known for then."""
EVERY: Mapping[str, tuple[str, ...]] = {
    "housing": ("tenancy", "asb", "homelessness"),
    "police": ("safeguarding", "domestic_abuse", "missing", "arrest"),
    "health": ("gp_summary", "health_visiting", "emergency", "camhs"),
    "social_care": ("referrals", "assessments", "plans", "looked_after", "missing", "family"),
    "education": ("enrolment", "attendance", "exclusions", "send", "safeguarding"),
    "youth_offending": ("involvement",),
}
"""The systems and all the categories that they keep."""
LOOKBACK: Mapping[str, Mapping[str, int]] = {
    "police": {"arrest": 730, "missing": 730}, "housing": {"asb": 1095}, "health": {"emergency": 1095},
}  # fmt: skip
"""How many days back the county's own profile asks; every other category, and profile, has no bound."""
LOCAL_PROFILE = """\
# The county's own front door: the same, but what is old is not asked for.
id: north_front_door
version: "2026.1"
title: North Borough front door
extends: front_door
agencies:
  police: {categories: {arrest: {lookback: 730d}, missing: {lookback: 730d}}}
  housing: {categories: {asb: {lookback: 1095d}}}
  health: {categories: {emergency: {lookback: 1095d}}}
"""
AGENCY = {name: name for name in EVERY} | {"social_care": "childrens_social_care"}
Allowed = dict[str, dict[str, tuple[str, ...]]]


@dataclass(slots=True, kw_only=True)
class Situation:
    """One case under construction: the family, its people in the case, the file, and what it allows."""

    ident: str
    pattern: str
    family: Family
    people: list[CasePerson]
    profile: str = "front_door"
    level: int = 4
    concerns: list[str] = field(default_factory=lambda: ["neglect"])
    consents: list[dict[str, Any]] = field(default_factory=list)
    gateways: list[dict[str, Any]] = field(default_factory=list)
    allowed: Allowed = field(default_factory=dict)

    def of(self, *parts: str) -> list[CasePerson]:
        """The people who have one of these parts in the family (`mother father partner child unborn`)."""
        return [person for person in self.people if person.part in parts]

    @property
    def mother(self) -> CasePerson:
        """The mother: she is in every case."""
        return self.of("mother")[0]

    def allow(self, person: CasePerson, system: str, categories: Sequence[str]) -> None:
        """Those categories of that system may be asked about this person, unless a restriction is on them."""
        if "adoption" not in person.human.restrictions:
            held = self.allowed.setdefault(person.id, {})
            held[system] = tuple(dict.fromkeys((*held.get(system, ()), *categories)))

    def file(self) -> dict[str, Any]:
        """The case file."""
        ties = [
            {"from": parent.id, "to": child.id, "kind": "parent", "nature": parent.nature(child),
             "parental_responsibility": "no" if parent.nature(child) == "step" else "yes"}
            for parent in self.of("mother", "father", "partner")
            for child in self.of("child", "unborn")
            if parent.nature(child)
        ]  # fmt: skip
        made: dict[str, Any] = {
            "version": 1, "id": self.ident, "profile": self.profile, "opened_at": OPENED,
            "referral": {"source": "school", "received_at": RECEIVED, "concerns": self.concerns, "level": self.level,
                         "rag": "amber"},
            "people": [person.entry for person in self.people], "relationships": ties,
        }  # fmt: skip
        made |= {"consents": self.consents} if self.consents else {}
        return made | ({"gateways": self.gateways} if self.gateways else {})


def _years(human: Human) -> int:
    """Full years of age on the day of asking."""
    born, day = human.born, ASKED.date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _agreement(
    ident: str, giver: CasePerson, covers: Sequence[CasePerson], categories: Any, **more: Any
) -> dict[str, Any]:
    parental = any(person is not giver for person in covers)
    basis = {"pr_basis": "mother" if giver.part == "mother" else "registered_father"} if parental else {}
    return {
        "id": ident, "given_by": giver.id, "capacity": "self_and_parental_responsibility" if parental else "self",
        **basis, "covers": [person.id for person in covers], "categories": categories, "given_at": AGREED,
        "how": "face_to_face", "explained": {"notice": "privacy-notice-3.2"}, "expires_at": "2027-02-01T00:00:00+00:00",
    } | more  # fmt: skip


def _words(categories: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """System to categories in a case file's words: agency to categories."""
    return {AGENCY[system]: list(names) for system, names in categories.items()}


def _under_16(people: Sequence[CasePerson]) -> list[CasePerson]:
    return [person for person in people if _years(person.human) < 16]


def enquiry(made: Situation, chance: random.Random) -> None:
    """Section 47 for children and mother: all but health, and of health a summary for whom a reason stands."""
    made.profile, made.concerns = chance.choice(("children_in_need", "front_door")), ["physical_abuse"]
    covered = [*made.of("child"), made.mother]
    reasons = {person.id: "Injury seen; the practice may know more." for person in covered[:1]}
    made.gateways.append({
        "id": "S47", "decided_by": "demo.manager", "decided_at": DECIDED, "trigger": "reasonable_cause",
        "grounds": "Disclosure of physical harm to the school.", "covers": [person.id for person in covered],
        "health_reasons": reasons, "consent_sought": "no", "why_not": "Asking first could place the child at risk.",
    })  # fmt: skip
    for person in covered:
        for system, categories in EVERY.items():
            if system != "health":
                made.allow(person, system, categories)
        if person.id in reasons:
            made.allow(person, "health", ("gp_summary",))


def early_help(made: Situation, chance: random.Random) -> None:
    """Early help: the mother agrees for housing and education. Housing serves from 16, education from 4 to 20."""
    made.profile, made.level = "early_help", 2
    categories = {"housing": EVERY["housing"], "education": EVERY["education"]}
    covered = [made.mother, *_under_16(made.of("child"))]
    made.consents.append(_agreement("c1", made.mother, covered, _words(categories)))
    for person in covered:
        age = _years(person.human)
        if age >= 16:
            made.allow(person, "housing", categories["housing"])
        if 4 <= age <= 20:
            made.allow(person, "education", categories["education"])


def agreement(made: Situation, chance: random.Random) -> None:
    """Front door, level 3: the mother agrees for herself and the under-16s to chosen categories of chosen systems."""
    made.level = 3
    systems = chance.sample(sorted(EVERY), chance.choice((2, 3, 4)))
    chosen = {system: EVERY[system] for system in systems}
    if "health" in chosen:
        chosen["health"] = ("gp_summary", "health_visiting")
    covered = [made.mother, *_under_16(made.of("child"))]
    made.consents.append(_agreement("c1", made.mother, covered, _words(chosen)))
    _allow_all(made, covered, chosen)


def _allow_all(made: Situation, people: Sequence[CasePerson], chosen: Mapping[str, Sequence[str]]) -> None:
    for person in people:
        for system, categories in chosen.items():
            made.allow(person, system, categories)


def health_summary(made: Situation, chance: random.Random) -> None:
    """The mother agrees to the practice's summary only, of everybody under 16 and herself."""
    made.level = 3
    chosen = {"health": ("gp_summary",)}
    covered = [made.mother, *_under_16(made.of("child"))]
    made.consents.append(_agreement("c1", made.mother, covered, _words(chosen)))
    _allow_all(made, covered, chosen)


def each_for_themselves(made: Situation, chance: random.Random) -> None:
    """Every adult agrees for themselves to police and housing; the mother for the children too."""
    made.level = 3
    chosen = {"police": ("safeguarding", "domestic_abuse", "missing"), "housing": EVERY["housing"]}
    covered = [made.mother, *_under_16(made.of("child"))]
    made.consents.append(_agreement("c1", made.mother, covered, _words(chosen)))
    _allow_all(made, covered, chosen)
    for number, adult in enumerate(made.of("father", "partner"), start=2):
        if adult.human.died or adult.vague:
            continue
        made.consents.append(_agreement(f"c{number}", adult, [adult], _words(chosen)))
        _allow_all(made, [adult], chosen)


def refused(made: Situation, chance: random.Random) -> None:
    """The mother says no to everything: nothing may be asked about anybody."""
    made.profile, made.level = "early_help", 2
    everything = {AGENCY[system]: "all" for system in EVERY}
    covered = [made.mother, *_under_16(made.of("child"))]
    made.consents.append(_agreement("c1", made.mother, covered, everything, kind="refusal"))


def withdrawn(made: Situation, chance: random.Random) -> None:
    """What the mother agreed to in the morning she took back before the asking."""
    early_help(made, chance)
    made.consents[0]["withdrawn_at"] = "2026-11-03T09:00:00+00:00"
    made.allowed.clear()


def expired(made: Situation, chance: random.Random) -> None:
    """An agreement that ended two days before the asking."""
    agreement(made, chance)
    made.consents[0] |= {"given_at": "2026-08-03T10:00:00+00:00", "expires_at": "2026-11-01T00:00:00+00:00"}
    made.allowed.clear()


def below_threshold(made: Situation, chance: random.Random) -> None:
    """Section 47 stated at level 3: the power does not reach so low, and nobody agreed."""
    enquiry(made, chance)
    made.profile, made.level = "front_door", 3
    made.allowed.clear()


def nothing(made: Situation, chance: random.Random) -> None:
    """Nobody was asked, nothing was decided."""
    made.level = chance.choice((2, 3))


def crime(made: Situation, chance: random.Random) -> None:
    """Crime and Disorder Act s.115 for the mother and the man: police, youth offending, tenancy and nuisance."""
    made.level, made.concerns = 3, ["domestic_abuse"]
    covered = [made.mother, *[man for man in made.of("father", "partner") if not (man.vague or man.human.died)]]
    made.gateways.append({
        "id": "CDA115", "decided_by": "demo.manager", "decided_at": DECIDED, "grounds": "Violence reported twice.",
        "covers": [person.id for person in covered], "necessity": "To prevent further violence.",
    })  # fmt: skip
    chosen = {"police": EVERY["police"], "youth_offending": EVERY["youth_offending"], "housing": ("tenancy", "asb")}
    _allow_all(made, covered, chosen)


def court(made: Situation, chance: random.Random) -> None:
    """An order that names the children, and of three systems the categories."""
    chosen = {
        "police": ("safeguarding", "missing"),
        "education": ("attendance", "exclusions"),
        "health": ("gp_summary",),
    }
    covered = made.of("child")
    made.gateways.append({
        "id": "COURT", "decided_by": "demo.manager", "decided_at": DECIDED, "grounds": "Directed by the family court.",
        "covers": [person.id for person in covered], "order_ref": "NB26C00123", "categories": _words(chosen),
        "ends_at": "2027-01-10T00:00:00+00:00",
    })  # fmt: skip
    _allow_all(made, covered, chosen)


PATTERNS: Mapping[str, tuple[int, Callable[[Situation, random.Random], None]]] = {
    "enquiry": (30, enquiry), "early_help": (14, early_help), "agreement": (16, agreement),
    "health_summary": (5, health_summary), "each_for_themselves": (8, each_for_themselves), "refused": (4, refused),
    "withdrawn": (4, withdrawn), "expired": (4, expired), "below_threshold": (4, below_threshold),
    "nothing": (4, nothing), "crime": (5, crime), "court": (4, court),
}  # fmt: skip
"""Pattern to how often it comes, and how it is made."""


def situation(number: int, pattern: str, family: Family, chance: random.Random) -> Situation:
    """One case of this pattern about this family."""
    made = Situation(ident=f"COUNTY-2026-{number:04}", pattern=pattern, family=family, people=people_of(family, chance))
    PATTERNS[pattern][1](made, chance)
    if made.profile == "front_door" and chance.random() < 0.4:
        made.profile = "north_front_door"
    return made
