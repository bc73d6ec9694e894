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
    from mash_trawl.errors import Misconfigured, Problem, Refused
    from mash_trawl.system.room import DO, WHAT, fault_of
    from mash_trawl.vault import durable

    if path.suffix.lower() != ".xlsx":
        raise Misconfigured(
            Problem(where="PATH", what="the form is an Excel workbook.", do="Name a file ending .xlsx.")
        )
    if path.exists():
        raise Misconfigured(Problem(where=str(path), what="the file exists.", do="Name another."))
    try:
        durable.put(path, EMPTY_FORM.read_bytes())
    except OSError as problem:
        if fault := fault_of(problem):
            raise Refused("form_not_writable", f"{path} cannot be written: {WHAT[fault]}", DO[fault]) from None
        what = f"it cannot be written ({problem.strerror})."
        raise Misconfigured(Problem(where=str(path), what=what, do="Name a place in a folder that is there.")) from None
    if as_json:
        click.echo(json.dumps({"file": str(path)}, indent=2, ensure_ascii=False))
        return
    say(f"The empty form is {path}. Send it to those who refer; `mash-trawl case import FILE` takes a filled one in.")
