"""Weights: how many thousandths of a bit a level of agreement is worth.

m (how often true pairs agree like this) and u (how often strangers do) come from published linkage work: the HES-PDS
error rates of Harron and others (2017) for sex, birth date and postcode, and the project's own counts on generated
English households for the rest. weight = 1000 * log2(m / u), rounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from mash_trawl.identity.compare import Compared
from mash_trawl.identity.level import Level
from mash_trawl.model.match import Line
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

WEIGHTS: dict[str, dict[str, int]] = {
    "given name": {
        "exact": 7700, "spelling": 4300, "short form": 4300, "near": 4300, "weak": 1300, "different": -4600,
    },
    "family name": {"exact": 9800, "near": 5600, "weak": 1300, "different": -4600},
    "date of birth": {
        "exact": 12700, "day and month swapped": 4900, "one digit": 3000, "two parts": 700, "different": -7100,
    },
    "address": {"home": 15900, "postcode": 9600, "sector": 2300, "different": -2000},
    "sex": {"same": 1000, "different": -7400},
    "NHS number": {"same": 23000, "different": -6000},
    "UPN": {"same": 20000, "different": -3000},
}  # fmt: skip
HOUSEHOLD_CAP = 8000
"""Address and family name together are evidence of the household; without the given name they count no more."""
LIFETIME_DAYS = 29_200
"""Eighty years: the span over which a partial date is spread."""


def _fields(compared: Compared) -> Iterator[tuple[str, Level]]:
    yield "NHS number", compared.nhs_number
    yield "UPN", compared.upn
    yield "given name", compared.given
    yield "family name", compared.family
    yield "date of birth", compared.born
    yield "sex", compared.sex
    yield "address", compared.address


def partial_weight(person: Person, candidate: Candidate) -> int:
    """What it is worth that two dates can be the same day: less, the longer the vaguer of them is."""
    spans = [
        (when.latest - when.earliest).days + 1
        for when in (person.born, candidate.born)
        if when and when.earliest and when.latest
    ]
    share = min(0.5, max(spans) / LIFETIME_DAYS)
    return min(round(1000 * math.log2(0.97 / share)), WEIGHTS["date of birth"]["exact"] - 1000)


def waterfall(person: Person, candidate: Candidate, compared: Compared, prior: int) -> tuple[Line, ...]:
    """One line per field with weight and running total; the last running total is the score."""
    lines: list[Line] = []
    running = prior
    family_weight = 0
    for field, level in _fields(compared):
        weight = WEIGHTS[field].get(level.name, 0)
        if level.name == "partial":
            weight = partial_weight(person, candidate)
        if field == "family name":
            family_weight = max(weight, 0)
        if field == "address" and not compared.given_agrees:
            weight = min(weight, max(HOUSEHOLD_CAP - family_weight, 0))
        running += weight
        lines.append(
            Line(field=field, here=level.here, there=level.there, level=level.name, millibits=weight, running=running)
        )
    return tuple(lines)


def prior_weight(population: int) -> int:
    """Before anything is compared: one in so many people whom the source holds."""
    return -round(1000 * math.log2(max(population, 2)))
