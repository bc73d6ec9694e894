"""`schema`: the JSON Schema of a document."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument(
    "name", type=click.Choice(["profile", "hub", "source", "case", "product", "agreement", "threshold", "dossier"])
)
def command(name: str) -> None:
    """Print the JSON Schema (2020-12) of NAME."""
    from mash_trawl.config.schema import schema

    click.echo(json.dumps(schema(name), indent=2, ensure_ascii=False))
