"""Destroy a case: its key goes, and the root that ever wrapped it goes too, so that no backup brings it back.

The steps can be cut short anywhere and are finished by `recover` or by destroying again:
1. `destroy.requested` is durable. 2. A new root is written beside every replica. 3. One transaction wraps every other
case key, and every extract's, under the new root, deletes this case's key, grants, lease, signed statements, what its
family was told and the letters in the outbox, sets a tombstone and writes `destroy.executed`. 4. Every replica is
swapped to the new root. 5. SQLite's write-ahead file is emptied. 6. A signed certificate says so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.canonical import canonical
from mash_trawl.audit.entry import Entry, read_entry
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.store import custody as rows
from mash_trawl.store import lease, ledger, notices, statements
from mash_trawl.vault.casekeys import rewrap
from mash_trawl.vault.certificate import Certificate, certificate_path, write_certificate
from mash_trawl.vault.extracts import rewrap_extracts
from mash_trawl.vault.outbox import forget_letters
from mash_trawl.vault.parts import Parts, settled_root, stamp
from mash_trawl.vault.root import Root, settle, stage

if TYPE_CHECKING:
    from sqlalchemy import Connection


def destroy(parts: Parts, case_id: str, actor: str, reason: str) -> Certificate:
    """See `Custody.destroy`."""
    if not reason.strip():
        raise Misconfigured(Problem(where="reason", what="there is none.", do="Say why it is destroyed: it is logged."))
    with parts.store.read() as connection:
        stone = rows.tombstone_of(connection, case_id)
        known = rows.records_of_case(connection, case_id)
    if stone is None:
        if not known:
            raise Refused("unknown_case", "nothing of this case was ever sealed here")
        about = {"record": known[-1].record_id}
        parts.ledger.write(Entry("destroy.requested", actor, about, {"case": case_id, "reason": reason}))
        with parts.store.begin() as connection:
            _execute(parts, connection, case_id, actor, reason)
    return certify(parts, case_id, actor)


def certify(parts: Parts, case_id: str, actor: str) -> Certificate:
    """Steps 4 to 6 for a case whose key is gone; the same certificate however often it is asked for."""
    with parts.store.begin() as connection:
        stone = rows.tombstone_of(connection, case_id)
        if stone is None:
            raise Refused("not_destroyed", "this case was not destroyed")
        if stone.certificate is not None:
            return Certificate(path=certificate_path(parts, stone.record_id), note=stone.certificate)
        root = rows.root(connection)
        if root is None or settle(parts.root_paths, root.root_id) < len(parts.root_paths):
            raise Refused("root_replica_missing", "a replica of the old root key is away", "Connect it, destroy again.")
    wiped = parts.store.wipe()
    with parts.store.begin() as connection:
        stone = rows.tombstone_of(connection, case_id) or stone
        if stone.certificate is not None:
            return Certificate(path=certificate_path(parts, stone.record_id), note=stone.certificate)
        certificate = write_certificate(parts, stone, wiped=wiped)
        rows.certify(connection, case_id, certificate.note)
        digest = hashlib.sha256(certificate.note.encode("utf-8")).hexdigest()
        parts.ledger.write_in(
            connection, Entry("destroy.certified", actor, {"record": stone.record_id, "sha256": digest})
        )
    return certificate


def _execute(parts: Parts, connection: Connection, case_id: str, actor: str, reason: str) -> None:
    """Steps 2 and 3. Every key that cannot be wrapped again stops it: no other case may be destroyed with this one."""
    old = settled_root(parts, connection)
    if rows.tombstone_of(connection, case_id) is not None:
        return
    new = Root.new()
    others = [row for row in rows.case_keys(connection) if row.case_id != case_id]
    rows.rewrap_case_keys(connection, [rewrap(old, new, row) for row in others])
    rewrap_extracts(connection, old, new)
    stage(parts.root_paths, new)
    at = stamp(parts.clock())
    facts = _facts(connection, case_id) | {"at": at, "actor": actor, "old_root": old.id, "new_root": new.id}
    record = facts["record"]
    rows.delete_case(connection, case_id, record)
    lease.forget(connection, case_id)
    notices.forget_case(connection, case_id)
    emergencies = [row.id for row in statements.statements(connection, case_id) if row.kind == "emergency"]
    statements.forget_case(connection, case_id)
    _move_root(connection, new, at)
    stated = canonical(facts)
    public = {
        "record": record,
        "files": len(facts["files"]),
        "readers": len(facts["readers"]),
        "released": len(facts["released"]),
        "exports": len(facts["exports"]),
        "facts": hashlib.sha256(stated).hexdigest(),
        "old_root": old.id,
        "new_root": new.id,
    }
    (number,) = parts.ledger.write_in(
        connection, Entry("destroy.executed", actor, public, {"case": case_id, "reason": reason})
    )
    rows.add_tombstone(
        connection,
        rows.TombstoneRow(
            case_id=case_id, record_id=record, event_n=number, old_root=old.id, new_root=new.id,
            facts=stated.decode("utf-8"), certificate=None,
        ),
    )  # fmt: skip
    if parts.outbox is not None:
        forget_letters(parts.outbox, emergencies)


def _move_root(connection: Connection, new: Root, at: str) -> None:
    before = rows.root(connection)
    epoch = before.root_epoch + 1 if before else 1
    rows.set_root(connection, rows.RootRow(root_id=new.id, root_epoch=epoch, rolled_at=at))


def _facts(connection: Connection, case_id: str) -> dict[str, Any]:
    """What is destroyed, and what destruction cannot reach: who read it, and the plain copies."""
    sealed = rows.records_of_case(connection, case_id)
    record = sealed[-1].record_id
    return {
        "case": case_id,
        "record": record,
        "files": [{"version": row.version, "sha256": row.file_sha256} for row in sealed],
        "readers": sorted({row.reader_id for row in rows.grants(connection, record)}),
        "released": [
            {"reader": row.reader_id, "version": row.version, "at": row.at}
            for row in _last_releases(rows.releases(connection, record))
        ],
        "exports": [
            {"copy": row.copy, "reader": row.reader_id, "format": row.format, "at": row.at}
            for row in rows.exports(connection, record)
        ],
        "papers": _papers(connection, case_id),
    }


def _papers(connection: Connection, case_id: str) -> dict[str, int]:
    """How many papers about the case were made beside the exports, by kind: notices to the family, printed sheets."""
    made = notices.tellings(connection, "made", case_id)
    papers = Counter(f"family-{row.kind}" for row in made if row.kind == "notice")
    about = {"case": case_id}
    printed = (row for row in ledger.entries(connection, "record.printed") if row.body == canonical(about))
    papers.update(str(read_entry(row.entry)["pub"]["what"]) for row in printed)
    return dict(sorted(papers.items()))


def _last_releases(released: list[rows.ReleaseRow]) -> list[rows.ReleaseRow]:
    """One row for each reader and version: the last."""
    last = {(row.reader_id, row.version): row for row in released}
    return [last[pair] for pair in sorted(last)]
