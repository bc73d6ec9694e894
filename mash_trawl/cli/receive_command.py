"""`receive`: take in a file that an agency sent; it is sealed, and its clear copy deleted."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.receiving import Taken


@click.command("receive")
@click.argument("source", metavar="SOURCE")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day at which its data stood.")
@click.option("--rows", type=click.IntRange(min=0), help="The number of rows that was announced with it.")
@click.option("--kind", metavar="NAME", help="Which of the mapping's files it is, where its own name does not tell.")
@click.option("--new-header", is_flag=True, help="Its columns are other ones than the last time, and that is meant.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    ctx: click.Context, source: str, file: Path, as_of: datetime | None, rows: int | None, kind: str | None,
    new_header: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take in FILE, which was sent for SOURCE: looked through, sealed under the hub's key, then deleted.

    Its rows are read only when a trawl has a permit for the source. A locked zip's password is asked for, unless
    hub.yaml names it.
    """
    from dataclasses import asdict

    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import command_for, open_hub

    day = as_of.date() if as_of else None
    taken = open_hub(ctx).receive(source, file, as_of=day, rows=rows, kind=kind, new_header=new_header, password=_typed)
    if as_json:
        click.echo(json.dumps(asdict(taken), indent=2))
    else:
        _told(taken)
    if taken.left:
        say("A clear copy is STILL THERE: see why, then delete it yourself. Nothing will be read from it.")
    elif not as_json:
        say("Its clear copy was deleted; delete the message or the disk that it came on as well.")
        again = f"{command_for(ctx)} run CASE --refresh {source}"
        say(f"What was asked before stands until it is stale: `{again}` asks again.")


def _told(taken: Taken) -> None:
    from mash_trawl.cli.main import say as tell
    from mash_trawl.render.grouping import count

    how = f"{count(taken.rows, 'row')}, as they stood on {taken.as_of}; held until {taken.until[:10]}"
    tell(f"Taken in for {taken.source}: {how}.")
    if taken.unreadable:
        tell(f"{count(taken.unreadable, 'more row')} cannot be read: every answer from it will be partial.")
    if taken.instead:
        tell("The extract before it was destroyed.")


def _typed() -> str:
    if not sys.stdin.isatty():
        what = "the zip is locked, and its password is asked on a terminal."
        do = "Run this in a terminal, or set `zip_password` under `connect:`."
        raise Misconfigured(Problem(where="FILE", what=what, do=do))
    return str(click.prompt("Password of the zip", hide_input=True, err=True))
