"""What is settled before anybody's word counts: approval, source, emergencies, scope, agreements between agencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mash_trawl.model.backing import UNBACKED
from mash_trawl.model.decision import Decision
from mash_trawl.model.derivation import Step, StepName

from .emergency import Urgent, not_countersigned
from .question import Setting, Topic
from .rules import scope
from .rules.agreements import shared
from .signed import in_words
from .times import show_day
from .vote import Vote


def before(setting: Setting, decision: Decision) -> Iterator[Step]:
    """A step for each, in the order of the rules; whoever reads them ends at the first that is marked `stops`."""
    for step in (_approval, _source, _emergency, _noes, _scope, _agreement):
        yield from step(setting, decision)


def _approval(setting: Setting, _: Decision) -> Iterator[Step]:
    stop = scope.approved(setting)
    if stop:
        yield _stops("approval", stop)
    elif setting.backing.signed_only:
        yield Step(step="approval", says="What the hub runs with is approved as it is now.", mark="passes")
    elif setting.backing is not UNBACKED:
        yield Step(step="approval", says="This hub counts what case files state; approvals are not looked at.")


def _source(setting: Setting, decision: Decision) -> Iterator[Step]:
    stop = scope.closed(setting, decision.source)
    if stop:
        yield _stops("source", stop)
    elif setting.backing is not UNBACKED:
        yield Step(step="source", says=f"The source {decision.source} is not suspended.", mark="passes")


def _emergency(setting: Setting, _: Decision) -> Iterator[Step]:
    stop = not_countersigned(setting.urgent, setting.now)
    if stop:
        yield _stops("emergency", stop)
    else:
        yield from (_urgent(one) for one in setting.urgent)


def _noes(setting: Setting, _: Decision) -> Iterator[Step]:
    if setting.laid.stop:
        yield _stops("statements", setting.laid.stop)


def _urgent(one: Urgent) -> Step:
    powers = ", ".join(use.id for use in one.powers) or "nothing in particular"
    start = f"Emergency: {one.by} declared it, relying on {powers}"
    if one.agreed:
        return Step(step="emergency", says=f"{start}; it was countersigned.", mark="counts")
    until = f" by {show_day(one.until)}" if one.until else ""
    return Step(step="emergency", says=f"{start}; the {in_words(one.roles)} must countersign it{until}.", mark="counts")


def _scope(setting: Setting, decision: Decision) -> Iterator[Step]:
    person = setting.person(decision.person)
    tests: tuple[Callable[[], Vote | None], ...] = (
        lambda: scope.level(setting),
        lambda: scope.role(setting, person) if person else None,
        lambda: _of_source(decision),
        lambda: scope.known(setting.profile, decision.agency, decision.category),
    )
    stop = next((vote for vote in (test() for test in tests) if vote), None)
    says = f"Scope: {setting.profile.title} takes this case, this person and this category."
    yield _stops("scope", stop) if stop else Step(step="scope", says=says, mark="passes")


def _of_source(decision: Decision) -> Vote | None:
    """Whom a source holds is known to the hub and not to the case: what was decided of it is told as it was."""
    told = decision.rule == "scope.age_of_source"
    return Vote(outcome=decision.outcome, rule=decision.rule, reason=decision.reason) if told else None


def _agreement(setting: Setting, decision: Decision) -> Iterator[Step]:
    """Each agreement that the agency is a party to, with what it lacks; then whether one of them is enough."""
    agreements, agency = setting.backing.agreements, decision.agency
    if agreements is None:
        return
    name, body = decision.category.removeprefix(f"{agency}."), setting.profile.agencies[agency]
    topic = Topic(agency=agency, name=name, body=body, kind=body.categories[name], label=decision.category)
    for one in agreements:
        if agency not in one.parties:
            continue
        found = shared((one,), setting, topic)
        if isinstance(found, Vote):
            yield Step(step="agreement", says=f"Sharing agreement {one.id}: {found.reason}", mark="does_not_count")
        else:
            says = (
                f"Sharing agreement {one.id}: {one.title}, edition {one.edition}, takes it in until {show_day(found)}."
            )
            yield Step(step="agreement", says=says, mark="counts")
    whole = shared(agreements, setting, topic)
    if isinstance(whole, Vote):
        yield _stops("agreement", whole)


def _stops(step: StepName, vote: Vote) -> Step:
    return Step(step=step, says=vote.reason, mark="stops")
