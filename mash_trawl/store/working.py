"""The key of a case's working copy: one row for a record, of its newest version only."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from mash_trawl.store.custody_tables import working_key


def put_working_key(connection: Connection, record_id: str, version: int, wrapped: bytes) -> None:
    """Keep the key of this version's working copy; that of the version before goes."""
    drop_working_key(connection, record_id)
    connection.execute(insert(working_key).values(record_id=record_id, version=version, wrapped=wrapped))


def working_key_of(connection: Connection, record_id: str, version: int) -> bytes | None:
    """The wrapped key of this version's working copy; None when it has none, or is not the newest."""
    mine = (working_key.c.record_id == record_id) & (working_key.c.version == version)
    wrapped: bytes | None = connection.execute(select(working_key.c.wrapped).where(mine)).scalar_one_or_none()
    return wrapped


def drop_working_key(connection: Connection, record_id: str) -> None:
    """Forget the key, when a version follows or the case is destroyed."""
    connection.execute(delete(working_key).where(working_key.c.record_id == record_id))
