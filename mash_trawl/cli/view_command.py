"""`view`: a product in the browser, from memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.command("view")
@click.argument("record", metavar="RECORD")
@click.option("--reader", help="Whose key opens it (default: yours).")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The reader's key file.")
@click.option("--reason", default="viewed in the browser", show_default=True, help="Why; goes to the ledger.")
@click.option("--no-browser", is_flag=True, help="Print the link instead of opening the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the link as one line of JSON; open no browser.")
@click.pass_context
def command(
    ctx: click.Context, record: str, reader: str | None, key: Path | None, reason: str, no_browser: bool, as_json: bool
) -> None:
    """Show RECORD (a file, a case id for its newest product, or a record's id) in the browser of this machine.

    The page is never written to disk. Its link works once, in one browser; the page is gone after 15 minutes in which
    nobody looked, or with Ctrl-C.
    """
    from mash_trawl.cli.loopback_page import IDLE, LoopbackPage
    from mash_trawl.cli.main import say
    from mash_trawl.cli.open_command import unseal
    from mash_trawl.cli.place import open_hub
    from mash_trawl.config.read import read_value
    from mash_trawl.model.product import Product
    from mash_trawl.render.html import page

    hub = open_hub(ctx)
    opened = unseal(hub, record, reader, key, reason)
    manifest = dict(opened.manifest) | {"reader": reader or hub.actor.id}
    shown = LoopbackPage(page(read_value(Product, opened.body, "product"), manifest))
    if as_json:
        about = {"record": manifest["record"], "version": manifest["version"]}
        click.echo(json.dumps({"link": shown.link, "idle_seconds": int(IDLE)} | about))
        sys.stdout.flush()
    elif no_browser:
        say(f"Open this link, once, in a browser of this machine: {shown.link}")
    else:
        ctx.with_resource(_browser_at(shown.link))
    say("The page ends after 15 minutes in which nobody looked, or with Ctrl-C.")
    try:
        shown.serve()
    except KeyboardInterrupt:
        say("Ended.")
    else:
        say("Nobody looked for 15 minutes: ended.")


@contextmanager
def _browser_at(link: str) -> Iterator[None]:
    """Let the desktop open a file that leads to the link and that no other account can read; say the link if it cannot.

    The file holds the link alone, and goes when the page ends.
    """
    import tempfile
    import webbrowser

    from mash_trawl.cli.loopback_page import FORWARD
    from mash_trawl.cli.main import say

    with tempfile.TemporaryDirectory(prefix="mash-trawl-view-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "view.html"
        file.write_text(FORWARD.format(link), "utf-8")
        try:
            opened = webbrowser.open(file.as_uri())
        except webbrowser.Error:
            opened = False
        if not opened:
            say(f"Open this link, once, in a browser of this machine: {link}")
        yield
