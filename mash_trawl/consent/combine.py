"""Of everything that was said about one question, the one vote that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from mash_trawl.model.decision import Outcome

from .vote import Vote

_SILENT = (".not_alone", ".not_opened", ".not_listed", ".not_addressed")
"""A power that would not open the category in any case says nothing about why it stays shut."""
_ALWAYS = datetime.max.replace(tzinfo=UTC)


def highest(votes: Sequence[Vote]) -> Vote:
    """The highest outcome; among equals agreement before a power, then the longest, then the smallest id.

    If all are no, a stated power that cannot be relied on is named first, together with what agreement would need.
    """
    yes = [vote for vote in votes if vote.outcome is not Outcome.DENY]
    if len(yes) == 1:
        return yes[0]
    return _best(yes) if yes else _no(votes)


def _best(votes: Sequence[Vote]) -> Vote:
    top = max(vote.rank for vote in votes)
    return min(
        (vote for vote in votes if vote.rank == top),
        key=lambda vote: (_by_power(vote), -_length(vote).timestamp(), vote.rule, vote.basis or ""),
    )


def _no(votes: Sequence[Vote]) -> Vote:
    """`why` says consent wherever a consent would unlock it, so that a family's choice reads as one."""
    agreement = next(vote for vote in votes if not _by_power(vote))
    stated = (vote for vote in votes if _by_power(vote) and not vote.rule.endswith(_SILENT))
    powers = sorted(stated, key=lambda vote: (vote.rule, vote.reason))
    if not powers:
        return agreement
    first = powers[0]
    return replace(
        first,
        reason=f"{first.reason} {agreement.reason}",
        unlock=f"{first.unlock} Or: {agreement.unlock}",
        why=agreement.why if agreement.why.startswith("consent_") else first.why,
    )


def _by_power(vote: Vote) -> bool:
    return vote.rule.startswith("gateway.")


def _length(vote: Vote) -> datetime:
    return vote.expires_at or _ALWAYS
