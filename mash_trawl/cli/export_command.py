"""`export`: a plain copy, listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.plain_copy import new_private, taken
from mash_trawl.errors import Misconfigured

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.vault.custody import Opened


@click.command("export")
@click.argument("record", metavar="RECORD")
@click.option("--format", "form", type=click.Choice(["html", "json"]), required=True)
@click.option("--to", "to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--reader", help="Whose key opens it (default: yours).")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The reader's key file.")
@click.option("--reason", default="exported at the command line", show_default=True, help="Why; goes to the ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print where the copy is, as one JSON object.")
@click.pass_context
def command(
    ctx: click.Context, record: str, form: str, to: Path, reader: str | None, key: Path | None, reason: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Write a plain copy of RECORD. It is listed with its reader and number; it can never be destroyed from here.

    RECORD is a file, a case id (its newest product), or a record's id.
    """
    from mash_trawl.cli.main import say
    from mash_trawl.cli.open_command import unseal
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    if to.exists():
        raise Misconfigured(taken(to))
    opened, who = unseal(hub, record, reader, key, reason), reader or hub.actor.id
    number = export(hub, opened, form, to, who)
    if as_json:
        about = {name: opened.manifest[name] for name in ("case", "record", "version")}
        copy = {"copy": number, "format": form, "file": str(to), "reader": who}
        click.echo(json.dumps(about | copy, indent=2, ensure_ascii=False))
        return
    say(f"Wrote copy {number} to {to}. It is a plain copy: delete it when it is no longer needed.")


def export(hub: Hub, opened: Opened, form: str, to: Path, reader: str) -> int:
    """Make the file, list the copy in custody and ledger, then write it; returns its number. The file must be new."""
    hub.require("export")
    manifest = opened.manifest
    with new_private(to) as file:
        try:
            number = hub.custody.note_export(manifest["record"], manifest["version"], reader, form, hub.actor.id)
            file.write(_content(form, opened.body, dict(manifest) | {"reader": reader, "copy": number}))
        except BaseException:
            to.unlink(missing_ok=True)
            raise
    return number


def _content(form: str, body: dict[str, object], manifest: dict[str, object]) -> str:
    if form == "json":
        return json.dumps({"manifest": manifest, "product": body}, indent=2, ensure_ascii=False) + "\n"
    from mash_trawl.config.read import read_value
    from mash_trawl.model.product import Product
    from mash_trawl.render.html import page

    return page(read_value(Product, body, "product"), manifest)
