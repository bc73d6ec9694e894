"""`connectors`: what is installed, what may be used."""

from __future__ import annotations

import json

import click


@click.group("connectors")
def command() -> None:
    """The connectors: list."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def list_connectors(ctx: click.Context, as_json: bool) -> None:
    """Every source of the hub: its connector, what it offers, what it searches by, and why it cannot be asked."""
    from mash_trawl.cli.place import open_hub
    from mash_trawl.model.base import to_plain

    rows = open_hub(ctx).registry.describe()
    if as_json:
        click.echo(json.dumps(to_plain(tuple(rows)), indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.name} ({row.agency}): {row.connector or 'no connector'}")
        click.echo(f"    offers: {', '.join(row.offers) or 'nothing'}")
        click.echo(f"    searches by: {'; '.join(' + '.join(key) for key in row.search_keys) or 'nothing'}")
        if row.why:
            click.echo(f"    cannot be asked: {row.why.replace('_', ' ')}")
