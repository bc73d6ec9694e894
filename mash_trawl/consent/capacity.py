"""Who may speak for whom.

From 16 a person speaks for themselves (presumption of capacity: Family Law Reform Act 1969 s.8, Mental Capacity Act
2005 s.1); from 12 to 15 where somebody assessed them as competent (Gillick); below that, somebody with parental
responsibility does. One adult never speaks for another. The ages stand in the profile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mash_trawl.model.consent import Consent
from mash_trawl.model.person import Person

from .effective import Record
from .parental import limit, mother_of, parental
from .question import Setting, Standing, Voice
from .recorded import unrecorded
from .times import LONDON, begins, ends, local_day, midnight, reached, reaches_at, under
from .vote import Vote, earliest, review, unable

_OWN = ("self", "self_and_parental_responsibility", "gillick")


def voices_for(setting: Setting, person: Person) -> tuple[Voice, ...]:
    """Every consent record that covers this person, and whether it can count for them."""
    return tuple(_voice(setting, one, person) for one in setting.laid.records if person.id in one.consent.covers)


def _voice(setting: Setting, record: Record, person: Person) -> Voice:
    consent = record.consent
    own = consent.given_by == person.id
    giver = setting.person(consent.given_by)
    starts = begins(consent.given_at)
    last = _last(setting, consent, person)
    revoked = ends(consent.withdrawn_at) if consent.withdrawn_at else None
    standing = _standing(setting.now, revoked, starts, last)
    fault = None if record.firm else _fault(setting, consent, giver, person, starts)
    if fault is None and consent.kind == "agreement" and standing in ("in_force", "not_yet"):
        fault = unrecorded(consent, setting.profile.consent) or record.fault
    return Voice(
        consent=consent,
        own=own,
        starts=starts,
        told=max(starts, begins(record.told)) if record.told else starts,
        ends=last,
        standing=standing,
        revoked=revoked,
        fault=fault,
        doubt=None if own or fault else _doubt(setting, consent, person),
    )


def _last(setting: Setting, consent: Consent, person: Person) -> datetime | None:
    """When it stops counting: its stated end, the profile's life for agreements, or the day that the child is 16."""
    rules = setting.profile.consent
    stated = ends(consent.expires_at) if consent.expires_at else None
    if consent.kind == "refusal":
        return stated
    if stated is None and rules.life:
        day = begins(consent.given_at).astimezone(LONDON).date()
        stated = midnight(day + timedelta(seconds=rules.life.seconds))
    if person.unborn or reached(person.born, rules.presumed_from, local_day(begins(consent.given_at))):
        return stated
    turns = reaches_at(person.born, rules.presumed_from)
    return earliest(stated, midnight(turns) if turns else None)


def _standing(now: datetime, revoked: datetime | None, starts: datetime, last: datetime | None) -> Standing:
    if revoked and now >= revoked:
        return "withdrawn"
    if last is not None and now >= last:
        return "expired"
    return "in_force" if starts <= now else "not_yet"


def _fault(setting: Setting, consent: Consent, giver: Person | None, person: Person, starts: datetime) -> Vote | None:
    """The first reason why this giver cannot speak for this person."""
    if giver is None:
        return unable("giver_unknown", "The giver is not one of the people of the case.", "Add the giver to the case.")
    if giver.died:
        return unable("giver_died", f"{giver.id} has died; the agreement ended with them.", "Ask who may speak now.")
    if consent.given_by == person.id:
        return _for_self(consent) or _competent(setting, consent, giver, starts) or _grown(setting, consent, person)
    if consent.capacity == "attorney_or_deputy":
        return _attorney(setting, consent, person)
    if person.unborn:
        return mother_of(setting, consent, giver, person) or _competent(setting, consent, giver, starts)
    return (
        _child(setting, person, starts)
        or parental(setting, consent, giver, person)
        or _competent(setting, consent, giver, starts)
    )


def _for_self(consent: Consent) -> Vote | None:
    if consent.capacity in _OWN:
        return None
    return unable("not_for_self", f"{consent.given_by} spoke for a child only, not for themselves.",
               f"Ask {consent.given_by} for their own agreement.")  # fmt: skip


def _competent(setting: Setting, consent: Consent, giver: Person, starts: datetime) -> Vote | None:
    rules, day = setting.profile.consent, local_day(starts)
    if reached(giver.born, rules.presumed_from, day):
        return None
    if not reached(giver.born, rules.gillick_from, day):
        if under(giver.born, rules.gillick_from, day):
            return unable("too_young", f"{giver.id} was under {rules.gillick_from}.",
                       "Ask somebody with parental responsibility.")  # fmt: skip
        return unable("age_unknown", f"It is not known that {giver.id} was old enough to answer.",
                   f"Record when {giver.id} was born, even if only about when.")  # fmt: skip
    if (consent.gillick_assessed_by or "").strip():
        return None
    return unable("not_assessed", f"{giver.id} was under {rules.presumed_from}, and nobody recorded an assessment.",
               f"Assess whether {giver.id} can decide, or ask somebody with parental responsibility.")  # fmt: skip


def _grown(setting: Setting, consent: Consent, person: Person) -> Vote | None:
    """A young person's own yes is asked for again at 16; their no stands."""
    age = setting.profile.consent.presumed_from
    if consent.kind == "refusal" or reached(person.born, age, local_day(begins(consent.given_at))):
        return None
    return None if under(person.born, age, setting.today) else _turned(person, age)


def _turned(person: Person, age: int) -> Vote:
    return unable("turned_16", f"{person.id} has turned {age} since the agreement, and is asked again.",
               f"Ask {person.id} for their own agreement.")  # fmt: skip


def _child(setting: Setting, person: Person, starts: datetime) -> Vote | None:
    """Only a person under 16, then and now, is spoken for by a parent."""
    age = setting.profile.consent.presumed_from
    if under(person.born, age, setting.today):
        return None
    ask = f"Ask {person.id} for their own agreement."
    if under(person.born, age, local_day(starts)):
        return _turned(person, age)
    if reached(person.born, age, setting.today):
        return unable("another_adult", f"{person.id} is {age} or over: nobody else can agree for them.", ask)
    return unable("child_age_unknown", f"It is not known that {person.id} is under {age}.",
               f"Record when {person.id} was born, even if only about when.")  # fmt: skip


def _attorney(setting: Setting, consent: Consent, person: Person) -> Vote | None:
    if not reached(person.born, 18, setting.today):
        return unable("attorney_for_child", "An attorney or deputy acts for an adult only.",
                   "Ask the young person, or somebody with parental responsibility.")  # fmt: skip
    if (consent.authority_ref or "").strip():
        return None
    return unable("attorney_unproved", "The power of attorney or deputy's order is not recorded.",
               "See the registered document and record its reference.")  # fmt: skip


def _doubt(setting: Setting, consent: Consent, person: Person) -> Vote | None:
    if consent.capacity != "attorney_or_deputy":
        return limit(setting, consent, person)
    return review("capacity.attorney", "An attorney or deputy agreed for an adult.",
                  "A named person checks that the document covers this decision.", None)  # fmt: skip
