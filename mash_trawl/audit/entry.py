"""One event for the ledger, and the bytes that are hashed for it.

What identifies somebody goes into `private`: the entry holds only a salted hash of it, so that the private part can be
erased when its time is over while the tree still verifies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mash_trawl.audit.canonical import LARGEST, canonical, parse_canonical
from mash_trawl.audit.kinds import KINDS
from mash_trawl.errors import Refused
from mash_trawl.model.base import Private

VERSION = 1
MOST_BYTES = 8192
SALT = 16
FIELDS = {"v", "n", "at", "kind", "actor", "pub", "priv"}


@dataclass(frozen=True, slots=True, repr=False)
class Entry(Private):
    """An event: its `kind` (audit/kinds.py), the enrolled id of who acted, what may stand for ever, and what may not.

    `public` holds codes, counts, opaque ids and hashes; `private` case references, names and reasons. Both hold only
    what canonical JSON allows. ValueError for an unknown kind.
    """

    kind: str
    actor: str
    public: Mapping[str, Any]
    private: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is not a kind of event that the ledger knows")
        longest = self.encode(LARGEST, instant_text(datetime.max.replace(tzinfo=UTC)), bytes(SALT))[0]
        if len(longest) > MOST_BYTES:
            raise Refused(
                "entry_too_long", f"An entry holds at most {MOST_BYTES} bytes; put the rest in its private part."
            )

    def encode(self, n: int, at: str, salt: bytes) -> tuple[bytes, bytes | None]:
        """The canonical entry as number `n` at the instant `at`, and its canonical private part."""
        body = None if self.private is None else canonical(self.private)
        row = {
            "v": VERSION,
            "n": n,
            "at": at,
            "kind": self.kind,
            "actor": self.actor,
            "pub": self.public,
            "priv": None if body is None else commitment(salt, body),
        }
        return canonical(row), body


def commitment(salt: bytes, body: bytes) -> str:
    """What the entry says of its private part: SHA-256(salt || canonical body), in hex."""
    return hashlib.sha256(salt + body).hexdigest()


def instant_text(at: datetime) -> str:
    """An instant in UTC to the microsecond, always of the same length, so that texts sort as times."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_entry(data: bytes) -> dict[str, Any]:
    """The fields of stored entry bytes; Refused `not_canonical` or `entry_malformed`."""
    row = parse_canonical(data)
    if not isinstance(row, dict) or row.keys() != FIELDS or row["v"] != VERSION or not isinstance(row["at"], str):
        raise Refused("entry_malformed", "These bytes are not an entry of this ledger.")
    return row
