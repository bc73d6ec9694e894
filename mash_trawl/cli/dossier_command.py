"""`dossier`: what a data protection officer and a Caldicott Guardian sign, written to a new folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON_FILE, HTML_FILE = "dossier.json", "dossier.html"


@click.command("dossier")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A new or empty folder.")
@click.option("--json", "as_json", is_flag=True, help="Print where it is and its SHA-256, as one JSON object.")
@click.pass_context
def command(ctx: click.Context, out: Path, as_json: bool) -> None:
    """Write what this hub may do, as it is set up now: for signature. No family stands in it."""
    from mash_trawl.audit.entry import Entry
    from mash_trawl.cli.find_case import drafts
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub
    from mash_trawl.dossier import dossier, look, plain
    from mash_trawl.render.dossier import dossier_page

    hub = open_hub(ctx)
    _refuse_full(out)
    made = dossier(look(hub, len(list(drafts(hub.folder)))))
    text = json.dumps(plain(made), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    page = dossier_page(made, JSON_FILE, sha256)
    hub.ledger.write(Entry("dossier.printed", hub.actor.id, {"sha256": sha256}))
    write_folder(out, {JSON_FILE: text, HTML_FILE: page})
    if as_json:
        said = {"folder": str(out), "json": JSON_FILE, "html": HTML_FILE, "sha256": sha256}
        click.echo(json.dumps(said | {"open_points": len(made.open_points)}, indent=2, ensure_ascii=False))
        return
    say(f"Wrote {out / HTML_FILE} and {out / JSON_FILE}, SHA-256 {sha256}.")
    say(f"Open points before anybody signs: {len(made.open_points)}.")


def write_folder(out: Path, files: Mapping[str, str]) -> None:
    """All of the files or none: they are written beside the folder and get its name at once."""
    draft = out.parent / f".{out.name}.{os.getpid()}.tmp"
    try:
        draft.mkdir(parents=True, mode=0o700)
        for name, text in files.items():
            with os.fdopen(os.open(draft / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode("utf-8"))
        if out.is_dir():
            out.rmdir()
        draft.rename(out)
    except OSError as problem:
        shutil.rmtree(draft, ignore_errors=True)
        what = f"it cannot be written ({problem.strerror})."
        raise Misconfigured(Problem(where=str(out), what=what, do="Name another folder.")) from None


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "there is something here already."
        raise Misconfigured(Problem(where=str(out), what=what, do="Name a new or empty folder."))
