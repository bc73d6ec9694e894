"""Extracts that came by mail or on a disk: sealed under the hub's root key, read into memory, gone after their time.

The content lies in `received/<id>.sealed`, under a key of its own that is wrapped under the root and bound to the whole
row. Its key goes with the row, so a copy of the file alone, or of the database alone, opens nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Refused
from mash_trawl.store.extracts import ExtractRow, drop_extracts, extracts, put_extract, rewrap_extract
from mash_trawl.system import private_folder, sync_folder
from mash_trawl.transports.extract import Extract
from mash_trawl.vault import durable
from mash_trawl.vault.parts import Parts, settled_root, stamp
from mash_trawl.vault.root import Root
from mash_trawl.vault.wrapping import new_key, unwrap, wrap

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KEY, _CONTENT = "mash-trawl/extract-key/v1", "mash-trawl/extract/v1"
_SUFFIX = ".sealed"
_MOST = 100_000_000
"""Bytes of an extract when unpacked; more is not one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExtract:
    """What is to be kept: whose, which file, how it stood when, and for how long."""

    source: str
    pattern: str
    suffix: str
    as_of: str
    expires_at: datetime
    rows: int
    header: str


class Extracts:
    """The extracts of one hub, in its folder `received`."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self._parts, self._folder = parts, folder

    def held(self, source: str | None = None) -> list[ExtractRow]:
        """What is held and still in its time."""
        now = stamp(self._parts.now())
        with self._parts.store.read() as connection:
            return [row for row in extracts(connection, source) if now < row.expires_at]

    def take(self, new: NewExtract, content: bytes, actor: str, instead_of: str | None = None) -> ExtractRow:
        """Seal the content; durable when this returns. An earlier extract of the same file is gone then.

        The file is made in the writer's turn, or another's sweep would take it for one that was never finished.
        `instead_of` is the extract that the new one was compared with: Refused("extract_came_in") when another stands
        in its place by now. Refused when the ledger cannot be written or the root key is away; then nothing is kept.
        """
        private_folder(self._folder)
        ident = secrets.token_hex(8)
        row = ExtractRow(
            id=ident, source=new.source, pattern=new.pattern, suffix=new.suffix, as_of=new.as_of,
            received_at=stamp(self._parts.now()), expires_at=stamp(new.expires_at), rows=new.rows, header=new.header,
            sha256=hashlib.sha256(content).hexdigest(), root_id="", wrapped=b"",
        )  # fmt: skip
        key = new_key()
        file, closed = self._file(ident), wrap(key, zlib.compress(content, 6), _CONTENT, _about(row))
        try:
            with self._parts.store.begin() as connection:
                before = [one for one in extracts(connection, row.source) if one.pattern == row.pattern]
                _check_instead(before, instead_of, row.received_at)
                kept = _under(settled_root(self._parts, connection), row, key)
                _lay_down(file, closed)
                put_extract(connection, kept)
                public = {
                    "source": row.source, "extract": ident, "rows": row.rows, "sha256": row.sha256, "as_of": row.as_of,
                    "until": row.expires_at, "instead_of": [one.id for one in before],
                }  # fmt: skip
                self._parts.ledger.write_in(connection, Entry("extract.received", actor, public))
        except BaseException:
            durable.remove(file)
            raise
        if before:
            self._parts.store.wipe()
        for one in before:
            durable.remove(self._file(one.id))
        return kept

    def read(self, source: str, pattern: str) -> Extract | None:
        """The newest extract of this file, in memory; None when none came, or its time is over."""
        found = next((row for row in self.held(source) if row.pattern == pattern), None)
        if found is None:
            return None
        with self._parts.store.begin() as connection:
            key = unwrap(settled_root(self._parts, connection).key, found.wrapped, _KEY, _bound(found))
        try:
            closed = self._file(found.id).read_bytes()
        except OSError:
            raise Refused("damaged", "a received extract is not where it was put") from None
        return Extract(content=_unpack(unwrap(key, closed, _CONTENT, _about(found))), suffix=found.suffix,
                       as_of=found.as_of)  # fmt: skip

    def sweep(self, actor: str) -> int:
        """Destroy what is over its time, and files that no row names; returns how many extracts went."""
        now = stamp(self._parts.now())
        with self._parts.store.read() as connection:
            over = _over(connection, now)
        if over:
            with self._parts.store.begin() as connection:
                over = _over(connection, now)  # another's sweep may have had its turn before this one
                drop_extracts(connection, [row.id for row in over])
                for row in over:
                    public = {"source": row.source, "extract": row.id, "why": "expired"}
                    self._parts.ledger.write_in(connection, Entry("extract.destroyed", actor, public))
            self._parts.store.wipe()
        self._clear()
        return len(over)

    def _clear(self) -> None:
        """Files without a row: of an extract that is over, or of one that was never finished."""
        with self._parts.store.begin() as connection, contextlib.suppress(FileNotFoundError):
            known = {self._file(row.id).name for row in extracts(connection)}
            for file in self._folder.iterdir():
                if file.suffix == _SUFFIX and file.name not in known:
                    durable.remove(file)

    def _file(self, ident: str) -> Path:
        return self._folder / f"{ident}{_SUFFIX}"


def rewrap_extracts(connection: Connection, old: Root, new: Root) -> None:
    """Every extract's key under a new root. Only inside a write transaction.

    A row that somebody changed opens nothing as it is: it is left so, and keeps nobody's products from being destroyed.
    """
    for row in extracts(connection):
        try:
            key = unwrap(old.key, row.wrapped, _KEY, _bound(row))
        except Refused:
            continue
        rewrap_extract(connection, _under(new, row, key))


def _over(connection: Connection, now: str) -> list[ExtractRow]:
    return [row for row in extracts(connection) if row.expires_at <= now]


def _check_instead(before: Sequence[ExtractRow], instead_of: str | None, now: str) -> None:
    if next((one.id for one in before if now < one.expires_at), None) != instead_of:
        what, do = "another extract of this file was taken in meanwhile", "Receive this one again: it is where it was."
        raise Refused("extract_came_in", what, do)


def _lay_down(file: Path, closed: bytes) -> None:
    """Content and name are both on the disk when this returns, for the clear copy goes next."""
    try:
        durable.create(file, closed)
    except OSError:
        raise Refused(
            "not_kept", "the sealed extract cannot be written beside the hub", "Make room on its disk."
        ) from None
    sync_folder(file.parent)


def _under(root: Root, row: ExtractRow, key: bytes) -> ExtractRow:
    moved = replace(row, root_id=root.id)
    return replace(moved, wrapped=wrap(root.key, key, _KEY, _bound(moved)))


def _about(row: ExtractRow) -> dict[str, Any]:
    """What the content is bound to: the row, whichever root holds its key."""
    return {name: getattr(row, name) for name in ExtractRow.__slots__ if name not in ("root_id", "wrapped")}


def _bound(row: ExtractRow) -> dict[str, Any]:
    return _about(row) | {"root": row.root_id}


def _unpack(packed: bytes) -> bytes:
    engine = zlib.decompressobj()
    data = engine.decompress(packed, _MOST)
    if not engine.eof:
        raise Refused("damaged")
    return data


def expiry(received: datetime, seconds: float) -> datetime:
    """The moment at which an extract that is kept so long goes."""
    return datetime.fromtimestamp(received.timestamp() + seconds, UTC)
