"""`connectors`: what is installed, what may be used."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mash_trawl.cli import connectors_new
from mash_trawl.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mash_trawl.sources.registry import Registry
    from mash_trawl.sources.shelf import Capability, Listed


@click.group("connectors")
def command() -> None:
    """The connectors: list, test, new."""


command.add_command(connectors_new.command)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def list_connectors(ctx: click.Context, as_json: bool) -> None:
    """Every installed connector: its digest, whether the hub approves it, what it can do; then the hub's sources.

    What is not approved is listed from its metadata alone: it is never imported. Without a hub, what is installed.
    """
    from mash_trawl.model.base import to_plain

    registry = _registry(ctx)
    listed, sources = registry.shelf(), registry.describe()
    if as_json:
        plain = {"connectors": [asdict(row) for row in listed], "sources": to_plain(sources)}
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    for row in listed:
        click.echo("\n".join(_lines(row)))
    if sources:
        click.echo("\nSources of this hub:")
    for source in sources:
        click.echo(f"{source.name} ({source.agency}): {source.connector or 'no connector'}")
        click.echo(f"    offers: {', '.join(source.offers) or 'nothing'}")
        if source.shows:
            click.echo(f"    a person, asked on paper; shown of somebody: {', '.join(source.shows)}")
        else:
            click.echo(f"    searches by: {_keys(source.search_keys)}")
        if source.why:
            click.echo(f"    cannot be asked: {source.why.replace('_', ' ')}")


@command.command("test")
@click.argument("what", metavar="NAME|FILE")
@click.option("--seed", help="The seed: an SQL file, or a folder of files. Else the one beside the mapping.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.option("--mutants", is_flag=True, help="Then test the kit itself with faulty twins of the connector.")
@click.option("--docs", is_flag=True, help="Print the page that describes the connector, and test nothing.")
@click.option("--live", is_flag=True, help="Ask the hub's source NAME itself, about its own test person.")
@click.pass_context
def test_connector(
    ctx: click.Context, what: str, seed: str | None, as_json: bool, mutants: bool, docs: bool, live: bool
) -> None:
    """Test a connector: an installed one by its name, a mapping, or the contracts of a test file.

    Exit 0 when nothing failed, 3 when a check failed, 2 when it could not be tested, and why. Nothing leaves this
    machine, but with --live.
    """
    if live:
        from mash_trawl.cli.connectors_live import ask_live

        ctx.exit(ask_live(ctx, what, as_json=as_json))
    from mash_trawl.cli import connectors_test

    ctx.exit(connectors_test.page(what) if docs else connectors_test.test(what, seed, as_json=as_json, mutants=mutants))


def _registry(ctx: click.Context) -> Registry:
    """That of the hub; an empty one where no hub is named and none is here."""
    from mash_trawl.cli.place import open_hub
    from mash_trawl.sources.registry import Registry

    try:
        return open_hub(ctx).registry
    except Misconfigured:
        if ctx.obj is not None or os.environ.get("MASH_TRAWL_HUB"):
            raise
        return Registry({}, (), "")


def _lines(row: Listed) -> Iterator[str]:
    said = {
        "yes": "approved",
        "without_sha256": "approved without its sha256",
        "another_sha256": "NOT what was approved: its files have another sha256, so it is not imported",
        "no": "not approved, so it is not imported",
    }[row.approved]
    if not row.installed:
        yield f"{row.distribution}: plugin {row.plugin}: approved, but not installed"
        return
    yield f"{row.distribution} {row.version}: plugin {row.plugin}: {said}"
    yield f"    sha256: {row.sha256 or 'none, its package cannot be found'}"
    for one in row.capabilities:
        yield from _can(one)
    if row.sources:
        yield f"    used by: {', '.join(row.sources)}"
    if row.why:
        yield f"    cannot be used: {row.why.replace('_', ' ')}"
    if row.approved != "yes" and row.sha256:
        line = f"{{distribution: {row.distribution}, plugin: {row.plugin}, sha256: {row.sha256}}}"
        yield f"    to approve it as it is, read its code, then write under `approve:` in hub.yaml: {line}"


def _can(one: Capability) -> Iterator[str]:
    yield f"    {one.name}: agency {one.agency}, {one.kind}"
    yield f"        offers: {', '.join(one.offers)}"
    yield f"        searches by: {_keys(one.search_keys)}"


def _keys(keys: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join(" + ".join(key) for key in keys) or "nothing"
