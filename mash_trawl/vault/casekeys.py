"""A case's key and its rows belong together: the wrap of the key is bound to a digest of every record and grant row.

So a row that was edited, copied, taken out or put back with SQL closes the whole case, instead of opening it to
somebody; only the holder of the root can fasten rows anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mash_trawl.errors import Refused
from mash_trawl.store import custody as rows
from mash_trawl.vault.root import Root
from mash_trawl.vault.wrapping import digest, new_key, unwrap, wrap

if TYPE_CHECKING:
    from sqlalchemy import Connection

CASE_KEY = "mash-trawl/case-key/v1"
GRANT = "mash-trawl/grant/v1"
BY_ROLE, BY_GRANT = "reader", "granted"
"""How somebody came to read a version: as a reader of the hub when it was sealed, or by an act of somebody's."""
CLOSED = "closed"
"""The state of a version that nobody may read any more, although it was not destroyed."""
POLICY = "reader_open"
"""The reader's own process takes the secret out; the other policy, where custody decrypts, is for a served hub."""


def new_case(root: Root, case_id: str, record_id: str, created: str) -> tuple[rows.CaseKeyRow, bytes]:
    """A key row for a case that was never sealed, not yet fastened, and the key itself."""
    row = rows.CaseKeyRow(
        case_id=case_id, record_id=record_id, latest=0, fastening="", wrapped=b"", root_id=root.id, created=created
    )
    return row, new_key()


def fasten(connection: Connection, root: Root, row: rows.CaseKeyRow, key: bytes) -> rows.CaseKeyRow:
    """Wrap the key again, bound to the rows as they are now, and store it. Only inside a write transaction."""
    sealed = rows.records(connection, row.record_id)
    fastened = replace(
        row,
        latest=max(version.version for version in sealed),
        fastening=fastening_of(connection, row.record_id),
        root_id=root.id,
    )
    fastened = replace(fastened, wrapped=wrap(root.key, key, CASE_KEY, about_case(fastened)))
    rows.put_case_key(connection, fastened)
    return fastened


def open_case(connection: Connection, root: Root, row: rows.CaseKeyRow) -> bytes:
    """The case's key, if every row of the case is as it was fastened. Refused("custody_altered") otherwise."""
    if row.fastening != fastening_of(connection, row.record_id) or row.root_id != root.id:
        raise Refused("custody_altered", "the custody rows of this case were changed from outside")
    return unwrap(root.key, row.wrapped, CASE_KEY, about_case(row))


def rewrap(old: Root, new: Root, row: rows.CaseKeyRow) -> rows.CaseKeyRow:
    """The row under another root, still bound to the same rows."""
    key = unwrap(old.key, row.wrapped, CASE_KEY, about_case(row))
    moved = replace(row, root_id=new.id)
    return replace(moved, wrapped=wrap(new.key, key, CASE_KEY, about_case(moved)))


def fastening_of(connection: Connection, record_id: str) -> str:
    """The digest of a record's version rows and grant rows, in their fixed order."""
    versions = [
        {"version": row.version, "sha256": row.file_sha256, "supersedes": row.supersedes, "case": row.case_id,
         "suite": row.suite, "sealed_at": row.sealed_at} | ({CLOSED: True} if row.state == CLOSED else {})
        for row in rows.records(connection, record_id)
    ]  # fmt: skip
    grants = [
        about_grant(row, "") | {"wrapped": hashlib.sha256(row.wrapped).hexdigest()}
        for row in rows.grants(connection, record_id)
    ]
    return digest([*versions, *grants])


def gone(connection: Connection, row: rows.RecordRow) -> Refused:
    """Why a record's case has no key: it was destroyed, or somebody changed the rows."""
    if rows.tombstone_of(connection, row.case_id) is None:
        return Refused("custody_altered", "the custody rows of this record were changed from outside")
    return Refused("destroyed", "this record was destroyed")


def about_case(row: rows.CaseKeyRow) -> dict[str, Any]:
    """What a case key's wrap is bound to."""
    return {
        "case": row.case_id,
        "record": row.record_id,
        "latest": row.latest,
        "root": row.root_id,
        "fastening": row.fastening,
    }


def about_grant(row: rows.GrantRow, case_id: str) -> dict[str, Any]:
    """What a grant is bound to, once under the reader's key and once under the case's."""
    return {
        "case": case_id,
        "record": row.record_id,
        "version": row.version,
        "reader": row.reader_id,
        "key": row.key_id,
        "role": row.role,
        "not_after": row.not_after,
        "policy": row.policy,
    }
