"""May we ask? One decision for every (source, person, category), by rules in a fixed order.

What is approved and open, scope, and an agreement between the agencies first; then everything that could open the
question (what people agreed to, gateways), the highest counts; then what takes away. What nothing opens is DENY. A rule
that fails counts as DENY: this module never raises because of a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from .rules.agreements import shared
from .rules.powers import powers_for
from .times import local_day
from .vote import Vote, deny

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
    people = _people(case, profile, now, backing)
    votes: dict[tuple[int, str, str], Vote] = {}
    topics: dict[tuple[str, str], Topic | Vote] = {}
    items: list[Decision] = []
    for ref in refs:
        categories = {category: _since(profile, category, now) for category in ref.categories}
        for number, (setting, known) in enumerate(people):
            shut = _shut(setting, ref.name)
            for category, since in categories.items():
                key = (number, ref.agency, category)
                vote = shut or votes.get(key)
                if vote is None:
                    vote = votes[key] = _decided(setting, known, ref.agency, category, topics)
                items.append(_decision(vote, ref, known.person.id, category, since, now))
    return Decisions(case=case.id, profile=profile.id, at=now, items=tuple(items))


def _people(
    case: Case, profile: Profile, now: datetime, backing: Backing
) -> list[tuple[Setting | None, _Known]]:  # fmt: skip
    try:
        setting = Setting.of(case, profile, now, backing)
        masked = limits.masked_people(setting)
        outside = (
            scope.approved(setting)
            or not_countersigned(setting.urgent, now)
            or setting.laid.stop
            or scope.level(setting)
        )
    except Exception as broken:
        return [(None, _Known(person=person, stop=_failed("setting", broken))) for person in case.people]
    return [(setting, _known(setting, person, person.id in masked, outside)) for person in case.people]


def _shut(setting: Setting | None, source: str) -> Vote | None:
    """Why nobody is asked about by this source; a hub that is not approved says so first."""
    try:
        return None if setting is None else scope.approved(setting) or scope.closed(setting, source)
    except Exception as broken:
        return _failed("source", broken)


def _known(setting: Setting, person: Person, masked: bool, outside: Vote | None) -> _Known:
    try:
        stop = outside or scope.role(setting, person)
        voices, powers = voices_for(setting, person), powers_for(setting, person)
        agencies = {agency for voice in voices for agency in voice.consent.categories}
        near = {name: tuple(one for one in voices if name in one.consent.categories) for name in agencies}
        return _Known(person=person, stop=stop, age=setting.age(person), voices=voices, near=near, powers=powers,
                      masked=masked)  # fmt: skip
    except Exception as broken:
        return _Known(person=person, stop=_failed("standing", broken))


def _decided(
    setting: Setting | None, known: _Known, agency: str, category: str, topics: dict[tuple[str, str], Topic | Vote]
) -> Vote:
    step = "scope"
    try:
        if setting is None or known.stop:
            return known.stop or deny("failed.setting", "The rules could not be applied.")
        topic = topics.get((agency, category))
        if topic is None:
            topic = topics[agency, category] = _topic(setting, agency, category)
        if isinstance(topic, Vote):
            return topic
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
        return _failed(step, broken)


def question_about(setting: Setting, person: Person, agency: str, category: str) -> Question:
    """The question as the rules see it. KeyError if the profile does not know agency or category."""
    known = _known(setting, person, person.id in limits.masked_people(setting), None)
    topic = _topic(setting, agency, category)
    if isinstance(topic, Vote):
        raise KeyError(topic.rule)
    return _question(setting, known, topic)


def _topic(setting: Setting, agency: str, category: str) -> Topic | Vote:
    profile, agreements = setting.profile, setting.backing.agreements
    stop = scope.known(profile, agency, category)
    if stop:
        return stop
    body, name = profile.agencies[agency], category.partition(".")[2]
    until = shared(agreements, setting, agency, name, body) if agreements is not None else None
    if isinstance(until, Vote):
        return until
    kind = body.categories[name]
    return Topic(agency=agency, name=name, body=body, kind=kind, label=f"{body.title}: {kind.title}", until=until)


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


def _failed(step: str, broken: Exception) -> Vote:
    """The rules could not be applied: no. Only the kind of failure is named, never its text."""
    return deny(f"failed.{step}", f"The rules could not be applied ({type(broken).__name__}), so nothing is asked.",
                "Mend the case, or report the fault.")  # fmt: skip


def _decision(vote: Vote, ref: SourceRef, person: str, category: str, since: date | None, now: datetime) -> Decision:
    return Decision(
        person=person,
        source=ref.name,
        agency=ref.agency,
        category=category,
        outcome=vote.outcome,
        rule=vote.rule,
        reason=vote.reason,
        unlock=vote.unlock,
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
