"""`outcome`: a note for each record of one source, to go into that source's own system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.outcome import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mash_trawl.hub import Hub
    from mash_trawl.model.hub import ReturnDesk
    from mash_trawl.model.outcome import OutcomeNote

FORMS = {"text": "txt", "mail": "eml"}


@click.command("outcome")
@click.argument("record", metavar="RECORD")
@click.argument("source", metavar="SOURCE")
@click.option("--to", "to", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="The folder for the notes; made if it is not there.")  # fmt: skip
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), help="What came of it (default: not said).")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="text", show_default=True,
              help="Plain text, or the draft of a mail without a recipient.")  # fmt: skip
@click.option("--reader", help="Whose key opens the product (default: yours).")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The reader's key file.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written, as one JSON object.")
@click.pass_context
def command(
    ctx: click.Context, record: str, source: str, to: Path, outcome: str | None, form: str, reader: str | None,
    key: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Write a note for each record of SOURCE that the product used: what came of it, whom to ring. Sends nothing.

    RECORD is a file, a case id (its newest product), or a record's id. A note holds keys of SOURCE alone: no name, and
    nothing of any other source. Each is a plain copy, and listed.
    """
    from mash_trawl.cli.main import say
    from mash_trawl.cli.open_command import unseal
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    hub.require("export")
    desk = _desk(hub)
    opened = unseal(hub, record, reader, key, "outcome notes")
    notes = _notes(hub, opened.body, opened.manifest, source)
    made = [_write(hub, one, opened.manifest, desk, outcome, form, to, reader or hub.actor.id) for one in notes]
    if as_json:
        about = {name: opened.manifest[name] for name in ("case", "record", "version")}
        click.echo(json.dumps(about | {"source": source, "outcome": outcome, "notes": made}, indent=2))
        return
    say(f"Wrote {len(made)} to {to}, one for each record of {source}. Plain copies: pass them on, then delete them.")


def _notes(hub: Hub, body: Mapping[str, Any], manifest: Mapping[str, Any], source: str) -> tuple[OutcomeNote, ...]:
    """The notes for a source that was asked; Refused where it holds no record of anybody."""
    from mash_trawl.config.profiles import load_profile
    from mash_trawl.config.read import read_value
    from mash_trawl.model.product import Product
    from mash_trawl.product.outcome_note import outcome_notes

    product = read_value(Product, body, "product")
    asked = sorted({answer.source for answer in product.answers})
    if source not in asked:
        what, do = f"the product has no answer of a source `{source}`.", f"It has: {', '.join(asked)}."
        raise Misconfigured(Problem(where="SOURCE", what=what, do=do))
    profile = load_profile(product.case.profile, hub.folder)
    notes = outcome_notes(product, profile, source, manifest["version"])
    if not notes:
        why = "no record of this source was taken for anybody in the case, so there is none to put a note on"
        raise Refused("no_record", why)
    return notes


def _write(
    hub: Hub, note: OutcomeNote, manifest: Mapping[str, Any], desk: ReturnDesk, outcome: str | None, form: str,
    to: Path, reader: str,
) -> dict[str, Any]:  # fmt: skip
    """One new file, named by the product and the copy's number alone; listed before it holds a word."""
    from mash_trawl.cli.plain_copy import new_private
    from mash_trawl.render.outcome_note import Desk, mail, text
    from mash_trawl.system import private_folder

    if not to.is_dir():
        private_folder(to)
    number = hub.custody.note_export(manifest["record"], manifest["version"], reader, "outcome-note", hub.actor.id)
    file = to / f"{manifest['record']}-copy{number}.{FORMS[form]}"
    told = Desk(team=desk.team, telephone=desk.telephone, copy=number, outcome=outcome or "")
    with new_private(file) as handle:
        try:
            handle.write((mail if form == "mail" else text)(note, told))
        except BaseException:
            file.unlink(missing_ok=True)
            raise
    return {"copy": number, "file": str(file)}


def _desk(hub: Hub) -> ReturnDesk:
    """Whom an agency rings. A note that does not say is not written."""
    if hub.settings.returns is None:
        what = "it does not say whom an agency rings."
        do = "Add `returns: {team: ..., telephone: ..., send_to: ...}`."
        raise Misconfigured(Problem(where="hub.yaml: returns", what=what, do=do))
    return hub.settings.returns
