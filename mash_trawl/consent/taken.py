"""Whether an emergency was taken on, for whoever has its statements and not the case: the same test as decide's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mash_trawl.model.backing import Backing
from mash_trawl.model.emergency import EmergencyState
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked

from .emergency import Urgent, emergencies
from .laid_powers import signed_powers


def state_of(one: Urgent, now: datetime) -> EmergencyState:
    """How an emergency stands at this moment."""
    if one.agreed:
        return "countersigned"
    if one.declined:
        return "declined"
    return "waiting" if one.waits(now) else "over"


def state_without_case(
    about: Checked, spoken: Sequence[Checked], profile: Profile, until: datetime, now: datetime
) -> EmergencyState:
    """How the emergency `about` stands, by all statements of its case. `until`: when its working day ends.

    Its people are those whom it was declared about; a decision under a power that was signed since about somebody else
    takes nothing on.
    """
    backing = Backing(countersign_by={about.statement.id: until})
    powers = signed_powers(spoken, backing, profile, about.statement.people)
    signed = [(power.use, by) for power in powers for by in power.good]
    return next(state_of(one, now) for one in emergencies(spoken, backing, profile, signed) if one.about is about)
