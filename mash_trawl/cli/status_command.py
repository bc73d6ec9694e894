"""`status`: where a case stands, or all of the hub's cases."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE
from mash_trawl.errors import Misconfigured, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.decision import Decisions
    from mash_trawl.model.product import Product
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.standing import AskAgain, PairStanding, Standing, Version
    from mash_trawl.model.statement import Checked
    from mash_trawl.render.steps import Steps
    from mash_trawl.sources.again import Memory

NOT_FOR_ME = ("not_a_reader", "expired", "wrong_key", "key_missing", "role_missing")
"""Why a product may be shut for one person and sound all the same."""


@click.command("status")
@click.argument("case_text", metavar="[CASE]", required=False)
@click.option("--no-open", is_flag=True, help="Do not open the newest product (an opening is written to the ledger).")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, case_text: str | None, no_open: bool, plain: bool, as_json: bool) -> int:
    """Where CASE (a file or a case id) stands: its clock, who owes an answer, what waits. Without CASE: every case.

    Ends with 0 when nothing is owed, 3 when something is, or when it cannot be said.
    """
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import open_hub, steps_for
    from mash_trawl.cli.status_list import list_cases, tell_undrafted

    hub = open_hub(ctx)
    if case_text is None:
        return list_cases(ctx, hub, plain=plain, as_json=as_json)
    try:
        case = living_case(hub, case_text)
    except Misconfigured:
        if (version := _sealed_only(hub, case_text)) is None:
            raise
        return tell_undrafted(hub, case_text, version, plain=plain, as_json=as_json)
    told = standing_of(hub, case, hub.profile_of(case), look=not no_open)
    if as_json:
        from mash_trawl.cli.family_held import held_plain

        click.echo(json.dumps(as_plain(told) | {"held": held_plain(hub, case.id)}, indent=2, ensure_ascii=False))
    else:
        _show(told, case, steps_for(ctx, case_text, hub.actor.id), plain)
        _show_held(hub, case, plain)
    return exit_code([told])


def exit_code(told: Iterable[Standing | None]) -> int:
    """0 when nothing is owed in any case; else EXIT_INCOMPLETE. None is a case of which it cannot be said.

    What was not looked up counts as open, so a list, which opens nothing, ends like `status CASE --no-open`.
    """
    return EXIT_INCOMPLETE if any(one is None or one.owing for one in told) else 0


def _sealed_only(hub: Hub, text: str) -> Version | None:
    """The newest version of a case that was trawled from elsewhere, so that no draft of it is here."""
    from mash_trawl.cli.find_case import is_case_id
    from mash_trawl.cli.left_behind import drafts_of

    return newest_version(hub, text) if is_case_id(text) and not drafts_of(hub, text) else None


def standing_of(hub: Hub, case: Case, profile: Profile, *, look: bool) -> Standing:
    """The case's standing now. With `look` the newest product is opened, which the ledger keeps as a reading."""
    from mash_trawl.consent.urgent import emergencies_now
    from mash_trawl.product.standing import standing

    now = hub.clock()
    version = newest_version(hub, case.id)
    plan = hub.plan(case)
    decisions = plan.decisions
    urgent = emergencies_now(case, profile, now, plan.backing)
    product, memory, shut = _last(hub, case.id) if look and version is not None else (None, None, None)
    again = _again(hub, case, decisions, plan.backing.spoken, memory) if product is not None or version is None else ()
    told = standing(case, profile, decisions, product, hub.settings.sources, now, version=version, again=again)
    told = replace(told, emergencies=urgent)
    return replace(told, shut=str(shut), shut_why=shut.why) if shut else told


def _last(hub: Hub, case_id: str) -> tuple[Product | None, Memory | None, Refused | None]:
    """The newest product, and what its trawl kept for the next one: one opening for both.

    Somebody who may not open it still sees clock, decisions and contacts: then no product, and why. A product that is
    not as it was sealed is an error as ever.
    """
    from mash_trawl.cli.open_command import unseal
    from mash_trawl.config.read import read_value
    from mash_trawl.model.product import Product
    from mash_trawl.sources.again import Memory

    try:
        opened = unseal(hub, case_id, None, None, "status")
    except Refused as refusal:
        if refusal.why not in NOT_FOR_ME:
            raise
        return None, None, refusal
    kept = hub.custody.working_copy(opened)
    memory = read_value(Memory, json.loads(kept), "working copy") if kept is not None else None
    return read_value(Product, opened.body, "product"), memory, None


def _again(
    hub: Hub, case: Case, decisions: Decisions, spoken: Iterable[Checked], memory: Memory | None
) -> tuple[AskAgain, ...]:
    """What `run` would ask now: worked out by the same function that `run` uses."""
    from mash_trawl.before import delta_now, sources_now
    from mash_trawl.model.standing import AskAgain

    sources = sources_now(hub.settings, hub.registry, hub.profile_of(case))
    asks = delta_now(case, decisions, spoken, memory, sources, ()).asks
    return tuple(AskAgain(source=ask.source, person=ask.person, why=ask.why) for ask in asks)


