"""`init`: a new hub."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--profile", "profiles", multiple=True, required=True, help="A profile that cases may name; repeatable.")
@click.option("--keys", type=click.Path(file_okay=False, path_type=Path), help="Where keys go (default: ../keys).")
@click.option(
    "--no-passphrase", is_flag=True, help="Leave your reader key unprotected, in a file for this account only."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was made, as one JSON object.")
def command(folder: Path, profiles: tuple[str, ...], keys: Path | None, no_passphrase: bool, as_json: bool) -> None:
    """Make a new hub in FOLDER: keys, database, commented hub.yaml. Enrols this account."""
    from mash_trawl.cli.main import say
    from mash_trawl.cli.new_hub import EXAMPLE, NewHub, create_hub, person_id
    from mash_trawl.cli.passphrase import new_passphrase
    from mash_trawl.cli.place import command_for, identity, remember_hub
    from mash_trawl.hub import Hub
    from mash_trawl.system import account_name

    account = account_name()
    new = NewHub(
        folder=folder,
        keys=keys or folder.resolve().parent / "keys",
        profiles=profiles,
        person=person_id(account),
        account=account,
        passphrase=None if no_passphrase else new_passphrase(),
    )
    create_hub(new)
    remember_hub(folder)
    Hub.at(folder).close()
    if as_json:
        name, key = identity(folder)
        made = {
            "folder": str(folder.resolve()),
            "name": name,
            "key": key,
            "keys": str(new.keys.resolve()),
            "person": new.person,
        }
        click.echo(json.dumps(made | {"passphrase": not no_passphrase}, indent=2, ensure_ascii=False))
        return
    say(f"Made a hub in {folder}. Next: name your sources in {folder / 'hub.yaml'}, then look it over:")
    say(f"`{command_for(folder)} check`")
    say("Nothing is asked until hub.yaml names an information-sharing agreement that its parties have signed:")
    say(f"copy {folder / EXAMPLE}, write what was agreed, and name the copy under `agreements:`.")
    if no_passphrase:
        say("Your reader key has no passphrase: whoever can read your files can open what you may open.")
