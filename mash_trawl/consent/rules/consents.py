"""What people agreed to or refused. Gives one vote: yes, to a named person, or no with the reason nearest to a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from mash_trawl.model.answer import Why
from mash_trawl.model.decision import Outcome
from mash_trawl.model.profile import Category

from ..answers import answered
from ..question import Question, Said, Voice, names
from ..times import reached, show_day, under
from ..vote import Vote, deny, earliest, review
from .ways import with_power

_ALWAYS = datetime.max.replace(tzinfo=UTC)


def heard(voices: tuple[Voice, ...], agency: str, name: str, kind: Category) -> Said:
    """Each giver's latest word on a category; said at the same moment, a no counts.

    A refusal with `all` takes in every category; an agreement with `all` none that must be named. What a giver
    withdrew, or renewed with an end that has passed, does not revive what they had said before.
    """
    words = [voice for voice in voices if _speaks_of(voice, agency, name, kind)]
    live = [voice for voice in words if voice.standing == "in_force"]
    if not live:
        return Said()
    able = sorted((voice for voice in live if voice.fault is None), key=_order)
    ended = [voice for voice in able if _replaced(voice, voices, agency, name, words)]
    latest = {voice.consent.given_by: voice for voice in able if voice not in ended}
    return Said(
        yes=tuple(_until(voice, voices, agency, name) for voice in latest.values() if not _is_no(voice)),
        no=tuple(voice for voice in latest.values() if _is_no(voice)),
        unsure=tuple(voice for voice in live if _unassessed_no(voice, latest)),
        ended=tuple(ended),
    )


def _replaced(voice: Voice, voices: Sequence[Voice], agency: str, name: str, words: Sequence[Voice]) -> bool:
    """Whether the giver has ended this agreement since: by a withdrawal, or by a later agreement that is over.

    A withdrawal covers what it names, and with `all` everything, like a refusal; whether the giver could have agreed
    does not matter to it.
    """
    if _is_no(voice):
        return False
    over = any(
        _order(other) > _order(voice)
        for other in words
        if other.standing == "expired" and other.fault is None and _same_giver(other, voice)
    )
    return over or any(
        max(other.starts, other.revoked) >= voice.starts
        for other in voices
        if other.standing == "withdrawn" and other.revoked and _takes_back(other, voice, agency, name)
    )


def _until(voice: Voice, voices: Sequence[Voice], agency: str, name: str) -> Voice:
    """The agreement, ending with the first withdrawal or refusal of the giver that is dated already."""
    ahead = [
        other.revoked
        for other in voices
        if other.standing != "withdrawn" and other.revoked and _takes_back(other, voice, agency, name)
    ] + [
        other.starts
        for other in voices
        if other.standing == "not_yet" and _is_no(other) and other.fault is None and _same_giver(other, voice)
        and names(other.consent.categories, agency, name) != "no"
    ]  # fmt: skip
    return replace(voice, ends=earliest(voice.ends, *ahead))


def _takes_back(other: Voice, voice: Voice, agency: str, name: str) -> bool:
    named = names(other.consent.categories, agency, name) != "no"
    return named and not _is_no(other) and _same_giver(other, voice)


def _same_giver(one: Voice, other: Voice) -> bool:
    return one.consent.given_by == other.consent.given_by


def agreed(question: Question) -> Vote:
    """The vote of the consent records."""
    if not question.kind.by_consent:
        return deny("consent.not_enough", f"No agreement opens {question.label}.",
                    "A legal power, decided and recorded, can lead to a named person.")  # fmt: skip
    if question.person.died:
        return deny("consent.died", f"Nobody can agree for {question.person.id}, who has died.",
                    "A legal power, decided and recorded; confidence is owed after death too.")  # fmt: skip
    outside = _outside_ages(question)
    if outside:
        return outside
    if question.said.yes:
        return _opened(question)
    missing = _missing(question)
    return replace(missing, unlock=with_power(question, missing.unlock))


def _opened(question: Question) -> Vote:
    """The best of what each agreement opens, after what a named person answered to it."""
    said, setting = question.said, question.setting
    own_no = [voice for voice in said.no if voice.own]
    if own_no and question.age == "of_age":
        refused = _refused(question, own_no[0])
        return replace(refused, unlock=with_power(question, refused.unlock))
    best = sorted(said.yes, key=lambda voice: _strength(question, voice), reverse=True)
    votes = [
        answered(setting.replies, setting.now, question.person.id, question.topic.full, _opened_by(question, voice))
        for voice in best
    ]
    return max(votes, key=lambda vote: vote.rank)


def _opened_by(question: Question, best: Voice) -> Vote:
    said = question.said
    if said.no or said.unsure:
        heard_last = max(voice.told for voice in (best, *said.no, *said.unsure))
        return review("consent.contested", f"{best.consent.given_by} agreed; {_who(said)} refused.",
                      "A named person hears both sides and decides.", best.consent.id, best.ends, heard_last,
                      )  # fmt: skip
    if best.doubt:
        return _with_end(best)
    if question.kind.own_only and not best.own:
        return review("consent.own_only", f"{question.label} is opened by the person's own agreement only.",
                      f"Ask {question.person.id} themselves, or a named professional.",
                      best.consent.id, best.ends, best.starts)  # fmt: skip
    about = "themselves" if best.own else question.person.id
    return Vote(
        outcome=Outcome.PERMIT,
        rule="consent.agreed",
        reason=f"{best.consent.given_by} agreed for {about} on {show_day(best.starts)}: {question.label}.",
        basis=best.consent.id,
        obligations=question.setting.profile.consent.obligations,
        expires_at=best.ends,
    )


def _strength(question: Question, voice: Voice) -> tuple[bool, bool, datetime, str]:
    """The yes that opens most comes last: without doubt, the person's own where only that counts, the longest."""
    return voice.doubt is None, voice.own or not question.kind.own_only, voice.ends or _ALWAYS, voice.consent.id


