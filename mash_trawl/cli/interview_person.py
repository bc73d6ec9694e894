"""The questions about people: who they are, what they are called, when they were born, where they live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from mash_trawl.cli.interview import Question, Script
from mash_trawl.cli.interview_place import ask_places
from mash_trawl.cli.interview_read import (
    day,
    given_names,
    keep,
    known,
    label,
    nhs_number,
    pick,
    pick_several,
    upn,
    whether,
)  # fmt: skip
from mash_trawl.config.case_checks import due_fault
from mash_trawl.config.case_twice import same
from mash_trawl.config.write import plain_case
from mash_trawl.consent.times import reached
from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.profile import Profile

ROLES = {
    "subject": "The child or person the case is about",
    "sibling": "Brother or sister",
    "parent": "Parent",
    "carer": "Carer",
    "household": "Lives in the household",
    "alleged_source_of_harm": "Alleged source of harm",
    "associate": "Associate, friend or other relative",
    "professional": "Professional (for example the council's worker under a care order)",
    "other": "Somebody else",
}
USES = {
    "old": "A former name", "maiden": "A name before marriage", "nickname": "A nickname, or a name used at home",
    "official": "The name on official papers", "usual": "Another name in use now (an alias)",
}  # fmt: skip
_CHILD = ("subject", "sibling")
BORN = "Please say yes or no: other people can agree for a child who is born. For a birth date nobody knows, say yes."
SCHOOL_AGE = (4, 19)

Person = dict[str, Any]


def is_child(person: Person) -> bool:
    """A child of the case, by role."""
    return bool(set(person["roles"]) & set(_CHILD))


def ask_people(profile: Profile, today: date, people: list[Person]) -> Script[None]:
    """Person after person, until there is no other. The first is whom the case is about."""
    more = "yes"
    while more == "yes":
        yield from ask_person(profile, today, people, free_id(people))
        why = "Parents, brothers and sisters, everybody in the household. Only people of the case can be asked about."
        more = yield whether("Is there another person?", why)


def free_id(people: Sequence[Person]) -> str:
    """The next id that means nothing: p1, p2, ..."""
    taken, number = {person["id"] for person in people}, 1
    while f"p{number}" in taken:
        number += 1
    return f"p{number}"


def ask_person(profile: Profile, today: date, people: list[Person], ident: str) -> Script[Person | None]:
    """Everything about one person, who is added to `people` at once so that `finish` keeps them.

    None, and nobody is added, when it turns out that they are in the case already.
    """
    person: Person = {"id": ident, "roles": ("other",)}
    person["roles"] = yield ask_role(profile, ident, first=not people)
    people.append(person)
    unborn = False
    if is_child(person):
        why = "An unborn child has a due date instead of a date of birth, and only the mother can agree for it."
        unborn = (yield known("Is the child born?", why, empty="yes", otherwise="yes", unsure=BORN)) == "no"
    yield from _names(person, unborn)
    if unborn:
        person["due"] = yield due_question(today)
    else:
        keep(person, "born", (yield born_question(today)))
        if (yield from _is_twice(person, people)):
            people.remove(person)
            return None
        keep(person, "sex", (yield sex_question()))
        found: dict[str, str] = {}
        for key, question in number_questions(person, today).items():
            keep(found, key, (yield question))
        keep(person, "identifiers", found or None)
        yield from ask_places(person, people[:-1], today)
        if is_child(person) and may_be_at_school(person, today):
            keep(person, "school", (yield school_question()))
    if profile.restrictions:
        keep(person, "restrictions", (yield restriction_question(profile)))
    if not unborn:
        yield from further(person, today)
    return person


def due_question(today: date) -> Question:
    """When a child is due. Nobody knows: before the end of the month that is nine months ahead, so that it stays plain
    that the child is not born."""
    last = PartialDate.parse(f"[..{today + timedelta(days=280):%Y-%m}]")
    why = "About when is enough: 14/02/2027, February 2027, about March 2027, before August 2027."
    return Question(ask="When is the child due?", why=why, empty=last, otherwise=last.show(),
                    check=lambda due: _due(due, today), **day(today, ahead=True))  # fmt: skip


def _is_twice(person: Person, people: Sequence[Person]) -> Script[bool]:
    """Whether somebody of the same name and birth date, who is in the case, is meant."""
    twice = next((known for known in people if known is not person and same(known, person)), None)
    if twice is None:
        return False
    ask = f"Somebody of this name and date of birth is in the case already: {label(twice)}. Is this another person?"
    why = "One person who stands in a case twice is asked about twice, and half of what is known is known of neither."
    answer = yield known(ask, why, otherwise="not known; both are kept, and `case check` tells")
    return bool(answer == "no")


def _due(due: Any, today: date) -> str:
    fault = due_fault(due, today)
    return f"{fault[0].upper()}{fault[1:]}." if fault else ""


def ask_role(profile: Profile, ident: str, *, first: bool = False) -> Question:
    """The question of which roles somebody has; without an answer, whom the case is about, or `other`."""
    offered = {role: words for role, words in ROLES.items() if role in (*profile.scope.roles, "professional")}
    why = "One person may have several roles: a parent who lives in the household, for example."
    begin = ("", f"Person {ident[1:]}") if ident[1:].isdigit() else ("", "A further person")
    return pick_several(f"Who is this person in the case? ({ident})", why, offered, before=begin,
                        empty=("subject",) if first and "subject" in offered else ("other",),
                        otherwise="the person the case is about" if first else "somebody else")  # fmt: skip


def _names(person: Person, unborn: bool) -> Script[None]:
    """The name in use, then every other name."""
    why = "First and middle names. With a comma, each part is one name: Mary Ann, Rose."
    given = yield Question(ask="Given names?", why=why, read=given_names)
    family = yield Question(ask="Family name?", why="As it is spelled; accents and hyphens matter.")
    person["names"] = tuple(name_of(given, family, "usual"))
    if not unborn:
        yield from other_names(person, given, family)


def other_names(person: Person, given: Any = None, family: Any = None) -> Script[None]:
    """Every other name; what is left empty is as in the name in use."""
    while True:
        why = "Former names, aliases, nicknames: agencies often know somebody by an earlier name."
        if (yield whether("Is this person known by another name?", why)) != "yes":
            return
        use = yield pick("What kind of name is it?", "It says how the name is drawn and searched.", USES,
                         empty="usual", otherwise="a name in use now")  # fmt: skip
        why = "Leave it empty where it is the same as before."
        other = yield Question(ask="Given names in that name?", why=why, read=given_names, otherwise="the same")
        last = yield Question(ask="Family name in that name?", why=why, otherwise="the same")
        if other or last:
            person["names"] = (*person["names"], *name_of(other or given, last or family, use))


def name_of(given: Any, family: Any, use: str) -> list[dict[str, Any]]:
    """The name, if there is any of it."""
    name: dict[str, Any] = {}
    keep(name, "given", given)
    keep(name, "family", family)
    return [name | ({"use": use} if use != "usual" else {})] if name else []


def born_question(today: date) -> Question:
    """When somebody was born, as far as it is known."""
    why = "As exactly as it is known: 17/05/2014, May 2014, about 1988, 2014. The day comes before the month."
    return Question(ask="Date of birth?", why=why, **day(today))


def sex_question() -> Question:
    """Their sex."""
    why = "It helps to tell twins and namesakes apart."
    return pick("Sex?", why, {"female": "female", "male": "male", "other": "other"})


def number_questions(person: Person, today: date) -> dict[str, Question]:
    """Numbers that agencies search by; a wrong check digit is asked again."""
    why = "Ten digits, spaces allowed. Its last digit checks the others, so that a slip is noticed."
    found = {"nhs_number": Question(ask="NHS number?", why=why, read=nhs_number)}
    if is_child(person) and may_be_at_school(person, today):
        why = "Unique pupil number: a letter and twelve digits. The school has it."
        found["upn"] = Question(ask="Unique pupil number (UPN)?", why=why, read=upn)
    return found


def may_be_at_school(person: Person, today: date) -> bool:
    """Not known to be below or above school age."""
    born = person.get("born")
    if born is None:
        return True
    youngest, oldest = SCHOOL_AGE
    latest, earliest = born.latest or date.max, born.earliest or date.min
    return today.year - earliest.year >= youngest and today.year - latest.year <= oldest


def school_question() -> Question:
    """Where a child is taught."""
    return Question(ask="School or nursery?", why="Where the child is taught now.")


def restriction_question(profile: Profile) -> Question:
    """Which of the profile's restrictions there are."""
    why = ("A restriction hides an address, or sends what concerns this person to a named person first. It never "
           "lapses by itself.")  # fmt: skip
    words = {code: rule.title for code, rule in profile.restrictions.items()}
    return pick_several("Is there a restriction on this person's record?", why, words, otherwise="none known")


