"""`hub`: which hubs this account works in without naming them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click


@click.group("hub")
def command() -> None:
    """The hubs that this account made or trusts: trust, forget, list. Any other must be named with --hub."""


@command.command("trust")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; needs --yes where nobody types.")
def trust(folder: Path, yes: bool, as_json: bool) -> None:
    """Trust the hub in FOLDER, which is not on this account's list: from then on its folder can be the current one.

    Shows who owns it, its name and the fingerprint of its key: compare that with what its owner says.
    """
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import hub_folder, identity, remember_hub
    from mash_trawl.config.place import check_place
    from mash_trawl.errors import Misconfigured, Problem
    from mash_trawl.system import owner_of, place_faults

    folder = hub_folder(folder)
    check_place(folder)
    faults = list(place_faults(folder))
    if faults:
        raise Misconfigured(*(Problem(where=str(folder), what=what, do="Move the hub.") for what in faults))
    name, key = identity(folder)
    if not (yes and as_json):
        say(f"Hub {name} in {folder.resolve()}, owned by {owner_of(folder)}.")
        say(f"It signs with the key {in_groups(key)}. Ask its owner for the same line: `mash-trawl hub list`.")
    if not yes and not sys.stdin.isatty():
        raise Misconfigured(Problem(where="hub trust", what="nobody is there to confirm it.", do="Say `--yes`."))
    if not yes:
        click.confirm("Do you trust it to decide whom you ask about people?", abort=True, err=True)
    remember_hub(folder)
    if as_json:
        click.echo(json.dumps({"folder": str(folder.resolve()), "name": name, "key": key}, indent=2))
        return
    say("This account trusts it.")


@command.command("forget")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def forget(folder: Path, as_json: bool) -> None:
    """Trust the hub in FOLDER no longer. The hub itself stays as it is."""
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import forget_hub
    from mash_trawl.errors import Misconfigured, Problem

    if not forget_hub(folder):
        what = "this account does not trust a hub in this folder."
        raise Misconfigured(Problem(where=str(folder), what=what, do="See `mash-trawl hub list`."))
    if as_json:
        click.echo(json.dumps({"folder": str(folder.resolve())}, indent=2))
        return
    say("This account trusts it no longer. It must be named with --hub.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def list_hubs(as_json: bool) -> None:
    """The hubs that this account made or trusts, each with the fingerprint of the key that it signs with."""
    from mash_trawl.cli.place import trusted_hubs

    hubs = trusted_hubs()
    if as_json:
        click.echo(json.dumps([asdict(hub) for hub in hubs], indent=2))
        return
    for hub in hubs:
        click.echo(f"{hub.name:20} {in_groups(hub.key):40} {hub.folder}")


def in_groups(fingerprint: str) -> str:
    """A fingerprint as people read it to each other: groups of four."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
