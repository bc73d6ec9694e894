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

from .explain_openers import openers
from .times import show_day

_OUTCOMES = {
    Outcome.PERMIT: "It may be asked.",
    Outcome.DENY: "It may not be asked.",
    Outcome.REVIEW: "A named person must decide; until then it is not asked.",
}
_OBLIGATIONS = {
    "minimise": "take only what is needed",
    "mask_address": "show no address",
    "no_onward": "pass nothing on without asking the holder",
    "delete_by": "delete when the working copy ends",
    "notify": "tell the person, unless that is unsafe",
    "human_review": "a named person looks first",
}
_CLOSED = ("scope.suspended", "scope.not_approved")
_STOPS = ("failed.", "approval.", "scope.", "agreement.", "emergency.not_countersigned")
"""Rules that end the question before anybody's agreement or a power is looked at."""


def explain(case: Case, profile: Profile, decision: Decision, *, backing: Backing = UNBACKED) -> tuple[str, ...]:
    """The derivation of one decision of `decide` in sentences, for the moment that it was made."""
    return tuple(step.says for step in derive(case, profile, decision, backing=backing).steps)


def derive(case: Case, profile: Profile, decision: Decision, *, backing: Backing = UNBACKED) -> Derivation:
    """The same as steps. `case` and `backing` are those that were decided about; a case is made effective here too."""
    return Derivation(decision=decision, steps=tuple(_steps(case, profile, decision, backing)))


def _steps(case: Case, profile: Profile, decision: Decision, backing: Backing) -> Iterator[Step]:
    yield from _question(case, profile, decision)
    before = list(_before(profile, decision, backing))
    yield from before
    if not decision.rule.startswith(_STOPS):
        yield from openers(case, profile, decision, backing)
    stops = decision.outcome is not Outcome.PERMIT
    said = f"{_OUTCOMES[decision.outcome]} {decision.reason} (rule {decision.rule})"
    yield Step(step="decision", says=said, mark="stops" if stops else "passes")
    yield from _bounds(decision)


def _question(case: Case, profile: Profile, decision: Decision) -> Iterator[Step]:
    agency, kind = profile.agencies.get(decision.agency), profile.category(decision.category)
    title = f"{agency.title}: {kind.title}" if agency and kind else decision.category
    yield Step(step="case", says=f"The question: may {decision.source} be asked about {decision.person} ({title})?")
    level = "not set" if case.referral.level is None else str(case.referral.level)
    yield Step(step="case", says=f"The case: {profile.title}, version {profile.version}; level {level}.")


def _before(profile: Profile, decision: Decision, backing: Backing) -> Iterator[Step]:
    """What is settled before anybody's agreement or a power counts, up to the one that stops the question."""
    rule = decision.rule
    if backing.unapproved:
        said = f"What the hub runs with: not approved as it is: {', '.join(backing.unapproved)}."
        yield Step(step="approval", says=said, mark="stops")
    elif backing.signed_only:
        yield Step(step="approval", says="What the hub runs with is approved as it is.", mark="passes")
    if rule.startswith("approval."):
        return
    if decision.source in backing.closed:
        why = backing.closed[decision.source].value.replace("_", " ")
        yield Step(step="source", says=f"The source {decision.source} is not to be asked now: {why}.", mark="stops")
    if rule.startswith(_CLOSED):
        return
    if rule.startswith(("scope.", "failed.")):
        return
    yield Step(step="scope", says=f"Scope: {profile.title} takes this case, this person and this category.",
               mark="passes")  # fmt: skip


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