def newest_version(hub: Hub, case_id: str) -> Version | None:
    """The newest sealed version and who opened it; None when nothing was sealed. Refused("destroyed")."""
    from datetime import datetime

    from mash_trawl.model.standing import Reading, Sealing, Version
    from mash_trawl.store import custody

    with hub.store.read() as connection:
        sealed = custody.records_of_case(connection, case_id)
        released = custody.releases(connection, sealed[-1].record_id) if sealed else []
    if not sealed:
        return None
    last = sealed[-1]
    if last.state == "destroyed":
        raise Refused("destroyed", "the records of this case were destroyed")
    at = {row.reader_id: datetime.fromisoformat(row.at) for row in released if row.version == last.version}
    read_by = tuple(Reading(reader=reader, at=moment) for reader, moment in sorted(at.items()))
    unasked = _asked_nobody(hub, last.record_id)
    sealings = tuple(
        Sealing(version=row.version, at=datetime.fromisoformat(row.sealed_at), asked=row.version not in unasked)
        for row in sealed
    )
    return Version(
        record=last.record_id, version=last.version, sealed_at=sealings[-1].at, read_by=read_by, sealings=sealings
    )


def _asked_nobody(hub: Hub, record: str) -> set[int]:
    """The versions of which the ledger says that no service was asked for them."""
    ended = hub.ledger.rows("trawl.finished", holding=f'"record":"{record}"')
    return {row.public["version"] for row in ended if row.public.get("asked") == 0 and not row.public["unchanged"]}


def _show(standing: Standing, case: Case, steps: Steps, plain: bool) -> None:
    from mash_trawl.product.plain import person_name
    from mash_trawl.render.standing import standing_tables
    from mash_trawl.render.tables import draw

    names = {person.id: person_name(person) for person in case.people}
    draw(standing_tables(standing, names, steps), sys.stdout, simple=plain)


def _show_held(hub: Hub, case: Case, plain: bool) -> None:
    """Letters to the family that wait; nothing where none does."""
    from mash_trawl.cli.family_held import held_table
    from mash_trawl.render.tables import draw

    draw(held_table(hub, case.id), sys.stdout, simple=plain)


def as_plain(standing: Standing) -> dict[str, Any]:
    """The published JSON shape: codes, counts, instants in UTC and opaque ids; no names of the family."""
    return {
        "case": standing.case,
        "profile": standing.profile,
        "at": _utc(standing.at),
        "clock": clock_plain(standing),
        "owing": standing.owing,
        "pairs": [_pair(pair) for pair in standing.pairs],
        "waiting": [
            {"reason": item.reason, "unlock": item.unlock, "roles": list(item.roles),
             "categories": list(item.categories), "pairs": _pairs(item.pairs)}
            for item in standing.waiting
        ],
        "unlocks": [
            {"what": item.what, "categories": list(item.categories), "pairs": _pairs(item.pairs)}
            for item in standing.unlocks
        ],
        "lapsing": [
            {"kind": item.kind, "basis": item.basis, "at": _utc(item.at), "over": item.over,
             "pairs": _pairs(item.pairs)}
            for item in standing.lapsing
        ],
        "again": [{"source": item.source, "person": item.person, "why": item.why} for item in standing.again],
        "emergencies": [
            {"id": one.id, "by": one.by, "at": _utc(one.at), "state": one.state,
             "until": _utc(one.until) if one.until else None}
            for one in standing.emergencies
        ],
        "routes": [
            {"team": item.team, "title": item.title, "why": item.why}
            for item in (standing.ways.routes if standing.ways else ())
        ],
        "looked_up": standing.looked_up,
        "to_weigh": standing.to_weigh,
        "shut": standing.shut,
        "version": version_plain(standing.version),
    }  # fmt: skip


def clock_plain(standing: Standing) -> dict[str, Any]:
    """The clock: `seconds` are left, negative when over; null where it cannot be said."""
    clock = standing.clock
    return {
        "rag": clock.rag, "state": clock.state, "received_at": _utc(clock.received_at),
        "due": _utc(clock.due) if clock.due else None, "seconds": clock.seconds, "words": clock.words,
        "notes": list(clock.notes),
    }  # fmt: skip


def version_plain(version: Version | None) -> dict[str, Any] | None:
    """The newest product; null when there is none."""
    if version is None:
        return None
    read = [{"reader": one.reader, "at": _utc(one.at)} for one in version.read_by]
    return {"record": version.record, "version": version.version, "sealed_at": _utc(version.sealed_at), "read_by": read}


def _pair(pair: PairStanding) -> dict[str, Any]:
    contact = {"name": pair.ring.name, "telephone": pair.ring.telephone} if pair.ring else None
    return {
        "source": pair.source, "agency": pair.agency, "person": pair.person, "state": pair.state,
        "status": pair.status, "why": pair.why, "since": _utc(pair.since) if pair.since else None,
        "possible": pair.possible, "ring": contact,
        "due": _utc(pair.due) if pair.due else None,
    }  # fmt: skip


def _pairs(pairs: Any) -> list[dict[str, str]]:
    return [{"source": source, "person": person} for source, person in pairs]


def _utc(moment: Any) -> str:
    from mash_trawl.model.base import to_plain

    return str(to_plain(moment))
