"""The key that a reader signs with, as custody pinned it: never what lies in a `.pub` file now."""

from __future__ import annotations

from mash_trawl.store import custody as rows
from mash_trawl.store.engine import Store
from mash_trawl.vault.parts import key_id_of


def pinned_signing_key(store: Store, reader: str, key_id: str | None = None) -> bytes | None:
    """The Ed25519 public key pinned for a reader under this fingerprint (None: the one that counts now).

    None without such a pin, or when the row no longer holds the keys that the fingerprint is of.
    """
    with store.read() as connection:
        known = rows.reader_keys(connection, reader)
    for row in reversed(known):
        wanted = row.status == "active" if key_id is None else row.key_id == key_id
        if wanted and row.reader_id == reader and key_id_of(row) == row.key_id:
            return row.signing_key
    return None