def further(person: Person, today: date) -> Script[None]:
    """What is seldom needed, only where somebody says so."""
    words = {"language": "What language to speak with them", "gender": "Their gender, in their own words",
             "died": "That they have died"}  # fmt: skip
    words = {key: told for key, told in words.items() if key not in person}
    if not words:
        return
    why = "Choose what there is to record; each is then asked."
    chosen = yield pick_several("Is there anything else to record?", why, words, otherwise="nothing")
    for key, question in further_questions(person, today).items():
        if key in chosen:
            keep(person, key, (yield question))


def further_questions(person: Person, today: date) -> dict[str, Question]:
    """The questions of what is seldom needed."""

    def after(value: Any) -> str:
        born = person.get("born")
        wrong = bool(born and born.earliest and value.latest and value.latest < born.earliest)
        return "This date is before the birth." if wrong else ""

    ask, why = "Which language, and is an interpreter needed?", "For example: Punjabi, interpreter needed."
    return {
        "language": Question(ask=ask, why=why),
        "gender": Question(ask="Gender?", why="In the person's own words."),
        "died": Question(ask="When did they die?", why="About when is enough.", check=after, **day(today)),
    }


def drafts_of(case: Case) -> list[Person]:
    """The people of a case in the form in which they are asked about."""
    found = []
    for person in case.people:
        draft: Person = plain_case(person) | {"id": person.id, "roles": person.roles}
        for key, value in (("born", person.born), ("due", person.due), ("died", person.died)):
            keep(draft, key, value)
        for place, address in zip(draft.get("addresses", ()), person.addresses, strict=False):
            keep(place, "from", address.from_)
            keep(place, "to", address.to)
        found.append(draft)
    return found


def adult(person: Person, today: date) -> bool:
    """18 or over; where nobody knows the age, whoever is not one of the children."""
    return reached(person.get("born"), 18, today) if person.get("born") else not is_child(person)
