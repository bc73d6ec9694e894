"""`gateway add`: sign a decision to rely on a legal power, as its maker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.errors import Misconfigured, Problem, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.consent import GatewayUse
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.statement import Checked


@click.group("gateway")
def command() -> None:
    """Sign decisions to rely on a legal power, as they stand in the case's draft."""


@command.command("add")
@click.argument("case_text", metavar="CASE")
@click.argument("power", metavar="[ID]", default="")
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file, where it is not found."
)
@click.option("--yes", "sure", is_flag=True, help="Sign without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print what was signed: ids, no names.")
@click.pass_context
def add(ctx: click.Context, case_text: str, power: str, key: Path | None, sure: bool, as_json: bool) -> None:
    """Sign your decision ID (S47) in CASE's draft; without ID the one that waits for you, or you choose.

    Only whoever the draft names as its maker (`decided_by`) can sign it, in one of the roles that may decide it.
    """
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.saying_words import power_lines
    from mash_trawl.cli.signing import may_decide, sign_all, told
    from mash_trawl.saying import hear

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    profile = hub.profile_of(case)
    named = [power] if power else [use.id for use in case.gateways]
    may_decide(hub, [role for ident in named for role in _deciders(profile, ident)])
    prepare = f"`{command_for(ctx)} case power add {case.id}` prepares a decision."
    use = _chosen(hub, case, hear(hub, case.id)[0], power, sure, prepare)
    _may_decide(hub, profile, use)
    made = sign_all(hub, [(use, power_lines(use, case, profile))], case, key=key, sure=sure)
    after = "It counts from now on, and not for a trawl that you start yourself: whoever decides does not run alone."
    told(case, made, as_json, after)


def unsigned(case: Case, spoken: Sequence[Checked]) -> list[GatewayUse]:
    """The decisions of the draft that nobody signed as they are, about the people as they are now."""
    from mash_trawl.model.statement import person_mark

    marks = {person.id: person_mark(person) for person in case.people}
    stands = [
        item.statement.said
        for item in spoken
        if item.statement.kind == "gateway"
        and all(marks.get(person) == mark for person, mark in item.statement.people.items())
    ]
    return [use for use in case.gateways if use not in stands]


def _chosen(hub: Hub, case: Case, spoken: Sequence[Checked], power: str, sure: bool, prepare: str) -> GatewayUse:
    from mash_trawl.cli.interview_times import moment_words
    from mash_trawl.cli.signing import choose

    waiting = [use for use in unsigned(case, spoken) if power in ("", use.id)]
    if power and not any(use.id == power for use in case.gateways):
        raise Misconfigured(Problem(where="ID", what="the draft has no decision under this power.", do=prepare))
    own = [use for use in waiting if use.decided_by == hub.actor.id]
    if waiting and not own:
        makers = ", ".join(dict.fromkeys(use.decided_by for use in waiting))
        _note_refusal(hub)
        what = f"what waits was decided by {makers}, and a decision can only be signed by whoever made it"
        raise Refused("not_your_decision", what, "Let them sign it, or draft a decision of your own.")
    lines = (f"{use.id}, decided on {moment_words(use.decided_at)}" for use in own)
    return choose(own, [use.id for use in own], lines, sure, prepare)


def _note_refusal(hub: Hub) -> None:
    from mash_trawl.audit.entry import Entry

    about = {"kind": "gateway", "why": "not_your_decision"}
    hub.ledger.write(Entry("statement.refused", hub.actor.id, about))


def _may_decide(hub: Hub, profile: Profile, use: GatewayUse) -> None:
    from mash_trawl.cli.signing import must_hold

    must_hold(hub, _deciders(profile, use.id), use.id)


def _deciders(profile: Profile, ident: str) -> tuple[str, ...]:
    """The roles that may decide under this power; none: whoever may decide at all."""
    gateway = profile.gateways.get(ident)
    return (gateway.deciders if gateway else ()) or profile.deciders
