"""The hub's Ed25519 signing key and its public half, as the one-line text of C2SP signed notes (and Go's sumdb)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mash_trawl.errors import Misconfigured, Problem, Refused

_ED25519 = b"\x01"
_SECRET = "PRIVATE+KEY+"  # noqa: S105  the format's fixed beginning, not a secret


def strict_base64(text: str) -> bytes:
    """The bytes of standard base64 with padding; ValueError for anything that a re-encoding would not give back."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name it signs under. `line` is what readers pin: `name+key id+base64`."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart: SHA-256(name, newline, algorithm, key), cut."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def line(self) -> str:
        """The public key as one line of text."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read `line`; Refused `key_malformed` when it is not exactly what `line` would give."""
        try:
            name, _, encoded = line.split("+", 2)
            verifier = cls(_checked_name(name), strict_base64(encoded)[1:])
            genuine = len(verifier.public) == 32 and verifier.line == line
        except (ValueError, UnicodeEncodeError):
            genuine = False
        if not genuine:
            raise Refused("key_malformed", "This line is not an Ed25519 public key.")
        return verifier

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over `data`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """The hub's signing key. Its repr and errors show the name only."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(_checked_name(name), self._key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"<Signer {self.verifier.name}>"

    @classmethod
    def create(cls, path: Path, name: str) -> Self:
        """Make a new key in a new file that only this account can read, and `<path>.pub` beside it.

        `name` must not be empty nor hold white space or `+`. Raises Misconfigured when the file is already there.
        """
        seed = os.urandom(32)
        signer = cls(name, seed)
        text = f"{_SECRET}{name}+{signer.verifier.key_id.hex()}+{base64.b64encode(_ED25519 + seed).decode()}\n"
        try:
            _write_new(path, text, 0o600)
            _write_new(path.with_name(path.name + ".pub"), signer.verifier.line + "\n", 0o644)
        except OSError as problem:
            raise _unusable(path, f"the signing key cannot be written ({problem.strerror}).") from None
        return signer

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key; Misconfigured when it is missing or damaged."""
        try:
            text = path.read_text(encoding="ascii")
            name, key_id, encoded = text.removesuffix("\n").removeprefix(_SECRET).split("+", 2)
            data = strict_base64(encoded)
            signer = cls(name, data[1:])
        except OSError as problem:
            raise _unusable(path, f"the signing key cannot be read ({problem.strerror}).") from None
        except (ValueError, binascii.Error):
            raise _unusable(path, "this is not a signing key.") from None
        if not text.startswith(_SECRET) or data[:1] != _ED25519 or signer.verifier.key_id.hex() != key_id:
            raise _unusable(path, "this is not a signing key.")
        return signer

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature over `data`."""
        return self._key.sign(data)


def _checked_name(name: str) -> str:
    if not name.isascii() or not name or "+" in name or any(letter <= " " or letter == "\x7f" for letter in name):
        raise ValueError("a key name is ASCII without white space and plus signs")
    return name


def _write_new(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _unusable(path: Path, what: str) -> Misconfigured:
    return Misconfigured(Problem(where=str(path), what=what, do="Check `signing_key:` in hub.yaml."))
