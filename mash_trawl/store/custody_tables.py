"""The custody tables: who may open which record until when, and what was destroyed. Times are ISO text in UTC.

Wrapped keys are the only copies of what opens a record; `case_key` rows are deleted to destroy.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text, UniqueConstraint

from mash_trawl.store.tables import metadata

custody_meta = Table(
    "custody_meta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("root_id", Text, nullable=False),
    Column("root_epoch", Integer, nullable=False),
    Column("rolled_at", Text, nullable=False),
)

case_key = Table(
    "case_key",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("root_id", Text, nullable=False),
    Column("created", Text, nullable=False),
)

record = Table(
    "record",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("supersedes", Text),
    Column("file_sha256", Text, nullable=False),
    Column("suite", Text, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("case_id", "version"),
)

reader_key = Table(
    "reader_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("reader_id", Text, nullable=False, index=True),
    Column("suite", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("signing_key", LargeBinary),
    Column("status", Text, nullable=False),
    Column("not_before", Text, nullable=False),
    Column("not_after", Text),
    Column("proof_of_possession", LargeBinary),
)

reader_grant = Table(
    "reader_grant",
    metadata,
    Column("record_id", Text, ForeignKey("record.record_id"), primary_key=True),
    Column("reader_id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("not_after", Text),
    Column("wrapped", LargeBinary, nullable=False),
)

export = Table(
    "export",
    metadata,
    Column("record_id", Text, ForeignKey("record.record_id"), primary_key=True),
    Column("copy", Integer, primary_key=True, autoincrement=False),
    Column("reader_id", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("at", Text, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("record_id", Text, ForeignKey("record.record_id"), primary_key=True),
    Column("reader_id", Text, primary_key=True),
    Column("event_n", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("event_n", Integer, nullable=False),
    Column("old_root", Text, nullable=False),
    Column("new_root", Text, nullable=False),
    Column("certificate", Text),
)
