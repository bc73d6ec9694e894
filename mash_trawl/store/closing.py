"""Versions that are closed to every reader: a mark on custody's rows, over an open transaction."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, update

from mash_trawl.store.custody_tables import record


def close_versions(connection: Connection, record_id: str, versions: Collection[int]) -> None:
    """Mark versions of a record as closed. What opens them stays where it is."""
    mine = update(record).where(record.c.record_id == record_id, record.c.version.in_(sorted(versions)))
    connection.execute(mine.values(state="closed"))
