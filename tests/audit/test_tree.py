"""The Merkle tree against published roots, against an independent twenty lines, and against forged proofs."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.audit.tree import (
    EMPTY,
    HASH,
    InclusionProof,
    check_inclusion,
    grow,
    leaf_hash,
    neighbours,
    node_hash,
    path_from,
    place_stored,
    root_of,
)

# The eight leaves, and the root after each, that implementations of Certificate Transparency test themselves with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def oracle_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + oracle_root(leaves[:k]) + oracle_root(leaves[k:])).digest()


def oracle_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1, word for word."""
    if len(leaves) <= 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*oracle_path(m, leaves[:k]), oracle_root(leaves[k:])]
    return [*oracle_path(m - k, leaves[k:]), oracle_root(leaves[:k])]


def built(leaves: list[bytes]) -> tuple[tuple[bytes, ...], list[bytes]]:
    """The frontier over these leaves, and what is stored with each."""
    frontier: tuple[bytes, ...] = ()
    stored = []
    for number, leaf in enumerate(leaves):
        frontier, hashes = grow(frontier, number, leaf_hash(leaf))
        stored.append(hashes)
    return frontier, stored


def proof_of(n: int, stored: list[bytes]) -> InclusionProof:
    """The proof for leaf n from what is stored."""
    steps = neighbours(n, len(stored))
    known = {}
    for place in {place for step in steps for place in step}:
        row, start = place_stored(place)
        known[place] = stored[row][start : start + HASH]
    return InclusionProof(n=n, size=len(stored), path=path_from(steps, known))


def test_the_published_roots_come_out() -> None:
    leaves = [bytes.fromhex(text) for text in LEAVES]
    assert [root_of(built(leaves[: count + 1])[0]).hex() for count in range(8)] == ROOTS
    assert root_of(()) == EMPTY == oracle_root([])


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=70), st.data())
def test_roots_and_proofs_are_those_of_the_standard(leaves: list[bytes], data: st.DataObject) -> None:
    frontier, stored = built(leaves)
    n = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = proof_of(n, stored), root_of(frontier)
    assert root == oracle_root(leaves)
    assert list(proof.path) == oracle_path(n, leaves)
    assert check_inclusion(leaf_hash(leaves[n]), proof, len(leaves), root)


def test_no_proof_passes_for_another_index_size_length_or_leaf() -> None:
    for size in range(1, 34):
        leaves = [bytes([number]) for number in range(size)]
        frontier, stored = built(leaves)
        root = root_of(frontier)
        for n in range(size):
            proof, leaf = proof_of(n, stored), leaf_hash(leaves[n])
            assert check_inclusion(leaf, proof, size, root)
            wrong = [replace(proof, n=other) for other in range(-1, size + 2) if other != n]
            wrong += [replace(proof, size=other) for other in range(-1, size + 3) if other != size]
            wrong += [replace(proof, path=(*proof.path, root)), replace(proof, path=(root, *proof.path))]
            wrong += [replace(proof, path=proof.path[:cut]) for cut in range(len(proof.path))]
            wrong += [replace(proof, path=tuple(reversed(proof.path)))] if len(set(proof.path)) > 1 else []
            wrong += [replace(proof, path=(*proof.path[:-1], proof.path[-1][:-1]))] if proof.path else []
            assert not any(check_inclusion(leaf, item, size, root) for item in wrong)
            assert not check_inclusion(leaf_hash(b"other"), proof, size, root)
            assert not check_inclusion(leaf, proof, size, leaf_hash(b"other"))


def test_a_proof_for_one_size_is_not_good_under_the_checkpoint_of_another() -> None:
    """Leaf 0 has the same path shape in trees of 7 and of 8: only the signed size tells them apart."""
    leaves = [bytes([number]) for number in range(9)]
    for size in range(1, 9):
        frontier, stored = built(leaves[:size])
        proof = proof_of(0, stored)
        for other in (size - 1, size + 1):
            assert not check_inclusion(leaf_hash(leaves[0]), proof, other, root_of(frontier))
            assert not check_inclusion(leaf_hash(leaves[0]), replace(proof, size=other), size, root_of(frontier))


def test_an_inner_node_cannot_pass_as_a_leaf() -> None:
    leaves = [b"a", b"b", b"c", b"d"]
    frontier, _ = built(leaves)
    left, right = node_hash(leaf_hash(b"a"), leaf_hash(b"b")), node_hash(leaf_hash(b"c"), leaf_hash(b"d"))
    entry = leaf_hash(b"a") + leaf_hash(b"b")
    short = InclusionProof(n=0, size=2, path=(right,))
    assert not check_inclusion(leaf_hash(entry), short, 2, root_of(frontier))
    assert not check_inclusion(left, short, 2, leaf_hash(entry))
    assert left == node_hash(entry[:HASH], entry[HASH:])


def test_an_empty_proof_is_good_only_in_a_tree_of_one() -> None:
    leaf = leaf_hash(b"a")
    assert check_inclusion(leaf, InclusionProof(n=0, size=1, path=()), 1, leaf)
    assert not check_inclusion(leaf, InclusionProof(n=1, size=1, path=()), 1, leaf)
    assert not check_inclusion(leaf, InclusionProof(n=0, size=2, path=()), 2, leaf)
