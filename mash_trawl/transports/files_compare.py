"""The comparisons of a mapping on a row of a file: what a database would have answered, but for days, which are read.

A database has days; a file has what somebody wrote. `7/5/2014` is 07/05/2014, half past ten on the last granted day
lies within it, and a day that cannot be read may be the one that is looked for. What may be written in several ways is
compared without accents, capitals and apostrophes: `MaLiK` is Malik.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mash_trawl.model.folding import fold
from mash_trawl.model.mapping import Bound, Condition
from mash_trawl.model.written_days import read_day
from mash_trawl.transports.written import plain_sector

Tests = Sequence[tuple[Condition, Bound, frozenset[str]]]
"""Conditions with their values, and the ways of writing one as they are compared."""


def tests_of(where: Sequence[Condition], values: Mapping[str, Bound]) -> Tests:
    """Each condition with its value; days last, because reading them takes longest."""
    both = [(item, value, _folded(value)) for item in where for value in [values.get(item.key)]]
    return sorted(both, key=lambda one: isinstance(one[1], date))


def _folded(value: Bound) -> frozenset[str]:
    return frozenset(map(fold, value)) if isinstance(value, tuple) else frozenset()


def passes(tests: Tests, row: Mapping[str, str]) -> bool | None:
    """True if the row stays. None if all else speaks for it, and a day in it cannot be read or is not said wholly."""
    doubtful = False
    for item, value, ways in tests:
        answer = _compared(item, row[item.column].strip(), value, ways)
        if answer is False:
            return False
        doubtful = doubtful or answer is None
    return None if doubtful else True


def _compared(item: Condition, held: str, value: Bound, alike: frozenset[str]) -> bool | None:
    """Without a value a period's end is open, and anything else matches nothing."""
    period = item.how in ("at_least", "at_most")
    if value is None or (period and not held):
        return period
    if isinstance(value, date):
        return _day(item, held, value) if held else False
    ways = value if isinstance(value, tuple) else (value,)
    if item.how == "at_least":
        return held >= ways[0]
    if item.how == "at_most":
        return held <= ways[0]
    if item.how == "soundex":
        from jellyfish import soundex

        return bool(held) and soundex(held) == ways[0]
    if item.how == "sector":
        return any(held[:-2] == way and held[-2:].isalpha() for way in ways if plain_sector(way))
    return held in ways or (bool(alike) and fold(held) in alike)


def _day(item: Condition, held: str, value: date) -> bool | None:
    """A month or a year lies in a period that it may lie in; whether it is a certain day, nobody can tell."""
    try:
        read = read_day(held, item.format)
    except (ValueError, OverflowError):
        return None
    if item.how == "at_least":
        return read.latest is None or read.latest >= value
    if item.how == "at_most":
        return read.earliest is None or read.earliest <= value
    if read.earliest is None and read.latest is None:  # it says that nobody knows
        return False
    if not (read.earliest or value) <= value <= (read.latest or value):
        return False
    return True if read.exact else None
