"""Custody's rows: functions over an open transaction. Only `vault` calls this; it knows what the bytes mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from mash_trawl.model.base import Private
from mash_trawl.store.custody_tables import (
    case_key,
    custody_meta,
    exported,
    reader_grant,
    reader_key,
    record,
    released,
    tombstone,
    working_key,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RootRow:
    """Which root wraps every case key, and how often it was rolled."""

    root_id: str
    root_epoch: int
    rolled_at: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseKeyRow(Private):
    """A case's key as wrapped by the root, bound to its newest version and to the digest of its rows."""

    case_id: str
    record_id: str
    latest: int
    fastening: str
    wrapped: bytes
    root_id: str
    created: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordRow(Private):
    """One sealed file. `state` is live, superseded, closed or destroyed; `file` and `part` say where it was put."""

    record_id: str
    version: int
    case_id: str
    supersedes: int | None
    file_sha256: str
    suite: str
    state: str
    sealed_at: str
    file: str | None
    part: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderKeyRow:
    """A reader's public keys as enrolled, with the proof that binds them to the reader."""

    key_id: str
    reader_id: str
    suite: str
    public_key: bytes
    signing_key: bytes
    status: str
    not_before: str
    not_after: str | None
    proof_of_possession: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GrantRow(Private):
    """One reader's way into one version; `wrapped` is the record secret under the case key and the reader's key."""

    record_id: str
    version: int
    reader_id: str
    key_id: str
    role: str
    not_after: str | None
    policy: str
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """A reader's process was given a version's secret at a time."""

    event_n: int
    record_id: str
    version: int
    reader_id: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A plain copy was made: its number within the record, by whom, in which format."""

    record_id: str
    copy: int
    reader_id: str
    format: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TombstoneRow(Private):
    """A destroyed case; `certificate` is None until the old root is gone from every replica."""

    case_id: str
    record_id: str
    event_n: int
    old_root: str
    new_root: str
    facts: str
    certificate: str | None


def root(connection: Connection) -> RootRow | None:
    """The root that the rows are wrapped under; None in a new hub."""
    row = connection.execute(select(custody_meta)).first()
    return None if row is None else RootRow(root_id=row.root_id, root_epoch=row.root_epoch, rolled_at=row.rolled_at)


def set_root(connection: Connection, row: RootRow) -> None:
    """Name the root that wraps every case key from now on."""
    connection.execute(delete(custody_meta))
    connection.execute(insert(custody_meta).values(id=1, **asdict(row)))


def case_keys(connection: Connection) -> list[CaseKeyRow]:
    """Every live case's key row."""
    rows = connection.execute(select(case_key).order_by(case_key.c.case_id))
    return [CaseKeyRow(**_plain(row)) for row in rows]


def case_key_of(connection: Connection, case_id: str) -> CaseKeyRow | None:
    """The key row of a case; None when it was never sealed, or is destroyed."""
    row = connection.execute(select(case_key).where(case_key.c.case_id == case_id)).first()
    return None if row is None else CaseKeyRow(**_plain(row))


def put_case_key(connection: Connection, row: CaseKeyRow) -> None:
    """Insert a case's key row, or write the new one over the old."""
    connection.execute(delete(case_key).where(case_key.c.case_id == row.case_id))
    connection.execute(insert(case_key).values(**asdict(row)))


def rewrap_case_keys(connection: Connection, moved: Sequence[CaseKeyRow]) -> None:
    """Write the new wraps of many case keys: nothing else of the rows changes."""
    if moved:
        one = update(case_key).where(case_key.c.case_id == bindparam("of"))
        values = [{"of": row.case_id, "wrapped": row.wrapped, "root_id": row.root_id} for row in moved]
        connection.execute(one.values(wrapped=bindparam("wrapped"), root_id=bindparam("root_id")), values)


def delete_case(connection: Connection, case_id: str, record_id: str) -> None:
    """The deletion at the heart of a destruction: keys and grants go, the record rows stay as destroyed."""
    connection.execute(delete(reader_grant).where(reader_grant.c.record_id == record_id))
    connection.execute(delete(case_key).where(case_key.c.case_id == case_id))
    connection.execute(delete(working_key).where(working_key.c.record_id == record_id))
    gone = update(record).where(record.c.case_id == case_id)
    connection.execute(gone.values(state="destroyed", file=None, part=None))


def add_record(connection: Connection, row: RecordRow) -> None:
    """Insert a sealed version as live; the versions before it become superseded."""
    earlier = update(record).where(record.c.record_id == row.record_id, record.c.state == "live")
    connection.execute(earlier.values(state="superseded"))
    connection.execute(insert(record).values(**asdict(row)))


def records(connection: Connection, record_id: str | None = None) -> list[RecordRow]:
    """The sealed versions of a record, oldest first; of all records without an id."""
    query = select(record).order_by(record.c.record_id, record.c.version)
    if record_id is not None:
        query = query.where(record.c.record_id == record_id)
    return [RecordRow(**_plain(row)) for row in connection.execute(query)]


