"""Which extracts a hub holds: one row for each file that a source is sent, with the wrapped key of its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from mash_trawl.store.tables import extract


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRow:
    """One extract. `pattern` is the file's name as the source's mapping has it; times are ISO text in UTC.

    `header` and `sha256` are digests, of the names of the columns and of the file as it came.
    """

    id: str
    source: str
    pattern: str
    suffix: str
    as_of: str
    received_at: str
    expires_at: str
    rows: int
    header: str
    sha256: str
    root_id: str
    wrapped: bytes


def extracts(connection: Connection, source: str | None = None) -> list[ExtractRow]:
    """Every extract, or those of one source."""
    query = select(extract).order_by(extract.c.source, extract.c.pattern)
    if source is not None:
        query = query.where(extract.c.source == source)
    return [ExtractRow(**row._mapping) for row in connection.execute(query)]


def put_extract(connection: Connection, row: ExtractRow) -> None:
    """Keep it in the place of an earlier one of the same source and file, inside a write transaction."""
    same = (extract.c.source == row.source) & (extract.c.pattern == row.pattern)
    connection.execute(delete(extract).where(same))
    values = {name: getattr(row, name) for name in ExtractRow.__slots__}
    connection.execute(insert(extract).values(**values))


def drop_extracts(connection: Connection, ids: Iterable[str]) -> None:
    """Forget them and their keys, inside a write transaction."""
    connection.execute(delete(extract).where(extract.c.id.in_(list(ids))))


def rewrap_extract(connection: Connection, row: ExtractRow) -> None:
    """Keep its key as it is wrapped now, inside a write transaction."""
    values = {"wrapped": row.wrapped, "root_id": row.root_id}
    connection.execute(update(extract).where(extract.c.id == row.id).values(**values))
