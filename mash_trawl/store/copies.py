"""How many copies custody knows of, over all cases: numbers only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from mash_trawl.store.custody_tables import exported, record, tombstone
from mash_trawl.store.tables import audit_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """`sealed`: versions whose key is alive; `plain`: exports; `printed`: sheets about a case; `destroyed`: cases."""

    sealed: int
    plain: int
    printed: int
    destroyed: int


def copies(connection: Connection) -> Copies:
    """All of them, counted now."""

    def number(table: object, *where: object) -> int:
        query = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type]  # tables of one schema
        return int(connection.execute(query).scalar() or 0)

    return Copies(
        sealed=number(record, record.c.state != "destroyed"),
        plain=number(exported),
        printed=number(audit_entry, audit_entry.c.kind == "record.printed"),
        destroyed=number(tombstone),
    )
