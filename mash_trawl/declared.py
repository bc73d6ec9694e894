"""The emergencies that were declared in a case, by its statements alone: until when, and how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mash_trawl.config.approvals import read_policy
from mash_trawl.consent.taken import state_without_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.emergency import EmergencyState
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Countersignature, Emergency, Statement
from mash_trawl.product.due import working_day_after

DAY = timedelta(days=1)
"""What counts as the working day where nobody can read the profile that would say it."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Declared(Private):
    """One emergency: its statement, the end of its working day, and how it stands."""

    statement: Statement
    until: datetime
    state: EmergencyState


def declared(spoken: Sequence[Checked], folder: Path, now: datetime) -> Iterator[Declared]:
    """Every emergency among the statements of one case, oldest first. `folder` is the hub's."""
    for one in spoken:
        said, statement = one.statement.said, one.statement
        if isinstance(said, Emergency):
            profile = profile_of(said, folder)
            until = working_day_after(statement.at, profile) if profile else statement.at + DAY
            state = state_without_case(one, spoken, profile, until, now) if profile else _bare(one, spoken, until, now)
            yield Declared(statement=statement, until=until, state=state)


def check_declarable(
    said: Emergency, case: Case, people: Mapping[str, str], cases: Iterable[Sequence[Checked]], folder: Path,
    now: datetime,
) -> None:  # fmt: skip
    """Refused `unknown_profile`, or `emergency_declined`: one about somebody in it was shrugged off.

    `people` are the marks of those whom it covers; `cases` the statements of each case that has an emergency. A case
    copied under another id has the same people in it, whatever their ids there.
    """
    if said.profile != case.profile or profile_of(said, folder) is None:
        what = "an emergency names the case's profile, and that must be one that can be read"
        raise Refused("unknown_profile", what, "`mash-trawl profile lint` says what is wrong with it.")
    marks = set(people.values())
    for spoken in cases:
        for one in declared(spoken, folder, now):
            if one.state in ("declined", "over") and marks.intersection(one.statement.people.values()):
                what = "an emergency about somebody in it was declined, or waited in vain, in this case or another"
                raise Refused("emergency_declined", what, "A decider takes that one on, or signs a decision here.")


def profile_of(said: Emergency, folder: Path) -> Profile | None:
    """The profile that it names; None when it cannot be read (any more)."""
    try:
        return read_policy(said.profile, folder).profile
    except Misconfigured:
        return None


def _bare(one: Checked, spoken: Sequence[Checked], until: datetime, now: datetime) -> EmergencyState:
    """Without a profile nobody knows who may take it on, so nobody has."""
    answers = (other.statement.said for other in spoken if isinstance(other.statement.said, Countersignature))
    if any(said.emergency == one.statement.id and not said.agrees for said in answers):
        return "declined"
    return "waiting" if now < until else "over"
