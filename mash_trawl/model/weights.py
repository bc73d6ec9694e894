"""The table of weights: how often true pairs and strangers agree at each level, and what a profile replaces."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from mash_trawl.model.weighing import BILLION, Weight

Odds = Mapping[str, Mapping[str, tuple[float, float]]]

TABLE: Odds = {
    "given name": {
        "exact": (0.86, 0.004), "spelling": (0.08, 0.004), "short form": (0.08, 0.004), "slip": (0.03, 0.0015),
        "near": (0.08, 0.004), "weak": (0.02, 0.008), "different": (0.04, 0.984),
    },
    "family name": {
        "exact": (0.90, 0.001), "near": (0.05, 0.001), "weak": (0.01, 0.004), "different": (0.04, 0.994),
    },
    "date of birth": {
        "exact": (0.97, 0.00015), "day and month swapped": (0.003, 0.0001), "one digit": (0.012, 0.0015),
        "slip": (0.006, 0.0012), "two parts": (0.008, 0.005), "different": (0.007, 0.993),
    },
    "address": {
        "home": (0.62, 0.00001), "postcode": (0.08, 0.0001), "sector": (0.05, 0.01), "different": (0.25, 0.99),
    },
    "sex": {"same": (0.997, 0.5), "different": (0.003, 0.5)},
    "NHS number": {"same": (0.984, 0.0000001), "different": (0.016, 1.0)},
    "UPN": {"same": (0.875, 0.000001), "different": (0.125, 1.0)},
}  # fmt: skip
"""m (how often true pairs agree like this) and u (how often strangers do), best level first.

Sex, birth date and postcode follow the error rates that Harron and others (2017) measured between hospital and NHS
demographic records; the rest published linkage work and the project's own counts on generated English households.
"""

GUARDS = tuple(f"G{number}" for number in range(1, 16))
"""The guards of docs/matching.md. Every one is on, and none can be switched off."""
STRICT = ("G8", "G11", "G15")
"""Those that a profile can make stricter."""


def millibits(m: float, u: float) -> int:
    """log2(m/u) in thousandths of a bit, rounded."""
    return round(1000 * math.log2(m / u))


def with_weights(weights: Sequence[Weight], at: Iterable[str] = ()) -> Odds:
    """The table with these weights in it: those for every source, then those for each of `at`."""
    table = {field: dict(levels) for field, levels in TABLE.items()}
    for place in (None, *at):
        for item in weights:
            if item.at == place and item.level in table.get(item.field, {}):
                table[item.field][item.level] = (item.m.per_billion / BILLION, item.u.per_billion / BILLION)
    return table


def disorder(odds: Odds) -> tuple[str, str] | None:
    """The first field and level that would weigh more than a better one; weights fall from level to level."""
    for field, levels in odds.items():
        for (_, better), (level, worse) in pairwise(levels.items()):
            if millibits(*worse) > millibits(*better):
                return field, level
    return None
