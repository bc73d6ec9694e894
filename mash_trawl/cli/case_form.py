"""`case form`: an empty referral form, to be filled by whoever refers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mash_trawl.cli.main import say


@click.command("form")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print where the form is, as one JSON object.")
def command(path: Path, as_json: bool) -> None:
    """Write an empty referral form to PATH (a new .xlsx). `case import` makes a case of a filled one."""
    from mash_trawl.config.referral_form import EMPTY_FORM
    from mash_trawl.errors import Misconfigured, Problem

    if path.suffix.lower() != ".xlsx":
        raise Misconfigured(
            Problem(where="PATH", what="the form is an Excel workbook.", do="Name a file ending .xlsx.")
        )
    what = ""
    try:
        with path.open("xb") as file:
            file.write(EMPTY_FORM.read_bytes())
    except FileExistsError:
        what = "the file exists."
    except OSError as problem:
        what = f"it cannot be written ({problem.strerror})."
    if what:
        raise Misconfigured(Problem(where=str(path), what=what))
    if as_json:
        click.echo(json.dumps({"file": str(path)}, indent=2, ensure_ascii=False))
        return
    say(f"The empty form is {path}. Send it to those who refer; `mash-trawl case import FILE` takes a filled one in.")
