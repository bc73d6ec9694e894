"""What six systems came to know of a drawn family: single records, and incidents that several agencies tell.

A record's `kind` is one word or code of its category (see `SINGLE`); `details` are fields that a system may show. The
records of a retold incident share its `incident`, lie within two days, and need not agree in every word.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from mash_trawl_county.households import Household
from mash_trawl_county.people import TODAY, Human
from mash_trawl_county.traces import Trace

PREFIX = {"police": "O", "health": "h", "housing": "A", "social_care": "S", "education": "E", "youth_offending": "Y"}
SCHOOLS = ("Canal Walk Primary", "Beacon Hill Academy", "St Hild's Primary", "Quarry View School", "Mill Lane Infants")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A record that may be drawn: of which system and category, its word, and about whom (`child`, `adult`, `any`)."""

    system: str
    category: str
    kind: str
    words: str
    whom: str = "any"
    ages: tuple[int, int] = (0, 120)
    days: int = 0
    """How long it lasts; 0 for a day."""
    details: tuple[tuple[str, str], ...] = ()


def _of(
    system: str, category: str, kind: str, words: str, whom: str, *ages: int, days: int = 0, **more: str
) -> Template:
    low, high = ages if ages else (0, 120)
    return Template(
        system=system, category=category, kind=kind, words=words, whom=whom, ages=(low, high), days=days,
        details=tuple(more.items()),
    )  # fmt: skip


