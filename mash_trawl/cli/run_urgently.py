"""`run --emergency`: what is signed, in words, before anybody is asked; who must countersign it, afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mash_trawl.cli.main import say as tell

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case


def confirm_emergency(hub: Hub, case: Case, reason: str, *, sure: bool) -> None:
    """Show the reason and every decision that the emergency rests on, and ask whether to sign it. Abort for a no.

    Raises what declaring it would: `role_missing`, Misconfigured without a decision that waits or without a reason.
    """
    from mash_trawl.cli.saying_words import emergency_lines
    from mash_trawl.cli.signing import confirm
    from mash_trawl.urgent import to_declare

    hub.require("trawl")
    hub.require("declare")
    policy = hub.policy_of(case)
    said = to_declare(hub, case, policy, hub.backing(case, policy), reason)
    if said is None:
        tell("This emergency was declared before; nothing new is signed.")
        return
    tell("You sign (emergency): these decisions count before anybody who may decide has signed them.")
    for line in emergency_lines(said, case, policy.profile):
        tell(f"  {line}")
    for line in _what_follows(hub, case, [power.id for power in said.powers]):
        tell(f"  {line}")
    if not sure:
        confirm(hub.actor.id, 1)


def tell_what_waits(hub: Hub, case: Case, begins: str) -> None:
    """After the run: by when which emergency of this case must be countersigned, by whom and how."""
    from mash_trawl.model.shown import instant_words
    from mash_trawl.model.statement import Emergency
    from mash_trawl.saying import hear
    from mash_trawl.system import shell_word

    spoken = {one.statement.id: one.statement.said for one in hear(hub, case.id)[0]}
    for one in hub.waiting():
        said = spoken.get(one.id)
        if one.case != case.id or not isinstance(said, Emergency):
            continue
        powers = [power.id for power in said.powers]
        who = ", ".join(countersigners(hub, case, powers, one.by)) or "nobody enrolled here"
        until = instant_words(one.until.isoformat())
        tell(f"EMERGENCY {one.id}: {'it was to be' if one.over else 'it must be'} countersigned by {until}, or nothing")
        tell(f"more is asked for this case. Who can: {who}. They say:")
        tell(f"`{begins} decide {shell_word(case.id)} --countersign --reason TEXT`")


def countersigners(hub: Hub, case: Case, powers: list[str], declared_by: str) -> Iterator[str]:
    """The ids of those who may take it on: a decider whom its powers allow, neither its maker nor whoever runs."""
    from mash_trawl.config.actors import running_account
    from mash_trawl.model.roles import able

    profile = hub.profile_of(case)
    found = (profile.gateways.get(power) for power in powers)
    wanted = [role for gateway in found if gateway for role in gateway.deciders] or profile.deciders
    behind = {declared_by, hub.actor.id} | running_account(hub.settings)
    return (one.id for one in able("countersign", wanted, hub.settings) if one.id not in behind)


def _what_follows(hub: Hub, case: Case, powers: list[str]) -> Iterator[str]:
    who = ", ".join(countersigners(hub, case, powers, hub.actor.id)) or "nobody enrolled here can"
    yield f"Within one working day somebody else must countersign it ({who}); else nothing more is asked for this case."
