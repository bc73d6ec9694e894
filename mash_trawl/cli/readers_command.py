"""`readers`: who may open a product."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click


@click.group("readers")
def command() -> None:
    """Who may open a product: list, grant, revoke. RECORD is a case id, a record's id, or a sealed file."""


@command.command("list")
@click.argument("record", metavar="RECORD")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def list_readers(ctx: click.Context, record: str, as_json: bool) -> None:
    """Who may open RECORD now, and until when."""
    from mash_trawl.cli.find_record import newest_of
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub
    from mash_trawl.model.base import to_plain
    from mash_trawl.model.shown import instant_words

    hub = open_hub(ctx)
    readers = hub.custody.readers(newest_of(hub, record).record)
    if as_json:
        click.echo(json.dumps(to_plain(tuple(readers)), indent=2))
        return
    if not readers:
        say(f"Nobody may open {record}, and nobody can grant it: who grants must be able to open it.")
    for reader in readers:
        ends = instant_words(reader.not_after.isoformat()) if reader.not_after else "the record is destroyed"
        click.echo(f"{reader.reader:20} until {ends}")


def _confirm_last(reader: str) -> None:
    """Ask before nobody is left: custody alone cannot read, so it could let nobody in again."""
    from mash_trawl.errors import Misconfigured, Problem

    what = f"{reader} is the only reader: afterwards nobody could grant it to anybody, or open it."
    if not sys.stdin.isatty():
        do = "Grant it to somebody else first, or say `--yes`."
        raise Misconfigured(Problem(where="readers revoke", what=what, do=do))
    click.confirm(f"{what} Go on?", abort=True, err=True)


@command.command("grant")
@click.argument("record", metavar="RECORD")
@click.argument("reader", metavar="READER")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="UK time; exclusive.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def grant(ctx: click.Context, record: str, reader: str, until: datetime | None, as_json: bool) -> None:
    """Let READER open RECORD. You must be able to open it yourself: custody alone cannot read it."""
    from zoneinfo import ZoneInfo

    from mash_trawl.cli.find_record import newest_of
    from mash_trawl.cli.main import say
    from mash_trawl.cli.passphrase import ask_passphrase
    from mash_trawl.cli.place import key_of, open_hub
    from mash_trawl.vault.readers import key_is_protected

    hub = open_hub(ctx)
    hub.require("grant_readers")
    known, key = newest_of(hub, record), key_of(hub, hub.actor.id)
    protected = key_is_protected(key or hub.reader_folder, hub.actor.id)
    not_after = until.replace(tzinfo=ZoneInfo("Europe/London")) if until else None
    hub.custody.grant(
        known.record, reader, hub.actor.id, unlock=ask_passphrase if protected else lambda: None,
        not_after=not_after, key=key,
    )  # fmt: skip
    if as_json:
        given = {"not_after": not_after.astimezone(UTC).isoformat() if not_after else None}
        click.echo(json.dumps({"record": known.record, "version": known.version, "reader": reader} | given, indent=2))
        return
    say(f"{reader} may open {record}.")


@command.command("revoke")
@click.argument("record", metavar="RECORD")
@click.argument("reader", metavar="READER")
@click.option("--yes", is_flag=True, help="Also from its only reader: then nobody can open or grant it any more.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def revoke(ctx: click.Context, record: str, reader: str, yes: bool, as_json: bool) -> None:
    """Take RECORD away from READER, in every copy at once."""
    from mash_trawl.cli.find_record import find_record
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    hub.require("revoke_readers")
    known = find_record(hub, record)
    if not yes and {one.reader for one in hub.custody.readers(known.record)} == {reader}:
        _confirm_last(reader)
    hub.custody.revoke(known.record, reader, hub.actor.id)
    if as_json:
        click.echo(json.dumps({"record": known.record, "reader": reader}, indent=2))
        return
    say(f"{reader} can no longer open {record}. What was read or exported before cannot be recalled.")
