"""What a gateway decision opens: which categories, health by its stricter test, and whether agreement is still due."""

from __future__ import annotations

from dataclasses import replace

from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.decision import Outcome
from mash_trawl.model.profile import Gateway

from ..answers import answered
from ..question import Power, Question, names
from ..times import begins
from ..vote import Mode, Vote, in_order, review
from .powers import missed, not_relied_on

_NEVER = (".health", ".health_not_named", ".summary_only")
"""What a power does not open for health whoever signs it, and whatever is recorded besides."""


def opened(question: Question) -> tuple[Vote, ...]:
    """One vote for each gateway decision that covers the person, after what a named person answered to it."""
    return tuple(weigh(question, power) for power in question.powers)


def weigh(question: Question, power: Power) -> Vote:
    """What one gateway decision does for one question. What it would not open anyway comes before its faults."""
    setting = question.setting
    return answered(setting.replies, setting.now, question.person.id, question.topic.full, _weighed(question, power))


def _weighed(question: Question, power: Power) -> Vote:
    gateway, use, kind = power.gateway, power.use, question.kind
    if gateway is None:
        return not_relied_on(question.setting)
    mode = _mode(question, gateway)
    health = _health(question, use, gateway, mode) if kind.health else None
    never = health if health and health.rule.endswith(_NEVER) else None
    refusal = _alone(use, gateway) or _not_opened(question, use, gateway, mode) or never or power.fault or health
    if refusal:
        return refusal
    question_to_person = power.doubt or _named_person(question, use) or _agreement_expected(question, use, gateway)
    read = _read_from_grounds(use, gateway) + (_read_from_why_not(use, gateway) if kind.health else "")
    if question_to_person:
        return replace(
            question_to_person, reason=f"{question_to_person.reason}{read}", expires_at=power.ends, mode=mode,
            obligations=in_order((*gateway.obligations, "human_review")),
        )  # fmt: skip
    only = f", only whether {question.person.id} is known" if mode == "existence" else ""
    return Vote(
        outcome=Outcome.PERMIT,
        rule=f"gateway.{use.id}.existence" if only else f"gateway.{use.id}",
        reason=f"{power.decided}: {question.label}{only}.{read}",
        basis=use.id,
        obligations=gateway.obligations,
        expires_at=power.ends,
        mode=mode,
    )


def _mode(question: Question, gateway: Gateway) -> Mode:
    """What the power opens of the category. Of a service whose existence is a disclosure there is no such half."""
    if names(gateway.opens, question.agency, question.name) != "no" or question.kind.hidden_existence:
        return "content"
    return "existence" if names(gateway.existence, question.agency, question.name) != "no" else "content"


def _read_from_grounds(use: GatewayUse, gateway: Gateway) -> str:
    """A trigger that nobody wrote down is never relied on silently."""
    if use.trigger is not None or not gateway.assumed_trigger:
        return ""
    return f" The trigger was not recorded; {gateway.assumed_trigger.replace('_', ' ')} is read from the grounds."


def _alone(use: GatewayUse, gateway: Gateway) -> Vote | None:
    if gateway.consent != "needed":
        return None
    return missed(use.id, "not_alone", f"{gateway.title} permits nothing without agreement.")


def _read_from_why_not(use: GatewayUse, gateway: Gateway) -> str:
    """Nor is a condition of the Act."""
    if not gateway.conditions or use.condition is not None:
        return ""
    return f" The condition was not recorded; {gateway.conditions[gateway.assumed_condition]} is read from why not."


def _not_opened(question: Question, use: GatewayUse, gateway: Gateway, mode: Mode) -> Vote | None:
    """The law's list and the decision's own list must both take the category in."""
    if mode == "content" and names(gateway.opens, question.agency, question.name) == "no":
        return missed(use.id, "not_opened", f"{gateway.title} does not open {question.label}.")
    if use.categories is not None and names(use.categories, question.agency, question.name) == "no":
        return missed(use.id, "not_listed", f"The decision does not list {question.label}.")
    if use.addressee and question.agency not in use.addressee:
        return missed(use.id, "not_addressed", f"The decision is not addressed to {question.body.title}.")
    return None


def _health(question: Question, use: GatewayUse, gateway: Gateway, mode: Mode) -> Vote | None:
    """Health is owed confidence: never, with a reason for this very person and a summary only, or when named."""
    if gateway.health == "when_named":
        if names(use.categories, question.agency, question.name) == "named":
            return _no_condition(use, gateway)
        return missed(use.id, "health_not_named", f"The decision does not name {question.label}.",
                      "Health is opened only where the decision names the category.")  # fmt: skip
    if gateway.health == "never":
        return missed(use.id, "health", f"{gateway.title} does not open health.",
                      "The person's own agreement to this kind of health record.")  # fmt: skip
    if mode == "content" and not (question.kind.summary or question.kind.by_gateway == "review"):
        return missed(use.id, "summary_only", f"{gateway.title} opens a health summary, not {question.kind.title}.",
                      f"Ask the holder's named doctor or Caldicott Guardian to sign off a public-interest decision "
                      f"that names {question.label}, and record it; or a court order that names it.")  # fmt: skip
    if use.health_reasons.get(question.person.id, "").strip():
        return _no_condition(use, gateway)
    return missed(use.id, "health_reason", f"No reason is recorded for asking health about {question.person.id}.",
                  f"Record why health is needed about {question.person.id}, or ask for agreement.")  # fmt: skip


def _no_condition(use: GatewayUse, gateway: Gateway) -> Vote | None:
    """Special category data without consent needs the Act's condition (DPA 2018 Sch 1 para 18), stated or read."""
    stated = use.condition
    if stated is None and (use.why_not or "").strip():
        stated = gateway.assumed_condition
    if not gateway.conditions or stated in gateway.conditions:
        return None
    return missed(use.id, "no_condition", f"{gateway.title} is stated for health without why nobody's consent is "
                  "relied on.", f"Record the condition that is met: {'; '.join(gateway.conditions.values())}.",
                  )  # fmt: skip


def _named_person(question: Question, use: GatewayUse) -> Vote | None:
    if question.kind.by_gateway == "open":
        return None
    return review(f"gateway.{use.id}.named_person", f"{question.label}: a named professional answers, not the system.",
                  "Ring the named professional, who decides what may be shared.", use.id,
                  stands_since=begins(use.decided_at))  # fmt: skip


def _agreement_expected(question: Question, use: GatewayUse, gateway: Gateway) -> Vote | None:
    """Agreement should be sought. Without a yes a named person decides; overriding a no needs a recorded reason."""
    if gateway.consent == "not_needed":
        return None
    refused = bool(question.said.no or question.said.unsure)
    explained = bool((use.why_not or "").strip())
    if explained or (use.consent_sought == "yes" and not refused):
        reason = "Agreement was refused." if refused else "Nobody has agreed yet."
        noes = [voice.told for voice in (*question.said.no, *question.said.unsure)]
        return review(f"gateway.{use.id}.agreement_expected", f"{gateway.title} expects agreement first. {reason}",
                      "Agreement, or a named person who records why it is set aside.", use.id,
                      stands_since=max([begins(use.decided_at), *noes]))  # fmt: skip
    return missed(use.id, "agreement_not_sought", f"{gateway.title} expects agreement, and none is recorded.",
                  "Ask, and record the answer; or record why it is set aside.")  # fmt: skip
