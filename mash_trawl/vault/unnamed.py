"""Sealed files that wait for their name: a seal that was killed leaves one, and the next act of custody settles it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.store import custody as rows
from mash_trawl.vault import durable
from mash_trawl.vault.parts import Parts

if TYPE_CHECKING:
    from sqlalchemy import Connection


def finish_or_drop(connection: Connection, part: Path, target: Path, sha256: str) -> bool:
    """A file that waits for its name gets it if its version was committed, and is deleted if not. Under the lock."""
    if not part.exists():
        return False
    if rows.record_with(connection, sha256) is None:
        durable.remove(part)
        return False
    durable.move(part, target)
    return True


def sweep(parts: Parts, connection: Connection, folder: Path, keep: Path | None = None) -> int:
    """Delete what killed seals of this hub left in a folder; how many. Under the lock, so a seal can write again."""
    waiting = {parts.place(row.part or "") for row in rows.unplaced(connection)} | {keep}
    orphans = [part for part in parts_in(parts, folder) if part not in waiting]
    for orphan in orphans:
        durable.remove(orphan)
    return len(orphans)


def parts_in(parts: Parts, folder: Path) -> Iterator[Path]:
    """The unnamed files of this hub in a folder; its signing key tells them from those of another hub."""
    return folder.glob(f".*.mtr.{parts.signer.verifier.key_id.hex()}.*.part")


def give_name(part: Path, target: Path) -> None:
    """Give the committed file its name, unless a recovery in another process just did."""
    try:
        durable.move(part, target)
    except FileNotFoundError:
        if not target.exists():
            raise
