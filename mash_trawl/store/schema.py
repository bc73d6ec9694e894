"""Make the tables that are missing; refuse a database made by a newer version of this program."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.store.tables import SCHEMA_VERSION, metadata, schema_version


def is_ready(connection: Connection) -> bool:
    """Whether every table is there, in this version; Misconfigured when the database is newer than the program."""
    there = set(inspect(connection).get_table_names())
    if schema_version.name not in there:
        return False
    version = connection.execute(select(schema_version.c.version)).scalar_one_or_none()
    if version is not None and version > SCHEMA_VERSION:
        raise Misconfigured(
            Problem(
                where="database",
                what=f"it was made by a newer mash-trawl (schema {version}, this one knows {SCHEMA_VERSION}).",
                do="Install that version, or name another database.",
            )
        )
    return version == SCHEMA_VERSION and set(metadata.tables) <= there


def create(connection: Connection) -> None:
    """Create the missing tables and fences inside a write transaction; a second caller finds them there."""
    if is_ready(connection):
        return
    metadata.create_all(connection)
    if connection.execute(select(schema_version.c.version)).first() is None:
        connection.execute(insert(schema_version).values(id=1, version=SCHEMA_VERSION))
