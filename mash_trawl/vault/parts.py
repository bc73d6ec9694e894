"""What custody is made of, and the few questions that every act of it asks: which root, what time, whose key."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.checkpoint import open_checkpoint
from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.errors import Refused
from mash_trawl.store import custody as rows
from mash_trawl.store.engine import Store
from mash_trawl.vault.readers import PublicKey, read_public
from mash_trawl.vault.root import Root, load_root, settle
from mash_trawl.vault.wrapping import SUITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

Clock = Callable[[], datetime]
CLOCK_SLACK = timedelta(minutes=5)
"""How far the clock may stand behind the ledger's last entry before nothing is released."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parts:
    """The parts that `Custody.build` was given; every room function takes them."""

    store: Store
    ledger: Ledger
    signer: Signer
    root_paths: tuple[Path, ...]
    reader_dir: Path
    records: Path
    hub_name: str
    clock: Clock
    root_kind: str = "disk"
    images_kept: timedelta | None = None
    outbox: Path | None = None

    def now(self) -> datetime:
        """The later of the clock and the ledger's last entry, so that a clock set back reopens nothing.

        Refused("clock_behind") when the clock is more than five minutes behind the ledger.
        """
        now, last = self.clock().astimezone(UTC), self.ledger.last_time()
        if last is not None and now < last - CLOCK_SLACK:
            raise Refused("clock_behind", "this computer's clock is behind the ledger", "Set the clock right.")
        return now if last is None else max(now, last)

    def noted(self, path: Path) -> str:
        """A path as custody stores it: relative to the folder for records, so that a hub can be moved."""
        folder = os.path.abspath(self.records)  # noqa: PTH100 - links stay links
        return path.name if str(path.parent) == folder else str(path)

    def place(self, noted: str) -> Path:
        """The path that was noted."""
        return self.records / noted

    def ledger_now(self) -> dict[str, Any]:
        """The ledger's newest checkpoint, so that every circulated record and certificate anchors it."""
        note = self.ledger.checkpoint()
        checkpoint = open_checkpoint(note, [self.signer.verifier])
        return {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "checkpoint": note,
        }


def settled_root(parts: Parts, connection: Connection) -> Root:
    """The root that counts, with every replica brought to it. Only inside a write transaction.

    A new hub takes the root that its replicas hold.
    """
    row = rows.root(connection)
    if row is None:
        root = load_root(parts.root_paths)
        row = rows.RootRow(root_id=root.id, root_epoch=1, rolled_at=stamp(parts.clock()))
        rows.set_root(connection, row)
    root = load_root(parts.root_paths, row.root_id)
    settle(parts.root_paths, row.root_id)
    return root


def enrolled(parts: Parts, connection: Connection, reader: str, actor: str) -> PublicKey:
    """A reader's public key as this hub knows it; a key seen for the first time is pinned, and the ledger says so.

    Refused("reader_key_changed") when the file no longer holds the pinned key.
    """
    key = read_public(parts.reader_dir, reader)
    known = [row for row in rows.reader_keys(connection, reader) if row.status == "active"]
    if any(key_id_of(row) == key.key_id for row in known):
        return key
    if known:
        raise Refused("reader_key_changed", "a reader's public key is not the one enrolled")
    rows.add_reader_key(
        connection,
        rows.ReaderKeyRow(
            key_id=key.key_id,
            reader_id=reader,
            suite=SUITE,
            public_key=key.opening,
            signing_key=key.signing,
            status="active",
            not_before=stamp(parts.clock()),
            not_after=None,
            proof_of_possession=key.proof,
        ),
    )
    parts.ledger.write_in(connection, Entry("reader.enrolled", actor, {"reader": reader, "key": key.key_id}))
    return key


def key_id_of(row: rows.ReaderKeyRow) -> str:
    """The fingerprint of the keys that a row holds, whatever the row says it is."""
    key = PublicKey(
        reader=row.reader_id, opening=row.public_key, signing=row.signing_key, proof=row.proof_of_possession
    )
    return key.key_id


def stamp(moment: datetime) -> str:
    """A moment as custody writes it: ISO text in UTC. ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat()
