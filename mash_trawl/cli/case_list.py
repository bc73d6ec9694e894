"""`case list`: the cases of a hub, without names."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.standing import Version


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """The cases of this hub: id, profile, priority, when opened, newest product. No names.

    A case that was trawled from elsewhere has no draft here, and is listed with its product alone.
    """
    from mash_trawl.cli.find_case import drafts
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.status_list import undrafted

    hub = open_hub(ctx)
    rows = sorted((_row(hub, file) for file in drafts(hub.folder)), key=lambda row: row["case"] or "")
    rows += [_sealed(ident, version) for ident, version in undrafted(hub, {row["case"] for row in rows})]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        click.echo(f"No case has a draft here. `{command_for(ctx)} case new` makes one.")
    for row in rows:
        click.echo(_line(row))


def _row(hub: Hub, file: Path) -> dict[str, Any]:
    """One draft. One that cannot be read is listed with its file name alone, so that it is not overlooked."""
    from mash_trawl.config.case import load_case
    from mash_trawl.errors import Misconfigured

    try:
        case = load_case(file)
    except Misconfigured as fault:
        return {"file": file.name, "case": None, "problems": len(fault.problems)}
    return {
        "file": file.name, "case": case.id, "profile": case.profile, "rag": case.referral.rag,
        "level": case.referral.level, "opened_at": case.opened_at.isoformat(), "people": len(case.people),
        "product": _newest(hub, case.id),
    }  # fmt: skip


def _sealed(ident: str, version: Version) -> dict[str, Any]:
    """A case without a draft here. Its newest version may be current only: what was destroyed is not listed."""
    return {
        "file": None, "case": ident, "product": {"version": version.version, "state": "current"},
        "sealed_at": version.sealed_at.isoformat(),
    }  # fmt: skip


def _newest(hub: Hub, case: str) -> dict[str, Any] | None:
    from mash_trawl.errors import Refused

    try:
        known = hub.custody.newest(case)
    except Refused:
        return None
    return {"version": known.version, "state": known.state}


def _day(text: str) -> str:
    """The day in the United Kingdom."""
    from mash_trawl.model.moments import earliest_reading, local

    return local(earliest_reading(datetime.fromisoformat(text))).date().isoformat()


def _when(text: str) -> str:
    from mash_trawl.model.shown import instant_words

    return instant_words(text)


def _line(row: dict[str, Any]) -> str:
    if row["case"] is None:
        count = row["problems"]
        return f"{row['file']:24} cannot be read: {count} {'problem' if count == 1 else 'problems'}"
    if row["file"] is None:
        return f"{row['case']:24} no draft here; product v{row['product']['version']} sealed {_when(row['sealed_at'])}"
    product = row["product"]
    sealed = f"product v{product['version']} ({product['state']})" if product else "no product yet"
    people = f"{row['people']} {'person' if row['people'] == 1 else 'people'}"
    colour, opened = row["rag"] or "no colour", _day(row["opened_at"])
    return f"{row['case']:24} {row['profile']:18} {colour:9} {opened} {people:9} {sealed}"
