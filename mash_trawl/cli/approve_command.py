"""`approve`: sign that a file of the hub's configuration may count as it is, after seeing what changed in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.main import say
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import shell_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mash_trawl.config.approvals import Document
    from mash_trawl.hub import Hub
    from mash_trawl.model.statement import Approval


@click.command("approve")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file, where it is not found."
)
@click.option("--yes", "sure", is_flag=True, help="Sign without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], key: Path | None, sure: bool, as_json: bool) -> None:
    """Approve FILE as it is: hub.yaml, a profile, mapping, agreement or threshold file. Without FILE: what needs it.

    It shows what changed since the file was last approved, then asks.
    """
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.signing import sign_all, told
    from mash_trawl.config.approvals import approved_now, documents
    from mash_trawl.saying import hear

    hub = open_hub(ctx)
    found = documents(hub.settings, hub.folder, parsed=[(paper.name, paper.sha256) for paper in hub.papers])
    standing = approved_now(hear(hub, None)[0])
    if not files:
        _list(found, standing, as_json, command_for(ctx))
        return
    hub.require("approve")
    named = [_named(found, hub.folder, text) for text in dict.fromkeys(files)]
    signings = [(_approval(hub, document), _lines(hub, document, standing)) for document in named]
    contents = [document.text.encode("utf-8") for document in named]
    made = sign_all(hub, signings, None, key=key, sure=sure, contents=contents)
    told(None, made, as_json)


def _list(found: Sequence[Document], standing: Mapping[str, Approval], as_json: bool, begins: str) -> None:
    """Every file that decisions rest on, whether it is approved as it is, and the command that signs all that are not.

    hub.yaml comes first there: its first approval says whose other approvals count.
    """
    rows = [{"file": item.name, "sha256": item.sha256, "state": state(item, standing)} for item in found]
    if as_json:
        click.echo(json.dumps({"files": rows}, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['state']:9} {row['sha256'][:16]} {row['file']}")
    waiting = " ".join(shell_word(row["file"]) for row in rows if row["state"] != "approved")
    if waiting:
        say("All that is not approved, looked at in one go and signed with one passphrase:")
        say(f"`{begins} approve {waiting}`")


def state(document: Document, standing: Mapping[str, Approval]) -> str:
    """`approved`, `changed` since, or `never` approved."""
    last = standing.get(document.name)
    if last is None:
        return "never"
    return "approved" if last.sha256 == document.sha256 else "changed"


def _named(found: Sequence[Document], folder: Path, text: str) -> Document:
    """The file of this name, or that this path leads to. Misconfigured for one that no decision rests on."""
    path = Path(text).resolve()
    for document in found:
        if text == document.name or path == (folder / document.name).resolve():
            return document
    what = "no decision of this hub rests on this file, so there is nothing to approve."
    raise Misconfigured(Problem(where="FILE", what=what, do="`mash-trawl approve` lists the files."))


def where(document: Document, folder: Path) -> Path:
    """The full path of the file, also of one that came with the program."""
    from mash_trawl.config.approvals import PACKAGED
    from mash_trawl.config.chain import profile_folders

    if not document.name.startswith(PACKAGED):
        return (folder / document.name).resolve()
    name = document.name.removeprefix(PACKAGED)
    found = [home / name for home in profile_folders(None) if (home / name).is_file()]
    same = (file for file in found if hashlib.sha256(file.read_bytes()).hexdigest() == document.sha256)
    return next(same, Path(name)).resolve()


def _approval(hub: Hub, document: Document) -> Approval:
    """What is signed; of hub.yaml also who may approve the next one, by that very file."""
    from mash_trawl.config.approvals import HUB_FILE
    from mash_trawl.model.roles import holders
    from mash_trawl.model.statement import Approval

    if document.name != HUB_FILE:
        return Approval(file=document.name, sha256=document.sha256)
    approvers = tuple(sorted(person.id for person in holders("approve", hub.settings)))
    return Approval(file=document.name, sha256=document.sha256, approvers=approvers)


def _lines(hub: Hub, document: Document, standing: Mapping[str, Approval]) -> Iterator[str]:
    """Name, digest, what changed since the last approval; for hub.yaml who may approve next."""
    from mash_trawl.config.approvals import HUB_FILE

    yield f"{document.name} counts as it is now. SHA-256 of its bytes: {document.sha256}"
    yield f"To read it: {where(document, hub.folder)} ({len(document.text.splitlines())} lines)"
    last = standing.get(document.name)
    if last is None:
        yield "It was never approved before."
    elif last.sha256 == document.sha256:
        yield "It was approved like this before; nothing changed."
    else:
        yield from _changed(hub, document, last)
    if document.name == HUB_FILE:
        from mash_trawl.model.roles import holders

        yield f"Who may approve from now on: {', '.join(person.id for person in holders('approve', hub.settings))}."
        if last is None:
            yield "This is the first approval of hub.yaml in this hub: nobody vouches for it but you."


def _changed(hub: Hub, document: Document, last: Approval) -> Iterator[str]:
    """The lines that were taken out and put in, or why nobody can say which."""
    import difflib

    from mash_trawl.config.approvals import HUB_FILE
    from mash_trawl.config.masking import HIDDEN, masked
    from mash_trawl.errors import Refused
    from mash_trawl.saying import kept_text

    try:
        before = kept_text(hub, last)
    except Refused as refusal:
        yield f"It changed since it was last approved. Do not sign unless you know how: {refusal}."
        return
    if before is None:
        yield "It changed since it was last approved; what it was then is not kept here."
        return
    now = masked(document.text) if document.name == HUB_FILE else document.text
    yield "What changed since it was last approved:"
    old, new = before.decode("utf-8", "replace").splitlines(), now.splitlines()
    yield from (f"  {line}" for line in difflib.unified_diff(old, new, "approved", "now", lineterm="", n=1))
    if document.name == HUB_FILE and HIDDEN in now:
        yield f"Where {HIDDEN} stands, a login may have changed too: it is neither kept nor shown."
