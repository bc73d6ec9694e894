"""What social care, schools and youth justice hold of the demo families: records, ties and where everybody lived.

The second family's evening of 20 September 2026 is told by police, hospital and housing (see `traces`), and from the
next day by social care and the school too, in words of their own; so is the girl's evening away in October.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mash_trawl_county.people import Family, Home, Human
from mash_trawl_county.ties import Stay, Tie
from mash_trawl_county.traces import AWAY, EVENING, FOUND_IN_CAR_PARK, Trace

CARE, SCHOOL, JUSTICE = "social_care", "education", "youth_offending"
SEPARATED = date(2021, 8, 14)


def relatives(mother: Human) -> list[Human]:
    """The mother's mother, and her eldest who grows up there: no case names them, social care knows them.

    They are made without the county's chance, homes and numbers (theirs are the last of the test range), so that the
    rest of it is what it is without them.
    """
    home = Home(uprn="100023900007", line="4 Fuller Row", postcode="NB99 9ZZ")
    return [
        Human(id="D2-7", given="Halima", family=mother.former, born=date(1961, 1, 9), sex="F", nhs="9999999980",
              home=home, role="grandmother"),
        Human(id="D2-8", given="Adam", family=mother.former, born=date(2010, 2, 20), sex="M", nhs="9999999999",
              home=home, role="half brother"),
    ]  # fmt: skip


def _told(
    system: str, category: str, ref: str, on: date, kind: str, words: str, *people: Human,
    until: date | None = None, incident: str = "", **details: str,
) -> Trace:  # fmt: skip
    return Trace(
        system=system, category=category, ref=ref, on=on, kind=kind, words=words, until=until, incident=incident,
        people=tuple((person.id, "") for person in people), details=details,
    )  # fmt: skip


def records(early: Family, need: Family, door: Family) -> list[Trace]:
    """Of all three families."""
    return [*_social_care(need), *_school(need), *_justice(need), *_early_help(early), *_front_door(door)]


def _social_care(family: Family) -> list[Trace]:
    mother = family.mother
    aisha, yusuf, _ = family.children
    return [
        _told(CARE, "referrals", "S90001", date(2021, 8, 16), "contact",
              "Police told us of an argument between the parents; father has moved out.", aisha, yusuf,
              source_code="6", outcome="Information and advice"),
        _told(CARE, "plans", "S90002", date(2025, 3, 10), "cin_plan",
              "Support with school mornings while mother was unwell; closed when attendance rose.", aisha, yusuf,
              until=date(2025, 9, 19)),
        _told(CARE, "referrals", "S90003", date(2026, 9, 21), "referral",
              "Police notification: shouting and breaking glass on Sunday night, children and a baby at home.",
              aisha, yusuf, incident=EVENING, source_code="6", need_code="N1", outcome="Assessment"),
        _told(CARE, "assessments", "S90004", date(2026, 9, 24), "assessment", "Child and family assessment",
              aisha, yusuf, factors="3B"),
        _told(CARE, "missing", "S90005", date(2026, 10, 12), "missing",
              "Missing from 16:00; with her father, brought home after midnight.", aisha, incident=AWAY,
              until=date(2026, 10, 13), interview_offered="Y", interview_accepted="N"),
        _told(CARE, "family", "S90006", date(2026, 9, 22), "worker", "Assessment team North", aisha, yusuf,
              worker_name="Dana Whitlock", worker_role="social worker", telephone="01632 960410"),
        _told(CARE, "referrals", "S90007", date(2026, 6, 8), "contact",
              "School asked for support for a mother who seemed low and tired.", mother, source_code="2A",
              outcome="Passed to the family hub"),
    ]  # fmt: skip


def _school(family: Family) -> list[Trace]:
    aisha, yusuf, _ = family.children
    return [
        _told(SCHOOL, "enrolment", "E90001", date(2025, 9, 3), "enrolment", "", aisha, school="Beacon Hill Academy"),
        _told(SCHOOL, "enrolment", "E90002", date(2022, 9, 5), "enrolment", "", yusuf,
              school="Canal Walk Primary School"),
        _told(SCHOOL, "attendance", "E90003", date(2026, 9, 2), "attendance", "", aisha, until=date(2026, 10, 23),
              sessionsPossible="72", sessionsAuthorised="4", sessionsUnauthorised="11"),
        _told(SCHOOL, "attendance", "E90004", date(2026, 9, 2), "attendance", "", yusuf, until=date(2026, 10, 23),
              sessionsPossible="72", sessionsAuthorised="3", sessionsUnauthorised="0"),
        _told(SCHOOL, "safeguarding", "E90005", date(2026, 9, 21), "safeguarding note",
              "Hand bandaged and very tired. Said that a window broke when the grown-ups were shouting.", aisha,
              incident=EVENING, action="Designated lead rang social care", recordedBy="Form tutor"),
        _told(SCHOOL, "exclusions", "E90006", date(2026, 10, 6), "suspension", "Pushed a teaching assistant.", aisha,
              until=date(2026, 10, 7), reason="PA", sessions="4"),
        _told(SCHOOL, "send", "E90007", date(2024, 1, 15), "SEN support", "", yusuf, primaryNeed="SLCN"),
    ]  # fmt: skip


def _justice(family: Family) -> list[Trace]:
    aisha = family.children[0]
    return [
        _told(JUSTICE, "involvement", "Y90001", date(2026, 10, 20), "prevention", "", aisha),
        _told(JUSTICE, "risk", "Y90002", date(2026, 10, 28), "asset", "", aisha,
              reoffending="L", serious_harm="L", safety="H"),
    ]  # fmt: skip


def _early_help(family: Family) -> list[Trace]:
    """What nobody agreed to show."""
    owen, rory = family.children
    return [
        _told(SCHOOL, "enrolment", "E80001", date(2021, 9, 6), "enrolment", "", owen, school="Mill Lane Infants"),
        _told(SCHOOL, "attendance", "E80002", date(2026, 9, 2), "attendance", "", owen, until=date(2026, 10, 23),
              sessionsPossible="72", sessionsAuthorised="5", sessionsUnauthorised="5"),
        _told(CARE, "referrals", "S80001", date(2026, 1, 5), "contact",
              "Police told us that a child was seen alone outside after dark.", owen, rory, source_code="6",
              outcome="No further action"),
    ]  # fmt: skip


def _front_door(family: Family) -> list[Trace]:
    """What nobody may ask yet."""
    (orla,) = family.children
    return [
        _told(CARE, "missing", "S70001", date(2026, 10, 30), "missing",
              "Missing overnight; found by police with two adults.", orla, incident=FOUND_IN_CAR_PARK,
              until=date(2026, 10, 31), interview_offered="Y", interview_accepted="Y"),
        _told(SCHOOL, "enrolment", "E70001", date(2023, 9, 5), "enrolment", "", orla, school="Quarry View School"),
        _told(SCHOOL, "attendance", "E70002", date(2026, 9, 2), "attendance", "", orla, until=date(2026, 10, 23),
              sessionsPossible="72", sessionsAuthorised="6", sessionsUnauthorised="31"),
        _told(JUSTICE, "involvement", "Y70001", date(2026, 9, 14), "prevention", "", orla),
    ]  # fmt: skip


def ties(early: Family, need: Family, door: Family) -> list[Tie]:
    """Who belongs to whom, as far as anybody wrote it down.

    Of the second family social care knows what the case does not, the grandmother and the elder half brother; of the
    father it has no more than the case, and of the new partner nothing: only housing and police name him.
    """
    made = [
        Tie(a=family.mother.id, b=child.id, kind="parent", nature="birth", since=child.born)
        for family, children in ((early, early.children), (need, need.children[:2]), (door, door.children))
        for child in children
    ]
    gran, adam = need.others
    made.append(Tie(a=gran.id, b=need.mother.id, kind="parent", nature="birth", since=need.mother.born))
    made.append(Tie(a=need.mother.id, b=adam.id, kind="parent", nature="birth", since=adam.born))
    made.append(Tie(a=gran.id, b=adam.id, kind="carer", nature="kinship", since=date(2013, 4, 1)))
    made += [Tie(a=adam.id, b=child.id, kind="sibling", nature="half", since=child.born) for child in need.children[:2]]
    return made


def stays(need: Family) -> Sequence[Stay]:
    """Where the second family lived: the father left, the partner came."""
    mother, father, partner = need.mother, need.father, need.partner
    if father is None or partner is None or father.home is None:
        raise ValueError("the second demo family has a father with a home, and a partner")
    moved_in, joined = date(2013, 4, 1), date(2025, 2, 1)
    return [
        *(Stay(person=one.id, home=need.home, since=max(moved_in, one.born)) for one in (mother, *need.children)),
        Stay(person=father.id, home=need.home, since=moved_in, until=SEPARATED),
        Stay(person=father.id, home=father.home, since=SEPARATED),
        Stay(person=partner.id, home=need.home, since=joined),
    ]
