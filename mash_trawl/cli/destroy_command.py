"""`destroy`: the end of a case's products."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import click


@click.command("destroy")
@click.argument("text", metavar="CASE")
@click.option("--reason", required=True, help="Why, for example: keyworker appointed. Goes to the ledger.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.option("--json", "as_json", is_flag=True, help="Print what the certificate states, as one JSON object.")
@click.pass_context
def command(ctx: click.Context, text: str, reason: str, yes: bool, as_json: bool) -> None:
    """Destroy every sealed product of CASE (a case id, a case file, or a record's id), in every copy, for good.

    It asks before it does so; `--yes` answers, `--json` does not.
    """
    from mash_trawl.cli.find_record import case_of
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub
    from mash_trawl.errors import Misconfigured, Problem
    from mash_trawl.vault.certificate import in_words, read_certificate

    hub = open_hub(ctx)
    hub.require("destroy")
    case = case_of(hub, text)
    if case != text and not (yes and as_json):
        say(f"This is case {case}.")
    if not yes and not sys.stdin.isatty():
        raise Misconfigured(Problem(where="destroy", what="nobody is there to confirm it.", do="Say `--yes`."))
    if not yes:
        click.confirm(
            "Every sealed product of this case becomes unreadable, for everybody, for good. Go on?",
            abort=True,
            err=True,
        )
    certificate = hub.custody.destroy(case, hub.actor.id, reason)
    stated = read_certificate(certificate.note, [hub.signer.verifier])
    if as_json:
        made = {"certificate": str(certificate.path), "note": certificate.note}
        click.echo(json.dumps(as_plain(stated) | made, indent=2, ensure_ascii=False))
        return
    for sentence in in_words(stated):
        say(sentence)
    say(f"The certificate, for the case file: {certificate.path}")
    click.echo(certificate.note)


def as_plain(stated: Mapping[str, Any]) -> dict[str, Any]:
    """The published JSON shape: what is dead, how surely, and who still holds what cannot be destroyed from here."""
    keys = ("effective_at", "assurance", "replicas", "pending_until", "database_wiped")
    facts = {name: stated["facts"][name] for name in ("case", "record", "files", "released", "exports")}
    return facts | {name: stated[name] for name in keys}
