"""A reader's public key on its way from their account to the hub: one line that proves itself."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from mash_trawl.audit.signing import strict_base64
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.vault import durable
from mash_trawl.vault.readers import (
    OPENING_BYTES,
    PROOF_BYTES,
    SIGNING_BYTES,
    PublicKey,
    check_reader_id,
    public_file,
    public_path,
    read_public,
)

LINE = "mash-trawl-reader-v1"


def public_line(key: PublicKey) -> str:
    """The public key as one line without blanks: mark, reader, both keys and the proof in base64, with colons."""
    return f"{LINE}:{key.reader}:{b64encode(key.opening + key.signing + key.proof).decode('ascii')}"


def parse_public_line(line: str) -> PublicKey:
    """The key in a line, proved. Misconfigured when it is no such line; Refused("reader_key_altered") when it lies."""
    mark, _, rest = line.strip().partition(":")
    reader, _, text = rest.rpartition(":")
    try:
        data = strict_base64(text)
    except ValueError:
        data = b""
    if mark != LINE or len(data) != OPENING_BYTES + SIGNING_BYTES + PROOF_BYTES:
        what, do = "this is not a reader's public line.", "Copy the whole line that `keys init` printed."
        raise Misconfigured(Problem(where="--public", what=what, do=do))
    check_reader_id(reader)
    opening, rest_of = data[:OPENING_BYTES], data[OPENING_BYTES:]
    key = PublicKey(reader=reader, opening=opening, signing=rest_of[:SIGNING_BYTES], proof=rest_of[SIGNING_BYTES:])
    key.check()
    return key


def take_in(folder: Path, key: PublicKey) -> None:
    """Put a proved public key into the hub's folder. Refused("reader_key_changed") when another stands there."""
    key.check()
    if public_path(folder, key.reader).exists():
        if read_public(folder, key.reader).key_id != key.key_id:
            raise Refused("reader_key_changed", "another key is enrolled under this id", "Use a new id for a new key.")
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        durable.create(public_path(folder, key.reader), public_file(key))
        durable.sync_folder(folder)
    except OSError as problem:
        raise Misconfigured(Problem(where=str(folder), what=f"cannot be written ({problem.strerror}).")) from None
