"""`keys`: reader keys, and who is enrolled with which roles."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.cli.enrolling import Enrolment


@click.group("keys")
def command() -> None:
    """Who may act and read: init (your own key), enrol (somebody into the hub), list."""


@command.command("init")
@click.argument("person")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Folder for the key (default: your own).")
@click.option("--no-passphrase", is_flag=True, help="Leave the key unprotected, in a file for this account only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def init(person: str, to: Path | None, no_passphrase: bool, as_json: bool) -> None:
    """Make your own reader key as PERSON, on your own account, and print its public line for `keys enrol --public`.

    The private key never leaves the folder. Needs no hub.
    """
    from mash_trawl.cli.hub_command import in_groups
    from mash_trawl.cli.main import say
    from mash_trawl.cli.passphrase import new_passphrase
    from mash_trawl.cli.place import own_folder
    from mash_trawl.errors import Misconfigured, Problem
    from mash_trawl.system import folder_faults, private_folder
    from mash_trawl.vault.enrolment import public_line
    from mash_trawl.vault.readers import check_reader_id, enrol_reader, key_path

    check_reader_id(person)
    folder = to or own_folder() / "keys"
    faults = [Problem(where=str(folder), what=what, do="Say `--to DIR`.") for what in folder_faults(folder)]
    if faults:
        raise Misconfigured(*faults)
    private_folder(folder)
    key = enrol_reader(folder, person, None if no_passphrase else new_passphrase())
    if as_json:
        made = {"person": person, "private": str(key_path(folder, person)), "key": key.public.key_id}
        made["public"] = public_line(key.public)
        click.echo(json.dumps(made, indent=2, ensure_ascii=False))
        return
    say(f"Your private key is {key_path(folder, person)}. Nobody can replace it, or its passphrase.")
    say(f"Tell whoever enrols you its fingerprint: {in_groups(key.public.key_id)}")
    say("Give them this line; it is not secret:")
    click.echo(public_line(key.public))


@command.command("enrol")
@click.argument("person")
@click.option("--account", help="The operating-system account that is theirs (Windows: DOMAIN\\name).")
@click.option("--role", "roles", multiple=True, help="A role, repeatable; see docs/people-and-roles.md.")
@click.option("--public", help="The public line that their `keys init` printed, or a file that holds it.")
@click.option("--passphrase/--no-passphrase", default=True, help="They type one now (default), or the key lies open.")
@click.option("--headless", is_flag=True, help="A key without passphrase for a night account: role batch alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def enrol(
    ctx: click.Context,
    person: str,
    account: str | None,
    roles: tuple[str, ...],
    public: str | None,
    passphrase: bool,
    headless: bool,
    as_json: bool,
) -> None:
    """Enrol PERSON (an opaque id): pin their public key, note it in the ledger, add them to hub.yaml."""
    from mash_trawl.cli.enrolling import enrol_person, key_for, person_of
    from mash_trawl.cli.main import say
    from mash_trawl.cli.passphrase import new_passphrase
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.said import approvals_wanted
    from mash_trawl.vault.readers import check_reader_id, public_path

    check_reader_id(person)
    hub = open_hub(ctx)
    hub.require("enrol")
    wanted = person_of(hub.settings, person, account, roles, headless)
    makes = public is None and not public_path(hub.reader_folder, person).exists()
    secret = new_passphrase() if makes and passphrase and not headless else None
    key = key_for(hub, person, None if public is None else _line(public), secret)
    done = enrol_person(hub, wanted, key, "none" if not makes else "open" if secret is None else "passphrase")
    if as_json:
        click.echo(json.dumps(asdict(done), indent=2, ensure_ascii=False))
    else:
        _tell(ctx, done, hub.folder / "hub.yaml", lay_here=public is None and not makes)
        if done.hub_file != "already" and approvals_wanted(hub):
            say("hub.yaml is not the file that was approved any more: nothing is asked until somebody who may says")
            say(f"`{command_for(ctx)} approve hub.yaml`.")


def _tell(ctx: click.Context, done: Enrolment, hub_file: Path, *, lay_here: bool) -> None:
    """What was done, and what is left to do by hand. `lay_here`: their key was there before, and made by nobody now."""
    from mash_trawl.cli.hub_command import in_groups
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import command_for

    say(f"The key of {done.person}: {in_groups(done.key)}")
    if lay_here:
        say("This key lay here already: compare the fingerprint with what they read out.")
    if done.hub_file == "added":
        say(f"Added to {hub_file}.")
    if done.line is not None:
        say(f"Add this under `people:` in {hub_file}; it could not be done safely from here:")
        click.echo(f"  - {done.line}")
    if done.made == "open":
        say("The key has no passphrase: whoever can read its file can open what it may open.")
    if done.reads:
        grant = f"{command_for(ctx)} readers grant RECORD {done.person}"
        say(f"New products are sealed to them too; for older ones: `{grant}`.")
    else:
        say("These roles read no product, so none will be sealed to this key.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def list_keys(ctx: click.Context, as_json: bool) -> None:
    """Everybody enrolled: account, roles, fingerprint and state of their key, and how its private half is kept."""
    from mash_trawl.cli.enrolling import listed
    from mash_trawl.cli.place import open_hub
    from mash_trawl.model.base import to_plain

    rows = tuple(listed(open_hub(ctx)))
    if as_json:
        click.echo(json.dumps(to_plain(rows), indent=2))
        return
    for row in rows:
        roles = ", ".join(row.roles) or "no role"
        roles += f" (left {row.left})" if row.left else ""
        click.echo(f"{row.person:16} {row.account or '-':16} {row.state:8} {row.private:10} {row.key[:16]:16} {roles}")


def _line(given: str) -> str:
    """The public line itself, or what the file of this name holds."""
    from mash_trawl.vault.enrolment import LINE

    if given.startswith(LINE):
        return given
    from mash_trawl.errors import Misconfigured, Problem

    try:
        with Path(given).open(encoding="ascii") as file:
            return file.read(8192)
    except (OSError, ValueError):
        what = "it is neither a public line nor a file that holds one."
        raise Misconfigured(
            Problem(where="--public", what=what, do="Copy the line that `keys init` printed.")
        ) from None
