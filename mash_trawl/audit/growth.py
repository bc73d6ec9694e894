"""The ledger growing inside one transaction: numbers without gaps, one signature when it commits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from mash_trawl.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from mash_trawl.audit.entry import SALT, Entry, instant_text
from mash_trawl.audit.signing import Signer, Verifier
from mash_trawl.audit.tree import HASH, grow, leaf_hash, root_of
from mash_trawl.errors import Refused
from mash_trawl.store import ledger as rows
from mash_trawl.store.ledger import StoredCheckpoint, StoredEntry

if TYPE_CHECKING:
    from sqlalchemy import Connection

TOLERATED = timedelta(minutes=5)
"""How far the clock may lie behind the last event; entries then carry the last event's time."""


class Growth:
    """The tree's right edge, from the last commit on. Only ever used by the holder of the write transaction."""

    def __init__(self, size: int, frontier: tuple[bytes, ...], last: str) -> None:
        self.size = size
        self._frontier = frontier
        self._last = last

    @classmethod
    def from_checkpoint(cls, stored: StoredCheckpoint | None) -> Self:
        """Go on from the last commit, or from an empty ledger."""
        if stored is None:
            return cls(0, (), "")
        return cls(stored.size, split_frontier(stored.frontier), stored.at)

    def behind(self, now: datetime) -> timedelta:
        """How far `now` lies behind the last event; nothing or less when it does not."""
        return datetime.fromisoformat(self._last) - now if self._last else timedelta()

    def add(self, connection: Connection, entries: Sequence[Entry], now: datetime) -> tuple[int, ...]:
        """Append entries at `now`, never before the last event's time; returns their numbers."""
        self._last = max(self._last, instant_text(now))
        first, stored = self.size, []
        for entry in entries:
            salt = os.urandom(SALT)
            data, body = entry.encode(self.size, self._last, salt)
            self._frontier, hashes = grow(self._frontier, self.size, leaf_hash(data))
            stored.append(
                StoredEntry(
                    n=self.size, kind=entry.kind, entry=data, hashes=hashes, salt=salt if body else None, body=body
                )
            )
            self.size += 1
        rows.append(connection, stored)
        return tuple(range(first, self.size))

    def sign(self, origin: str, signer: Signer) -> StoredCheckpoint:
        """The checkpoint over everything added so far."""
        checkpoint = Checkpoint(origin=origin, size=self.size, root=root_of(self._frontier))
        return StoredCheckpoint(
            size=self.size, at=self._last, frontier=b"".join(self._frontier), note=sign_checkpoint(checkpoint, signer)
        )


def split_frontier(data: bytes) -> tuple[bytes, ...]:
    """The frontier's hashes from their stored form."""
    return tuple(data[start : start + HASH] for start in range(0, len(data), HASH))


def check_genuine(stored: StoredCheckpoint, origin: str, verifier: Verifier) -> None:
    """Refused `ledger_damaged` unless the last commit was signed by us, for this ledger, over this right edge."""
    try:
        checkpoint = open_checkpoint(stored.note, [verifier])
    except Refused:
        raise _damaged() from None
    said = Checkpoint(origin=origin, size=stored.size, root=root_of(split_frontier(stored.frontier)))
    if checkpoint != said or len(stored.frontier) != HASH * stored.size.bit_count():
        raise _damaged()


def _damaged() -> Refused:
    return Refused("ledger_damaged", "The ledger's last checkpoint is not genuine.", "Run `mash-trawl audit verify`.")