SINGLE: tuple[Template, ...] = (
    _of("police", "safeguarding", "CONCERN FOR CHILD", "Little food in the home, no bedding for the child.", "child"),
    _of("police", "safeguarding", "WELFARE CHECK", "Door answered; the home cold, everybody well.", "adult"),
    _of("police", "missing", "MISSING PERSON", "Did not return from school; found that evening.", "child", 9, 17),
    _of("police", "arrest", "ARREST", "Arrested for drunk and disorderly; released without charge.", "adult"),
    _of("police", "arrest", "ARREST", "Arrested for theft from a shop; community resolution.", "any", 12, 60),
    _of("health", "health_visiting", "noshow", "Two-year review", "child", 1, 4),
    _of("health", "health_visiting", "fulfilled", "New-birth visit: mother and baby well.", "child", 0, 1),
    _of("health", "emergency", "finished", "Attended with a cut to the forehead; said to be from a fall.", "child"),
    _of("health", "emergency", "finished", "Attended with a sprained wrist.", "any"),
    _of("health", "gp_summary", "active", "Anxiety, reviewed with the practice nurse.", "adult"),
    _of("health", "gp_summary", "active", "Asthma, well controlled.", "any"),
    _of("health", "camhs", "active", "Open to the child and adolescent mental health team.", "child", 7, 17),
    _of("housing", "asb", "noise", "Loud music and shouting reported late at night.", "tenant"),
    _of("housing", "asb", "rubbish", "Rubbish left in the shared hallway; cleared after a letter.", "tenant"),
    _of("housing", "homelessness", "relationship breakdown", "Asked for advice after having to leave home.", "adult"),
    _of("social_care", "referrals", "contact", "Contact from school about a child arriving hungry.", "child",
        source_code="2A"),
    _of("social_care", "referrals", "referral", "Referral after a police notification.", "child", source_code="6"),
    _of("social_care", "assessments", "assessment", "Needs of the family assessed.", "child", days=40),
    _of("social_care", "assessments", "s47", "Enquiry after an injury; no further action.", "child", days=12),
    _of("social_care", "plans", "cin_plan", "Plan with fortnightly visits.", "child", days=200),
    _of("social_care", "plans", "cp_plan", "Neglect.", "child", days=260, initial_category="NEG"),
    _of("social_care", "looked_after", "V2", "Accommodated under s.20; went home.", "child", days=90),
    _of("social_care", "missing", "missing", "Missing overnight; return interview held.", "child", 10, 17,
        days=1),
    _of("education", "exclusions", "suspension", "Suspended for two days after a fight.", "pupil", 6, 16, days=2),
    _of("education", "send", "SEN support", "Speech and language support.", "pupil"),
    _of("education", "safeguarding", "safeguarding note", "Arrived without a coat again; spoke of shouting.", "pupil"),
    _of("education", "attendance", "attendance", "Attendance 84 % this year; eleven days unauthorised.", "pupil",
        percent="84"),
    _of("youth_offending", "involvement", "referral order", "Six months; panel met.", "child", 12, 17, days=180),
    _of("youth_offending", "involvement", "prevention", "Prevention work by agreement.", "child", 10, 17, days=120),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class History:
    """Numbers the records of one household."""

    chance: random.Random
    household: Household
    records: list[Trace] = field(default_factory=list)

    def add(self, template: Template, on: date, people: tuple[tuple[str, str], ...], incident: str = "") -> None:
        """One record; its key names system and family and nothing else."""
        number = len(self.records)
        until = on + timedelta(days=template.days) if template.days else None
        self.records.append(
            Trace(
                system=template.system, category=template.category, on=on, people=people, kind=template.kind,
                ref=f"{PREFIX[template.system]}{self.household.family.id[1:]}{number:02}", words=template.words,
                until=until if until and until < TODAY else None, details=dict(template.details), incident=incident,
            )
        )  # fmt: skip


def history(chance: random.Random, household: Household) -> list[Trace]:
    """Every record of a household and of the strangers beside it."""
    made = History(chance=chance, household=household)
    people = [person for person in household.family.everyone() if not person.due]
    _schools(made, people)
    for _ in range(chance.choice((0, 1, 2, 3, 4, 5, 6, 8, 11))):
        _single(made, chance.choice(people))
    for number in range(chance.choices((0, 1, 2), (70, 24, 6))[0]):
        _incident(made, f"I-{household.family.id}-{number + 1}")
    for stranger in household.strangers:
        for _ in range(chance.choice((1, 2, 3))):
            _single(made, stranger)
    return made.records


def _age(person: Human, on: date) -> int:
    return (on - person.born).days // 365


def _fits(template: Template, person: Human, on: date, household: Household) -> bool:
    age = _age(person, on)
    if person.born >= on or (person.died and on > person.died) or not template.ages[0] <= age <= template.ages[1]:
        return False
    if template.whom == "tenant":
        return age >= 18 and household.family.tenants and person.home == household.family.home
    if template.whom == "pupil":
        return 4 <= age <= 16
    return template.whom == "any" or (age < 18) == (template.whom == "child")


def _single(made: History, person: Human) -> None:
    """One record of one person, of a kind that fits their age on the day."""
    on = TODAY - timedelta(days=made.chance.randrange(10, 6 * 365))
    if person.born >= on:
        on = person.born + timedelta(days=max(1, (TODAY - person.born).days // 2))
    fitting = [template for template in SINGLE if _fits(template, person, on, made.household)]
    if not fitting or on >= TODAY:
        return
    template = made.chance.choice(fitting)
    part = {"arrest": "suspect", "missing": "subject", "safeguarding": "subject"}.get(template.category, "")
    made.add(template, on, ((person.id, part if template.system == "police" else ""),))


def _schools(made: History, people: list[Human]) -> None:
    """Every child of school age is on a school's roll, some on an earlier one as well."""
    for child in people:
        if not child.upn:
            continue
        start = date(child.born.year + 4, 9, 4)
        if start >= TODAY:
            continue
        school = made.chance.choice(SCHOOLS)
        roll = Template(
            system="education", category="enrolment", kind="enrolment", words=school, details=(("school", school),)
        )
        made.add(roll, start, ((child.id, ""),))


def _incident(made: History, incident: str) -> None:
    """An evening of shouting, as police, hospital, social care, housing and school come to tell it."""
    family, chance = made.household.family, made.chance
    on = TODAY - timedelta(days=chance.randrange(20, 4 * 365))
    man = family.partner or family.father
    children = [child for child in family.children if not child.due and child.born < on]
    told = list(_accounts(family.mother, man, children, family.tenants))
    for template, days, people in told:
        if template.system == "police" or chance.random() < 0.6:
            made.add(template, on + timedelta(days=days), people, incident)


Account = tuple[Template, int, tuple[tuple[str, str], ...]]


def _accounts(mother: Human, man: Human | None, children: list[Human], tenants: bool) -> Iterator[Account]:
    """Each agency's own words, and the day on which it wrote them; the hospital is told another story."""
    there = [(child.id, "child present") for child in children]
    suspect = [(man.id, "suspect")] if man and not man.died else []
    yield (
        Template(system="police", category="domestic_abuse", kind="DOMESTIC INCIDENT",
                 words="Neighbour heard shouting and breaking glass; children awake."),
        0, ((mother.id, "victim"), *suspect, *there),
    )  # fmt: skip
    yield (
        Template(system="health", category="emergency", kind="finished",
                 words="Attended with a cut hand; said to have dropped a glass."),
        0, ((mother.id, ""),),
    )  # fmt: skip
    if tenants:
        asb = Template(
            system="housing", category="asb", kind="noise", words="Neighbour: police were called last night."
        )
        yield asb, 1, ((mother.id, ""),)
    for child in children[:1]:
        yield (
            Template(system="social_care", category="referrals", kind="referral", details=(("source_code", "6"),),
                     words="Police notification of a domestic incident with children present."),
            1, ((child.id, ""),),
        )  # fmt: skip
        if child.upn:
            note = Template(system="education", category="safeguarding", kind="safeguarding note",
                            words="Tired; said that it was loud at home.")  # fmt: skip
            yield note, 2, ((child.id, ""),)
