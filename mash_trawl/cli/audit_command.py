"""`audit`: the ledger."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.main import EXIT_REFUSED

if TYPE_CHECKING:
    from mash_trawl.hub import Hub


@click.group("audit")
def command() -> None:
    """The ledger: verify, show, export."""


def _kept(hub: Hub) -> str | None:
    """The newest checkpoint in a certificate beside the records: a ledger that was rolled back lacks it."""
    from mash_trawl.errors import Refused
    from mash_trawl.vault.certificate import read_certificate

    found = []
    for file in hub.records.glob("*.destroyed.note"):
        with suppress(Refused, OSError):
            found.append(read_certificate(file.read_text("utf-8"), [hub.signer.verifier])["ledger"])
    return max(found, key=lambda ledger: int(ledger["size"]))["checkpoint"] if found else None


@command.command("verify")
@click.option(
    "--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A checkpoint kept elsewhere."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify_ledger(ctx: click.Context, checkpoint: Path | None, as_json: bool) -> int:
    """Recompute the whole ledger; exit 5 when anything is not as it was written."""
    from mash_trawl.audit.verify import verify
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    verified = verify(hub.store, hub.signer.verifier, checkpoint.read_text("utf-8") if checkpoint else _kept(hub))
    changed = [f"custody of {what} was changed past the ledger" for what in hub.custody.divergence()]
    unsettled = hub.custody.recover().problem
    keys = [f"the root keys do not fit the database: {unsettled.replace('_', ' ')}"] if unsettled else []
    problems = [*map(str, verified.problems), *changed, *keys]
    if as_json:
        click.echo(json.dumps({"size": verified.size, "root": verified.root, "problems": problems}, indent=2))
    else:
        click.echo(f"{verified.size} entries, root {verified.root}")
        for problem in problems:
            click.echo(f"PROBLEM: {problem}")
        click.echo(
            "The ledger is whole." if not problems else "The ledger is NOT whole, or custody does not follow it."
        )
    return EXIT_REFUSED if problems else 0


@command.command("show")
@click.option("--kind", help="Only entries of this kind, for example source.asked.")
@click.option("--last", type=click.IntRange(min=1), default=50, show_default=True, help="How many, newest last.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def show_ledger(ctx: click.Context, kind: str | None, last: int, as_json: bool) -> None:
    """The entries: number, time, kind, actor and public part."""
    from mash_trawl.cli.place import open_hub

    rows = list(open_hub(ctx).ledger.rows(kind))[-last:]
    plain = [
        {"n": row.n, "at": row.at.isoformat(), "kind": row.kind, "actor": row.actor, "public": dict(row.public)}
        for row in rows
    ]
    if as_json:
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    for row in plain:
        click.echo(f"{row['n']:6} {row['at']} {row['kind']:20} {row['actor']:12} {json.dumps(row['public'])}")


@command.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def export_ledger(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Write entries, checkpoint and public key to FOLDER, so that anybody can check them without this program."""
    from mash_trawl.audit.export import export
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    size = export(hub.store, folder, hub.signer.verifier)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "entries": size}, indent=2, ensure_ascii=False))
        return
    say(f"Wrote {size} entries to {folder}. examples/verify_ledger.py checks them.")
