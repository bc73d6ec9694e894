"""A threshold below the built-in one: only as far as labelled decisions prove it, and only while they are not old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from mash_trawl.config.problems import Found
from mash_trawl.config.remarks import Remark
from mash_trawl.config.tree import Path, Tree
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.proof import (
    BAND_BITS,
    FIRST,
    LASTS,
    MOST_REVIEWED,
    NEEDED,
    LoweredBy,
    ProvedBand,
    least_auto,
    lower_bound,
    proves,
)

_AT: Path = ("matching", "lowered_by")
_FLOORS = tuple(range(FIRST, -1, -BAND_BITS))


def lowered_faults(policy: MatchPolicy) -> Iterator[Found]:
    """What is wrong with a lowered threshold of a policy that is well formed but for that."""
    built_in = MatchPolicy().auto_per_million
    lowered_by = policy.lowered_by
    if lowered_by is None:
        return
    if not re.fullmatch(r"[0-9a-f]{64}", lowered_by.file_digest):
        do = "Write the 64 letters and figures that `calibrate threshold` printed."
        yield Found(path=(*_AT, "file_digest"), what="this is no SHA-256 of a file of labels", do=do)
    wrong = list(_bands(lowered_by))
    yield from wrong
    least = least_auto(lowered_by, built_in)
    if not wrong and policy.auto_per_million < least:
        what = "the labelled decisions do not prove a threshold this low"
        yield Found(path=("matching", "auto_per_million"), what=what, do=f"It is {least} at the least.")
    yield from _later(policy, lowered_by)


def _bands(lowered_by: LoweredBy) -> Iterator[Found]:
    """Bands that cannot be, that prove too little, or that leave a gap below the built-in threshold."""
    here = [band.from_bits for band in lowered_by.bands]
    for number, band in enumerate(lowered_by.bands):
        at = (*_AT, "bands", number)
        if band.from_bits not in _FLOORS:
            do = f"A band begins at one of {', '.join(map(str, _FLOORS))} bits."
            yield Found(path=(*at, "from_bits"), what="no band below the built-in threshold begins here", do=do)
        elif band.from_bits in here[:number]:
            yield Found(path=(*at, "from_bits"), what="this band stands here twice", do="Leave one out.")
        elif not 1 <= band.reviewed <= MOST_REVIEWED or not 0 <= band.wrong <= band.reviewed:
            yield Found(path=at, what="these counts cannot be", do="`wrong` lies between 0 and `reviewed`.")
        elif not proves(band.reviewed - band.wrong, band.reviewed):
            yield Found(path=at, what=_too_little(band), do="Leave the threshold as it is, or have more labelled.")
    missing = [floor for floor in _FLOORS if floor >= min(here, default=FIRST) and floor not in here]
    if missing:
        listed = ", ".join(map(str, missing))
        do = "Each band proves it for itself: give them all, without a gap."
        yield Found(path=(*_AT, "bands"), what=f"the band from {listed} bits is missing", do=do, key=True)


def _too_little(band: ProvedBand) -> str:
    """The bound is only worked out where it is not far off: what is plainly too little is told by its share."""
    right = band.reviewed - band.wrong
    if right <= NEEDED * band.reviewed:
        return f"so many wrong decisions cannot prove a precision of {NEEDED}"
    bound = int(lower_bound(right, band.reviewed) * 1_000_000) / 1_000_000
    return f"these decisions prove a precision of {bound:.6f} (95 %), and it takes {NEEDED}"


def _later(policy: MatchPolicy, lowered_by: LoweredBy) -> Iterator[Found]:
    """Weights and frequencies that were counted after the decisions: these were made with other bits."""
    what, do = (
        "this is newer than the labelled decisions, which were weighed without it",
        "Have decisions labelled anew.",
    )
    for number, weight in enumerate(policy.weights):
        if weight.date > lowered_by.as_of:
            yield Found(path=("matching", "weights", number, "date"), what=what, do=do)
    if policy.names is not None and policy.names.date > lowered_by.as_of:
        yield Found(path=("matching", "frequencies"), what=what, do=do)


def lowered_too_long(policy: MatchPolicy | None, tree: Tree, today: date) -> Iterator[Remark]:
    """The day of the labels, where they no longer count on this day, or not yet: then nothing is lowered."""
    if policy is None or policy.lowered_by is None or policy.lowered_by.counts_on(today):
        return
    when = "in the future" if policy.lowered_by.as_of > today else f"more than {LASTS.days} days ago"
    yield Remark(
        severity="error", code="matching.lowered", where=tree.where((*_AT, "as_of")),
        what=f"the decisions that prove the lowered threshold were labelled {when}: the built-in threshold holds.",
        do="Have decisions labelled anew (docs/calibrating.md), or take `lowered_by` out.",
    )  # fmt: skip
