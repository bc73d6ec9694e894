"""Seal: write the file beside its place, commit custody and ledger together, then give the file its name.

A file under its final name is always one that custody can open; a version that custody knows always has its file, if
need be after `recover` finishes the rename. A crash leaves the old product, the whole new one, or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.store import custody as rows
from mash_trawl.system.room import DO, WHAT, fault_of, write_fault
from mash_trawl.vault import durable
from mash_trawl.vault.casekeys import GRANT, POLICY, about_grant, fasten, new_case, open_case
from mash_trawl.vault.contents import pack_record
from mash_trawl.vault.parts import Parts, enrolled, settled_root, stamp
from mash_trawl.vault.readers import PublicKey, read_public
from mash_trawl.vault.record_file import Header, encrypt, file_name, parse_header
from mash_trawl.vault.root import load_root
from mash_trawl.vault.unnamed import finish_or_drop, give_name, sweep
from mash_trawl.vault.who_reads import Reading, next_readers
from mash_trawl.vault.working import NAME, about_copy, close_copy, keep_key
from mash_trawl.vault.wrapping import SUITE, close_for, new_key, wrap

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed file: opaque record id, version (1, 2, 3), where it lies, its SHA-256 and size in bytes."""

    record: str
    version: int
    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    """A version on its way: encrypted, not yet committed. `target` is its place, `part` where it waits."""

    case_id: str
    record: str
    version: int
    sealed_at: str
    secret: bytes
    data: bytes
    target: Path
    part: Path
    working_key: bytes | None = None

    @property
    def sha256(self) -> str:
        """The hash of the whole file (hexadecimal)."""
        return hashlib.sha256(self.data).hexdigest()


def seal(
    parts: Parts,
    case_id: str,
    body: Mapping[str, Any],
    *,
    readers: Sequence[str],
    facts: Mapping[str, Any],
    folder: Path,
    out: Path | None,
    actor: str,
    attachments: Mapping[str, bytes],
    working: bytes | None,
    still: Callable[[Connection], None],
) -> Sealed:
    """See `Custody.seal`."""
    _check_readers(parts, readers)
    draft = _draft(parts, case_id, body, facts, folder, out, attachments, working)
    _write_part(draft)
    try:
        with parts.store.begin() as connection:
            still(connection)
            _commit(parts, connection, draft, sorted(set(readers)), actor)
        give_name(draft.part, draft.target)
    except BaseException:
        with contextlib.suppress(Refused, OSError), parts.store.begin() as connection:
            finish_or_drop(connection, draft.part, draft.target, draft.sha256)
        raise
    return Sealed(
        record=draft.record, version=draft.version, path=draft.target, sha256=draft.sha256, size=len(draft.data)
    )


def check_ready(parts: Parts, case_id: str, readers: Sequence[str], folder: Path, out: Path | None) -> None:
    """See `Custody.check_ready`."""
    _check_readers(parts, readers)
    with parts.store.read() as connection:
        refuse_destroyed(connection, case_id)
        root = rows.root(connection)
        before = rows.records_of_case(connection, case_id)
    load_root(parts.root_paths, root.root_id if root else None)
    if fault := write_fault(out.parent if out else folder):
        said = f"the sealed record could not be written: {WHAT[fault]}"
        raise Refused("record_not_writable", said, DO[fault])
    if out or before:
        record, version = (before[-1].record_id, before[-1].version + 1) if before else ("", 1)
        _target(out or folder / file_name(record, version), record)


def _check_readers(parts: Parts, readers: Sequence[str]) -> None:
    """Everybody named can be sealed to, before anything is written."""
    if not readers:
        raise Misconfigured(Problem(where="readers", what="nobody may read it.", do="Name an enrolled reader."))
    for reader in readers:
        read_public(parts.reader_dir, reader)


def _draft(
    parts: Parts,
    case_id: str,
    body: Mapping[str, Any],
    facts: Mapping[str, Any],
    folder: Path,
    out: Path | None,
    attachments: Mapping[str, bytes],
    working: bytes | None,
) -> Draft:
    """Encrypt the next version of a case, as custody stands now; `_commit` looks again."""
    with parts.store.read() as connection:
        refuse_destroyed(connection, case_id)
        before = rows.records_of_case(connection, case_id)
    record = before[-1].record_id if before else os.urandom(16).hex()
    version = before[-1].version + 1 if before else 1
    sealed_at = stamp(parts.now())
    about = dict(facts) | {
        "case": case_id,
        "record": record,
        "version": version,
        "supersedes": version - 1 or None,
        "sealed_at": sealed_at,
        "ledger": parts.ledger_now(),
    }
    working_key = None
    if working is not None:
        working_key, closed = close_copy(working, about_copy(case_id, record, version))
        attachments = {**attachments, NAME: closed}
    secret = new_key()
    header = Header(origin=quote(parts.ledger.origin, safe="/:@"), record=record)
    data = encrypt(header, secret, pack_record(body, attachments, about, parts.signer))
    target = _target(out or folder / file_name(record, version), record)
    own = parts.signer.verifier.key_id.hex()
    part = target.with_name(f".{file_name(record, version)}.{own}.{os.urandom(4).hex()}.part")
    return Draft(
        case_id=case_id, record=record, version=version, sealed_at=sealed_at, secret=secret, data=data,
        target=target, part=part, working_key=working_key,
    )  # fmt: skip


