"""What one rule says of one question, and the order in which outcomes are higher or lower."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from mash_trawl.model.answer import Why
from mash_trawl.model.base import Private
from mash_trawl.model.decision import Obligation, Outcome

Mode = Literal["content", "existence"]
_RANK: dict[tuple[Outcome, Mode], int] = {
    (Outcome.DENY, "existence"): 0, (Outcome.DENY, "content"): 0,
    (Outcome.REVIEW, "existence"): 1, (Outcome.REVIEW, "content"): 2,
    (Outcome.PERMIT, "existence"): 3, (Outcome.PERMIT, "content"): 4,
}  # fmt: skip
OTHERWISE = " Otherwise: "
"""Between why a named person must look and what would have opened the question without that."""
_OBLIGATIONS: tuple[Obligation, ...] = (
    "minimise", "mask_address", "no_onward", "delete_by", "notify", "human_review",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Vote(Private):
    """An outcome with rule id, reason in plain English, what would unlock it, and for a yes its basis and end.

    `mode` says whether a yes opens what the source holds, or only whether it knows the person. `stands_since` is when
    the question of a REVIEW arose: an answer given before does not answer it.
    """

    outcome: Outcome
    rule: str
    reason: str
    unlock: str = ""
    why: str = ""
    basis: str | None = None
    obligations: tuple[Obligation, ...] = ()
    expires_at: datetime | None = None
    mode: Mode = "content"
    stands_since: datetime | None = None

    @property
    def rank(self) -> int:
        """Higher is more permitted; to know whether somebody is known is less than what is known of them."""
        return _RANK[self.outcome, self.mode]

    def bound_to(self, obligations: tuple[Obligation, ...], until: datetime | None) -> Vote:
        """The same vote, answered or not, with these obligations, ending then at the latest: written out for speed."""
        return Vote(
            outcome=self.outcome, rule=self.rule, reason=self.reason, unlock=self.unlock, why=self.why,
            basis=self.basis, obligations=obligations, expires_at=earliest(self.expires_at, until),
            mode=self.mode,
        )  # fmt: skip


def deny(rule: str, reason: str, unlock: str, why: Why = Why.FORBIDDEN_BY_RULE) -> Vote:
    """A no."""
    return Vote(outcome=Outcome.DENY, rule=rule, reason=reason, unlock=unlock, why=why.value)


def failed(step: str, broken: Exception) -> Vote:
    """The rules could not be applied: no. Only the kind of failure is named, never its text."""
    return deny(f"failed.{step}", f"The rules could not be applied ({type(broken).__name__}), so nothing is asked.",
                "Mend the case, or report the fault.")  # fmt: skip


def unable(what: str, reason: str, unlock: str) -> Vote:
    """Somebody answered who cannot speak for somebody, as the case records it: what they agreed to does not count."""
    return deny(f"capacity.{what}", reason, unlock, Why.CONSENT_NOT_COUNTED)


def review(
    rule: str, reason: str, unlock: str, basis: str | None, expires_at: datetime | None = None,
    stands_since: datetime | None = None,
) -> Vote:  # fmt: skip
    """Neither yes nor no: a named person must decide, and until then nothing is asked."""
    return Vote(
        outcome=Outcome.REVIEW,
        rule=rule,
        reason=reason,
        unlock=unlock,
        why=Why.REVIEW_UNANSWERED.value,
        basis=basis,
        obligations=("human_review",),
        expires_at=expires_at,
        stands_since=stands_since,
    )


def lower_to_review(vote: Vote, rule: str, reason: str, unlock: str) -> Vote:
    """A yes becomes a question to a named person; anything lower stays as it is."""
    if vote.outcome is not Outcome.PERMIT:
        return vote
    lowered = review(rule, f"{reason}{OTHERWISE}{vote.reason}", unlock, vote.basis, vote.expires_at)
    return replace(lowered, obligations=in_order((*vote.obligations, "human_review")), mode=vote.mode)


@lru_cache(maxsize=256)
def in_order(obligations: tuple[Obligation, ...]) -> tuple[Obligation, ...]:
    """Each obligation once, always in the same order. Remembered: a case has few combinations and many decisions."""
    return tuple(name for name in _OBLIGATIONS if name in obligations)


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of these ends; None only where none is set."""
    return min((moment for moment in moments if moment is not None), default=None)
