"""How keys are wrapped: root > case key > grant. Each wrap is bound to what it is for, so that no row fits elsewhere.

HPKE is RFC 9180 with the X-Wing KEM (ML-KEM-768 and X25519 together): a recording made today stays closed to a
quantum computer of tomorrow.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from mash_trawl.audit.canonical import canonical
from mash_trawl.errors import Refused

SUITE = "hpke-xwing-hkdf-sha256-aes256gcm"
_NONCE = 12


def new_key() -> bytes:
    """32 bytes from the system's generator, drawn at use (a forked process or restored machine never repeats one)."""
    return os.urandom(32)


def wrap(key: bytes, inner: bytes, purpose: str, about: Mapping[str, Any]) -> bytes:
    """AES-256-GCM under `key`, bound to `purpose` and `about`; a random nonce in front."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, inner, bound(purpose, about))


def unwrap(key: bytes, wrapped: bytes, purpose: str, about: Mapping[str, Any]) -> bytes:
    """The inside of `wrap`. Refused("custody_altered") if anything at all differs."""
    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound(purpose, about))
    except (InvalidTag, ValueError):
        raise Refused("custody_altered", "the custody rows do not belong together") from None


def close_for(public: MLKEM768X25519PublicKey, secret: bytes, about: Mapping[str, Any]) -> bytes:
    """A record secret that only the holder of the private key can take out."""
    return _suite().encrypt(secret, public, bound("mash-trawl/grant/v1", about))


def open_with(private: MLKEM768X25519PrivateKey, closed: bytes, about: Mapping[str, Any]) -> bytes:
    """Take a record secret out. Refused("wrong_key") when the key or what it is about differs."""
    try:
        return _suite().decrypt(closed, private, bound("mash-trawl/grant/v1", about))
    except (InvalidTag, ValueError):
        raise Refused("wrong_key", "this reader key does not open the grant") from None


def bound(purpose: str, about: Mapping[str, Any]) -> bytes:
    """What a wrap is bound to: its purpose, a newline, and the canonical JSON of what it is about."""
    return purpose.encode("ascii") + b"\n" + canonical(dict(about))


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """One SHA-256 over rows in the order given (hexadecimal)."""
    return hashlib.sha256(canonical([dict(row) for row in rows])).hexdigest()


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
