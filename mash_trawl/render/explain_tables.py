"""How one decision came about, as tables: one for each category, one row for each step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.derivation import STEP_WORDS, Derivation
from mash_trawl.model.profile import Profile
from mash_trawl.model.unlocks import category_titles, name_people
from mash_trawl.render.tables import Table

OUTCOME_WORDS = {Outcome.PERMIT: "may be asked", Outcome.DENY: "may NOT be asked", Outcome.REVIEW: "waits for a person"}


def explain_tables(
    found: Collection[Derivation], decisions: Decisions, profile: Profile, names: Mapping[str, str]
) -> list[Table]:
    """A head, then each category. `names` are the case file's own, by person id."""
    first = next(iter(found)).decision
    agency = category_titles(first.agency, first.category, profile)[0]
    who = f"{first.person} {names.get(first.person, '')}".strip()
    head = (
        f"Case {decisions.case}: may {first.source} ({agency}) be asked about {who}?",
        f"{profile.title}, version {profile.version}. Nothing has been sent.",
    )
    return [Table(title="", notes=head), *(_table(item, profile, names) for item in found)]


def _table(found: Derivation, profile: Profile, names: Mapping[str, str]) -> Table:
    item = found.decision
    title = category_titles(item.agency, item.category, profile)[1]
    return Table(
        title=f"{title}: {OUTCOME_WORDS[item.outcome]} [{item.rule}]",
        rows=tuple(step_rows(found, names)),
    )


def step_rows(found: Derivation, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each step in words, with people by name; the case's own lines are in the head already."""
    for step in found.steps:
        if step.step != "case":
            yield STEP_WORDS[step.step], name_people(step.says, names)
