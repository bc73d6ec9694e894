"""`check`: the doctor."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE, EXIT_MISCONFIGURED


@click.command("check")
@click.argument("source", required=False, metavar="[SOURCE]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.option(
    "--backup",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A backup of the hub's database: is what was destroyed dead in it too?",
)
@click.pass_context
def command(ctx: click.Context, source: str | None, as_json: bool, backup: Path | None) -> int:
    """Look the hub over. Sends no personal data. Exit 3: a source cannot be asked; 2: something is wrong.

    With SOURCE only that one, and whether its database has every table and column that its mapping names.
    """
    from mash_trawl.cli.doctor import examine, examine_source, in_backup
    from mash_trawl.cli.place import open_hub
    from mash_trawl.model.base import to_plain

    hub = open_hub(ctx)
    seen = list(examine_source(hub, source) if source else examine(hub))
    if backup:
        seen.extend(in_backup(hub, backup))
    if as_json:
        click.echo(json.dumps(to_plain(tuple(seen)), indent=2, ensure_ascii=False))
    else:
        for item in seen:
            click.echo(f"{item.level:16} {item.where}: {item.what} {item.do}".rstrip())
    levels = {item.level for item in seen}
    return EXIT_MISCONFIGURED if "wrong" in levels else EXIT_INCOMPLETE if "cannot be asked" in levels else 0
