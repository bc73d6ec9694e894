"""What could open a question, record by record: each consent and each power, who signed it, why it counts or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mash_trawl.model.backing import UNBACKED
from mash_trawl.model.consent import Consent
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.derivation import Step, StepMark
from mash_trawl.model.statement import Checked, Reply

from .decide import question_about
from .question import Power, Question, Setting, Voice, names
from .rules import gateways
from .signed import changed, deciders, in_words, may_decide
from .times import show_day

_STANDING = {
    "withdrawn": "it was withdrawn",
    "expired": "it has ended",
    "not_yet": "it starts later",
}


def openers(setting: Setting, decision: Decision) -> Iterator[Step]:
    """The steps from the first record to the last restriction; nothing for a person whom the case does not know."""
    person = setting.person(decision.person)
    if person is None:
        return
    question = question_about(setting, person, decision.agency, decision.category)
    for voice in question.voices:
        yield _voice(voice, question)
    if not question.voices:
        yield Step(step="consent", says=f"Agreements: none covers {person.id}.")
    for power in question.powers:
        yield _power(question, power)
    if not question.powers:
        yield Step(step="power", says=f"Legal powers: no decision covers {person.id}.")
    for one in setting.laid.spoken:
        said = one.statement.said
        if isinstance(said, Reply) and (said.person, said.category) == (person.id, decision.category):
            yield _reply(setting, one, said)
    for restriction in person.restrictions:
        rule = setting.profile.restrictions.get(restriction)
        yield Step(step="restriction", says=f"Restriction: {rule.title if rule else restriction}.")


def _voice(voice: Voice, question: Question) -> Step:
    consent = voice.consent
    word = "said no" if consent.kind == "refusal" else "said yes"
    if consent.withdrawn_at == consent.given_at:  # laid back from its withdrawal, which does not say when it was given
        word = "took back their yes"
    start = f"Record {consent.id}: {consent.given_by} {word} on {show_day(voice.starts)} for {question.person.id}"
    signed = _signed(question.setting, _of_record(question.setting, consent))
    why = _why_not(voice, question)
    mark: StepMark = "does_not_count" if why else "counts"
    return Step(step="consent", says=f"{start}{signed}; {why or 'it counts.'}", mark=mark)


def _why_not(voice: Voice, question: Question) -> str:
    """Why a record does not count for this question; empty when it does."""
    consent, said = voice.consent, question.said
    if names(consent.categories, question.agency, question.name) == "no":
        return "it does not speak of this category."
    if voice.fault:
        return f"it does not count: {voice.fault.reason}"
    if voice.standing != "in_force":
        return f"it does not count: {_STANDING[voice.standing]}."
    must_be_named = question.kind.specific and consent.categories.get(question.agency) == "all"
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
    setting = question.setting
    signed = _signed(setting, (one for one in setting.laid.spoken if one.statement.said == power.use))
    says = f"Legal power {power.use.id}{law}{signed}: {words[vote.outcome]}. {vote.reason}"
    return Step(step="power", says=says, mark=mark)


def _reply(setting: Setting, one: Checked, said: Reply) -> Step:
    """An answer to a REVIEW, and why it may not count."""
    start = (
        f"Reply: {one.statement.by} said {'yes' if said.yes else 'no'} on {show_day(one.statement.at)} to {said.rule}"
    )
    why = _not_heard(setting, one, said)
    return Step(step="reply", says=f"{start}; {why or 'it counts for that question.'}",
                mark="does_not_count" if why else "counts")  # fmt: skip


def _not_heard(setting: Setting, one: Checked, said: Reply) -> str:
    roles = deciders(setting.profile)
    if not setting.profile.decides:
        return f"it does not count: {setting.profile.title} only gathers."
    if not said.yes:
        return ""
    if setting.backing.runs(one.statement.by):
        return "it does not count: whoever runs the trawl does not decide alone."
    if not may_decide(one, roles):
        return f"it does not count: the {in_words(roles)} answers."
    if changed(one, (said.person,), setting.laid.marks):
        return f"it does not count: the name or date of birth of {said.person} has changed since."
    return ""


def _of_record(setting: Setting, consent: Consent) -> Iterator[Checked]:
    """Who signed a record of this id and kind."""
    for one in setting.laid.spoken:
        said = one.statement.said
        if isinstance(said, Consent) and (said.id, said.kind) == (consent.id, consent.kind):
            yield one


def _signed(setting: Setting, by: Iterable[Checked]) -> str:
    """Who signed it, and when; nothing where nobody looked."""
    if setting.backing is UNBACKED:
        return ""
    told = [f"{one.statement.by} ({show_day(one.statement.at)})" for one in by]
    return f", signed by {', '.join(told)}" if told else ", signed by nobody"
