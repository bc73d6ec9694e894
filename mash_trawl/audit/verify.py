"""Is the ledger what was written? Everything is computed anew; the first bad leaf is named.

Somebody who can write to the database and holds the signing key can rewrite the ledger; and anybody who can write to
the database can put back an older state of it. Only a checkpoint kept elsewhere shows that: every sealed record carries
one, so pass it as `checkpoint`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from mash_trawl.audit.checkpoint import Checkpoint, open_checkpoint
from mash_trawl.audit.entry import FIELDS, VERSION, commitment
from mash_trawl.audit.signing import Verifier
from mash_trawl.audit.tree import HASH, grow, leaf_hash, root_of
from mash_trawl.errors import Problem, Refused
from mash_trawl.store import ledger as rows
from mash_trawl.store.engine import Store
from mash_trawl.store.ledger import StoredCheckpoint, StoredEntry

MOST_PROBLEMS = 100
"""How many problems are told; after the first bad entry most others follow from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The outcome: how many entries, their root in hex, what is wrong, the first bad leaf, how many are erased.

    `erased` counts entries whose private part is gone; that is allowed and no problem.
    """

    size: int
    root: str
    problems: tuple[Problem, ...]
    first_bad: int | None
    erased: int


def verify(store: Store, verifier: Verifier, checkpoint: str | None = None) -> Verified:
    """Check every entry, private part, inner node and checkpoint; and the whole against a `checkpoint` from outside."""
    walk = _Walk(verifier)
    outside = None if checkpoint is None else walk.open("checkpoint given", checkpoint)
    with store.read() as connection:
        walk.all(rows.entries(connection), rows.checkpoints(connection), outside)
        for n in rows.orphans(connection):
            walk.bad(n, "a private part has no entry.")
    return Verified(
        size=walk.size, root=root_of(walk.frontier).hex(), problems=tuple(walk.problems), first_bad=walk.first_bad,
        erased=walk.erased,
    )  # fmt: skip


class _Walk:
    """Once along the ledger, with the tree growing beside it."""

    def __init__(self, verifier: Verifier) -> None:
        self.problems: list[Problem] = []
        self.first_bad: int | None = None
        self.size = 0
        self.frontier: tuple[bytes, ...] = ()
        self.erased = 0
        self._verifier = verifier
        self._at = ""
        self._origin: str | None = None
        self._signed = 0
        self._tree_is_good = True

    def say(self, where: str, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(where=where, what=what))

    def bad(self, n: int, what: str) -> None:
        self.say(f"entry {n}", what)
        self.first_bad = n if self.first_bad is None else min(n, self.first_bad)

    def open(self, where: str, note: str) -> Checkpoint | None:
        """The checkpoint in a note; None, and a problem, when it is not genuine or names another ledger."""
        try:
            checkpoint = open_checkpoint(note, [self._verifier])
        except Refused as problem:
            self.say(where, str(problem))
            return None
        self._origin = self._origin or checkpoint.origin
        if checkpoint.origin != self._origin:
            self.say(where, "it belongs to another ledger.")
            return None
        return checkpoint

    def all(
        self, entries: Iterator[StoredEntry], checkpoints: Iterator[StoredCheckpoint], outside: Checkpoint | None
    ) -> None:
        stored = next(checkpoints, None)
        self._against(outside)
        for entry in entries:
            self._entry(entry)
            while stored is not None and stored.size <= self.size:
                self._checkpoint(stored)
                stored = next(checkpoints, None)
            self._against(outside)
        if stored is not None:
            self.bad(self.size, f"it and all after it are missing: a checkpoint says {stored.size} entries.")
        elif self.size > self._signed:
            self.bad(self._signed, "no checkpoint covers it or what follows.")
        if outside is not None and outside.size > self.size:
            self.bad(self.size, f"it and all after it are missing: the checkpoint given says {outside.size} entries.")

    def _against(self, outside: Checkpoint | None) -> None:
        if outside is not None and outside.size == self.size and outside.root != root_of(self.frontier):
            self.bad(0, f"one of the first {self.size} entries is not what the checkpoint given fixed.")

    def _entry(self, stored: StoredEntry) -> None:
        if stored.n != self.size:
            self.bad(min(self.size, stored.n), f"the number after {self.size - 1} is {stored.n}.")
        leaf = leaf_hash(stored.entry)
        self.frontier, made = grow(self.frontier, self.size, leaf)
        if stored.hashes[:HASH] != leaf:
            self.bad(stored.n, "its bytes were changed: they do not give its leaf hash.")
        elif stored.hashes != made and self._tree_is_good:
            self._tree_is_good = False
            self.bad(stored.n, "a stored inner node is not the hash of what lies below it.")
        self._fields(stored)
        self.size += 1

    def _fields(self, stored: StoredEntry) -> None:
        try:
            entry = json.loads(stored.entry.decode())
            said = entry["n"], entry["kind"], entry["at"] >= self._at, entry["priv"], entry["v"]
            shaped = entry.keys() == FIELDS
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.bad(stored.n, "its bytes are not an entry.")
            return
        if not shaped or said[4] != VERSION:
            self.bad(stored.n, "its bytes are not an entry of this version.")
        if said[0] != stored.n:
            self.bad(stored.n, "it carries another number.")
        if said[1] != stored.kind:
            self.bad(stored.n, "it is filed under another kind.")
        if not said[2]:
            self.bad(stored.n, "its time lies before that of the entry before.")
        self._at = max(self._at, entry["at"])
        self._private(stored, said[3])

    def _private(self, stored: StoredEntry, promised: object) -> None:
        if stored.body is None or stored.salt is None:
            self.erased += promised is not None
        elif promised != commitment(stored.salt, stored.body):
            self.bad(stored.n, "its private part is not the one that was written.")

    def _checkpoint(self, stored: StoredCheckpoint) -> None:
        where = f"checkpoint {stored.size}"
        checkpoint = self.open(where, stored.note)
        covered, self._signed = self._signed, stored.size
        if stored.size < self.size or (checkpoint is not None and checkpoint.size != stored.size):
            self.say(where, "it is filed under another size.")
            return
        if (stored.frontier, stored.at) != (b"".join(self.frontier), self._at):
            self.say(where, "what is stored beside it does not fit the entries.")
        if checkpoint is not None and checkpoint.root != root_of(self.frontier) and self._tree_is_good:
            self._tree_is_good = False
            last = stored.size - 1
            self.bad(covered, "it" + (f" or one up to {last}" if last > covered else "") + " is not what was signed.")