def _with_end(voice: Voice) -> Vote:
    doubt = voice.doubt
    assert doubt is not None  # noqa: S101 - the caller looked
    return review(doubt.rule, doubt.reason, doubt.unlock, voice.consent.id, voice.ends, voice.starts)


def _missing(question: Question) -> Vote:
    """No agreement opens it: say which is nearest, and whom to ask."""
    if question.said.no:
        return _refused(question, question.said.no[0])
    nearest = (_lapsed(question) or _faulty(question) or _not_named(question)) if question.near else None
    return nearest or deny(
        "consent.not_sought", f"Nobody has agreed to {question.label} for {question.person.id}.",
        whom_to_ask(question), Why.CONSENT_NOT_SOUGHT,
    )  # fmt: skip


def _refused(question: Question, voice: Voice) -> Vote:
    who = voice.consent.given_by
    return deny("consent.refused", f"{who} said no on {show_day(voice.starts)}: {question.label}.",
                f"Only if {who} changes their mind.", Why.CONSENT_NOT_GIVEN)  # fmt: skip


def _lapsed(question: Question) -> Vote | None:
    again = whom_to_ask(question)
    voice = _latest(question, lambda found: found.fault is None and found.standing == "withdrawn")
    if voice:
        return _withdrawn(voice, again)
    voice = _latest(question, lambda found: found.fault is None and found.standing == "expired")
    if voice and voice.ends:
        return deny("consent.expired", f"The agreement of {voice.consent.given_by} ended on {show_day(voice.ends)}.",
                    again, Why.CONSENT_EXPIRED)  # fmt: skip
    if question.said.ended:
        return _withdrawn(question.said.ended[-1], again)
    voice = _latest(question, lambda found: found.fault is None and found.standing == "not_yet")
    if voice:
        return deny("consent.not_yet", f"The agreement of {voice.consent.given_by} starts later.",
                    "Ask again when it has started.", Why.CONSENT_NOT_COUNTED)  # fmt: skip
    return None


def _withdrawn(voice: Voice, again: str) -> Vote:
    return deny("consent.withdrawn", f"{voice.consent.given_by} withdrew the agreement.", again, Why.CONSENT_WITHDRAWN)


def _faulty(question: Question) -> Vote | None:
    voice = _latest(question, lambda found: found.fault is not None)
    return voice.fault if voice else None


def _not_named(question: Question) -> Vote | None:
    taken_in = any(
        voice.counts and not _is_no(voice) and voice.consent.categories[question.agency] == "all"
        for voice in question.near
    )
    if not (taken_in and question.kind.specific):
        return None
    return deny("consent.must_be_named", f"{question.label} must be named in the agreement; `all` does not open it.",
                whom_to_ask(question), Why.CONSENT_NOT_SOUGHT)  # fmt: skip


def _latest(question: Question, wanted: Callable[[Voice], bool]) -> Voice | None:
    """The latest agreement of this kind that speaks of the category; ties in the order of ids."""
    found = (
        voice
        for voice in question.near
        if not _is_no(voice) and wanted(voice) and _speaks_of(voice, question.agency, question.name, question.kind)
    )
    return max(found, key=lambda voice: (voice.starts, voice.consent.id), default=None)


def _outside_ages(question: Question) -> Vote | None:
    """Agreement alone asks a service only about people of the age it serves; an unknown age is outside."""
    ages, born, today = question.body.ages, question.person.born, question.setting.today
    if ages is None:
        return None
    old_enough = ages.from_ is None or reached(born, ages.from_, today)
    young_enough = ages.to is None or under(born, ages.to + 1, today)
    if old_enough and young_enough:
        return None
    record = "Record the date of birth if it is missing; the ages stand in the profile."
    unlock = "Only if the date of birth is wrong: the ages stand in the profile." if born else record
    only = f"{question.body.title}: here asked only about people {ages.words} years old."
    return deny("consent.age_of_service", only, unlock)


def whom_to_ask(question: Question) -> str:
    """Whose agreement would open it, in words."""
    person, age = question.person, question.age
    if person.unborn:
        return "Ask the mother."
    if age == "of_age":
        return f"Ask {person.id} for their own agreement to {question.label}."
    if age == "small":
        return f"Ask somebody with parental responsibility for {person.id} to agree to {question.label}."
    if age == "young":
        return (f"Ask {person.id} if assessed as competent, or somebody with parental responsibility, to agree to "
                f"{question.label}.")  # fmt: skip
    return f"Record when {person.id} was born, then ask the person whose agreement counts."


def _speaks_of(voice: Voice, agency: str, name: str, kind: Category) -> bool:
    how = names(voice.consent.categories, agency, name)
    return how == "named" or (how == "all" and (_is_no(voice) or not kind.specific))


def _is_no(voice: Voice) -> bool:
    return voice.consent.kind == "refusal"


def _unassessed_no(voice: Voice, latest: Mapping[str, Voice]) -> bool:
    """A young person's no, though nobody assessed them, and no later word of theirs that counts."""
    if voice.fault is None or voice.fault.rule != "capacity.not_assessed" or not (voice.own and _is_no(voice)):
        return False
    later = latest.get(voice.consent.given_by)
    return later is None or later.starts <= voice.starts


def _order(voice: Voice) -> tuple[datetime, bool, str]:
    return voice.starts, _is_no(voice), voice.consent.id


def _who(said: Said) -> str:
    return ", ".join(sorted({voice.consent.given_by for voice in (*said.no, *said.unsure)}))
