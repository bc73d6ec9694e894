"""What the shell offers when a person presses Tab: ids of cases and records, names of sources; never a person's."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from mash_trawl.errors import TrawlError


def teach(command: click.Command) -> click.Command:
    """The command with what to offer for each argument that stands for a case, a record or a source; its parts too."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            teach(part)
    for parameter in command.params:
        metavar = (parameter.metavar or "").strip("[].")
        if metavar in ("CASE", "CASES"):
            parameter._custom_shell_complete = cases
        elif metavar == "RECORD":
            parameter._custom_shell_complete = records
        elif metavar == "SOURCE":
            parameter._custom_shell_complete = sources
    return command


def cases(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the hub's drafts that begin so, and files."""
    from mash_trawl.cli.find_case import case_id, drafts

    folder = _hub(ctx)
    found = (case_id(file) for file in drafts(folder)) if folder else ()
    ids = [CompletionItem(ident) for ident in found if ident and ident.startswith(incomplete)]
    return [*ids, CompletionItem(incomplete, type="file")]


def records(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `cases` offers, and once something is typed the ids of the records that lie in the hub's own folder."""
    folder = _hub(ctx)
    files = (folder / "records").glob("*-v*.mtr") if folder and incomplete else ()
    ids = sorted({file.name.partition("-v")[0] for file in files if file.name.startswith(incomplete)})
    return [*map(CompletionItem, ids), *cases(ctx, parameter, incomplete)]


def sources(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The hub's sources that begin so, and `all`."""
    from mash_trawl.config.hubfile import load_hub_file

    folder = _hub(ctx)
    if folder is None:
        return []
    try:
        names = [source.name for source in load_hub_file(folder / "hub.yaml").sources]
    except TrawlError:
        return []
    return [CompletionItem(name) for name in (*names, "all") if name.startswith(incomplete)]


def _hub(ctx: click.Context) -> Path | None:
    """The hub that the line names; Tab asks nothing and says nothing when there is none."""
    from mash_trawl.cli.place import hub_folder

    given = ctx.find_root().params.get("hub") or os.environ.get("MASH_TRAWL_HUB")
    try:
        return hub_folder(Path(given) if given else None)
    except TrawlError:
        return None