def record_with(connection: Connection, file_sha256: str) -> RecordRow | None:
    """The version whose file has this hash."""
    row = connection.execute(select(record).where(record.c.file_sha256 == file_sha256)).first()
    return None if row is None else RecordRow(**_plain(row))


def records_of_case(connection: Connection, case_id: str) -> list[RecordRow]:
    """The sealed versions of a case, oldest first."""
    query = select(record).where(record.c.case_id == case_id).order_by(record.c.version)
    return [RecordRow(**_plain(row)) for row in connection.execute(query)]


def unplaced(connection: Connection) -> list[RecordRow]:
    """The versions whose file may still wait for its name."""
    query = select(record).where(record.c.part.is_not(None)).order_by(record.c.record_id, record.c.version)
    return [RecordRow(**_plain(row)) for row in connection.execute(query)]


def placed(connection: Connection, row: RecordRow) -> None:
    """Remember that a version's file has its name."""
    mine = update(record).where(record.c.record_id == row.record_id, record.c.version == row.version)
    connection.execute(mine.values(part=None))


def grants(connection: Connection, record_id: str) -> list[GrantRow]:
    """Every grant on any version of a record, in the order that its digest uses."""
    query = select(reader_grant).where(reader_grant.c.record_id == record_id)
    rows = [GrantRow(**_plain(row)) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: (row.version, row.reader_id))


def put_grants(connection: Connection, rows: Iterable[GrantRow]) -> None:
    """Insert grants; one that the reader already had on that version is replaced."""
    for row in rows:
        remove_grants(connection, row.record_id, row.reader_id, row.version)
        connection.execute(insert(reader_grant).values(**asdict(row)))


def remove_grants(connection: Connection, record_id: str, reader_id: str, version: int | None = None) -> int:
    """Delete a reader's grants on one version, or on all; how many there were."""
    gone = delete(reader_grant).where(reader_grant.c.record_id == record_id, reader_grant.c.reader_id == reader_id)
    if version is not None:
        gone = gone.where(reader_grant.c.version == version)
    return connection.execute(gone).rowcount


def reader_keys(connection: Connection, reader_id: str | None = None) -> list[ReaderKeyRow]:
    """The keys enrolled for a reader, oldest first; for everybody without an id."""
    query = select(reader_key).order_by(reader_key.c.not_before)
    if reader_id is not None:
        query = query.where(reader_key.c.reader_id == reader_id)
    return [ReaderKeyRow(**_plain(row)) for row in connection.execute(query)]


def add_reader_key(connection: Connection, row: ReaderKeyRow) -> None:
    """Insert a reader's public keys."""
    connection.execute(insert(reader_key).values(**asdict(row)))


def add_release(connection: Connection, row: ReleaseRow) -> None:
    """Remember whose process was given a secret."""
    connection.execute(insert(released).values(**asdict(row)))


def releases(connection: Connection, record_id: str) -> list[ReleaseRow]:
    """Every release of a record's secrets, in order."""
    query = select(released).where(released.c.record_id == record_id).order_by(released.c.event_n)
    return [ReleaseRow(**_plain(row)) for row in connection.execute(query)]


def add_export(connection: Connection, row: ExportRow) -> None:
    """Remember a plain copy."""
    connection.execute(insert(exported).values(**asdict(row)))


def exports(connection: Connection, record_id: str) -> list[ExportRow]:
    """Every plain copy of a record, by number."""
    query = select(exported).where(exported.c.record_id == record_id).order_by(exported.c.copy)
    return [ExportRow(**_plain(row)) for row in connection.execute(query)]


def next_copy(connection: Connection, record_id: str) -> int:
    """The number of a record's next plain copy: 1, 2, 3."""
    newest = select(func.max(exported.c.copy)).where(exported.c.record_id == record_id)
    return int(connection.execute(newest).scalar() or 0) + 1


def add_tombstone(connection: Connection, row: TombstoneRow) -> None:
    """Mark a case as destroyed for ever."""
    connection.execute(insert(tombstone).values(**asdict(row)))


def tombstone_of(connection: Connection, case_id: str) -> TombstoneRow | None:
    """The tombstone of a case, if it was destroyed."""
    row = connection.execute(select(tombstone).where(tombstone.c.case_id == case_id)).first()
    return None if row is None else TombstoneRow(**_plain(row))


def tombstones(connection: Connection) -> list[TombstoneRow]:
    """Every destroyed case, in the order of destruction."""
    return [TombstoneRow(**_plain(row)) for row in connection.execute(select(tombstone).order_by(tombstone.c.event_n))]


def certify(connection: Connection, case_id: str, certificate: str) -> None:
    """Keep the signed certificate."""
    connection.execute(update(tombstone).where(tombstone.c.case_id == case_id).values(certificate=certificate))


def _plain(row: Any) -> dict[str, Any]:
    """A row's values by column; PostgreSQL and SQLite both give bytes for keys."""
    return dict(row._mapping)
