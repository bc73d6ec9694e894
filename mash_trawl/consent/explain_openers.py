"""What could open a question, record by record: each agreement and each power, and why it does or does not count."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.derivation import Step, StepMark
from mash_trawl.model.profile import Profile

from .decide import question_about
from .question import Power, Question, Setting, Voice, names
from .rules import gateways
from .times import show_day

_STANDING = {
    "withdrawn": "it was withdrawn",
    "expired": "it has ended",
    "not_yet": "it starts later",
}


def openers(case: Case, profile: Profile, decision: Decision, backing: Backing) -> Iterator[Step]:
    """The steps from the first record to the last restriction; nothing for a person or a moment that is not known."""
    person = next((person for person in case.people if person.id == decision.person), None)
    if person is None or decision.at is None or profile.category(decision.category) is None:
        return
    setting = Setting.of(case, profile, decision.at, backing)
    question = question_about(setting, person, decision.agency, decision.category)
    for voice in question.voices:
        yield _voice(voice, question)
    if not question.voices:
        yield Step(step="consent", says=f"Agreements: none covers {person.id}.")
    for power in question.powers:
        yield _power(question, power)
    if not question.powers:
        yield Step(step="power", says=f"Legal powers: no decision covers {person.id}.")
    for restriction in person.restrictions:
        rule = profile.restrictions.get(restriction)
        yield Step(step="restriction", says=f"Restriction: {rule.title if rule else restriction}.")


def _voice(voice: Voice, question: Question) -> Step:
    consent = voice.consent
    word = "no" if consent.kind == "refusal" else "yes"
    start = f"Record {consent.id}: {consent.given_by} said {word} on {show_day(voice.starts)} for {question.person.id}"
    why = _why_not(voice, question)
    mark: StepMark = "does_not_count" if why else "counts"
    return Step(step="consent", says=f"{start}; {why or 'it counts.'}", mark=mark)


def _why_not(voice: Voice, question: Question) -> str:
    """Why a record does not count for this question; empty when it does."""
    consent, said = voice.consent, question.said
    if names(consent.categories, question.agency, question.name) == "no":
        return "it does not speak of this category."
    if voice.fault:
        return f"it does not count: {voice.fault.reason}"
    if voice.standing != "in_force":
        return f"it does not count: {_STANDING[voice.standing]}."
    must_be_named = question.kind.specific and names(consent.categories, question.agency, question.name) == "all"
    if consent.kind != "refusal" and must_be_named:
        return "it does not count: this category must be named."
    if not any(other.consent is consent for other in (*said.yes, *said.no)):
        return "it does not count: they have said something else, or taken it back, since."
    return ""


def _power(question: Question, power: Power) -> Step:
    law = f" ({power.gateway.law})" if power.gateway else ""
    vote = gateways.weigh(question, power)
    words = {Outcome.PERMIT: "opens it", Outcome.REVIEW: "leads to a named person", Outcome.DENY: "does not open it"}
    mark: StepMark = "does_not_count" if vote.outcome is Outcome.DENY else "counts"
    says = f"Legal power {power.use.id}{law}: {words[vote.outcome]}. {vote.reason}"
    return Step(step="power", says=says, mark=mark)
