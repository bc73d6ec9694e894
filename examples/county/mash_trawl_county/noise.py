"""How systems come to hold something else than what is: misheard names, keyed days, old addresses, gaps.

The rates are judgement, near what is published of linked public-sector data: one birth date in twenty is wrong or a
placeholder, one given name in fourteen is written otherwise, one address in five is an earlier one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from mash_trawl_county.names import WRITTEN
from mash_trawl_county.people import TODAY, Home, Human

Noise = dict[str, Any]


def noise(chance: random.Random, person: Human, system: str, earlier: Sequence[Home]) -> Noise:
    """What this system holds otherwise of this person; empty for most."""
    own: Noise = {}
    if person.former_given and chance.random() < 0.5:
        own["given"] = person.former_given
    elif person.aliases and chance.random() < 0.3:
        own["given"] = person.aliases[0]
    elif chance.random() < 0.07:
        own["given"] = respelt(chance, person.given)
    if person.former and chance.random() < 0.3:
        own["family"], own["former"] = person.former, ""
    elif chance.random() < 0.05:
        own["family"] = surname_slip(chance, person.family)
    _day(chance, person.born, own)
    if earlier and chance.random() < 0.3:
        own["home"] = chance.choice(earlier)
    drop = [field for field, rate in _GAPS.get(system, {}).items() if chance.random() < rate]
    if drop:
        own["drop"] = [*own.get("drop", ()), *drop]
    return own


_GAPS: dict[str, dict[str, float]] = {
    "housing": {"former": 0.5, "nhs": 0.9},
    "police": {"home": 0.1, "former": 0.4, "sex": 0.02},
    "health": {"former": 0.2},
    "social_care": {"home": 0.05, "nhs": 0.4, "former": 0.3, "upn": 0.3},
    "education": {"nhs": 1.0, "former": 0.7},
    "youth_offending": {"home": 0.1, "nhs": 0.8, "former": 0.5, "upn": 0.6},
}
"""How often a system holds nothing in a field."""


def _day(chance: random.Random, born: date, own: Noise) -> None:
    """Day and month the other way round, a year or a day mistyped, 1 January for an unknown day, or nothing."""
    roll = chance.random()
    if roll < 0.012 and born.day <= 12 and born.day != born.month:
        own["born"] = date(born.year, born.day, born.month)
    elif roll < 0.022:
        own["born"] = min(_year(born, chance.choice((-10, -1, 1, 10))), _year(born, -1), key=_future)
    elif roll < 0.034:
        own["born"] = born.replace(day=_other_day(chance, born.day))
    elif roll < 0.046:
        own["born"] = born.replace(month=1, day=1)
    elif roll < 0.052:
        own["drop"] = ["born"]


def _year(born: date, by: int) -> date:
    return born.replace(year=born.year + by, day=min(born.day, 28))


def _future(day: date) -> bool:
    """No system takes a birth date that has not come yet."""
    return day > TODAY


def _other_day(chance: random.Random, day: int) -> int:
    """One figure of the day mistyped."""
    other = chance.choice((day + 1, day - 1, day + 10, day - 10))
    return other if 1 <= other <= 28 else (day % 28) + 1


def respelt(chance: random.Random, given: str) -> str:
    """Another writing that is in use, else a slip of the pen."""
    forms = WRITTEN.get(given, ())
    if forms and chance.random() < 0.8:
        return chance.choice(forms)
    return slip(chance, given)


def surname_slip(chance: random.Random, family: str) -> str:
    """A double name halved or written apart, an apostrophe lost, else a slip of the pen."""
    if "-" in family:
        first, _, last = family.partition("-")
        return chance.choice((first, last, f"{first} {last}", f"{last}-{first}"))
    if "'" in family:
        return family.replace("'", chance.choice(("", " ")))
    return slip(chance, family)


def slip(chance: random.Random, word: str) -> str:
    """A letter left out, doubled, or changed places with the next; never the first one."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.choice(("lost", "doubled", "turned"))
    if kind == "lost":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
