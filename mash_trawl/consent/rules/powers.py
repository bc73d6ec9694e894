"""How a gateway decision stands for a person, whatever is asked: in force, decided, recorded, and about them.

Every check gives the first thing that is missing, so that the refusal can name it.
"""

from __future__ import annotations

from datetime import datetime

from mash_trawl.model.answer import Why
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Gateway

from ..emergency import taken_on
from ..laid_powers import Backed
from ..question import Power, Setting
from ..times import begins, ends, midnight, reached, reaches_at, show_day, under
from ..vote import Vote, deny, earliest, review


def powers_for(setting: Setting, person: Person) -> tuple[Power, ...]:
    """Every gateway decision that covers this person."""
    return tuple(_power(setting, one, person) for one in setting.laid.powers if person.id in one.use.covers)


def _power(setting: Setting, backed: Backed, person: Person) -> Power:
    use = backed.use
    gateway = setting.profile.gateways.get(use.id)
    if gateway is None or use.id not in setting.profile.relies_on:
        return Power(use=use, gateway=gateway, ends=None, fault=not_relied_on(setting))
    fault = (
        _shut(setting, use.id, gateway)
        or _untimely(setting, use)
        or _unrecorded(use, gateway)
        or _not_triggered(use, gateway)
        or _below(setting, use.id, gateway)
        or _wrong_recipient(setting, use.id, gateway)
        or _no_child(setting, use, gateway)
        or _not_reached(setting, use.id, gateway, person)
    )
    unsigned, until, words = _standing(setting, backed)
    return Power(use=use, gateway=gateway, ends=earliest(_end(use, gateway, person), until), fault=fault or unsigned,
                 doubt=_age_unsure(setting, use, gateway, person),
                 decided=f"{gateway.title}, decided by {use.decided_by} on {show_day(begins(use.decided_at))}{words}",
                 )  # fmt: skip


def _standing(setting: Setting, backed: Backed) -> tuple[Vote | None, datetime | None, str]:
    """What its signature lacks; an emergency stands in for it until its working day ends, or for good."""
    found = taken_on(setting.urgent, backed.use, setting.laid.marks, setting.now) if backed.fault else None
    if found is None:
        return backed.fault, None, ""
    one, settled = found
    if settled:
        return None, None, f", in an emergency that {one.by} declared and that was countersigned"
    return None, one.until, f", in an emergency that {one.by} declared and that nobody has countersigned yet"


def could_reach(setting: Setting, name: str, gateway: Gateway, person: Person) -> bool:
    """Whether a decision under this power, if somebody took it, could be about this person as the case stands."""
    return not (
        _shut(setting, name, gateway)
        or _below(setting, name, gateway)
        or _wrong_recipient(setting, name, gateway)
        or _not_reached(setting, name, gateway, person)
    )


def not_relied_on(setting: Setting) -> Vote:
    """A power that this place does not use, or that its profile does not know."""
    return missed("gateway", "not_relied_on", f"{setting.profile.title} does not use the power that is stated.",
                  "Move the case to a profile that does, or ask for agreement.")  # fmt: skip


def missed(gateway: str, what: str, reason: str, unlock: str = "") -> Vote:
    """A power that cannot be relied on, and why; without an unlock where it keeps silent."""
    rule = f"{gateway}.{what}" if gateway == "gateway" else f"gateway.{gateway}.{what}"
    return deny(rule, reason, unlock, Why.GATEWAY_NOT_MET)


def _shut(setting: Setting, name: str, gateway: Gateway) -> Vote | None:
    """Without a start date a gateway is shut; a new one also without its instrument and who confirmed it."""
    confirmed = not gateway.confirm or bool(gateway.instrument.strip() and gateway.confirmed_by.strip())
    started = gateway.in_force_from is not None and gateway.in_force_from <= setting.today
    over = gateway.in_force_until is not None and gateway.in_force_until <= setting.today
    if started and confirmed and not over:
        return None
    return missed(name, "not_in_force", f"{gateway.title} is not in force here.",
                  "The profile must state since when, by which instrument, and who confirmed it.")  # fmt: skip


def _untimely(setting: Setting, use: GatewayUse) -> Vote | None:
    """A decision comes before the asking and ends when it says."""
    if begins(use.decided_at) > setting.now:
        return missed(use.id, "not_yet_decided", "The decision is dated later than the asking.",
                      "Decide first, then ask: a decision does not reach back.")  # fmt: skip
    if use.ends_at and setting.now >= ends(use.ends_at):
        return missed(use.id, "ended", f"The decision ended on {show_day(ends(use.ends_at))}.",
                      "A new decision is needed.")  # fmt: skip
    return None


