"""The words `household_children` and `household` in a consent, turned into people of the case.

"Whole household" agrees for nobody by itself: each person is then judged like one who was named, so an adult who did
not sign is refused. An unborn child is never taken in; the mother names it.
"""

from __future__ import annotations

from mash_trawl.model.case import Case
from mash_trawl.model.consent import HOUSEHOLD, HOUSEHOLD_CHILDREN, Consent

from .times import begins, local_day, reached

_LIVING = frozenset({"subject", "sibling", "household"})
_OF_AGE = 18
"""A child is under 18 (Children Act 1989 s.105); who is 16 or 17 is taken in here and speaks for themselves later."""


def covered(case: Case, consent: Consent) -> tuple[str, ...]:
    """Whom the record covers, by id. A person who happens to have one of the words as their id is that person."""
    words = {HOUSEHOLD, HOUSEHOLD_CHILDREN}.intersection(consent.covers)
    words.difference_update(person.id for person in case.people)
    if not words:
        return consent.covers
    found: list[str] = []
    for ident in consent.covers:
        if ident in words:
            found += _children(case, consent)
        else:
            found.append(ident)
        if ident == HOUSEHOLD and ident in words:
            found += [consent.given_by, *_members(case)]
    return tuple(dict.fromkeys(found))


def says_household(case: Case, consent: Consent) -> bool:
    """Whether one of the words stands in the record."""
    return covered(case, consent) != consent.covers


def _members(case: Case) -> list[str]:
    return [person.id for person in case.people if not person.unborn and _LIVING.intersection(person.roles)]


def _children(case: Case, consent: Consent) -> list[str]:
    """Members of the household, but the giver, who were not certainly adults when the consent was given."""
    day = local_day(begins(consent.given_at))
    grown = {person.id for person in case.people if reached(person.born, _OF_AGE, day)}
    return [ident for ident in _members(case) if ident != consent.given_by and ident not in grown]
