"""The plan before anything is asked: person by person, agency by agency, each no with what would unlock it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.profile import Profile
from mash_trawl.model.unlocks import (
    answering,
    category_titles,
    commands_for,
    name_people,
    with_people,
    without_names,
)
from mash_trawl.render.grouping import count
from mash_trawl.render.steps import PLAIN_STEPS, Steps
from mash_trawl.render.tables import Table

_WORDS = {
    Outcome.PERMIT: "may be asked about",
    Outcome.DENY: "may NOT be asked about",
    Outcome.REVIEW: "waits for a decision on",
}
_EXISTENCE = "may be asked only whether it knows them, about"
_COLUMNS = ("question", "because", "to unlock", "with")


def plan_tables(
    decisions: Decisions, case: Case, profile: Profile, names: Mapping[str, str], steps: Steps = PLAIN_STEPS
) -> list[Table]:
    """A head, one table for each person, a foot. `names` are the case file's own, by person id."""
    first = f"Plan for case {decisions.case} under the profile {decisions.profile}. Nothing has been sent."
    people = []
    for person in case.people:
        mine = [item for item in decisions if item.person == person.id]
        roles = ", ".join(role.replace("_", " ") for role in person.roles)
        rows = tuple(_rows(mine, profile, names, steps))
        title = f"{person.id} {names.get(person.id, '')} ({roles})"
        people.append(Table(title=title, columns=_COLUMNS, rows=rows, empty="No source of this hub.", sentences=True))
    writing = steps.written_by(_commands(decisions, profile))
    last = (_counted(decisions), f"To ask what may be asked: {steps.say('run')}.", *writing)
    return [Table(title="", notes=(first,)), *people, Table(title="", notes=last)]


def _counted(decisions: Decisions) -> str:
    """How many questions may be asked, counted as `status` counts them: a question is one source about one person."""
    outcomes = [{item.outcome for item in decisions.about(*pair)} for pair in decisions.pairs]
    asks = sum(Outcome.PERMIT in found for found in outcomes)
    waits = sum(Outcome.REVIEW in found and Outcome.PERMIT not in found for found in outcomes)
    return (
        f"A question is one source about one person. {count(asks, 'question')} may be asked; "
        f"{len(outcomes) - asks - waits} may not; {waits} {'waits' if waits == 1 else 'wait'} for a person's decision."
    )


def _rows(
    items: Iterable[Decision], profile: Profile, names: Mapping[str, str], steps: Steps
) -> Iterator[tuple[str, ...]]:
    for _, of_source in groupby(items, key=lambda item: (item.agency, item.source)):
        yield from _source_rows(list(of_source), profile, names, steps)


def _source_rows(
    items: Sequence[Decision], profile: Profile, names: Mapping[str, str], steps: Steps
) -> Iterator[tuple[str, ...]]:
    """Like reasons said once, for all their categories."""
    said: dict[tuple[str, str, str, str], list[Decision]] = {}
    for item in items:
        reason, unlock = (without_names(text, item, profile) for text in (item.reason, item.unlock))
        only = item.outcome is Outcome.PERMIT and item.mode == "existence"
        said.setdefault((_EXISTENCE if only else _WORDS[item.outcome], item.rule, reason, unlock), []).append(item)
    for (words, rule, reason, unlock), alike in said.items():
        outcome = alike[0].outcome
        titles = ", ".join(category_titles(item.agency, item.category, profile)[1] for item in alike)
        because, to_unlock = (name_people(with_people(text, alike), names) for text in (reason, unlock))
        yield (
            f"{_source(alike[0], profile)} {words}: {titles}",
            f"{because} [{rule}]",
            "" if outcome is Outcome.PERMIT else to_unlock,
            steps.ways(_commands(alike, profile)),
        )


def _commands(items: Iterable[Decision], profile: Profile) -> tuple[str, ...]:
    """By which commands a no can be unlocked, and what waits answered."""
    listed = list(items)
    waits = any(item.outcome is Outcome.REVIEW for item in listed)
    shut = commands_for(item for item in listed if item.outcome is Outcome.DENY)
    return tuple(dict.fromkeys((*shut, *(answering(profile) if waits else ()))))


def _source(item: Decision, profile: Profile) -> str:
    title = category_titles(item.agency, item.category, profile)[0]
    return title if item.source == item.agency else f"{title} ({item.source})"
