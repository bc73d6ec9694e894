"""`consent add|withdraw`: sign what somebody of the family agreed to, refused or took back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.consent import Consent
    from mash_trawl.model.statement import Checked

_KEY = click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file, where it is not found."
)


@click.group("consent")
def command() -> None:
    """Sign what the family agreed to, refused or took back, as it stands in the case's draft."""


@command.command("add")
@click.argument("case_text", metavar="CASE")
@click.argument("record", metavar="[ID]", default="")
@_KEY
@click.option("--yes", "sure", is_flag=True, help="Sign without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print what was signed: ids, no names.")
@click.pass_context
def add(ctx: click.Context, case_text: str, record: str, key: Path | None, sure: bool, as_json: bool) -> None:
    """Sign the agreement or refusal ID (c1) of CASE's draft; without ID the one that nobody signed, or you choose."""
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.saying_words import consent_lines
    from mash_trawl.cli.signing import sign_all, told
    from mash_trawl.saying import hear

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    hub.require("record_consent")
    profile = hub.profile_of(case)
    prepare = f"`{command_for(ctx)} case consent add {case.id}` prepares an agreement or a refusal."
    consent = _chosen(case, hear(hub, case.id)[0], record, sure, hub, prepare)
    made = sign_all(hub, [(consent, consent_lines(consent, case, profile))], case, key=key, sure=sure)
    told(case, made, as_json, "It counts from now on.")


@command.command("withdraw")
@click.argument("case_text", metavar="CASE")
@click.argument("record", metavar="ID")
@click.option("--at", "moment", default="now", help="When they said so (default: now), e.g. 2026-11-03T10:05.")
@_KEY
@click.option("--yes", "sure", is_flag=True, help="Sign without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print what was signed: ids, no names.")
@click.pass_context
def withdraw(
    ctx: click.Context, case_text: str, record: str, moment: str, key: Path | None, sure: bool, as_json: bool
) -> None:
    """Sign that the agreement ID (c1) of CASE was withdrawn. It counts at once, also for a trawl that is running."""
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.saying_words import withdrawal_lines
    from mash_trawl.cli.signing import instant_of, sign_all, told
    from mash_trawl.cli.still_asked import tell_what_is_still_asked
    from mash_trawl.model.statement import Withdrawal
    from mash_trawl.saying import hear

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    hub.require("record_consent")
    profile = hub.profile_of(case)
    said = Withdrawal(consent=record, at=instant_of(moment, hub.clock(), "--at"))
    consent = _known(case, hear(hub, case.id)[0]).get(record)
    if consent is not None and consent.kind == "refusal":
        do = f"`{command_for(ctx)} case consent add {case.id}` records what they agree to now."
        raise Misconfigured(Problem(where="ID", what="this is a refusal: there is nothing to withdraw.", do=do))
    made = sign_all(hub, [(said, withdrawal_lines(said, consent, case, profile))], case, key=key, sure=sure)
    after = "Nothing is asked on it any more. What was lawfully asked before stays where it was sealed."
    told(case, made, as_json, after)
    if not as_json:
        tell_what_is_still_asked(hub, case, consent, command_for(ctx))


def _known(case: Case, spoken: Sequence[Checked]) -> dict[str, Consent]:
    """Every record of the case by its id, as it was signed last, else as the draft has it."""
    from mash_trawl.model.consent import Consent

    signed = [item.statement.said for item in spoken if isinstance(item.statement.said, Consent)]
    return {consent.id: consent for consent in (*case.consents, *signed)}


def unsigned(case: Case, spoken: Sequence[Checked], by: str | None = None) -> list[Consent]:
    """The records of the draft that nobody (or not `by`) signed as they are now, about the people as they are now."""
    from mash_trawl.model.consent import Consent
    from mash_trawl.model.statement import person_mark

    marks = {person.id: person_mark(person) for person in case.people}
    stands = [
        item.statement.said
        for item in spoken
        if isinstance(item.statement.said, Consent)
        and by in (None, item.statement.by)
        and all(marks.get(person) == mark for person, mark in item.statement.people.items())
    ]
    return [consent for consent in case.consents if consent not in stands]


def _chosen(case: Case, spoken: Sequence[Checked], record: str, sure: bool, hub: Hub, prepare: str) -> Consent:
    """The record that was named; without a name the only one that waits, or the one that is chosen."""
    if record:
        found = next((consent for consent in case.consents if consent.id == record), None)
        if found is None:
            known = ", ".join(consent.id for consent in case.consents) or "none"
            do = f"There are: {known}. {prepare}"
            raise Misconfigured(Problem(where="ID", what="the draft has no agreement or refusal of this id.", do=do))
        if found not in unsigned(case, spoken, hub.actor.id):
            raise Misconfigured(Problem(where="ID", what="you signed it already, as it is."))
        return found
    from mash_trawl.cli.saying_words import consent_lines
    from mash_trawl.cli.signing import choose

    waiting, profile = unsigned(case, spoken), hub.profile_of(case)
    labels = (f"{item.id}: {next(consent_lines(item, case, profile))}" for item in waiting)
    return choose(waiting, [item.id for item in waiting], labels, sure, prepare)
