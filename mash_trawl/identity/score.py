"""Weights: how many thousandths of a bit a level of agreement is worth, field by field, in a waterfall.

weight = 1000 * log2(m / u), rounded (the table stands in policy.py). On an exact name u is the name's own frequency.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from mash_trawl.identity.compare import Compared
from mash_trawl.identity.frequencies import at_most, share_of
from mash_trawl.identity.level import COMPANY
from mash_trawl.identity.policy import Rules
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import Line
from mash_trawl.model.weighing import BILLION
from mash_trawl.model.weights import TABLE, millibits

WEIGHTS = {field: {name: millibits(m, u) for name, (m, u) in levels.items()} for field, levels in TABLE.items()}
"""The built-in table in thousandths of a bit."""
HOUSEHOLD_CAP = 8000
"""Address and family name together are evidence of the household; without the given name they count no more."""
LIFETIME_DAYS = 29_200
"""Eighty years: the span over which a partial date is spread."""
TOGETHER = 10
"""Given and family names go together: within a community a given name can be ten times as common as in the country."""
MIDDLE: Mapping[str, float] = {"": 1.0, "initial": 0.12, "name": 0.05}
"""The commonest middle initial is borne by one in eight, the commonest middle name by fewer than one in twenty."""


_HOUSEHOLD = frozenset({"family name", "address"})
_OF_ITS_OWN = frozenset({"exact", "partial", COMPANY})
"""Levels whose weight depends on more than the level."""
_FIELDS = ("NHS number", "UPN", "given name", "family name", "date of birth", "sex", "address")


def waterfall(compared: Compared, rules: Rules) -> tuple[Line, ...]:
    """One line per field with weight and running total; the last running total is the score."""
    lines: list[Line] = []
    running = rules.prior
    levels = (
        compared.nhs_number, compared.upn, compared.given, compared.family, compared.born, compared.sex,
        compared.address,
    )  # fmt: skip
    table, room = rules.weights, HOUSEHOLD_CAP
    for field, level in zip(_FIELDS, levels, strict=True):
        name, here, there = level.name, level.here, level.there
        weight = table[field].get(name, 0)
        if name in _OF_ITS_OWN:
            weight = _weight(field, name, compared, rules, weight)
        if weight > 0 and not compared.given_agrees and field in _HOUSEHOLD:
            weight = min(weight, room)
            room -= weight
        running += weight
        make = _line if (here or there) and field != "sex" else _line_of_many
        lines.append(make(field, here, there, name, weight, running))
    return tuple(lines)


_set_field, _set_here, _set_there, _set_level, _set_millibits, _set_running = (
    Line.__dict__[name].__set__ for name in ("field", "here", "there", "level", "millibits", "running")
)


def _line(field: str, here: str, there: str, level: str, weight: int, running: int) -> Line:
    """A line like any other, made in a third of the time: its own making is most of what a waterfall costs.

    A frozen dataclass sets each field by name (`object.__setattr__`); here each slot is set by what sets it there.
    """
    line = object.__new__(Line)
    _set_field(line, field)
    _set_here(line, here)
    _set_there(line, there)
    _set_level(line, level)
    _set_millibits(line, weight)
    _set_running(line, running)
    return line


_line_of_many = lru_cache(maxsize=1024)(_line)
"""Lines that hundreds of candidates have in common: a field that neither side holds, and the sex."""


def _weight(field: str, level: str, compared: Compared, rules: Rules, weight: int) -> int:
    """The weight of a level of its own; `weight` is what the table says."""
    if level == "partial":
        return _partial_weight(compared.spans, rules)
    if level == COMPANY:
        return rules.weights["address"]["postcode"]
    if field in ("given name", "family name"):
        return _weight_of_name(field, compared, rules, weight)
    return weight


def _weight_of_name(field: str, compared: Compared, rules: Rules, weight: int) -> int:
    """By the frequency of the rarest name that both sides hold; never less than a name that is only nearly the same."""
    kind = "given" if field == "given name" else "family"
    share = share_of(rules.shares, kind, compared.same_given if kind == "given" else compared.same_family)
    if share is None:
        return weight
    m, _ = rules.odds[field]["exact"]
    return max(millibits(m, share / BILLION), rules.weights[field]["near"])


def _partial_weight(spans: tuple[PartialDate | None, PartialDate | None], rules: Rules) -> int:
    """What it is worth that two dates can be the same day: less, the longer the vaguer of them is."""
    days = [(when.latest - when.earliest).days + 1 for when in spans if when and when.earliest and when.latest]
    share = min(0.5, max(days) / LIFETIME_DAYS)
    return min(round(1000 * math.log2(0.97 / share)), rules.weights["date of birth"]["exact"] - 1000)


def strangers(compared: Compared, rules: Rules) -> float:
    """How many strangers of the same names and birth date the source is expected to hold, by a cautious count.

    Only what agrees exactly counts. A name that no list holds is taken to be as common as the least common one listed.
    """
    expected = float(rules.population)
    if compared.given.name in ("exact", "spelling"):
        spelt = compared.given.name == "spelling"
        expected *= at_most(rules.shares, "given", compared.same_given, spelt=spelt) / BILLION
    if compared.family.name == "exact":
        expected *= at_most(rules.shares, "family", compared.same_family) / BILLION * TOGETHER
    if compared.born.name == "exact":
        expected *= rules.odds["date of birth"]["exact"][1]
    if compared.address.name == "sector":
        expected *= rules.odds["address"]["sector"][1]
    return expected * MIDDLE[compared.middle]
