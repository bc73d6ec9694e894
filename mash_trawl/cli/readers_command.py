"""`readers`: who may open a product."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.hub import Hub


@click.group("readers")
def command() -> None:
    """Who may open a product: list, grant, revoke. RECORD is a case id, or the id in the file's name before `-v`."""


def _record_id(hub: Hub, record: str) -> str:
    """The id of a case's record, or the text as it is when it is no case of this hub."""
    from mash_trawl.errors import Refused

    try:
        return hub.custody.newest(record).record
    except Refused:
        return record


@command.command("list")
@click.argument("record")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def list_readers(ctx: click.Context, record: str, as_json: bool) -> None:
    """Who may open RECORD now, and until when."""
    from mash_trawl.cli.place import open_hub
    from mash_trawl.model.base import to_plain

    hub = open_hub(ctx)
    readers = hub.custody.readers(_record_id(hub, record))
    if as_json:
        click.echo(json.dumps(to_plain(tuple(readers)), indent=2))
        return
    for reader in readers:
        until = reader.not_after.isoformat() if reader.not_after else "until the record is destroyed"
        click.echo(f"{reader.reader:20} {until}")


@command.command("grant")
@click.argument("record")
@click.argument("reader")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="UTC; exclusive.")
@click.pass_context
def grant(ctx: click.Context, record: str, reader: str, until: datetime | None) -> None:
    """Let READER open RECORD. You must be able to open it yourself: custody alone cannot read it."""
    from mash_trawl.cli.main import say
    from mash_trawl.cli.passphrase import ask_passphrase
    from mash_trawl.cli.place import key_of, open_hub
    from mash_trawl.vault.readers import key_is_protected

    hub = open_hub(ctx)
    hub.require("grant_readers")
    key = key_of(hub, hub.actor.id)
    protected = key_is_protected(key or hub.reader_folder, hub.actor.id)
    hub.custody.grant(
        _record_id(hub, record), reader, hub.actor.id, unlock=ask_passphrase if protected else lambda: None,
        not_after=until.replace(tzinfo=UTC) if until else None, key=key,
    )  # fmt: skip
    say(f"{reader} may open {record}.")


@command.command("revoke")
@click.argument("record")
@click.argument("reader")
@click.pass_context
def revoke(ctx: click.Context, record: str, reader: str) -> None:
    """Take RECORD away from READER, in every copy at once."""
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    hub.require("revoke_readers")
    hub.custody.revoke(_record_id(hub, record), reader, hub.actor.id)
    say(f"{reader} can no longer open {record}. What was read or exported before cannot be recalled.")
