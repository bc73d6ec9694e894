"""The outside of a sealed record: one plain header line, then one Cobblestone-256 ciphertext.

Cobblestone-256 (C2SP chunked-encryption) encrypts in 16 KiB AES-256-GCM chunks and commits to its key, so that no
ciphertext opens to two texts under two secrets. The header is bound to the ciphertext as its context.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from mash_trawl.errors import Refused

MARK = "mash-trawl/record/v1"
LONGEST_HEADER = 256
LARGEST_FILE = 256 * 1024 * 1024
_HEADER = re.compile(rb"mash-trawl/record/v([1-9][0-9]{0,2}) ([!-~]{1,160}) ([0-9a-f]{32})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """All that a file shows to somebody without its secret: which hub sealed it, and an opaque record id."""

    origin: str
    record: str

    def to_line(self) -> bytes:
        """The header's bytes, with their newline."""
        return f"{MARK} {self.origin} {self.record}\n".encode("ascii")

    @property
    def context(self) -> bytes:
        """What the ciphertext is bound to: the mark, the record id, a newline, and the header line."""
        return f"{MARK}{self.record}\n".encode("ascii") + self.to_line()


def file_name(record: str, version: int) -> str:
    """`<record id>-v<N>.mtr`: a file name never tells whose record it is."""
    return f"{record}-v{version}.mtr"


def parse_header(start: bytes) -> Header:
    """Read the header line from a file's first bytes. Refused: `not_a_record`, or `unknown_version`."""
    found = _HEADER.match(start[:LONGEST_HEADER])
    if not found:
        raise Refused("not_a_record", "not a sealed record of mash_trawl")
    if found[1] != b"1":
        raise Refused("unknown_version", "sealed by a newer mash_trawl", "Update mash_trawl.")
    return Header(origin=found[2].decode("ascii"), record=found[3].decode("ascii"))


def read_file(path: Path) -> tuple[Header, bytes]:
    """The header and all bytes of a file; a wrong or endless header is refused before the rest is read."""
    try:
        with path.open("rb") as file:
            start = file.read(LONGEST_HEADER)
            header = parse_header(start)
            rest = file.read(LARGEST_FILE)
    except OSError:
        raise Refused("missing", "the record's file cannot be read", "Give the path of an .mtr file.") from None
    if len(rest) == LARGEST_FILE:
        raise Refused("too_large", "the file is larger than any record")
    return header, start + rest


def encrypt(header: Header, secret: bytes, payload: bytes) -> bytes:
    """The whole file. `secret` is 32 random bytes, used for this one file."""
    machine = Cobblestone256Encryptor(secret, header.context)
    return header.to_line() + machine.update(payload) + machine.finalize()


def decrypt(data: bytes, secret: bytes) -> tuple[Header, bytes]:
    """The payload, once its last byte is proved whole. Refused("damaged") otherwise, with nothing of it."""
    header = parse_header(data)
    machine = Cobblestone256Decryptor(secret, header.context)
    try:
        payload = machine.update(memoryview(data)[len(header.to_line()) :])
        return header, payload + machine.finalize()
    except InvalidTag:
        raise Refused("damaged") from None
