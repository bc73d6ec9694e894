"""The tables of the hub's own database, the same on SQLite and PostgreSQL. Times are ISO text in UTC.

The ledger's tables only grow: triggers in both dialects refuse to change or delete a row. The one exception is
`audit_private`, whose rows may be deleted when their time is over; the tree over the entries verifies without them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, MetaData, Table, Text, event, text

SCHEMA_VERSION = 1

metadata = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")  # in SQLite only INTEGER is the row's own key

schema_version = Table(
    "schema_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

# hashes: the leaf's hash, then the hash of every inner node that this leaf completed, lowest level first (32 B each).
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("n", _Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False, index=True),
    Column("entry", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
)

audit_private = Table(
    "audit_private",
    metadata,
    Column("n", _Number, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# One row for each commit: the signed checkpoint, and the roots of the whole subtrees from which the next entry goes on.
audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("size", _Number, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)

breaker = Table(
    "breaker",
    metadata,
    Column("source", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("opened_at", Text),
)

# The newest extract of each file that a source is sent; its content lies beside the database, closed under `wrapped`.
extract = Table(
    "extract",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("pattern", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("header", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("root_id", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

_SQLITE_FENCE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END
"""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger only grows'; END $$
"""

_POSTGRES_FENCE = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows()
"""


def _fence(table: Table, connection: Connection, **_: object) -> None:
    """Right after the ledger's table is created: triggers that refuse every change to its rows."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRES_FUNCTION))
        connection.execute(text(_POSTGRES_FENCE.format(table=table.name)))
        return
    for verb in ("UPDATE", "DELETE"):
        connection.execute(text(_SQLITE_FENCE.format(table=table.name, verb=verb)))


event.listen(audit_entry, "after_create", _fence)
event.listen(audit_checkpoint, "after_create", _fence)
