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


def highest(agreement: Vote | None, powers: Sequence[Vote]) -> Vote:
    """The highest outcome; among equals agreement before a power, then the longest, then the smallest id.

    `agreement` is None where a power opens the question and nobody can have agreed.

    If all are no, a stated power that cannot be relied on is named first, together with what agreement would need.
    """
    top = max((vote.rank for vote in powers), default=0)
    if agreement is None or top > agreement.rank:
        return min((vote for vote in powers if vote.rank == top), key=_preference)
    return agreement if agreement.outcome is not Outcome.DENY else _no(agreement, powers)


def _preference(vote: Vote) -> tuple[float, str, str, str]:
    return -(vote.expires_at or _ALWAYS).timestamp(), vote.rule, str(vote.basis), vote.reason


def _no(agreement: Vote, powers: Sequence[Vote]) -> Vote:
    """`why` says consent wherever a consent would unlock it, so that a family's choice reads as one."""
    stated = (vote for vote in powers if not vote.rule.endswith(_SILENT))
    first = min(stated, key=lambda vote: (vote.rule, vote.reason), default=None)
    if first is None:
        return agreement
    return replace(
        first,
        reason=f"{first.reason} {agreement.reason}",
        unlock=f"{first.unlock} Or: {agreement.unlock}",
        why=agreement.why if agreement.why.startswith("consent_") else first.why,
    )
