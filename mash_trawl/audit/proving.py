"""That an entry lies in the ledger: under a checkpoint that the hub's key signed, not only in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.entry import read_entry
from mash_trawl.audit.growth import check_genuine, split_frontier
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.tree import (
    HASH,
    InclusionProof,
    check_inclusion,
    leaf_hash,
    neighbours,
    path_from,
    place_stored,
    root_of,
)
from mash_trawl.errors import Refused
from mash_trawl.store import ledger as rows

if TYPE_CHECKING:
    from sqlalchemy import Connection


def proved(connection: Connection, ledger: Ledger, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """The fields of those of the entries that are proved to lie in the ledger; the others are left out.

    Refused("ledger_damaged") when the newest checkpoint is not the hub's own.
    """
    newest = rows.newest_checkpoint(connection)
    if newest is None:
        return {}
    check_genuine(newest, ledger.origin, ledger.verifier)
    root = root_of(split_frontier(newest.frontier))
    inside = sorted({n for n in numbers if 0 <= n < newest.size})
    steps = {n: neighbours(n, newest.size) for n in inside}
    needed = {place_stored(place)[0] for path in steps.values() for step in path for place in step}
    hashes = rows.hashes(connection, needed) if needed else {}
    found: dict[int, Mapping[str, Any]] = {}
    for n in inside:
        entry = rows.entry_at(connection, n)
        if entry is None:
            continue
        try:
            places = {place: place_stored(place) for step in steps[n] for place in step}
            known = {place: hashes[row][start : start + HASH] for place, (row, start) in places.items()}
            proof = InclusionProof(n=n, size=newest.size, path=path_from(steps[n], known))
            if check_inclusion(leaf_hash(entry.entry), proof, newest.size, root):
                found[n] = read_entry(entry.entry)
        except (KeyError, ValueError, Refused):
            continue
    return found
