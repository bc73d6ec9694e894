"""`connectors new`: a new connector from built-in templates."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

_LATER = "fill_in"
"""The agency of a connector that is still to be told."""
_KINDS = ("sql", "odbc", "http", "fhir", "files", "sftp", "person")


@click.command("new")
@click.argument("name", metavar="NAME")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="The road to its system.")
@click.option("--agency", default=_LATER, metavar="ID", help="The agency's id in your profile, such as housing.")
@click.option("--new-agency", is_flag=True, help="The agency is one that no profile knows yet.")
@click.option("--yaml", "only_yaml", is_flag=True, help="A YAML mapping and no code.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default=".",
              help="Where its folder is made.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list: the files, and how much is to fill in.")
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    kind: str,
    agency: str,
    new_agency: bool,
    only_yaml: bool,
    folder: Path,
    as_json: bool,
) -> None:  # fmt: skip
    """A new connector called NAME, in a folder of its own: everything but what only you know, which says FILL_IN.

    Its tests are the conformance kit over a small invented system; they are red where FILL_IN stands.
    """
    from mash_trawl.testing.making import new_connector

    if agency != _LATER and not new_agency:
        _check_agency(ctx, agency)
    made = new_connector(name, kind, folder, agency=agency, yaml=only_yaml)
    left = {file: file.read_text("utf-8").count("FILL_IN") + file.read_text("utf-8").count(".fill_in") for file in made}
    if as_json:
        click.echo(json.dumps([{"file": str(file), "to_fill_in": count} for file, count in left.items()], indent=2))
    else:
        _told(name, kind, folder, left)


def _check_agency(ctx: click.Context, agency: str) -> None:
    """Misconfigured for an agency that no profile knows: its connector would load in no hub."""
    from difflib import get_close_matches

    from mash_trawl.cli.place import hub_folder
    from mash_trawl.config.profiles import load_profile, profile_names
    from mash_trawl.errors import Misconfigured, Problem

    try:
        hub = hub_folder(ctx.obj)
    except Misconfigured:
        if ctx.obj is not None or os.environ.get("MASH_TRAWL_HUB"):
            raise
        hub = None
    known = sorted({name for profile in profile_names(hub) for name in load_profile(profile, hub).agencies})
    if agency in known:
        return
    near = get_close_matches(agency, known, n=3, cutoff=0.5) or known
    do = f"Use {' or '.join(near)}; or add --new-agency, and write it into a profile of yours."
    raise Misconfigured(Problem(where="--agency", what=f"no profile knows the agency {agency}.", do=do))


def _told(name: str, kind: str, folder: Path, left: Mapping[Path, int]) -> None:
    """What was made, and what to do next."""
    from mash_trawl.cli.main import say

    made = list(left)
    say(f"Made {len(made)} file{'s' if len(made) > 1 else ''}:")
    for file, count in left.items():
        say(f"  {file}" + (f"   ({count} to fill in)" if count else ""))
    mapping = made[0].suffix == ".yaml"
    if mapping and kind in ("http", "fhir"):
        say(f"Then: mash-trawl connectors test {made[-1]}")
    elif mapping:
        alone = "Then name it in hub.yaml, with `contact:`; `mash-trawl check` reads it. Nothing else is to be tested."
        say(f"Then: mash-trawl connectors test {made[0]}" if kind != "person" else alone)
    else:
        place = (folder / name).as_posix()
        made_in = place if folder.is_absolute() else f"./{place}"  # a bare name would be looked for in an index
        say(f"Then: python -m pytest {folder / name}, and once that is green: python -m pip install {made_in}")
    page = "asking-a-person" if kind == "person" else "first-connector"
    say(f"The way to the end, step by step: docs/{page}.md")
