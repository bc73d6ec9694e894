"""`family held`: every notice and sheet that waits, why, and when somebody looks again; overdue first."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.render.tables import Table
    from mash_trawl.store.notices import TellingRow


def show_held(ctx: click.Context, *, as_json: bool, plain: bool) -> int:
    """Print them; 3 when the review of one is due."""
    from mash_trawl.cli.main import EXIT_INCOMPLETE
    from mash_trawl.cli.place import open_hub
    from mash_trawl.model.moments import local
    from mash_trawl.render.tables import Table, draw

    hub = open_hub(ctx)
    rows, today = held_rows(hub), local(hub.clock()).date()
    if as_json:
        click.echo(json.dumps([_plain(row, today) for row in rows], indent=2))
    else:
        cells = tuple((row.case_id, row.person, row.kind, why_words(row), review_words(row, today)) for row in rows)
        columns = ("case", "person", "letter", "held because", "looked at again")
        draw([Table(title="", columns=columns, rows=cells, empty="Nothing is held.")], sys.stdout, simple=plain)
    return EXIT_INCOMPLETE if any(due(row, today) for row in rows) else 0


def held_rows(hub: Hub, case_id: str | None = None) -> list[TellingRow]:
    """What is held, of living cases: with a case's records its letters are settled too."""
    from mash_trawl.store import custody
    from mash_trawl.store.notices import tellings

    with hub.store.read() as connection:
        gone = {row.case_id for row in custody.tombstones(connection)}
        return [row for row in tellings(connection, "held", case_id) if row.case_id not in gone]


def held_plain(hub: Hub, case_id: str) -> list[dict[str, object]]:
    """What is held of one case, in the published JSON shape."""
    from mash_trawl.model.moments import local

    today = local(hub.clock()).date()
    return [_plain(row, today) for row in held_rows(hub, case_id)]


def held_table(hub: Hub, case_id: str) -> list[Table]:
    """What is held of one case, for its standing; no table when nothing is."""
    from mash_trawl.model.moments import local
    from mash_trawl.render.tables import Table

    rows, today = held_rows(hub, case_id), local(hub.clock()).date()
    cells = tuple((f"{row.person}: {row.kind} held", why_words(row), review_words(row, today)) for row in rows)
    columns = ("letter", "because", "looked at again")
    return [Table(title="Letters to the family that wait", columns=columns, rows=cells, sentences=True)] if rows else []


def due(row: TellingRow, today: date) -> bool:
    """Whether somebody should look at it now."""
    return row.review_on is not None and date.fromisoformat(row.review_on) <= today


def why_words(row: TellingRow) -> str:
    """Why it is held, in words."""
    from mash_trawl.model.telling import HOLDS

    return "; ".join(HOLDS[why] for why in HOLDS if why in row.whys.split(","))


def review_words(row: TellingRow, today: date) -> str:
    """When somebody looks again; that it is overdue stands in words."""
    from mash_trawl.model.shown import day_words

    day = day_words(row.review_on or "")
    if not due(row, today):
        return day
    return f"today, {day}" if row.review_on == today.isoformat() else f"OVERDUE since {day}"


def _plain(row: TellingRow, today: date) -> dict[str, object]:
    return {
        "case": row.case_id, "person": row.person, "kind": row.kind, "number": row.number,
        "why": row.whys.split(","), "review_on": row.review_on, "overdue": due(row, today), "since": row.at,
    }  # fmt: skip
