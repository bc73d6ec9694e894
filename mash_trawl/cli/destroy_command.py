"""`destroy`: the end of a case's products."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mash_trawl.hub import Hub


@click.command("destroy")
@click.argument("text", metavar="CASE")
@click.option("--reason", required=True, help="Why, for example: keyworker appointed. Goes to the ledger.")
@click.option("--draft", type=click.Choice(["keep", "delete"]), help="What becomes of the case's draft, a plain file.")
@click.option("--yes", is_flag=True, help="Do not ask again; the draft is kept unless --draft says otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print what the certificate states, as one JSON object.")
@click.pass_context
def command(ctx: click.Context, text: str, reason: str, draft: str | None, yes: bool, as_json: bool) -> None:
    """Destroy every sealed product of CASE (a case id, a case file, or a record's id), in every copy, for good.

    It asks before it does so; `--yes` answers, `--json` does not. The draft in the hub's folder is no sealed product:
    it is kept, and named, unless you have it deleted.
    """
    from mash_trawl.cli.find_record import case_of
    from mash_trawl.cli.left_behind import drafts_of
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub
    from mash_trawl.vault.certificate import in_words, read_certificate

    hub = open_hub(ctx)
    hub.require("destroy")
    case = case_of(hub, text)
    if case != text and not (yes and as_json):
        say(f"This is case {case}.")
    if not yes:
        _confirm()
    certificate = hub.custody.destroy(case, hub.actor.id, reason)
    stated = read_certificate(certificate.note, [hub.signer.verifier])
    drafts = drafts_of(hub, case)
    if not as_json:
        for sentence in in_words(stated):
            say(sentence)
        say(f"The certificate, for the case file: {certificate.path}")
    deleted = _settle(hub, case, drafts, draft, ask=not yes)
    if as_json:
        made = {"certificate": str(certificate.path), "note": certificate.note}
        left = [{"file": str(file), "deleted": deleted} for file in drafts]
        click.echo(json.dumps(as_plain(stated) | made | {"drafts": left}, indent=2, ensure_ascii=False))
        return
    _tell(ctx, case, drafts, deleted)
    click.echo(certificate.note)


def _confirm() -> None:
    from mash_trawl.errors import Misconfigured, Problem

    if not sys.stdin.isatty():
        raise Misconfigured(Problem(where="destroy", what="nobody is there to confirm it.", do="Say `--yes`."))
    what = "Every sealed product of this case becomes unreadable, for everybody, for good. Go on?"
    click.confirm(what, abort=True, err=True)


def _settle(hub: Hub, case: str, drafts: Sequence[Path], wanted: str | None, *, ask: bool) -> bool:
    """Delete the drafts if that is wanted; whether it was done."""
    from mash_trawl.cli.left_behind import WHAT_A_DRAFT_HOLDS, delete_drafts

    if drafts and wanted is None and ask:
        named = ", ".join(str(file) for file in drafts)
        what = f"The draft {named} still holds {WHAT_A_DRAFT_HOLDS}. Delete it too?"
        wanted = "delete" if click.confirm(what, default=False, err=True) else "keep"
    if not drafts or wanted != "delete":
        return False
    delete_drafts(hub, case, drafts)
    return True


def _tell(ctx: click.Context, case: str, drafts: Sequence[Path], deleted: bool) -> None:
    """What became of the drafts, by name: nobody may believe that they went with the record."""
    from mash_trawl.cli.left_behind import WHAT_A_DRAFT_HOLDS
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import command_for

    for file in drafts:
        if deleted:
            say(f"The draft {file} was deleted. Copies in backups of this folder are not reached.")
        else:
            say(f"NOT DESTROYED: the draft {file} still holds {WHAT_A_DRAFT_HOLDS}.")
    if drafts and not deleted:
        say(f'To delete it: `{command_for(ctx)} destroy {case} --reason "draft no longer needed" --draft delete --yes`')


def as_plain(stated: Mapping[str, Any]) -> dict[str, Any]:
    """The published JSON shape: what is dead, how surely, and who still holds what cannot be destroyed from here."""
    keys = ("effective_at", "assurance", "replicas", "pending_until", "database_wiped")
    facts = {name: stated["facts"][name] for name in ("case", "record", "files", "released", "exports")}
    return facts | {name: stated[name] for name in keys}
