"""Who may open what: list, grant, revoke, and the list of plain copies. Each acts on every circulated copy at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.store import custody as rows
from mash_trawl.vault.casekeys import BY_GRANT, fasten, gone, open_case
from mash_trawl.vault.closing import refuse_closed
from mash_trawl.vault.opening import Ask, Unlock, release, unlocked
from mash_trawl.vault.parts import Parts, enrolled, settled_root, stamp
from mash_trawl.vault.readers import read_public
from mash_trawl.vault.sealing import make_grant
from mash_trawl.vault.who_reads import Reading

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One person who may open a version, and until when (exclusive; None: until it is destroyed).

    `role` is `reader` for who reads it because their role in the hub may, `granted` for who was let in by hand.
    """

    reader: str
    role: str
    version: int
    not_after: datetime | None


def readers(parts: Parts, record: str) -> tuple[Reader, ...]:
    """See `Custody.readers`."""
    with parts.store.read() as connection:
        newest = _newest(connection, record)
        granted = [grant for grant in rows.grants(connection, record) if grant.version == newest.version]
    return tuple(
        Reader(
            reader=grant.reader_id,
            role=grant.role,
            version=grant.version,
            not_after=datetime.fromisoformat(grant.not_after) if grant.not_after else None,
        )
        for grant in granted
    )


def grant(
    parts: Parts, record: str, reader: str, actor: str, unlock: Unlock, not_after: datetime | None, key: Path | None
) -> None:
    """See `Custody.grant`."""
    until = None if not_after is None else stamp(not_after)
    by_hand = Reading(role=BY_GRANT, not_after=until)
    if not_after is not None and not_after <= parts.now():
        raise Misconfigured(Problem(where="until", what="that time is over.", do="Name a later one."))
    read_public(parts.reader_dir, reader)
    holder = unlocked(parts, actor, unlock, key)
    ask = Ask(reader=actor, key_id=holder.public.key_id, actor=actor, reason=f"grant to {reader}", purpose="grant")
    given = release(parts, lambda connection: _newest(connection, record), ask)
    secret = given.secret(holder)
    with parts.store.begin() as connection:
        root = settled_root(parts, connection)
        case = rows.case_key_of(connection, given.record.case_id)
        if case is None or case.latest != given.record.version:
            raise Refused("sealed_meanwhile", "the record changed at the same time", "Grant again.")
        case_key = open_case(connection, root, case)
        public = enrolled(parts, connection, reader, actor)
        rows.put_grants(connection, [make_grant(given.record, secret, case_key, public, by_hand)])
        fastened = fasten(connection, root, case, case_key)
        about = {"record": record, "version": case.latest, "reader": reader, "not_after": until}
        parts.ledger.write_in(connection, Entry("grant.added", actor, about | {"fastening": fastened.fastening}))


def revoke(parts: Parts, record: str, reader: str, actor: str) -> None:
    """See `Custody.revoke`."""
    with parts.store.begin() as connection:
        root = settled_root(parts, connection)
        newest = _newest(connection, record)
        case = rows.case_key_of(connection, newest.case_id)
        if case is None:
            raise gone(connection, newest)
        case_key = open_case(connection, root, case)
        if not rows.remove_grants(connection, record, reader):
            raise Refused("not_a_reader", "this reader could not open it anyway")
        fastened = fasten(connection, root, case, case_key)
        about = {"record": record, "reader": reader, "fastening": fastened.fastening}
        parts.ledger.write_in(connection, Entry("grant.revoked", actor, about))


def note_export(parts: Parts, record: str, version: int, reader: str, form: str, actor: str) -> int:
    """See `Custody.note_export`."""
    now = parts.now()
    with parts.store.begin() as connection:
        if not any(row.reader_id == reader and row.version == version for row in rows.releases(connection, record)):
            raise Refused("not_a_reader", "only who opened a record can export it")
        newest = _newest(connection, record)
        if newest.state == "destroyed":
            raise Refused("destroyed", "this record was destroyed")
        refuse_closed(rows.records(connection, record)[version - 1], newest.version)
        copy = rows.next_copy(connection, record)
        rows.add_export(
            connection, rows.ExportRow(record_id=record, copy=copy, reader_id=reader, format=form, at=stamp(now))
        )
        about = {"record": record, "version": version, "reader": reader, "format": form, "copy": copy}
        parts.ledger.write_in(connection, Entry("record.exported", actor, about))
    return copy


def _newest(connection: Connection, record: str) -> rows.RecordRow:
    """The newest version of a record. Refused("unknown_record") when there is none."""
    sealed = rows.records(connection, record)
    if not sealed:
        raise Refused("unknown_record", "this hub did not seal this record")
    return sealed[-1]
