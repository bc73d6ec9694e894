"""Check an exported ledger without mash_trawl: needs only Python and the `cryptography` package.

    python verify_ledger.py FOLDER PUBLIC_KEY_LINE [OLDER_CHECKPOINT_FILE ...]

FOLDER holds entries.jsonl and checkpoint (`mash-trawl audit export`). Take the key line from a place that the ledger's
keeper cannot change; so too older checkpoints (every sealed record's manifest and every export carries one).
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def opened(note: str, key_line: str) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint signed by the key; an exception when it is not."""
    name, _, encoded = key_line.strip().split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    key_id = sha256(name.encode() + b"\n" + key)[:4]
    text, _, signatures = note.rpartition("\n\n")
    mine = [base64.b64decode(line.split(" ")[2]) for line in signatures.splitlines() if line.split(" ")[1] == name]
    (signature,) = [data[4:] for data in mine if data[:4] == key_id]
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, f"{text}\n".encode())
    origin, size, root = text.split("\n")
    return origin, int(size), base64.b64decode(root, validate=True)


def roots(entries: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The root of the RFC 6962 tree over the first so many entries, for each of these sizes."""
    edge: list[bytes] = []
    found = {0: sha256(b"")}
    for number, entry in enumerate(entries):
        here, left = sha256(b"\x00" + entry), number
        while left & 1:
            here, left = sha256(b"\x01" + edge.pop() + here), left >> 1
        edge.append(here)
        if number + 1 in sizes:
            root = edge[-1]
            for whole in reversed(edge[:-1]):
                root = sha256(b"\x01" + whole + root)
            found[number + 1] = root
    return found


def main(folder: str, key_line: str, *older: str) -> int:
    entries = (Path(folder) / "entries.jsonl").read_bytes().split(b"\n")[:-1]
    notes = [(Path(folder) / "checkpoint").read_text("utf-8"), *(Path(name).read_text("utf-8") for name in older)]
    checkpoints = [opened(note, key_line) for note in notes]
    known = roots(entries, {size for _, size, _ in checkpoints})
    times = [(row["n"], row["at"]) for row in map(json.loads, entries)]
    good = checkpoints[0][1] == len(entries) and len({origin for origin, _, _ in checkpoints}) == 1
    good = good and all(known.get(size) == root for _, size, root in checkpoints)
    good = (
        good and [n for n, _ in times] == list(range(len(entries))) and times == sorted(times, key=lambda item: item[1])
    )
    print(f"{len(entries)} entries: " + ("genuine" if good else "NOT what was signed"))
    return 0 if good else 5


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
