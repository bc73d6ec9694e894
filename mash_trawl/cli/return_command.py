"""`return`: what a person sent back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE

if TYPE_CHECKING:
    from mash_trawl.model.case import Case
    from mash_trawl.paper.returning import Taken


@click.command("return")
@click.argument("case_text", metavar="CASE")
@click.argument("source", metavar="SOURCE")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received", metavar="WHEN", help="When it came, UK time, where that was earlier (2026-11-22T09:40).")
@click.option("--delete", is_flag=True, help="Delete FILE once it is sealed in.")
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file, where it is not found."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was taken in: ids and counts, no names.")
@click.pass_context
def command(
    ctx: click.Context, case_text: str, source: str, file: Path, received: str | None, delete: bool, key: Path | None,
    as_json: bool,
) -> int:  # fmt: skip
    """Take in FILE, the filled request that SOURCE sent back about CASE, and seal it into the next version.

    Nobody is asked. Nothing is taken in unless the whole file can be read. Ends with 3 when something is still owed.
    """
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.main import say
    from mash_trawl.cli.place import key_of, open_hub
    from mash_trawl.cli.run_command import unlock_for_last

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    at, place = _received(received), key or key_of(hub, hub.actor.id)
    unlock = unlock_for_last(hub, case.id, place)
    done = hub.take_return(case, source, file, received_at=at, unlock=unlock, key=place)
    deleted = delete and _deleted(file)
    if as_json:
        click.echo(json.dumps(as_plain(done, case.id, deleted=deleted), indent=2, ensure_ascii=False))
    else:
        for line in (*_told(done, case), _clear_copy(file, deleted=deleted, asked=delete)):
            say(line)
    return EXIT_INCOMPLETE if done.owed else 0


def _received(text: str | None) -> datetime | None:
    from mash_trawl.errors import Misconfigured, Problem
    from mash_trawl.model.moments import earliest_reading

    if text is None:
        return None
    try:
        return earliest_reading(datetime.fromisoformat(text))
    except ValueError:
        do = "Write it like 2026-11-22T09:40 (UK time)."
        raise Misconfigured(Problem(where="--received", what="that is no date and time.", do=do)) from None


def _deleted(file: Path) -> bool:
    try:
        file.unlink()
    except OSError:
        return False
    return True


def _clear_copy(file: Path, *, deleted: bool, asked: bool) -> str:
    if deleted:
        return f"Deleted {file}. Copies in mail and downloads are still there."
    begin = "It could not be deleted" if asked else "What came lies sealed in the product"
    return f"{begin}: delete {file} now, and the mail that it came with."


def _told(done: Taken, case: Case) -> Iterator[str]:
    """What was taken in and what was not, in words; people by their ids."""
    from mash_trawl.render.grouping import count

    one = done.returned
    found = sum(len(said.findings) for said in one.stated)
    late = f", {one.late_words} late" if one.late_words else ""
    version = done.result.sealed.version
    yield (
        f"Took in the return to request {one.request}{late}: {count(len(one.stated), 'answer')}, "
        f"{count(found, 'record')}. Sealed version {version}; nobody was asked anything."
    )
    for word, begin in (("nothing_held", "Searched, nothing held"), ("refused", "Refused")):
        kinds = [f"{said.category} ({said.person})" for said in one.stated if said.said == word]
        if kinds:
            yield f"{begin}: {', '.join(kinds)}."
    if one.not_sure:
        yield f"Not sure who is meant: {', '.join(one.not_sure)}. Nothing was taken in about them."
    if done.left_out:
        yield f"Not read, for it may no longer be asked for: {_listed(done.left_out)}."
    if done.owed:
        yield f"Still owed: {_listed(done.owed)}."


def _listed(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{category} ({person})" for person, category in pairs)


def as_plain(done: Taken, case: str, *, deleted: bool) -> dict[str, Any]:
    """The published JSON shape: ids, codes and counts; nothing that the return says."""
    from mash_trawl.model.base import to_plain

    one = done.returned
    return {
        "case": case, "request": one.request, "source": one.source, "received_at": to_plain(one.at),
        "late": one.late_words,
        "stated": [{"person": said.person, "category": said.category, "said": said.said, "findings": len(said.findings)}
                   for said in one.stated],
        "not_sure": list(one.not_sure), "left_out": _pairs(done.left_out), "owed": _pairs(done.owed),
        "product": str(done.result.path), "version": done.result.sealed.version, "deleted": deleted,
    }  # fmt: skip


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"person": person, "category": category} for person, category in pairs]
