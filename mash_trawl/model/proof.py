"""What a count of mistakes proves: the exact lower bound of a precision, and how far a threshold may go down by it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from mash_trawl.model.base import DOCUMENT

CERTAINTY = 0.05
"""One-sided: the true share lies below the bound in at most this share of all samples."""
NEEDED = 0.999
"""Below this precision, as proved, no threshold for taking a record without asking anybody goes down."""
BAND_BITS = 2
"""Decisions are counted in bands so wide."""
FIRST = 8
"""Bits: the band in which the built-in threshold lies (9.96 bits, a share of 0.999). Lower ones come below it."""
MOST_REVIEWED = 1_000_000
"""Nobody labels more; a larger number is a slip of the keys."""
LASTS = datetime.timedelta(days=365)
"""So long after the day on which the decisions were labelled their proof counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedBand:
    """Decisions from `from_bits` on, two bits wide, that two people labelled apart from each other.

    `wrong`: those of which not both said that it is the same person.
    """

    __pydantic_config__ = DOCUMENT
    from_bits: int
    reviewed: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredBy:
    """By which labelled decisions a threshold stands below the built-in one.

    `as_of`: the day on which they were labelled. `file_digest`: SHA-256 of the file of labels, for whoever checks it.
    """

    __pydantic_config__ = DOCUMENT
    as_of: datetime.date
    file_digest: str
    bands: tuple[ProvedBand, ...]

    def counts_on(self, today: datetime.date) -> bool:
        """Whether the proof is neither from the future nor too old on this day (Europe/London)."""
        return datetime.timedelta(0) <= today - self.as_of <= LASTS


def lower_bound(right: int, of: int) -> float:
    """The exact (Clopper and Pearson, 1934) one-sided 95 % lower bound of a share of `right` in `of`; 0 for none.

    ValueError unless 0 <= right <= of.
    """
    if not 0 <= right <= of:
        raise ValueError("a share is between nothing and all")
    if right == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_least(right, of, middle) < CERTAINTY else (low, middle)
    return low


def proves(right: int, of: int) -> bool:
    """Whether the lower bound of `right` in `of` is at least NEEDED; False for counts that cannot be.

    The bound is so high exactly where `right` or more would come by chance in at most CERTAINTY of all samples.
    """
    return 0 <= right <= of <= MOST_REVIEWED and right > NEEDED * of and _at_least(right, of, NEEDED) <= CERTAINTY


def _at_least(right: int, of: int, share: float) -> float:
    """The chance of `right` or more in `of`, each right with this chance."""
    if share <= 0.0 or share >= 1.0:
        return float(share >= 1.0)
    logs = [
        math.lgamma(of + 1) - math.lgamma(wrong + 1) - math.lgamma(of - wrong + 1)
        + wrong * math.log1p(-share) + (of - wrong) * math.log(share)
        for wrong in range(of - right + 1)
    ]  # fmt: skip
    return min(1.0, math.fsum(math.exp(value) for value in logs))


def proved_down_to(bands: Sequence[ProvedBand]) -> int | None:
    """The bits down to which every band from FIRST on, without a gap, proves NEEDED; None where FIRST does not.

    Each band proves it for itself: many easy decisions say nothing about the hard ones below them. Below even odds
    (0 bits) nothing is taken by rule, whatever is proved. Of a band that stands twice neither counts.
    """
    found = {band.from_bits: band for band in bands}
    proved: int | None = None
    for floor in range(FIRST, -1, -BAND_BITS):
        band = found.get(floor)
        once = sum(one.from_bits == floor for one in bands) == 1
        if band is None or not once or not proves(band.reviewed - band.wrong, band.reviewed):
            break
        proved = floor
    return proved


def share_at(bits: int) -> int:
    """The share of the odds, in parts per million rounded up, that nobody below so many bits can have.

    Without a rival it is 2^bits out of 2^bits and one for the chance that it is nobody; rivals make it less.
    """
    return -((-1_000_000 << bits) // ((1 << bits) + 1))


def least_auto(lowered_by: LoweredBy | None, built_in: int) -> int:
    """How low the threshold for taking a record without asking may be (parts per million)."""
    floor = proved_down_to(lowered_by.bands) if lowered_by else None
    return built_in if floor is None else min(built_in, share_at(floor))
