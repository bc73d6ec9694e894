"""Identifiers: the form in which they are compared, whether one can be anybody's, and whether two agree."""

from __future__ import annotations

import re

from mash_trawl.identity.level import NOT_COMPARED, Level


def digits(text: str | None) -> str:
    """An identifier without spaces and separators, upper case."""
    return re.sub(r"[^0-9A-Za-z]", "", text or "").upper()


def nhs_number_can_be(number: str) -> bool:
    """Ten figures with the right check figure (modulus 11), not all the same: 0000000000 is nobody's."""
    if not re.fullmatch(r"[0-9]{10}", number) or len(set(number)) == 1:
        return False
    check = 11 - sum(int(figure) * weight for figure, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    return int(number[9]) == check % 11


def compare_number(here: str | None, there: str | None) -> Level:
    """same, different or not compared, for one kind of identifier. A number of one figure repeated is nobody's."""
    ours, theirs = digits(here), digits(there)
    if not ours or not theirs or (ours == theirs and len(set(ours)) == 1):
        return Level(name=NOT_COMPARED, here=ours, there=theirs)
    return Level(name="same" if ours == theirs else "different", here=ours, there=theirs)


def compare_nhs_number(here: str | None, there: str | None) -> Level:
    """As any number; but the same impossible number on both sides is a shared stopgap, and proves nothing."""
    level = compare_number(here, there)
    if level.name == "same" and not nhs_number_can_be(level.here):
        return Level(name=NOT_COMPARED, here=level.here, there=level.there)
    return level
