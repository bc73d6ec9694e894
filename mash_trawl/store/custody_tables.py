"""The custody tables: who may open which record until when, and what was destroyed. Times are ISO text in UTC.

Wrapped keys are the only copies of what opens a record; `case_key` rows are deleted to destroy. A case has one opaque
`record_id`, and each sealed file of it a `version`.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Integer, LargeBinary, Table, Text, UniqueConstraint

from mash_trawl.store.tables import metadata

custody_meta = Table(
    "custody_meta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("root_id", Text, nullable=False),
    Column("root_epoch", Integer, nullable=False),
    Column("rolled_at", Text, nullable=False),
)

# fastening: the digest of this case's record and grant rows; the wrap is bound to it and to `latest`.
case_key = Table(
    "case_key",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("record_id", Text, nullable=False, unique=True),
    Column("latest", Integer, nullable=False),
    Column("fastening", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("root_id", Text, nullable=False),
    Column("created", Text, nullable=False),
)

# file: where it was sealed to; part: the finished file that a crash may have left to be renamed to it.
record = Table(
    "record",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False, index=True),
    Column("supersedes", Integer),
    Column("file_sha256", Text, nullable=False, unique=True),
    Column("suite", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed_at", Text, nullable=False),
    Column("file", Text),
    Column("part", Text),
    UniqueConstraint("case_id", "version"),
)

reader_key = Table(
    "reader_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("reader_id", Text, nullable=False, index=True),
    Column("suite", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("signing_key", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("not_before", Text, nullable=False),
    Column("not_after", Text),
    Column("proof_of_possession", LargeBinary, nullable=False),
)

reader_grant = Table(
    "reader_grant",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("reader_id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("not_after", Text),
    Column("policy", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    ForeignKeyConstraint(["record_id", "version"], ["record.record_id", "record.version"]),
)

# The key of the newest version's working copy, wrapped under the case key: a reader alone cannot open it.
working_key = Table(
    "working_key",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

# Whose process was given a record's secret: named in the destruction certificate.
released = Table(
    "released",
    metadata,
    Column("event_n", Integer, primary_key=True, autoincrement=False),
    Column("record_id", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("reader_id", Text, nullable=False),
    Column("at", Text, nullable=False),
)

exported = Table(
    "exported",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("copy", Integer, primary_key=True, autoincrement=False),
    Column("reader_id", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# facts: canonical JSON of what the certificate states; certificate: the signed note, once the old root is gone.
tombstone = Table(
    "tombstone",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("event_n", Integer, nullable=False),
    Column("old_root", Text, nullable=False),
    Column("new_root", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("certificate", Text),
)
