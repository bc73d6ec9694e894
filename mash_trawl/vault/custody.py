"""Custody: where keys live, and who may read what until when. The one object that the rest of the program holds.

It works in the mode `reader_open`: to open a record it takes custody AND the reader's own private key, and the record
secret reaches only the reader's process. Destroying a case kills every circulated copy of its records.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.errors import Refused
from mash_trawl.model.base import Private
from mash_trawl.model.duration import Duration
from mash_trawl.model.incident import Closing, Handled
from mash_trawl.store import custody as rows
from mash_trawl.store.engine import Store
from mash_trawl.vault import backup, closing, destroying, granting, opening, recovery, sealing, who_reads, working
from mash_trawl.vault.certificate import Certificate
from mash_trawl.vault.extracts import Extracts
from mash_trawl.vault.granting import Reader
from mash_trawl.vault.opening import Opened, Unlock
from mash_trawl.vault.parts import Clock, Parts, enrolled
from mash_trawl.vault.sealing import Sealed

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Certificate", "Custody", "KnownRecord", "Opened", "Reader", "Sealed"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KnownRecord(Private):
    """A version of a case's record: live, superseded, closed or destroyed.

    `path`: where it was sealed to; None: destroyed.
    """

    case: str
    record: str
    version: int
    path: Path | None
    state: str
    sealed_at: datetime


def no_passphrase() -> None:
    """For reader keys that lie open."""


class Custody:
    """Seal, open, grant, revoke, destroy. Serves many threads; other processes may share the hub."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @classmethod
    def build(
        cls,
        store: Store,
        ledger: Ledger,
        signer: Signer,
        root_paths: Sequence[Path],
        reader_dir: Path,
        hub_name: str,
        clock: Clock,
        *,
        root_kind: str = "disk",
        disk_images_kept: Duration | None = None,
        records: Path | None = None,
        outbox: Path | None = None,
    ) -> Self:
        """Wire custody; touches nothing yet. `records`: where sealed files and certificates go by default; `outbox`:
        where letters that name cases wait.
        """
        kept = None if disk_images_kept is None else timedelta(seconds=disk_images_kept.seconds)
        parts = Parts(
            store=store, ledger=ledger, signer=signer, root_paths=tuple(root_paths), reader_dir=reader_dir,
            records=records or reader_dir.parent / "records", hub_name=hub_name, clock=clock, root_kind=root_kind,
            images_kept=kept, outbox=outbox,
        )  # fmt: skip
        return cls(parts)

    def seal(
        self,
        case_id: str,
        body: Mapping[str, Any],
        *,
        readers: Sequence[str],
        facts: Mapping[str, Any],
        folder: Path,
        actor: str,
        out: Path | None = None,
        attachments: Mapping[str, bytes] | None = None,
        working: bytes | None = None,
        still: Callable[[Connection], None] = lambda _: None,
    ) -> Sealed:
        """Seal the next version of a case's record to these readers, as `<record id>-v<N>.mtr` in `folder` or as `out`.

        From version 2 on whoever was let in by hand stays, with their end; whose reading is over is not brought back.

        `facts` (audience, basis, ids) join the signed manifest; `working` is the copy for the next trawl, which readers
        cannot open without custody; `still` may refuse at the last moment, inside the committing transaction.
        Refused: `case_destroyed`, `sealed_meanwhile`, `ledger_not_writable`, `record_not_writable`, `root_missing`,
        `root_differs`. Misconfigured: no reader, or one who is not enrolled. Either the whole record is sealed when it
        returns, or nothing is.
        """
        return sealing.seal(
            self._parts, case_id, body, readers=readers, facts=facts, folder=folder, out=out, actor=actor,
            attachments=attachments or {}, working=working, still=still,
        )  # fmt: skip

    def check_ready(self, case_id: str, readers: Sequence[str], folder: Path, out: Path | None = None) -> None:
        """Could a product of this case be sealed now? Asked before any agency is, for an answer that cannot be kept
        must not be asked for.

        Refused: `case_destroyed`, `root_missing`, `root_differs`, `record_not_writable` (no room for 1 MB).
        Misconfigured: no reader, one who is not enrolled, or a place for the file that cannot be used.
        """
        sealing.check_ready(self._parts, case_id, readers, folder, out)

    def open(
        self,
        path: Path,
        reader: str,
        unlock: Unlock,
        reason: str,
        actor: str,
        *,
        key: Path | None = None,
        superseded: bool = False,
        purpose: str = "read",
    ) -> Opened:
        """Read a sealed file; the reading is durable in the ledger before anything is released, a refusal too.

        `unlock` gives the passphrase when the reader's key has one. Refused: `missing`, `not_a_record`,
        `unknown_version`, `unknown_record`, `damaged`, `key_missing`, `key_damaged`, `locked`, `wrong_key`,
        `not_a_reader`, `expired`, `closed`, `superseded` (unless asked for), `destroyed`, `custody_altered`,
        `root_missing`, `root_differs`, `clock_behind`, `ledger_not_writable`. `purpose` goes to the ledger.
        """
        return opening.open_record(self._parts, path, reader, unlock, reason, actor, key, superseded, purpose)

    def working_copy(self, opened: Opened) -> bytes | None:
        """What the trawl behind an opened record kept for the next one; None when there is nothing."""
        return working.open_copy(self._parts, opened)

    def readers(self, record: str) -> tuple[Reader, ...]:
        """Who may open the newest version of a record. Refused("unknown_record")."""
        return granting.readers(self._parts, record)

    def refuse_over(self, case_id: str, reader: str) -> None:
        """Refused("reading_over") when this person's reading of the case was taken away, or its time is over.

        The ledger has the refusal. Whoever never read it, and a case that was never sealed, pass.
        """
        who_reads.refuse_over(self._parts, case_id, reader)

    def grant(
        self,
        record: str,
        reader: str,
        actor: str,
        *,
        unlock: Unlock = no_passphrase,
        not_after: datetime | None = None,
        key: Path | None = None,
    ) -> None:
        """Let `reader` open the newest version, until `not_after` (exclusive).

        The actor must be able to open it: custody alone cannot read, so it cannot add readers alone. Taking the
        secret out to pass it on counts as a reading of the actor's.
        """
        granting.grant(self._parts, record, reader, actor, unlock, not_after, key)

    def revoke(self, record: str, reader: str, actor: str) -> None:
        """Take every version of a record away from a reader. What they read or exported cannot be recalled."""
        granting.revoke(self._parts, record, reader, actor)

    def note_export(self, record: str, version: int, reader: str, form: str, actor: str) -> int:
        """List a plain copy before it is written; its number within the record. Only who opened it can export it."""
        return granting.note_export(self._parts, record, version, reader, form, actor)

    def close(self, record: str, versions: Collection[int], statement: str, actor: str) -> tuple[int, ...]:
        """Close these versions of a record to every reader, because of a statement (its id); those closed now.

        What opens them stays under the case key. Closed ones stay so, also when the case is sealed again. Refused:
        `unknown_record`, `newest_version` (seal the next one first), `destroyed`, `custody_altered`,
        `ledger_not_writable`.
        """
        return closing.close(self._parts, record, versions, statement, actor)

    def closings(self, record: str) -> tuple[Closing, ...]:
        """Which versions of a record were closed, by whom and when, as the ledger has it."""
        return closing.closings(self._parts, record)

    def handled(self, record: str, versions: Collection[int]) -> tuple[Handled, ...]:
        """Who had these versions in their hands, as the ledger has it: opened, passed on, exported; sheets printed."""
        return closing.handled(self._parts, record, versions)

    def sealed_versions(self, record: str) -> tuple[KnownRecord, ...]:
        """Every version of a record, oldest first; none for an unknown one."""
        with self._parts.store.read() as connection:
            return tuple(self._known(row) for row in rows.records(connection, record))

    def destroy(self, case_id: str, actor: str, reason: str) -> Certificate:
        """Destroy every sealed copy of a case's records for good; the same certificate if it was destroyed before.

        Refused: `unknown_case`, `root_replica_missing` (every replica must be there), `custody_altered` (another
        case's key could not be kept), `ledger_not_writable`.
        """
        return destroying.destroy(self._parts, case_id, actor, reason)

    def recover(self) -> recovery.Recovered:
        """Finish or throw away what a crash left: files without a name, a root half rolled, a missing certificate.

        Root keys that are away or do not belong to this database are told in `problem`; every act then refuses.
        """
        return recovery.recover(self._parts)

    def divergence(self) -> tuple[str, ...]:
        """Records and readers whose custody rows are not what the ledger last said: changed from outside."""
        return recovery.divergence(self._parts)

    def enrol(self, reader: str, actor: str) -> None:
        """Pin a reader's public key now, instead of at their first record. Refused("reader_key_changed")."""
        with self._parts.store.begin() as connection:
            enrolled(self._parts, connection, reader, actor)

    def newest(self, case_id: str) -> KnownRecord:
        """The newest record of a case. Refused("unknown_case") when nothing was sealed."""
        with self._parts.store.read() as connection:
            known = rows.records_of_case(connection, case_id)
        if not known:
            raise Refused("unknown_case", "nothing of this case was ever sealed here")
        return self._known(known[-1])

    def version(self, record: str, number: int | None = None) -> KnownRecord:
        """The version of a record with this number; without one the newest. Refused("unknown_record")."""
        with self._parts.store.read() as connection:
            known = [row for row in rows.records(connection, record) if number in (None, row.version)]
        if not known:
            raise Refused("unknown_record", "this hub did not seal this record")
        return self._known(known[-1])

    def sealed_as(self, path: Path) -> KnownRecord:
        """The version that this very file is, told by its bytes, wherever it lies and whatever it is called.

        Refused: `missing`, `not_a_record`, `unknown_version`, `damaged`, `unknown_record`.
        """
        with self._parts.store.read() as connection:
            return self._known(opening.row_of_file(connection, path))

    def _known(self, row: rows.RecordRow) -> KnownRecord:
        path = self._parts.place(row.file) if row.file else None
        return KnownRecord(
            case=row.case_id, record=row.record_id, version=row.version, path=path, state=row.state,
            sealed_at=datetime.fromisoformat(row.sealed_at),
        )  # fmt: skip

    def extracts(self, folder: Path) -> Extracts:
        """What agencies sent, sealed in this folder under the root that custody keeps."""
        return Extracts(self._parts, folder)

    def dead_in_backup(self, copy: Path | str) -> tuple[backup.BackupFinding, ...]:
        """Whether every destroyed case is dead in a backup of the database, tried with the roots of this hub."""
        with self._parts.store.read() as connection:
            destroyed = [(stone.case_id, stone.record_id) for stone in rows.tombstones(connection)]
        return backup.dead_in_backup(copy, self._parts.root_paths, destroyed)
