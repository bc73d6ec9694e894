"""Whom somebody may be told about: themselves, and the children for whom they speak as a parent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from mash_trawl.model.answer import Why
from mash_trawl.model.case import Case
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile

from .capacity import voices_for
from .parental import responsible
from .question import Setting, Voice, names
from .rules.consents import heard


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


def own_noes(
    case: Case, profile: Profile, now: datetime, person: str, about: Sequence[str]
) -> dict[tuple[str, str], Why]:
    """(person, category) to why, for what this person themselves did not agree to, about themselves and these children.

    Their latest word only, and only if it counts. What anybody else refused or took back is theirs to tell: one parent
    is not told the other's no, nor a child's. Only with words of their own does a letter speak of a choice.
    """
    setting = Setting.of(case, profile, now)
    found: dict[tuple[str, str], Why] = {}
    for one in setting.case.people:
        mine = tuple(voice for voice in voices_for(setting, one) if voice.consent.given_by == person)
        if one.id in (person, *about) and mine:
            found |= {(one.id, category): why for category, why in _noes(profile, mine)}
    return found


def told_in_person(case: Case, profile: Profile, now: datetime, person: Person) -> bool:
    """Whether a letter may be this person's own: grown, or old enough to be asked. A child of unknown age is not."""
    age = Setting.of(case, profile, now).age(person)
    return age in ("of_age", "young") or (age == "unknown" and not {"subject", "sibling"} & set(person.roles))


def _speaks(setting: Setting, holder: Person, child: Person) -> bool:
    if child.died or setting.age(child) not in ("small", "young"):
        return False
    return responsible(setting, None, holder, child) is None


def _noes(profile: Profile, mine: tuple[Voice, ...]) -> Iterator[tuple[str, Why]]:
    for agency, body in profile.agencies.items():
        for name, kind in body.categories.items():
            said = heard(mine, agency, name, kind)
            if said.no or said.unsure:
                yield f"{agency}.{name}", Why.CONSENT_NOT_GIVEN
            elif not said.yes and (why := _over(said.ended, mine, agency, name)):
                yield f"{agency}.{name}", why


def _over(ended: tuple[Voice, ...], mine: tuple[Voice, ...], agency: str, name: str) -> Why | None:
    """Whether what they agreed to was taken back or is over; None where they never agreed."""
    spoken = [one for one in mine if one.consent.kind == "agreement" and one.fault is None
              and names(one.consent.categories, agency, name) != "no"]  # fmt: skip
    standing = {one.standing for one in spoken}
    if "withdrawn" in standing:
        return Why.CONSENT_WITHDRAWN
    if "expired" in standing:
        return Why.CONSENT_EXPIRED
    return Why.CONSENT_WITHDRAWN if ended else None
