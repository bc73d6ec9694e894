"""`request`: the sheet for a source that is a person."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.paper.requesting import Sheet

FORMS = ("xlsx", "html")


@click.command("request")
@click.argument("case_text", metavar="CASE")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--to", "to", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to."
)
@click.option(
    "--form", type=click.Choice(["both", "xlsx", "html"]), default="both", show_default=True, help="Which file."
)
@click.option("--again", is_flag=True, help="Ask also what was answered before.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written: ids, counts, files; no names.")
@click.pass_context
def command(ctx: click.Context, case_text: str, source: str, to: Path, form: str, again: bool, as_json: bool) -> None:
    """Write the request to SOURCE, a person, about CASE: what may be asked of them and is not answered yet.

    One workbook and one page for the same questions; the return of either is taken in by `return`.
    """
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.system import shell_word

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    _usable(to)
    sheet = hub.make_request(case, source, again=again)
    files = write_sheet(sheet, to, FORMS if form == "both" else (form,))
    if as_json:
        click.echo(json.dumps(as_plain(sheet, case.id, files), indent=2, ensure_ascii=False))
        return
    for line in _told(sheet, files):
        say(line)
    words = f"{command_for(ctx)} return {shell_word(case.id)} {shell_word(source)} FILE"
    say(f"When it comes back: `{words}`. Until then: `{command_for(ctx)} returns`.")


def _usable(folder: Path) -> None:
    """Before anything is in the ledger: a folder that takes files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise Misconfigured(
            Problem(where=str(folder), what="this folder is not yours to write in.", do="Name another.")
        )


def write_sheet(sheet: Sheet, folder: Path, forms: tuple[str, ...]) -> tuple[Path, ...]:
    """The files of a request: new ones, for this account alone, with the request's opaque id as their name."""
    from mash_trawl.render.request_book import request_book
    from mash_trawl.render.request_page import request_page

    made = {
        "xlsx": lambda: request_book(sheet.request, sheet.content, sheet.signature, sheet.key),
        "html": lambda: request_page(sheet.request, sheet.content, sheet.signature).encode("utf-8"),
    }
    files = [folder / f"request-{sheet.request.id}.{form}" for form in forms]
    try:
        for file in files:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(made[file.suffix[1:]]())
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise
    return tuple(files)


def _told(sheet: Sheet, files: tuple[Path, ...]) -> list[str]:
    from mash_trawl.render.grouping import count
    from mash_trawl.render.request_words import head

    request, facts = sheet.request, dict(head(sheet.request))
    about = f"{count(len(request.lines), 'question')} about {count(len(request.people), 'person', 'people')}"
    return [
        f"Request {request.id} to {facts['To']}: {about}. Due: {facts['Due']}",
        *(f"Wrote {file}" for file in files),
        "Both are plain copies with personal data: send one of them safely, and delete them here once it is sent."
        if len(files) > 1 else
        "It is a plain copy with personal data: send it safely, and delete it here once it is sent.",
    ]  # fmt: skip


def as_plain(sheet: Sheet, case: str, files: tuple[Path, ...]) -> dict[str, Any]:
    """The published JSON shape: ids, categories and files; nothing of the people."""
    request = sheet.request
    return {
        "case": case, "request": request.id, "source": request.source, "due": request.due or None,
        "lines": [{"number": one.number, "person": one.person, "category": one.category, "since": one.since or None}
                  for one in request.lines],
        "files": [str(file) for file in files],
    }  # fmt: skip