def _unrecorded(use: GatewayUse, gateway: Gateway) -> Vote | None:
    lacking = [name.replace("_", " ") for name in gateway.requires if not _filled(getattr(use, name))]
    if not lacking:
        return None
    return missed(use.id, "not_recorded", f"{gateway.title} is stated, but not recorded: {', '.join(lacking)}.",
                  f"Record it before asking: {', '.join(lacking)}.")  # fmt: skip


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _not_triggered(use: GatewayUse, gateway: Gateway) -> Vote | None:
    """The trigger must be one of the law's own, and every limb of its test must be met."""
    trigger = use.trigger if use.trigger is not None else gateway.assumed_trigger
    if gateway.triggers and trigger not in gateway.triggers:
        meant = "; ".join(gateway.triggers.values())
        return missed(use.id, "no_trigger", f"{gateway.title} is stated without one of its triggers.",
                      f"Needed: {meant}.")  # fmt: skip
    lacking = [meaning for limb, meaning in gateway.limbs.items() if limb not in use.limbs]
    if lacking:
        return missed(use.id, "limb_not_met", f"{gateway.title} is stated without every part of its test.",
                      f"Needed: {'; '.join(lacking)}.")  # fmt: skip
    return None


def _below(setting: Setting, name: str, gateway: Gateway) -> Vote | None:
    """The case must stand at the gateway's level, and have one of its concerns."""
    referral = setting.case.referral
    if gateway.levels and referral.level not in gateway.levels:
        wanted = " or ".join(str(number) for number in gateway.levels)
        found = "no level is set" if referral.level is None else f"the case stands at level {referral.level}"
        return missed(name, "below_threshold", f"{gateway.title} needs level {wanted}; {found}.",
                      "Ask for agreement; or, if it is met, record the new level with its reason.")  # fmt: skip
    if gateway.concerns and not set(gateway.concerns) & set(referral.concerns):
        return missed(name, "no_purpose", f"{gateway.title} does not fit the concerns of the referral.",
                      "Record the concern, if there is one that the power is for.")  # fmt: skip
    return None


def _wrong_recipient(setting: Setting, name: str, gateway: Gateway) -> Vote | None:
    if not gateway.recipients or setting.profile.recipient in gateway.recipients:
        return None
    return missed(name, "recipient", f"{gateway.title} does not allow disclosure to a body like this hub.",
                  "Another power, or agreement.")  # fmt: skip


def _no_child(setting: Setting, use: GatewayUse, gateway: Gateway) -> Vote | None:
    """A power to protect a child covers at least one person who could be that child."""
    whom = gateway.whom
    if not whom.needs_child:
        return None
    for person in setting.case.people:
        possible = not person.unborn and not reached(person.born, whom.child_under, setting.today)
        if person.id in use.covers and possible and set(person.roles) & set(whom.child_roles):
            return None
    return missed(use.id, "no_child", f"{gateway.title} covers nobody who could be the child to protect.",
                  "Cover the child; before birth another procedure applies.")  # fmt: skip


def _not_reached(setting: Setting, name: str, gateway: Gateway, person: Person) -> Vote | None:
    """Whether the power can be about this person, by role, age and birth."""
    whom, title = gateway.whom, gateway.title
    if person.unborn and not whom.unborn:
        return missed(name, "unborn", f"{title} does not reach a child before birth.",
                      "Ask the mother, or follow the pre-birth procedure.")  # fmt: skip
    if whom.adults_from is not None and not reached(person.born, whom.adults_from, setting.today):
        return missed(name, "not_adult", f"{title} is about adults; {person.id} is not known to be one.",
                      "Record when they were born, or use another power.")  # fmt: skip
    if set(person.roles) & set(whom.roles):
        return None
    if not set(person.roles) & set(whom.child_roles):
        return missed(name, "role", f"{title} does not reach {person.id} in their role.",
                      "Correct the role if it is wrong, or ask for agreement.")  # fmt: skip
    if reached(person.born, whom.child_under, setting.today):
        return missed(name, "of_age", f"{person.id} is {whom.child_under} or over: {title} protects children.",
                      f"Ask {person.id}, or use a power for adults.")  # fmt: skip
    return None


def _age_unsure(setting: Setting, use: GatewayUse, gateway: Gateway, person: Person) -> Vote | None:
    """Reached only as a child, and perhaps no longer one: a named person decides."""
    whom = gateway.whom
    only_as_child = whom.child_roles and not set(person.roles) & set(whom.roles)
    if not only_as_child or under(person.born, whom.child_under, setting.today):
        return None
    return review(f"gateway.{use.id}.age_unknown", f"It is not known that {person.id} is under {whom.child_under}.",
                  "Record when they were born, about when at least; or a named person decides.", use.id,
                  stands_since=begins(use.decided_at))  # fmt: skip


def _end(use: GatewayUse, gateway: Gateway, person: Person) -> datetime | None:
    stated = ends(use.ends_at) if use.ends_at else None
    law = midnight(gateway.in_force_until) if gateway.in_force_until else None
    as_child = gateway.whom.child_roles and not set(person.roles) & set(gateway.whom.roles)
    grown = reaches_at(person.born, gateway.whom.child_under) if as_child else None
    return earliest(stated, law, midnight(grown) if grown else None)
