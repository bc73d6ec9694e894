"""A statement in words, for the person who is about to sign it: everything that it says, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from mash_trawl.cli.interview_person import drafts_of
from mash_trawl.cli.interview_read import label
from mash_trawl.cli.interview_summary import consent_words, power_words
from mash_trawl.cli.interview_times import moment_words
from mash_trawl.config.write import plain_case
from mash_trawl.model.unlocks import category_titles

if TYPE_CHECKING:
    from mash_trawl.model.case import Case
    from mash_trawl.model.consent import Consent, GatewayUse
    from mash_trawl.model.decision import Decision
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.statement import Emergency, Reply, Withdrawal

_CONSENT = ("capacity", "pr_basis", "limited_by", "gillick_assessed_by", "authority_ref", "how", "withdrawn_at")
_POWER = ("trigger", "consent_sought", "why_not", "necessity", "order_ref", "addressee", "signed_off_by", "limbs",
          "own_view", "clauses", "review_on", "ends_at")  # fmt: skip


def names_of(case: Case) -> dict[str, str]:
    """`p1 Aisha Khan` for each person."""
    return {person["id"]: label(person) for person in drafts_of(case)}


def consent_lines(consent: Consent, case: Case, profile: Profile) -> Iterator[str]:
    """What somebody agreed to or refused, and how it is known."""
    yield consent_words(_draft(consent), names_of(case), profile)
    plain = plain_case(consent)
    yield from _further(plain, _CONSENT)
    for key, value in plain.get("explained", {}).items():
        yield f"explained, {_word(key)}: {value}"


def withdrawal_lines(said: Withdrawal, consent: Consent | None, case: Case, profile: Profile) -> Iterator[str]:
    """That an agreement was taken back, and when."""
    if consent is not None:
        yield consent_words(_draft(consent), names_of(case), profile)
    yield f"This agreement ({said.consent}) was withdrawn on {moment_words(said.at)}. Nothing is asked on it any more."


def power_lines(use: GatewayUse, case: Case, profile: Profile) -> Iterator[str]:
    """A decision to rely on a legal power: every part of it."""
    gateway = profile.gateways.get(use.id)
    if gateway is not None:
        yield f"{gateway.title} ({gateway.law})"
    yield power_words(_draft(use), names_of(case), profile)
    yield from _further(plain_case(use), _POWER)
    for person, reason in use.health_reasons.items():
        yield f"why health is asked about {names_of(case).get(person, person)}: {reason}"


def reply_lines(said: Reply, decision: Decision, case: Case, profile: Profile) -> Iterator[str]:
    """The question that was open, and the answer."""
    agency, category = category_titles(decision.agency, said.category, profile)
    yield f"{names_of(case).get(said.person, said.person)}, {agency}: {category} ({said.category}): {decision.reason}"
    yield f"Your answer: {'yes, it may be asked' if said.yes else 'no, it is not asked'}."
    yield f"Reason: {said.reason}"
    if said.until is not None:
        yield f"until: {moment_words(said.until)}"


def emergency_lines(said: Emergency, case: Case, profile: Profile) -> Iterator[str]:
    """Why nobody could wait, and the decisions that it rests on."""
    yield f"Reason: {said.reason}"
    for power in said.powers:
        yield from power_lines(power, case, profile)


def _draft(value: Consent | GatewayUse) -> dict[str, Any]:
    """Its parts as the interview holds them: instants and categories as values."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _further(plain: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = plain.get(key)
        if value not in (None, "", [], "none"):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{_word(key)}: {shown}"


def _word(key: str) -> str:
    return key.replace("pr_basis", "basis of parental responsibility").replace("_", " ")
