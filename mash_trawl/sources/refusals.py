"""Why something was not asked, or is no longer: from decisions to the one code beside a status."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from mash_trawl.model.answer import SAID_FIRST, STATUS_OF, Status, Why, Withheld
from mash_trawl.model.decision import Decision, Outcome

EXISTENCE_ONLY = "existence_only"
"""Why a category was withheld of which only whether the person is known was permitted."""
_CLOSED = ("scope.suspended", "scope.not_approved", "scope.not_connected")
"""Rules about the source itself: its answer is that it is not connected."""
_REFUSALS = (Status.NOT_PERMITTED, Status.CONSENT_MISSING)
_OWN_WORD = (Why.CONSENT_WITHDRAWN, Why.CONSENT_NOT_GIVEN, Why.CONSENT_EXPIRED)
_BY_ITSELF = (Why.NOT_SIGNED, Why.NOT_COUNTERSIGNED, Why.NO_AGREEMENT, Why.POLICY_NOT_APPROVED)


def code(item: Decision) -> Why:
    """The decision's own code if it is one of a refusal or of a closed source, else the general one."""
    if item.outcome is Outcome.REVIEW:
        return Why.REVIEW_UNANSWERED
    known = Why(item.why) if item.why in Why.__members__.values() else Why.NO_RULE
    closed = item.rule in _CLOSED and STATUS_OF[known] is Status.NOT_CONNECTED
    return known if closed or STATUS_OF[known] in _REFUSALS else Why.NO_RULE


def refusal(about: Sequence[Decision]) -> Why:
    """Of a pair without a permit: an open question, what somebody said or nobody asked, a closed source, the rest."""
    whys = [code(item) for item in about]
    closed = (why for why in whys if STATUS_OF[why] is Status.NOT_CONNECTED)
    order = (Why.REVIEW_UNANSWERED, *SAID_FIRST, *closed)
    return next((why for why in order if why in whys), whys[0])


def taken_back(lost: Iterable[Decision]) -> Why:
    """Of what was permitted and no longer is: a closed source, somebody's own word, an open question, the rest.

    What has no name of its own is `permit_withdrawn`, also where no decision speaks of it any more.
    """
    whys = [code(item) for item in lost if item.outcome is not Outcome.PERMIT]
    closed = (why for why in whys if STATUS_OF[why] is Status.NOT_CONNECTED)
    order = (*closed, *_OWN_WORD, Why.REVIEW_UNANSWERED, *_BY_ITSELF)
    return next((why for why in order if why in whys), Why.PERMIT_WITHDRAWN)


def permitted(about: Iterable[Decision], mode: Literal["content", "existence"]) -> frozenset[str]:
    """The categories with a permit of this mode."""
    return frozenset(item.category for item in about if item.outcome is Outcome.PERMIT and item.mode == mode)


def withheld(about: Iterable[Decision], asked: Collection[str]) -> tuple[Withheld, ...]:
    """The categories whose content was not asked for, each with its rule and why."""
    rest = [item for item in about if item.category not in asked]
    return tuple(Withheld(category=item.category, rule=item.rule, why=_why(item)) for item in rest)


def _why(item: Decision) -> str:
    if item.outcome is not Outcome.PERMIT:
        return code(item).value
    return EXISTENCE_ONLY if item.mode == "existence" else Why.FORBIDDEN_BY_RULE.value
