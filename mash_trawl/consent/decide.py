"""May we ask? One decision for every (source, person, category), by rules in a fixed order.

What is approved and open, scope, and an agreement between the agencies first; then everything that could open the
question (what people agreed to, gateways), the highest counts; then what takes away. What nothing opens is DENY. A rule
that fails counts as DENY: this module never raises because of a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mash_trawl.model.backing import UNBACKED, Backing
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome, SourceRef
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile

from .capacity import voices_for
from .combine import highest
from .emergency import not_countersigned
from .question import Age, Power, Question, Said, Setting, Topic, Voice
from .rules import consents, gateways, limits, scope
from .rules.powers import powers_for
from .times import local_day
from .topics import TITLE, Topics, topic_of
from .vote import Vote, failed

LIMITS: tuple[tuple[str, Callable[[Question, Vote], Vote]], ...] = (
    ("restriction", limits.restricted),
    ("obligation", limits.bound),
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Known(Private):
    """What is worked out once for a person. `near` are the voices that name an agency."""

    person: Person
    stop: Vote | None
    age: Age = "unknown"
    voices: tuple[Voice, ...] = ()
    near: Mapping[str, tuple[Voice, ...]] = field(default_factory=dict)
    powers: tuple[Power, ...] = ()
    masked: bool = False


def nominal_sources(profile: Profile) -> tuple[SourceRef, ...]:
    """One source per agency of the profile, offering all its categories, in the profile's order."""
    return tuple(
        SourceRef(name=name, agency=name, categories=tuple(f"{name}.{category}" for category in agency.categories))
        for name, agency in profile.agencies.items()
    )


def decide(
    case: Case, profile: Profile, now: datetime, sources: Sequence[SourceRef] | None = None, *,
    backing: Backing = UNBACKED,
) -> Decisions:  # fmt: skip
    """Decide every (source, person, category), in the order of sources, people and each source's categories.

    `now` is an aware instant; without a zone everything is DENY. Without `sources`, one nominal source per agency.
    `backing` is what stands behind the case; what was signed is laid over it here (consent.effective).
    """
    refs = tuple(sources) if sources is not None else nominal_sources(profile)
    try:
        setting = Setting.of(case, profile, now, backing)
        topics, people = Topics(setting), _people(setting)
    except Exception as broken:
        stop = failed("setting", broken)
        items = tuple(_decision(stop, ref, one.id, name, None, now, "")
                      for ref in refs for one in case.people for name in dict.fromkeys(ref.categories))  # fmt: skip
    else:
        items = tuple(_decisions(setting, topics, people, refs))
    return Decisions(case=case.id, profile=profile.id, at=now, items=items)


def _decisions(
    setting: Setting, topics: Topics, people: Sequence[_Known], refs: Sequence[SourceRef]
) -> Iterator[Decision]:  # fmt: skip
    """Each topic is decided once for each person, whoever offers it and however many categories it stands for."""
    now = setting.now
    votes: dict[tuple[int, int], Vote] = {}
    for ref in refs:
        offered = [
            (name, _since(setting.profile, name, now), *topics.of(ref.agency, name))
            for name in dict.fromkeys(ref.categories)
        ]
        shut = _shut(setting, ref.name)
        for number, known in enumerate(people):
            stop = shut or known.stop or _outside(setting, ref, known.person)
            for category, since, topic, title in offered:
                vote: Vote | None
                if isinstance(topic, Vote):
                    vote = stop or topic
                elif (vote := stop or votes.get((number, id(topic)))) is None:
                    vote = votes[number, id(topic)] = _decided(setting, known, topic)
                yield _decision(vote, ref, known.person.id, category, since, now, title)


def _people(setting: Setting) -> list[_Known]:
    masked = limits.masked_people(setting)
    outside = (
        scope.approved(setting)
        or not_countersigned(setting.urgent, setting.now)
        or setting.laid.stop
        or scope.level(setting)
    )
    return [_known(setting, person, person.id in masked, outside) for person in setting.case.people]


def _shut(setting: Setting, source: str) -> Vote | None:
    """Why nobody is asked about by this source; a hub that is not approved says so first."""
    try:
        return scope.approved(setting) or scope.closed(setting, source)
    except Exception as broken:
        return failed("source", broken)


def _outside(setting: Setting, ref: SourceRef, person: Person) -> Vote | None:
    """Why the source cannot hold this person; None where it may."""
    try:
        return scope.held(setting, ref.name, ref.ages, person)
    except Exception as broken:
        return failed("ages", broken)


def _known(setting: Setting, person: Person, masked: bool = False, outside: Vote | None = None) -> _Known:
    try:
        stop = outside or scope.role(setting, person)
        voices, powers = voices_for(setting, person), powers_for(setting, person)
        agencies = {agency for voice in voices for agency in voice.consent.categories}
        near = {name: tuple(one for one in voices if name in one.consent.categories) for name in agencies}
        return _Known(person=person, stop=stop, age=setting.age(person), voices=voices, near=near, powers=powers,
                      masked=masked)  # fmt: skip
    except Exception as broken:
        return _Known(person=person, stop=failed("standing", broken))


def _decided(setting: Setting, known: _Known, topic: Topic) -> Vote:
    step = "scope"
    try:
        question = _question(setting, known, topic)
        step = "gateway"
        powers = gateways.opened(question)
        agreement = None
        if question.near or not any(vote.rank for vote in powers):
            # Where no record names the agency nobody can have agreed, and a power that opens needs no other reason.
            step = "consent"
            agreement = consents.agreed(question)
        vote = highest(agreement, powers)
        for name, limit in LIMITS:
            step = name
            limited = limit(question, vote)
            vote = limited if limited is vote or limited.rank <= vote.rank else vote
        return vote
    except Exception as broken:
        return failed(step, broken)


def question_about(setting: Setting, person: Person, agency: str, category: str) -> Question:
    """The question as the openers see it: nothing of hidden addresses. KeyError if the profile does not know it."""
    known, name = _known(setting, person), category.removeprefix(f"{agency}.")
    topic = scope.known(setting.profile, agency, category) or topic_of(
        setting, agency, name, setting.profile.agencies[agency].categories[name]
    )
    if isinstance(topic, Vote):
        raise KeyError(topic.rule)
    return _question(setting, known, topic)


def _question(setting: Setting, known: _Known, topic: Topic) -> Question:
    near = known.near.get(topic.agency, ())
    return Question(
        setting=setting,
        person=known.person,
        age=known.age,
        topic=topic,
        voices=known.voices,
        near=near,
        powers=known.powers,
        said=consents.heard(near, topic.agency, topic.name, topic.kind) if near else Said(),
        masked=known.masked,
    )


def _decision(
    vote: Vote, ref: SourceRef, person: str, category: str, since: date | None, now: datetime, title: str
) -> Decision:  # fmt: skip
    return Decision(
        person=person,
        source=ref.name,
        agency=ref.agency,
        category=category,
        outcome=vote.outcome,
        rule=vote.rule,
        reason=vote.reason.replace(TITLE, title),
        unlock=vote.unlock.replace(TITLE, title),
        why=vote.why,
        basis=vote.basis,
        obligations=vote.obligations,
        expires_at=vote.expires_at,
        since=None if vote.outcome is Outcome.DENY else since,
        at=now,
        mode=vote.mode,
    )


def _since(profile: Profile, category: str, now: datetime) -> date | None:
    kind = profile.category(category)
    return local_day(now) - timedelta(seconds=kind.lookback.seconds) if kind and kind.lookback else None
