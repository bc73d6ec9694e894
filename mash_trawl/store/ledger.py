"""The ledger's rows: entries, their private parts, and the checkpoint of each commit. Only `audit` calls this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, LargeBinary, Row, cast, func, insert, literal, select

from mash_trawl.model.base import Private
from mash_trawl.store.tables import audit_checkpoint, audit_entry, audit_private

PAGE = 2000
"""Rows fetched at once when the whole ledger is walked."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoredEntry(Private):
    """One entry as stored: canonical bytes, its 32-byte hashes (leaf first), and its private part unless erased."""

    n: int
    kind: str
    entry: bytes
    hashes: bytes
    salt: bytes | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCheckpoint:
    """The signed note of one commit, with what the next one goes on from. `at` is the last entry's time."""

    size: int
    at: str
    frontier: bytes
    note: str


def _raw(column: Column[Any]) -> ColumnElement[bytes]:
    """A column as plain bytes: SQLite would let somebody put text where bytes belong, and reading must not trip."""
    return cast(column, LargeBinary).label(column.name)


_ENTRY = (audit_entry.c.n, *map(_raw, (audit_entry.c.kind, audit_entry.c.entry, audit_entry.c.hashes)))
_PRIVATE = tuple(map(_raw, (audit_private.c.salt, audit_private.c.body)))
_CHECKPOINT = (
    audit_checkpoint.c.size,
    *map(_raw, (audit_checkpoint.c.at, audit_checkpoint.c.frontier, audit_checkpoint.c.note)),
)


def _entry(row: Row[Any]) -> StoredEntry:
    """The columns of `_ENTRY`, and of `_PRIVATE` where they were asked for; somebody may have forced in a null."""
    values: tuple[Any, ...] = tuple(row)
    n, kind, entry, hashes = values[:4]
    salt, body = values[4:] or (None, None)
    kind = (kind or b"").decode(errors="replace")
    return StoredEntry(n=n, kind=kind, entry=entry or b"", hashes=hashes or b"", salt=salt, body=body)


def _checkpoint(row: Row[Any]) -> StoredCheckpoint:
    at, note = ((value or b"").decode(errors="replace") for value in (row.at, row.note))
    return StoredCheckpoint(size=row.size, at=at, frontier=row.frontier or b"", note=note)


def append(connection: Connection, entries: Sequence[StoredEntry]) -> None:
    """Insert entries, and their private parts into the table from which they may later be erased."""
    rows = [{"n": row.n, "kind": row.kind, "entry": row.entry, "hashes": row.hashes} for row in entries]
    connection.execute(insert(audit_entry), rows)
    private = [{"n": row.n, "salt": row.salt, "body": row.body} for row in entries if row.body is not None]
    if private:
        connection.execute(insert(audit_private), private)


def add_checkpoint(connection: Connection, checkpoint: StoredCheckpoint) -> None:
    """Insert the checkpoint that closes this commit."""
    connection.execute(
        insert(audit_checkpoint).values(
            size=checkpoint.size, at=checkpoint.at, frontier=checkpoint.frontier, note=checkpoint.note
        )
    )


def newest_checkpoint(connection: Connection) -> StoredCheckpoint | None:
    """The checkpoint of the last commit; None in an empty ledger."""
    newest = select(*_CHECKPOINT).order_by(audit_checkpoint.c.size.desc()).limit(1)
    row = connection.execute(newest).first()
    return None if row is None else _checkpoint(row)


def checkpoints(connection: Connection) -> Iterator[StoredCheckpoint]:
    """Every checkpoint, oldest first."""
    last = -1
    while True:
        column = audit_checkpoint.c.size
        page = connection.execute(select(*_CHECKPOINT).where(column > last).order_by(column).limit(PAGE)).all()
        for row in page:
            yield _checkpoint(row)
        if len(page) < PAGE:
            return
        last = page[-1].size


def entries(connection: Connection, kind: str | None = None, holding: bytes = b"") -> Iterator[StoredEntry]:
    """Every entry in order, of one kind or of all, with its private part where it has not been erased.

    With `holding` only those whose own bytes hold this; the others never leave the database.
    """
    both = audit_entry.outerjoin(audit_private, audit_private.c.n == audit_entry.c.n)
    whole = select(*_ENTRY, *_PRIVATE).select_from(both)
    if kind is not None:
        whole = whole.where(audit_entry.c.kind == kind)
    if holding:
        whole = whole.where(holds(connection, holding))
    last = None
    while True:
        query = whole if last is None else whole.where(audit_entry.c.n > last)
        page = connection.execute(query.order_by(audit_entry.c.n).limit(PAGE)).all()
        for row in page:
            yield _entry(row)
        if len(page) < PAGE:
            return
        last = page[-1].n


def holds(connection: Connection, part: bytes) -> ColumnElement[bool]:
    """Whether an entry's bytes hold this; looked for in the database."""
    looked_for = literal(part, LargeBinary)
    if connection.dialect.name == "postgresql":
        return func.position(looked_for.op("IN")(audit_entry.c.entry)) > 0
    return func.instr(audit_entry.c.entry, looked_for) > 0


def entry_at(connection: Connection, n: int) -> StoredEntry | None:
    """The entry with this number, without its private part."""
    row = connection.execute(select(*_ENTRY).where(audit_entry.c.n == n)).first()
    return None if row is None else _entry(row)


def hashes(connection: Connection, numbers: Iterable[int]) -> dict[int, bytes]:
    """The stored hashes of these entries, by number."""
    query = select(audit_entry.c.n, audit_entry.c.hashes).where(audit_entry.c.n.in_(list(numbers)))
    return {row.n: bytes(row.hashes) for row in connection.execute(query)}


def orphans(connection: Connection) -> list[int]:
    """The first numbers of private parts whose entry is not there: somebody put them in, or took the entry away."""
    query = select(audit_private.c.n).where(audit_private.c.n.not_in(select(audit_entry.c.n)))
    return list(connection.execute(query.order_by(audit_private.c.n).limit(10)).scalars())
