"""Whether each source may be asked, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mash_trawl.model.shown import instant_words
from mash_trawl.render.grouping import count
from mash_trawl.render.tables import Table


def source_tables(rows: Sequence[Mapping[str, Any]]) -> list[Table]:
    """One row for each source: its state in words, and of a suspended one by whom, when and why."""
    open_now = sum(row["state"] == "open" for row in rows)
    head = f"{count(len(rows), 'source')}; {open_now} may be asked, where a decision permits it."
    table = Table(title="", columns=("source", "state", "why"), rows=tuple(map(_row, rows)), empty="No source.")
    return [Table(title="", notes=(head,)), table]


def _row(row: Mapping[str, Any]) -> tuple[str, str, str]:
    name = f"{row['name']} ({row['agency']})"
    if row["state"] == "open":
        failures = row.get("failures")
        why = f"failed {count(failures, 'time')} in a row" if failures else ""
        if row.get("left_alone_until"):
            return name, f"left alone until {instant_words(row['left_alone_until'])}", why
        return name, "may be asked", why
    if row["state"] == "suspended":
        since = f" since {instant_words(row['at'])}" if row["at"] else ""
        return name, f"SUSPENDED by {row['by']}{since}", row["reason"] or ""
    return name, "cannot be asked", (row["why"] or "").replace("_", " ")
