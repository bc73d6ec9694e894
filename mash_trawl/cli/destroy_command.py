"""`destroy`: the end of a case's products."""

from __future__ import annotations

import sys

import click


@click.command("destroy")
@click.argument("case_id", metavar="CASE")
@click.option("--reason", required=True, help="Why, for example: keyworker appointed. Goes to the ledger.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_context
def command(ctx: click.Context, case_id: str, reason: str, yes: bool) -> None:
    """Destroy every sealed product of the case with the id CASE, in every copy, for good."""
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import open_hub
    from mash_trawl.errors import Misconfigured, Problem
    from mash_trawl.vault.certificate import in_words, read_certificate

    hub = open_hub(ctx)
    hub.require("destroy")
    if not yes and not sys.stdin.isatty():
        raise Misconfigured(Problem(where="destroy", what="nobody is there to confirm it.", do="Say `--yes`."))
    if not yes:
        click.confirm(
            "Every sealed product of this case becomes unreadable, for everybody, for good. Go on?",
            abort=True,
            err=True,
        )
    certificate = hub.custody.destroy(case_id, hub.actor.id, reason)
    for sentence in in_words(read_certificate(certificate.note, [hub.signer.verifier])):
        say(sentence)
    say(f"The certificate, for the case file: {certificate.path}")
    click.echo(certificate.note)
