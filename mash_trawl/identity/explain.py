"""A decision in words: one line for each field with what stands here and there, then guards, runner-up, likelihood.

The bars add up to the total: whoever reads it can add them up too. A likelihood is never told as a percentage alone.
"""

from __future__ import annotations

from mash_trawl.model.level_words import NOT_COMPARED, bits, level_words
from mash_trawl.model.match import Line, Match

OUTCOMES = {
    "auto": "this is the person, by rule",
    "review": "it may be the person: somebody has to decide",
    "no_match": "this is somebody else",
    "confirmed": "this is the person, as somebody decided",
    "rejected": "this is somebody else, as somebody decided",
}
_MOST_BITS = 60


def words(match: Match) -> tuple[str, ...]:
    """The waterfall in words, then what it comes to. The same text for a screen and for the ledger."""
    told = [f"before anything is compared: {bits(match.prior)}"]
    told += [_line(line) for line in match.lines]
    told.append(f"total: {bits(match.millibits)}")
    told.append(likelihood(match))
    told += [f"{guard.id}: {guard.reason}" for guard in match.guards] or ["no guard stands against it"]
    told.append(_runner_up(match.gap))
    told.append(f"outcome: {OUTCOMES[match.outcome]}")
    if match.verdict is not None:
        told.append(f"decided by {match.verdict.by} on {match.verdict.at}: {match.verdict.reason}")
    return tuple(told)


def likelihood(match: Match) -> str:
    """How seldom a stranger would agree like this, in plain numbers.

    The bars are the odds of a true pair against strangers, so a stranger does so at most once in two to their power.
    """
    total = match.millibits - match.prior
    if total <= 0:
        return "a stranger would agree like this as often as the person, or more often"
    if total >= _MOST_BITS * 1000:
        return "less than 1 in a million million million chance that a stranger would agree like this"
    return f"about 1 in {_rounded(2.0 ** (total / 1000))} chance that a stranger would agree like this"


def _line(line: Line) -> str:
    level = level_words(line.level)
    if line.level == NOT_COMPARED:
        missing = "not held on both sides" if not (line.here and line.there) else "says nothing"
        return f"{line.field}: {_sides(line)}{NOT_COMPARED} ({missing}), +0.000, running total {bits(line.running)}"
    return f"{line.field}: {_sides(line)}{level}, {bits(line.millibits)}, running total {bits(line.running)}"


def _sides(line: Line) -> str:
    if not line.here and not line.there:
        return ""
    return f"here {line.here or 'nothing'}, there {line.there or 'nothing'}: "


def _runner_up(gap: int | None) -> str:
    if gap is None:
        return "no other candidate of this source is in the running"
    if gap < 0:
        return f"another candidate of this source is ahead by {bits(-gap)[1:]} bits"
    return f"the next candidate of this source is {bits(gap)[1:]} bits behind"


def _rounded(number: float) -> str:
    """Two figures that count, for nobody knows more; millions in words."""
    whole, millions = max(int(number), 1), ""
    while whole >= 10_000_000:
        whole, millions = whole // 1_000_000, f"{millions} million"
    step = int(10 ** max(len(str(whole)) - 2, 0))
    return f"{whole // step * step:,}{millions}"
