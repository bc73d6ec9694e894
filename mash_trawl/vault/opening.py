"""Open: check, make the reading durable in the ledger, and only then release; the reader's own process decrypts.

Custody's side (`release`) never sees the record secret in the clear; the reader's side never sees custody's keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.base import Private
from mash_trawl.store import custody as rows
from mash_trawl.vault.casekeys import CLOSED, GRANT, about_grant, gone, open_case
from mash_trawl.vault.closing import refuse_closed
from mash_trawl.vault.contents import Contents, read_record
from mash_trawl.vault.parts import Parts, settled_root, stamp
from mash_trawl.vault.readers import ReaderKey, key_is_protected, key_path, read_key
from mash_trawl.vault.record_file import Header, read_file
from mash_trawl.vault.wrapping import open_with, unwrap

if TYPE_CHECKING:
    from sqlalchemy import Connection

Unlock = Callable[[], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened(Private):
    """A record that was read: `manifest` as signed, `body` of record.json, attachments by name."""

    manifest: dict[str, Any]
    body: dict[str, Any]
    attachments: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who wants a version's secret, with whose key, and what it is for (`read`, or `grant` to pass it on)."""

    reader: str
    key_id: str
    actor: str
    reason: str
    purpose: str = "read"
    superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Release(Private):
    """What custody gives out: a secret closed for the reader's key, what it is bound to, and the version it opens."""

    closed: bytes
    about: Mapping[str, Any]
    record: rows.RecordRow

    def secret(self, key: ReaderKey) -> bytes:
        """The record secret, in the reader's process. Refused("wrong_key") for any other key."""
        return open_with(key.opening, self.closed, self.about)


def open_record(
    parts: Parts, path: Path, reader: str, unlock: Unlock, reason: str, actor: str, key: Path | None, superseded: bool,
    purpose: str = "read",
) -> Opened:  # fmt: skip
    """See `Custody.open`."""
    if not reason.strip():
        raise Misconfigured(Problem(where="reason", what="there is none.", do="Say why you open it: it is logged."))
    seen: dict[str, str | int | None] = {"reader": reader, "record": None}
    try:
        header, data = read_file(path)
        seen["record"] = header.record
        holder = unlocked(parts, reader, unlock, key)
        ask = Ask(
            reader=reader, key_id=holder.public.key_id, actor=actor, reason=reason, purpose=purpose,
            superseded=superseded,
        )  # fmt: skip
        sha256 = hashlib.sha256(data).hexdigest()
        given = release(parts, lambda connection: _file_row(connection, header, sha256), ask)
        contents = _prove(parts, data, given, holder)
    except Refused as refusal:
        if refusal.why != "ledger_not_writable":
            parts.ledger.write(Entry("record.read.refused", actor, seen | {"why": refusal.why}, {"reason": reason}))
        raise
    return Opened(manifest=contents.manifest, body=contents.body, attachments=contents.attachments)


def unlocked(parts: Parts, reader: str, unlock: Unlock, key: Path | None) -> ReaderKey:
    """The reader's private key; `unlock` is asked for a passphrase only when the key has one."""
    place = key or key_path(parts.reader_dir, reader)
    holder = read_key(place, unlock() if key_is_protected(place) else None)
    if holder.reader != reader:
        raise Refused("wrong_key", "this key file belongs to another reader")
    return holder


def release(parts: Parts, find: Callable[[Connection], rows.RecordRow], ask: Ask) -> Release:
    """Custody's whole answer, in one write transaction: nothing is released whose reading is not durable.

    Destruction takes the same lock, so no reading is ever logged after it.
    """
    now = parts.now()
    with parts.store.begin() as connection:
        root = settled_root(parts, connection)
        row = find(connection)
        case = rows.case_key_of(connection, row.case_id)
        if case is None:
            raise gone(connection, row)
        key = open_case(connection, root, case)
        grant = _grant(connection, row, case.latest, ask, now)
        about = about_grant(grant, row.case_id)
        closed = unwrap(key, grant.wrapped, GRANT, about)
        public = {"record": row.record_id, "version": row.version, "reader": ask.reader, "purpose": ask.purpose}
        (number,) = parts.ledger.write_in(
            connection, Entry("record.read", ask.actor, public, {"case": row.case_id, "reason": ask.reason})
        )
        rows.add_release(
            connection,
            rows.ReleaseRow(
                event_n=number, record_id=row.record_id, version=row.version, reader_id=ask.reader, at=stamp(now)
            ),
        )
    return Release(closed=closed, about=about, record=row)


def _grant(connection: Connection, row: rows.RecordRow, latest: int, ask: Ask, now: datetime) -> rows.GrantRow:
    """The asker's grant on this version, if it still holds."""
    if row.state not in (("live",) if row.version == latest else ("superseded", CLOSED)):
        raise Refused("custody_altered", "the custody rows of this record were changed from outside")
    mine = [grant for grant in rows.grants(connection, row.record_id) if grant.reader_id == ask.reader]
    found = [grant for grant in mine if grant.version == row.version]
    if not found:
        raise Refused("not_a_reader", "this reader may not open this record")
    if found[0].not_after is not None and datetime.fromisoformat(found[0].not_after) <= now:
        raise Refused("expired", "this reader's time for this record is over")
    if found[0].key_id != ask.key_id:
        raise Refused("wrong_key", "this reader key is not the one that the record was sealed for")
    refuse_closed(row, latest)
    if row.version != latest and not ask.superseded:
        raise Refused("superseded", "a newer version of this record was sealed", "Open that one.")
    return found[0]


def row_of_file(connection: Connection, path: Path) -> rows.RecordRow:
    """The version that the file is, without anybody's key. Refused as `read_file` does, `damaged`, `unknown_record`."""
    header, data = read_file(path)
    return _file_row(connection, header, hashlib.sha256(data).hexdigest())


def _file_row(connection: Connection, header: Header, sha256: str) -> rows.RecordRow:
    """The version that this very file is. Refused: `damaged` or `unknown_record`."""
    row = rows.record_with(connection, sha256)
    if row is not None and row.record_id == header.record:
        return row
    if rows.records(connection, header.record):
        raise Refused("damaged", "this file is not as it was sealed")
    raise Refused("unknown_record", "this hub did not seal this record")


def _prove(parts: Parts, data: bytes, given: Release, holder: ReaderKey) -> Contents:
    """Decrypt and prove the whole, and that it is the version that custody released."""
    contents = read_record(data, given.secret(holder), [parts.signer.verifier])
    row = given.record
    if [contents.manifest[name] for name in ("case", "record", "version")] != [row.case_id, row.record_id, row.version]:
        raise Refused("damaged")
    return contents