def _target(path: Path, record: str) -> Path:
    """Where the file will lie; an older version of this record may be replaced there, anything else may not."""
    target = Path(os.path.abspath(path))  # noqa: PTH100 - links stay links
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            with target.open("rb") as file:
                if parse_header(file.read(256)).record != record:
                    raise Refused("another_record")
    except Refused:
        what = "there is a file that is not a sealed record of this case."
        raise Misconfigured(Problem(where=str(target), what=what, do="Name another file.")) from None
    except OSError as problem:
        raise Misconfigured(Problem(where=str(target), what=f"cannot be written ({problem.strerror}).")) from None
    return target


def _write_part(draft: Draft) -> None:
    try:
        durable.create(draft.part, draft.data)
        durable.sync_folder(draft.part.parent)
    except OSError as problem:
        fault = fault_of(problem)
        cause, do = (WHAT[fault], DO[fault]) if fault else (problem.strerror, "")
        raise Refused("record_not_writable", f"the sealed record cannot be written: {cause}", do) from None


def refuse_destroyed(connection: Connection, case_id: str) -> None:
    if rows.tombstone_of(connection, case_id) is not None:
        raise Refused("case_destroyed", "this case was destroyed; nothing can be sealed into it again")


def _commit(parts: Parts, connection: Connection, draft: Draft, readers: Sequence[str], actor: str) -> None:
    """Custody's rows and the ledger's in one transaction. Refused("sealed_meanwhile") when another seal was first."""
    root = settled_root(parts, connection)
    refuse_destroyed(connection, draft.case_id)
    row = rows.case_key_of(connection, draft.case_id)
    if (row.latest if row else 0) + 1 != draft.version or (row and row.record_id != draft.record):
        raise Refused("sealed_meanwhile", "another product of this case was sealed at the same time", "Run it again.")
    sweep(parts, connection, draft.part.parent, keep=draft.part)
    if not draft.part.exists():
        _write_part(draft)
    if row:
        key = open_case(connection, root, row)
    else:
        row, key = new_case(root, draft.case_id, draft.record, draft.sealed_at)
    read_by = next_readers(parts, connection, draft.record, readers)
    keys = [enrolled(parts, connection, reader, actor) for reader in sorted(read_by)]
    rows.add_record(connection, _record_row(parts, draft))
    granted = [make_grant(draft, draft.secret, key, reader, read_by[reader.reader]) for reader in keys]
    rows.put_grants(connection, granted)
    row = fasten(connection, root, row, key)
    if draft.working_key is not None:
        keep_key(connection, draft.working_key, key, about_copy(draft.case_id, draft.record, draft.version))
    public = {"record": draft.record, "version": draft.version, "sha256": draft.sha256, "size": len(draft.data)}
    entries = [Entry("record.sealed", actor, public | {"fastening": row.fastening}, {"case": draft.case_id})]
    entries += [
        Entry(
            "grant.added",
            actor,
            {
                "record": grant.record_id,
                "version": grant.version,
                "reader": grant.reader_id,
                "not_after": grant.not_after,
            },
        )
        for grant in granted
    ]
    parts.ledger.write_in(connection, *entries)


def _record_row(parts: Parts, draft: Draft) -> rows.RecordRow:
    return rows.RecordRow(
        record_id=draft.record, version=draft.version, case_id=draft.case_id, supersedes=draft.version - 1 or None,
        file_sha256=draft.sha256, suite=SUITE, state="live", sealed_at=draft.sealed_at, file=parts.noted(draft.target),
        part=parts.noted(draft.part),
    )  # fmt: skip


def make_grant(
    of: Draft | rows.RecordRow, secret: bytes, case_key: bytes, reader: PublicKey, reading: Reading
) -> rows.GrantRow:
    """A reader's grant on one version: the secret closed for the reader, then wrapped under the case key."""
    record = of.record if isinstance(of, Draft) else of.record_id
    row = rows.GrantRow(
        record_id=record, version=of.version, reader_id=reader.reader, key_id=reader.key_id,
        role=reading.role, not_after=reading.not_after, policy=POLICY, wrapped=b"",
    )  # fmt: skip
    about = about_grant(row, of.case_id)
    wrapped = wrap(case_key, close_for(reader.for_sealing(), secret, about), GRANT, about)
    return rows.GrantRow(**{name: getattr(row, name) for name in row.__slots__} | {"wrapped": wrapped})
