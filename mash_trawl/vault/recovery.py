"""After a crash: finish what was committed, throw away what was not. Also: does the ledger agree with custody?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mash_trawl.errors import Refused
from mash_trawl.store import custody as rows
from mash_trawl.vault.casekeys import fastening_of
from mash_trawl.vault.destroying import certify
from mash_trawl.vault.parts import Parts, key_id_of
from mash_trawl.vault.root import replicas, settle
from mash_trawl.vault.unnamed import finish_or_drop, parts_in, sweep

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FASTENED = ("record.sealed", "grant.added", "grant.revoked", "record.closed", "destroy.executed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What recovery did. `problem` is a code when the root keys could not be brought in order (None: they are)."""

    named: int = 0
    swept: int = 0
    certified: int = 0
    problem: str | None = None


def recover(parts: Parts) -> Recovered:
    """See `Custody.recover`."""
    if _is_calm(parts):
        return Recovered()
    problem: str | None = None
    with parts.store.begin() as connection:
        root = rows.root(connection)
        try:
            if root is not None:
                problem = None if settle(parts.root_paths, root.root_id) else "root_missing"
        except Refused as refusal:
            problem = refusal.why
        named, swept = _files(parts, connection)
        waiting = [stone for stone in rows.tombstones(connection) if stone.certificate is None]
    certified = 0
    for stone in waiting if problem is None else ():
        try:
            certify(parts, stone.case_id, "hub")
            certified += 1
        except Refused as refusal:
            problem = refusal.why
    return Recovered(named=named, swept=swept, certified=certified, problem=problem)


def divergence(parts: Parts) -> tuple[str, ...]:
    """See `Custody.divergence`."""
    events = [(row.n, row.public) for kind in _FASTENED for row in parts.ledger.rows(kind)]
    said: dict[str, str | None] = {}
    for _, public in sorted(events, key=lambda event: event[0]):
        if "fastening" in public or "old_root" in public:
            said[public["record"]] = public.get("fastening")
    pinned = {(row.public["reader"], row.public["key"]) for row in parts.ledger.rows("reader.enrolled")}
    with parts.store.read() as connection:
        held = {row.record_id: fastening_of(connection, row.record_id) for row in rows.case_keys(connection)}
        keys = {(row.reader_id, key_id_of(row)) for row in rows.reader_keys(connection)}
    wrong = {f"record {record}" for record in held.keys() | said if held.get(record) != said.get(record)}
    return tuple(sorted(wrong | {f"reader {reader}" for reader, _ in pinned ^ keys}))


def _is_calm(parts: Parts) -> bool:
    """Whether there is nothing to recover, seen without taking the write lock."""
    with parts.store.read() as connection:
        root = rows.root(connection)
        waits = rows.unplaced(connection) or any(stone.certificate is None for stone in rows.tombstones(connection))
    held = [(path, None if found is None else found.id) for path, found in replicas(parts.root_paths)]
    settled = root is None or held == [(path, root.root_id) for path in parts.root_paths]
    return settled and not waits and not any(parts_in(parts, parts.records))


def _files(parts: Parts, connection: Connection) -> tuple[int, int]:
    """Give committed files their names; delete parts that no committed version waits for. Under the write lock."""
    named, folders = 0, {parts.records}
    for row in rows.unplaced(connection):
        target, part = parts.place(row.file or ""), parts.place(row.part or "")
        folders.add(target.parent)
        with contextlib.suppress(OSError):
            named += finish_or_drop(connection, part, target, row.file_sha256)
            rows.placed(connection, row)
    return named, sum(sweep(parts, connection, folder) for folder in folders)
