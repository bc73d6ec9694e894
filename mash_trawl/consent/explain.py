"""How a decision came about, rule by rule, in words that a practitioner can follow and a family could read.

The steps stand in the order in which `decide` asks its rules; after the step that stopped the question nothing more is
told, since nothing more was asked. People are named by their ids alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.model.backing import UNBACKED, Backing
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.derivation import Derivation, Step
from mash_trawl.model.profile import Profile

from .explain_before import before
from .explain_openers import openers
from .question import Setting
from .times import show_day

_OUTCOMES = {
    Outcome.PERMIT: "It may be asked.",
    Outcome.DENY: "It may not be asked.",
    Outcome.REVIEW: "A named person must decide; until then it is not asked.",
}
_EXISTENCE = "It may be asked, but only whether the person is known there."
_OBLIGATIONS = {
    "minimise": "take only what is needed",
    "mask_address": "show no address",
    "no_onward": "pass nothing on without asking the holder",
    "delete_by": "delete when the working copy ends",
    "notify": "tell the person, unless that is unsafe",
    "human_review": "a named person looks first",
}
_UNTOLD = ("failed.", "scope.shown_to_nobody")
"""Decisions that say all there is: the rules broke down, or nobody here is cleared to know more."""


def explain(case: Case, profile: Profile, decision: Decision, *, backing: Backing = UNBACKED) -> tuple[str, ...]:
    """The derivation of one decision of `decide` in sentences, for the moment that it was made."""
    return tuple(step.says for step in derive(case, profile, decision, backing=backing).steps)


def derive(case: Case, profile: Profile, decision: Decision, *, backing: Backing = UNBACKED) -> Derivation:
    """The same as steps. `case` and `backing` are those that were decided about; a case is made effective here too."""
    return Derivation(decision=decision, steps=tuple(_steps(case, profile, decision, backing)))


def _steps(case: Case, profile: Profile, decision: Decision, backing: Backing) -> Iterator[Step]:
    yield from _question(case, profile, decision)
    if decision.at is not None and not decision.rule.startswith(_UNTOLD):
        setting = Setting.of(case, profile, decision.at, backing)
        for step in before(setting, decision):
            yield step
            if step.mark == "stops":
                break
        else:
            yield from openers(setting, decision)
    stops = decision.outcome is not Outcome.PERMIT
    may = _EXISTENCE if not stops and decision.mode == "existence" else _OUTCOMES[decision.outcome]
    said = f"{may} {decision.reason} (rule {decision.rule})"
    yield Step(step="decision", says=said, mark="stops" if stops else "passes")
    yield from _bounds(decision)


def _question(case: Case, profile: Profile, decision: Decision) -> Iterator[Step]:
    agency, kind = profile.agencies.get(decision.agency), profile.category(decision.category)
    title = f"{agency.title}: {kind.title}" if agency and kind else decision.category
    yield Step(step="case", says=f"The question: may {decision.source} be asked about {decision.person} ({title})?")
    level = "not set" if case.referral.level is None else str(case.referral.level)
    yield Step(step="case", says=f"The case: {profile.title}, version {profile.version}; level {level}.")


def _bounds(decision: Decision) -> Iterator[Step]:
    """What a permit is bound to, or what would bring one."""
    if decision.unlock:
        yield Step(step="unlock", says=f"What would change it: {decision.unlock}")
    if decision.obligations:
        bound = "; ".join(_OBLIGATIONS[name] for name in decision.obligations)
        yield Step(step="obligation", says=f"Bound to: {bound}.")
    if decision.since:
        yield Step(step="period", says=f"Not further back than {decision.since.day} {decision.since:%B %Y}.")
    if decision.expires_at:
        yield Step(step="expiry", says=f"It holds until {show_day(decision.expires_at)}.")
