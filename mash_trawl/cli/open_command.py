"""`open`: read a sealed product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mash_trawl.hub import Hub
    from mash_trawl.model.product import Product
    from mash_trawl.vault.custody import Opened


@click.command("open")
@click.argument("record", metavar="RECORD")
@click.option("--reader", help="Whose key opens it (default: yours).")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The reader's key file.")
@click.option("--reason", default="read at the command line", show_default=True, help="Why; goes to the ledger.")
@click.option("--json", "as_json", is_flag=True, help="The whole product as JSON.")
@click.option("--text", "as_text", is_flag=True, help="The whole product as text.")
@click.pass_context
def command(
    ctx: click.Context, record: str, reader: str | None, key: Path | None, reason: str, as_json: bool, as_text: bool
) -> None:
    """Open RECORD: manifest and counts; content with --text or --json.

    RECORD is a file, a case id (its newest product), or a record's id.
    """
    from mash_trawl.cli.place import command_for, open_hub

    hub = open_hub(ctx)
    opened = unseal(hub, record, reader, key, reason)
    if as_json:
        click.echo(json.dumps({"manifest": opened.manifest, "product": opened.body}, indent=2, ensure_ascii=False))
        return
    from mash_trawl.config.read import read_value
    from mash_trawl.model.product import Product

    product = read_value(Product, opened.body, "product")
    if as_text:
        from mash_trawl.render.terminal import text

        click.echo(text(product))
        return
    for line in _in_words(hub, opened.manifest, product):
        click.echo(line)
    here = command_for(ctx)
    click.echo(f"To read it: `{here} view {record}` in the browser, or `{here} open {record} --text`.")


def _in_words(hub: Hub, manifest: Mapping[str, Any], product: Product) -> Iterator[str]:
    """What was sealed, when, for whom and on what basis, and how much it holds; the signed manifest is for --json."""
    from mash_trawl.model.shown import instant_words

    version, before = manifest["version"], manifest.get("supersedes")
    yield f"Case {manifest['case']}: version {version} of record {manifest['record']}."
    yield f"Sealed on {instant_words(manifest['sealed_at'])}" + (f", in place of version {before}." if before else ".")
    readers = ", ".join(one.reader for one in hub.custody.readers(manifest["record"]))
    yield f"Who may open it: {readers or 'nobody any more'}."
    audience = manifest.get("audience", "full")
    yield f"Audience: {'core safeguarding team, everything that was permitted' if audience == 'full' else audience}."
    basis = ", ".join(manifest.get("basis") or ())
    yield f"Asked on the basis of: {basis}." if basis else "Asked on the basis of: nothing; nothing was permitted."
    counts = ((len(product.people), "person", "people"), (len(product.chronology), "event", "events"),
              (len(product.gaps), "gap", "gaps"), (len(product.disputes), "dispute", "disputes"))  # fmt: skip
    yield "It holds " + ", ".join(f"{number} {one if number == 1 else more}" for number, one, more in counts) + "."


def unseal(hub: Hub, record: str, reader: str | None, key: Path | None, reason: str) -> Opened:
    """Open the file as `reader`, asking for the passphrase only when the key has one."""
    from mash_trawl.cli.find_record import file_of
    from mash_trawl.cli.passphrase import ask_passphrase
    from mash_trawl.cli.place import key_of
    from mash_trawl.vault.readers import key_is_protected

    path = file_of(hub, record)
    who = reader or hub.actor.id
    key = key or key_of(hub, who)
    unlock: Any = ask_passphrase if key_is_protected(key or hub.reader_folder, who) else lambda: None
    return hub.unseal(path, reason=reason, reader=who, key=key, unlock=unlock)
