"""Identifiers: the form in which they are compared, whether one can be anybody's, and whether two agree.

NHS numbers of the range 999 are given to nobody alive. They count as any other: whether a system that holds them is a
real one only its owners know, and two records that bear the same one are about the same test person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from mash_trawl.config.identifiers import nhs_number_fault, upn_fault
from mash_trawl.identity.level import NOT_COMPARED, NOTHING, Level

LONGEST = 64
"""Signs of an identifier that are looked at; what is longer is no identifier, and is left as it is."""


@lru_cache(maxsize=4096)
def digits(text: str | None) -> str:
    """An identifier without spaces and separators, upper case."""
    return re.sub(r"[^0-9A-Za-z]", "", text or "").upper()


@lru_cache(maxsize=4096)
def nhs_number_can_be(number: str) -> bool:
    """Ten figures with the right check figure (modulus 11), not all the same: 0000000000 is nobody's."""
    return len(number) <= LONGEST and len(set(number)) > 1 and not nhs_number_fault(number)


@lru_cache(maxsize=4096)
def upn_can_be(number: str) -> bool:
    """Thirteen signs with the right check letter; a temporary number (ends with a letter) counts too."""
    return len(number) <= LONGEST and len(set(number[1:])) > 1 and not upn_fault(number)


def compare_number(here: str | None, there: str | None) -> Level:
    """same, different or not compared, for one kind of identifier. A number of one figure repeated is nobody's."""
    if not here and not there:
        return NOTHING
    ours, theirs = digits(here), digits(there)
    if not ours or not theirs or (ours == theirs and len(set(ours)) == 1):
        return Level(NOT_COMPARED, ours, theirs)
    return Level("same" if ours == theirs else "different", ours, theirs)


def compare_nhs_number(here: str | None, there: str | None) -> Level:
    """As any number; but one that fails its check figure was keyed wrongly or made up, and proves nothing.

    What is longer than any number can be is no slip of the hand: it differs, and a person looks at it.
    """
    return _sound(compare_number(here, there), nhs_number_can_be)


def compare_upn(here: str | None, there: str | None) -> Level:
    """As any number; but one that fails its check letter proves nothing.

    A temporary number is a school's own until it learns the right one: that it differs says nothing about the child.
    """
    level = _sound(compare_number(here, there), upn_can_be)
    if level.name == "different" and (level.here[-1:].isalpha() or level.there[-1:].isalpha()):
        return Level(NOT_COMPARED, level.here, level.there)
    return level


def _sound(level: Level, can_be: Callable[[str], bool]) -> Level:
    overlong = level.name == "different" and max(len(level.here), len(level.there)) > LONGEST
    if level.name == NOT_COMPARED or overlong or (can_be(level.here) and can_be(level.there)):
        return level
    return Level(NOT_COMPARED, level.here, level.there)
