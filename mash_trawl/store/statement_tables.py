"""The tables of signed statements and of approved files. Times are ISO text in UTC.

A row never changes: triggers in both dialects refuse it. Rows go only with their case, when it is destroyed; the
ledger's entry of each stays, so that a row that somebody took away is missed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Index, LargeBinary, Table, Text, event, text

from mash_trawl.store.tables import metadata

# body: the canonical statement that was signed; n: its entry in the ledger; case_id null: about the hub itself.
statement = Table(
    "statement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("n", BigInteger, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Text),
    Column("maker", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Index("statement_of_case", "case_id", "n"),
)

# What each file said as it was approved, to show what changed since. sha256: of this text, which the approval signs.
approved_text = Table(
    "approved_text",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

_SQLITE_FENCE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'a statement never changes'); END
"""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION statement_never_changes() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a statement never changes'; END $$
"""

_POSTGRES_FENCE = """
CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION statement_never_changes()
"""


def _fence(table: Table, connection: Connection, **_: object) -> None:
    """Right after the table is created: triggers that refuse every change to its rows."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRES_FUNCTION))
        connection.execute(text(_POSTGRES_FENCE.format(table=table.name)))
        return
    connection.execute(text(_SQLITE_FENCE.format(table=table.name)))


event.listen(statement, "after_create", _fence)
event.listen(approved_text, "after_create", _fence)
