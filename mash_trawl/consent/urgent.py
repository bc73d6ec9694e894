"""The emergencies of a case, for people to see: who declared them, and whether anybody countersigned."""

from __future__ import annotations

from datetime import datetime

from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.emergency import EmergencyNow
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Countersignature, Emergency

from .emergency import Urgent
from .question import Setting
from .taken import state_of


def emergencies_now(case: Case, profile: Profile, now: datetime, backing: Backing) -> tuple[EmergencyNow, ...]:
    """Every emergency that was declared in the case, oldest first, as it stands at this moment."""
    if not any(isinstance(one.statement.said, Emergency) for one in backing.spoken):
        return ()
    setting = Setting.of(case, profile, now, backing)
    return tuple(_now(one, setting) for one in sorted(setting.urgent, key=lambda one: one.about.statement.at))


def uncounted_powers(case: Case, profile: Profile, now: datetime, backing: Backing) -> tuple[GatewayUse, ...]:
    """The decisions under a power that the case holds and that do not count, because nobody who may has signed them."""
    laid = Setting.of(case, profile, now, backing).laid
    return tuple(one.use for one in laid.powers if one.stays and one.fault is not None)


def _now(one: Urgent, setting: Setting) -> EmergencyNow:
    statement = one.about.statement
    looked = [
        other.statement
        for other in setting.laid.spoken
        if isinstance(other.statement.said, Countersignature) and other.statement.said.emergency == statement.id
    ]
    return EmergencyNow(
        id=statement.id, by=one.by, at=statement.at, reason=one.reason, state=state_of(one, setting.now),
        powers=tuple(dict.fromkeys(power.id for power in one.powers)), until=one.until,
        looked=tuple(dict.fromkeys(item.by for item in looked)),
    )  # fmt: skip
