"""The rows of signed statements: functions over an open transaction. What the bytes mean, `audit` knows."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from mash_trawl.errors import Refused
from mash_trawl.model.base import Private
from mash_trawl.store.ledger import holds
from mash_trawl.store.statement_tables import approved_text, statement
from mash_trawl.store.tables import audit_entry

SIGNED = "statement.signed"
"""The kind of ledger entry that belongs to every row."""
NEVER_PRIVATE = b'"priv":null'
"""In the canonical bytes of an entry that has no private part; an erased one leaves its hash."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StatementRow(Private):
    """A statement as stored: `body` is what was signed, `n` the number of its ledger entry."""

    id: str
    n: int
    kind: str
    case_id: str | None
    maker: str
    at: str
    body: bytes
    key_id: str
    signature: bytes


def add(connection: Connection, row: StatementRow) -> None:
    """Insert a statement; the transaction that has its ledger entry is the one to do it in."""
    connection.execute(insert(statement).values(**asdict(row)))


def statements(connection: Connection, case_id: str | None) -> list[StatementRow]:
    """The statements about a case, or (None) about the hub itself; oldest first by ledger number."""
    query = select(statement).where(statement.c.case_id == case_id).order_by(statement.c.n)
    return [_row(row._mapping) for row in connection.execute(query)]


def _row(row: Any) -> StatementRow:
    """SQLite would let somebody put text where bytes belong, and reading must not trip."""
    values = dict(row)
    for name in ("body", "signature"):
        value = values[name]
        values[name] = value.encode() if isinstance(value, str) else bytes(value)
    return StatementRow(**values)


def missed(connection: Connection, case_id: str | None, mark: str | None) -> list[int]:
    """The numbers of the ledger's entries about this case whose row is not there, or is said to be of another case.

    What an entry is about is read in its own bytes, which the tree covers: its case's mark, or (None) that it never had
    a private part, as those about the hub itself. Whether that part is still there says nothing.
    """
    mine = select(statement.c.n).where(statement.c.n == audit_entry.c.n, statement.c.case_id == case_id).exists()
    about = NEVER_PRIVATE if mark is None else f'"mark":"{mark}"'.encode("ascii")
    query = select(audit_entry.c.n).where(audit_entry.c.kind == SIGNED, ~mine, holds(connection, about))
    return list(connection.execute(query.order_by(audit_entry.c.n)).scalars())


def cases_with(connection: Connection, kind: str) -> list[str]:
    """The cases about which somebody made a statement of this kind, sorted."""
    query = select(statement.c.case_id).where(statement.c.kind == kind, statement.c.case_id.is_not(None)).distinct()
    return sorted(str(row.case_id) for row in connection.execute(query))


def revision(connection: Connection, case_id: str) -> int:
    """A number that grows with every statement about this case or about the hub itself; 0 without any."""
    return int(connection.execute(_REVISION, {"of": case_id}).scalar() or 0)


_REVISION = text(
    "SELECT max(n) + 1 FROM (SELECT max(n) AS n FROM statement WHERE case_id = :of"
    " UNION ALL SELECT max(n) FROM statement WHERE case_id IS NULL) AS newest"
)
"""As text: it is asked before every request, and building the query would take longer than the query."""


def forget_case(connection: Connection, case_id: str) -> int:
    """Delete every statement about a case that is being destroyed; how many there were."""
    return connection.execute(delete(statement).where(statement.c.case_id == case_id)).rowcount


def keep_text(connection: Connection, content: bytes) -> str:
    """Keep what an approved file said, once, under its own digest, which is returned."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not _texts(connection, sha256):
        connection.execute(insert(approved_text).values(sha256=sha256, content=content))
    return sha256


def text_of(connection: Connection, kept: str) -> bytes | None:
    """The text that was kept under this digest, which an approval signs; None when there is none.

    Refused("kept_text_altered") when another text stands there: somebody would be shown that nothing changed.
    """
    found = _texts(connection, kept) if kept else []
    if found and hashlib.sha256(found[0]).hexdigest() != kept:
        raise Refused("kept_text_altered", "what was kept of the approved file was changed in the database by hand")
    return found[0] if found else None


def _texts(connection: Connection, sha256: str) -> list[bytes]:
    found = connection.execute(select(approved_text.c.content).where(approved_text.c.sha256 == sha256)).scalars()
    return [value.encode() if isinstance(value, str) else bytes(value) for value in found]
