"""Whom somebody may be told about: themselves, and the children for whom they speak as a parent."""

from __future__ import annotations

from datetime import datetime

from mash_trawl.model.case import Case
from mash_trawl.model.consent import Consent
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile

from .parental import parental
from .question import Setting


def children_spoken_for(case: Case, profile: Profile, now: datetime, person: str) -> tuple[str, ...]:
    """The ids of the case's children for whom this person holds parental responsibility, as the case records it.

    A child who certainly or possibly has reached the age of speaking for themselves is told in person: whoever's age
    is not known is left out. What consents are asked of is asked here too, so an adoption or a guardian ends it.
    """
    setting = Setting.of(case, profile, now)
    holder = setting.person(person)
    if holder is None or holder.died or "professional" in holder.roles:
        return ()
    return tuple(child.id for child in case.people if _speaks(setting, holder, child))


def own_words_only(case: Case, children: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """(child, consent) for agreements that a child gave for themselves: what rests on them is told to the child."""
    return frozenset((consent.given_by, consent.id) for consent in case.consents if consent.given_by in children)


def told_in_person(case: Case, profile: Profile, now: datetime, person: Person) -> bool:
    """Whether a letter may be this person's own: grown, or old enough to be asked. A child of unknown age is not."""
    age = Setting.of(case, profile, now).age(person)
    return age in ("of_age", "young") or (age == "unknown" and not {"subject", "sibling"} & set(person.roles))


def _speaks(setting: Setting, holder: Person, child: Person) -> bool:
    if child.id == holder.id or child.unborn or child.died or setting.age(child) not in ("small", "young"):
        return False
    asked = Consent(
        id="told", given_by=holder.id, capacity="parental_responsibility", covers=(child.id,), categories={},
        given_at=setting.now,
    )  # fmt: skip
    return parental(setting, asked, holder, child) is None
