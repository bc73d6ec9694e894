"""How a decision came about, line by line, in words that a practitioner can follow and a family could read."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.profile import Profile

from .decide import question_about
from .question import Power, Question, Setting, Voice, names
from .rules import gateways
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
_STANDING = {
    "withdrawn": "it was withdrawn",
    "expired": "it has ended",
    "not_yet": "it starts later",
}


def explain(case: Case, profile: Profile, decision: Decision) -> tuple[str, ...]:
    """The derivation of one decision of `decide` for this case and profile, for the moment that it was made."""
    return tuple(_lines(case, profile, decision))


def _lines(case: Case, profile: Profile, decision: Decision) -> Iterator[str]:
    agency = profile.agencies.get(decision.agency)
    kind = profile.category(decision.category)
    title = f"{agency.title}: {kind.title}" if agency and kind else decision.category
    yield f"The question: may {decision.source} be asked about {decision.person} ({title})?"
    level = "not set" if case.referral.level is None else str(case.referral.level)
    yield f"The case: {profile.title}, version {profile.version}; level {level}."
    person = next((person for person in case.people if person.id == decision.person), None)
    applied = not decision.rule.startswith(("failed.", "scope."))
    if person is not None and decision.at is not None and kind is not None and applied:
        setting = Setting.of(case, profile, decision.at)
        yield from _standing(question_about(setting, person, decision.agency, decision.category))
    yield f"{_OUTCOMES[decision.outcome]} {decision.reason} (rule {decision.rule})"
    if decision.unlock:
        yield f"What would change it: {decision.unlock}"
    if decision.obligations:
        yield f"Bound to: {'; '.join(_OBLIGATIONS[name] for name in decision.obligations)}."
    if decision.since:
        yield f"Not further back than {decision.since.day} {decision.since:%B %Y}."
    if decision.expires_at:
        yield f"It holds until {show_day(decision.expires_at)}."


def _standing(question: Question) -> Iterator[str]:
    person = question.person
    for voice in question.voices:
        yield _voice(voice, question)
    if not question.voices:
        yield f"Agreements: none covers {person.id}."
    for power in question.powers:
        yield _power(question, power)
    if not question.powers:
        yield f"Legal powers: no decision covers {person.id}."
    for restriction in person.restrictions:
        rule = question.setting.profile.restrictions.get(restriction)
        yield f"Restriction: {rule.title if rule else restriction}."


def _voice(voice: Voice, question: Question) -> str:
    consent, said = voice.consent, question.said
    word = "no" if consent.kind == "refusal" else "yes"
    start = f"Record {consent.id}: {consent.given_by} said {word} on {show_day(voice.starts)} for {question.person.id}"
    if names(consent.categories, question.agency, question.name) == "no":
        return f"{start}; it does not speak of this category."
    if voice.fault:
        return f"{start}; it does not count: {voice.fault.reason}"
    if voice.standing != "in_force":
        return f"{start}; it does not count: {_STANDING[voice.standing]}."
    must_be_named = question.kind.specific and names(consent.categories, question.agency, question.name) == "all"
    if word == "yes" and must_be_named:
        return f"{start}; it does not count: this category must be named."
    if not any(other.consent is consent for other in (*said.yes, *said.no)):
        return f"{start}; it does not count: they have said something else, or taken it back, since."
    return f"{start}; it counts."


def _power(question: Question, power: Power) -> str:
    law = f" ({power.gateway.law})" if power.gateway else ""
    vote = gateways.weigh(question, power)
    words = {Outcome.PERMIT: "opens it", Outcome.REVIEW: "leads to a named person", Outcome.DENY: "does not open it"}
    return f"Legal power {power.use.id}{law}: {words[vote.outcome]}. {vote.reason}"
