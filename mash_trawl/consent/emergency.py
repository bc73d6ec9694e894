"""Running without a decider in an emergency: until the end of one working day, and then only if countersigned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Countersignature, Emergency

from .signed import changed, deciders, in_words, may_decide
from .times import ends
from .vote import Vote, deny

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Urgent(Private):
    """One emergency: who declared it and why, on what, until when it may wait, and which powers were taken on.

    `settled` holds, for each of `powers`, whether a decider countersigned it since the last no, if any (`declined`).
    """

    by: str
    reason: str
    powers: tuple[GatewayUse, ...]
    about: Checked
    until: datetime | None
    settled: tuple[bool, ...]
    agreed: bool
    declined: bool
    roles: tuple[str, ...]

    def waits(self, now: datetime) -> bool:
        """Whether its working day still runs."""
        return self.until is not None and now < self.until and not self.declined

    def takes_on(self, use: GatewayUse) -> bool | None:
        """True: countersigned for good. False: not yet. None: the emergency does not rely on this decision."""
        return self.settled[self.powers.index(use)] if use in self.powers else None


def emergencies(
    spoken: Sequence[Checked], backing: Backing, profile: Profile, signed: Sequence[tuple[GatewayUse, Checked]]
) -> tuple[Urgent, ...]:
    """Every emergency of the case. `signed`: decisions under a power with a signature that counts."""
    return tuple(
        _urgent(one, one.statement.said, spoken, backing, profile, signed)
        for one in spoken
        if isinstance(one.statement.said, Emergency)
    )


def _urgent(
    made: Checked, said: Emergency, spoken: Sequence[Checked], backing: Backing, profile: Profile,
    signed: Sequence[tuple[GatewayUse, Checked]],
) -> Urgent:  # fmt: skip
    answers = [
        (one, one.statement.said.agrees)
        for one in spoken
        if isinstance(one.statement.said, Countersignature) and one.statement.said.emergency == made.statement.id
    ]
    no = max((one.statement.at for one, agrees in answers if not agrees), default=None)
    others = [
        one for one, agrees in answers
        if agrees and one.statement.by != made.statement.by and not backing.runs(one.statement.by) and _after(one, no)
    ]  # fmt: skip
    by_hand = [(use, one) for use, one in signed if _after(one, no) and one.statement.by != made.statement.by]
    settled = tuple(
        any(may_decide(one, deciders(profile, power.id)) for one in others) or any(use == power for use, _ in by_hand)
        for power in said.powers
    )
    agreed = all(settled) if settled else any(may_decide(one, deciders(profile)) for one in others)
    roles = dict.fromkeys(role for power in said.powers for role in deciders(profile, power.id))
    by = backing.countersign_by.get(made.statement.id)
    return Urgent(
        by=made.statement.by, reason=said.reason, powers=said.powers, about=made, until=ends(by) if by else None,
        settled=settled, agreed=agreed, declined=no is not None and not agreed, roles=tuple(roles) or deciders(profile),
    )  # fmt: skip


def _after(one: Checked, no: datetime | None) -> bool:
    """A yes said at the same moment as a no does not count."""
    return no is None or one.statement.at > no


def not_countersigned(urgent: Sequence[Urgent], now: datetime) -> Vote | None:
    """The whole case stops where an emergency was declined, or its time is over without a countersignature."""
    over = [one for one in urgent if not (one.agreed or one.waits(now))]
    if not over:
        return None
    first = min(over, key=lambda one: (not one.declined, one.by))
    said = "was declined" if first.declined else "was not countersigned in time"
    return deny("emergency.not_countersigned", f"The emergency that {first.by} declared {said}; nothing more is asked.",
                f"The {in_words(first.roles)}, not {first.by} nor whoever runs the trawl, countersigns the emergency.",
                Why.NOT_COUNTERSIGNED)  # fmt: skip


def holds_until(urgent: Sequence[Urgent], now: datetime) -> datetime | None:
    """When every permit of the case ends unless somebody countersigns; None where nothing waits for that."""
    return min((one.until for one in urgent if not one.agreed and one.waits(now) and one.until), default=None)


def taken_on(
    urgent: Sequence[Urgent], use: GatewayUse, marks: Mapping[str, str], now: datetime
) -> tuple[Urgent, bool] | None:
    """The emergency that carries this decision, and whether for good; None if none does.

    One whose maker holds no role here any more carries nothing, and still stops the case where nobody agreed to it.
    """
    found = [
        (one, done)
        for one in urgent
        if one.about.roles and (done := one.takes_on(use)) is not None
        and not changed(one.about, use.covers, marks)
        and (done or one.waits(now))
    ]  # fmt: skip
    return max(found, key=lambda pair: (pair[1], pair[0].until or _NEVER, pair[0].by), default=None)
