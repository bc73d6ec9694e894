"""The Merkle tree of RFC 6962: how leaves become one root, and how one leaf is proved to lie under it.

A frontier is the roots of the whole subtrees that make up a tree, largest first; one for each bit set in its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HASH = 32
EMPTY = hashlib.sha256().digest()
Place = tuple[int, int]
"""An inner node or leaf: its level (0 is the leaves) and its position within the level, from 0."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right): the prefix keeps a node from ever passing as a leaf."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(frontier: tuple[bytes, ...], size: int, leaf: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """Add the leaf number `size`: the new frontier, and the leaf's hash followed by those of the nodes it completed."""
    made = [leaf]
    while size & 1:
        frontier, left = frontier[:-1], frontier[-1]
        made.append(node_hash(left, made[-1]))
        size >>= 1
    return (*frontier, made[-1]), b"".join(made)


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree with this frontier."""
    if not frontier:
        return EMPTY
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That leaf `n` lies in the tree of `size` leaves: the neighbours' hashes from the leaf up to the root."""

    n: int
    size: int
    path: tuple[bytes, ...]


def check_inclusion(leaf: bytes, proof: InclusionProof, size: int, root: bytes) -> bool:
    """Whether the entry with this leaf hash is number `proof.n` of the tree with this size and root (a checkpoint's).

    Strict: the proof must be for that very size, since its hashes alone cannot tell all sizes apart, with no hash too
    many or too few. The algorithm of RFC 9162, section 2.1.3.2 (RFC 6962 defines the path, not the check).
    """
    if not 0 <= proof.n < proof.size == size or any(len(item) != HASH for item in (leaf, root, *proof.path)):
        return False
    at, last, here = proof.n, proof.size - 1, leaf
    for neighbour in proof.path:
        if last == 0:
            return False
        if at & 1 or at == last:
            here = node_hash(neighbour, here)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            here = node_hash(here, neighbour)
        at, last = at >> 1, last >> 1
    return last == 0 and here == root


def neighbours(n: int, size: int) -> list[list[Place]]:
    """For each step of leaf n's path, the whole subtrees whose hashes make up the neighbour, left to right."""
    steps: list[list[Place]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if n < middle:
            steps.append(_whole_subtrees(middle, high))
            high = middle
        else:
            steps.append(_whole_subtrees(low, middle))
            low = middle
    return steps[::-1]


def place_stored(place: Place) -> tuple[int, int]:
    """Where a place's hash is kept: with the entry that completed it, and at which byte of that entry's hashes."""
    level, position = place
    return ((position + 1) << level) - 1, HASH * level


def path_from(steps: Sequence[Sequence[Place]], known: Mapping[Place, bytes]) -> tuple[bytes, ...]:
    """The proof's hashes, given the hash of every place in it."""
    return tuple(root_of([known[place] for place in step]) for step in steps)


def _largest_power_below(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _whole_subtrees(low: int, high: int) -> list[Place]:
    """The fewest whole subtrees that cover leaves low..high-1 (`low` is a multiple of the first one's size)."""
    places: list[Place] = []
    while low < high:
        level = (high - low).bit_length() - 1
        places.append((level, low >> level))
        low += 1 << level
    return places
