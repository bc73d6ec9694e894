"""A reader's keys: X-Wing to open records, Ed25519 to sign statements. The private half never enters custody.

`<reader>.key` is closed with a passphrase (scrypt, then AES-256-GCM), or lies open in a 0600 file, which `check`
names. `<reader>.pub` carries both public keys and a signature over them, so that no half can be exchanged.
"""

from __future__ import annotations

import hashlib
import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.audit.signing import strict_base64
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.vault import durable
from mash_trawl.vault.wrapping import SUITE, bound, close_for, new_key, open_with

MARK = "mash-trawl/reader-key/v1"
PUBLIC_MARK = "mash-trawl/reader-public-key/v1"
SCRYPT_WORK = 2**17
"""scrypt's N with r=8, p=1: 128 MiB and about half a second (OWASP Password Storage Cheat Sheet)."""

_READER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_MLKEM_PUBLIC = 1184
OPENING_BYTES, SIGNING_BYTES, PROOF_BYTES = _MLKEM_PUBLIC + 32, 32, 64
_PRIVATE = 64 + 32 + 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What the hub knows of a reader: both public keys, and the reader's own signature over them."""

    reader: str
    opening: bytes
    signing: bytes
    proof: bytes

    @property
    def key_id(self) -> str:
        """The fingerprint of both keys and the reader they belong to."""
        return hashlib.sha256(_proved(self.reader, self.opening, self.signing)).hexdigest()[:32]

    def for_sealing(self) -> MLKEM768X25519PublicKey:
        """The X-Wing key that a record secret is closed for."""
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.opening[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(self.opening[_MLKEM_PUBLIC:]),
        )

    def check(self) -> None:
        """Refused("reader_key_altered") unless the reader's signature holds for these very keys."""
        try:
            proved = _proved(self.reader, self.opening, self.signing)
            Ed25519PublicKey.from_public_bytes(self.signing).verify(self.proof, proved)
            self.for_sealing()
        except (InvalidSignature, ValueError):
            raise Refused("reader_key_altered", "a reader's public key does not prove itself") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderKey:
    """A reader's private keys, in the reader's own process."""

    reader: str
    opening: MLKEM768X25519PrivateKey = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    public: PublicKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature, for statements."""
        return self.signing.sign(data)


def enrol_reader(folder: Path, reader: str, passphrase: bytes | None, work: int = SCRYPT_WORK) -> ReaderKey:
    """Make a reader's keys in `folder` and prove that they work. `passphrase` None leaves the key file open (0600).

    Misconfigured for an id that is no file name, an empty passphrase, or a reader who has keys already.
    """
    check_reader_id(reader)
    if passphrase is not None and not passphrase.strip():
        raise Misconfigured(Problem(where=f"reader {reader}", what="the passphrase is empty."))
    seeds = os.urandom(_PRIVATE)
    key = _from_seeds(reader, seeds)
    _prove_opening(key)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if key_path(folder, reader).exists():
            raise FileExistsError
        durable.put(public_path(folder, reader), public_file(key.public))
        durable.create(key_path(folder, reader), _close(reader, seeds, passphrase, work))
        durable.sync_folder(folder)
    except FileExistsError:
        raise Misconfigured(Problem(where=f"reader {reader}", what="there are keys already.")) from None
    except OSError as problem:
        raise Misconfigured(Problem(where=str(folder), what=f"cannot be written ({problem.strerror}).")) from None
    return key


def check_reader_id(reader: str) -> None:
    """Misconfigured for an id that is no file name."""
    if not _READER.fullmatch(reader):
        what = "an id is 1 to 64 letters, digits and . _ @ - only."
        raise Misconfigured(Problem(where="reader", what=what, do="Use an opaque one, such as a staff number."))


def key_path(folder: Path, reader: str) -> Path:
    """Where a reader's private keys lie."""
    return folder / f"{reader}.key"


def public_path(folder: Path, reader: str) -> Path:
    """Where a reader's public keys lie."""
    return folder / f"{reader}.pub"


def public_file(key: PublicKey) -> bytes:
    """What `<reader>.pub` holds."""
    fields = {"format": PUBLIC_MARK, "reader": key.reader, "suite": SUITE, "opening": _text(key.opening)}
    return canonical(fields | {"signing": _text(key.signing), "proof": _text(key.proof)}) + b"\n"


def read_public(folder: Path, reader: str) -> PublicKey:
    """A reader's public keys, proved. Misconfigured when nobody enrolled under this id."""
    if not _READER.fullmatch(reader) or not public_path(folder, reader).is_file():
        raise Misconfigured(
            Problem(
                where=f"reader {reader[:64]!r}",
                what="is not enrolled.",
                do="They need a reader key in the hub's reader folder.",
            )
        )
    fields = _fields(public_path(folder, reader), PUBLIC_MARK, "reader_key_altered")
    opening, signing, proof = (_bytes(fields, name) for name in ("opening", "signing", "proof"))
    key = PublicKey(reader=reader, opening=opening, signing=signing, proof=proof)
    if fields.get("reader") != reader:
        raise Refused("reader_key_altered", "a reader's public key carries another name")
    key.check()
    return key


def read_key(path: Path, passphrase: bytes | None) -> ReaderKey:
    """A reader's private keys. Refused: `key_missing`, `key_damaged`, `locked` (no or wrong passphrase)."""
    fields = _fields(path, MARK, "key_damaged")
    about = {name: value for name, value in fields.items() if name != "data"}
    data = _bytes(fields, "data")
    if fields.get("protection") == "scrypt":
        if passphrase is None:
            raise Refused("locked", "this reader key needs its passphrase")
        try:
            data = AESGCM(_stretch(passphrase, _bytes(fields, "salt"), fields.get("work"))).decrypt(
                _bytes(fields, "nonce"), data, bound(MARK, about)
            )
        except (InvalidTag, ValueError):
            raise Refused("locked", "the passphrase does not open this reader key") from None
    if len(data) != _PRIVATE or not isinstance(fields.get("reader"), str):
        raise Refused("key_damaged", "this reader key is damaged")
    return _from_seeds(fields["reader"], data)


def enrolled_readers(folder: Path) -> frozenset[str]:
    """The ids of everybody with a public key in `folder`."""
    return frozenset(path.stem for path in folder.glob("*.pub"))


def key_is_protected(place: Path, reader: str = "") -> bool:
    """Whether a private key needs a passphrase. `place` is the key file, or the folder that holds `<reader>.key`."""
    path = key_path(place, reader) if place.is_dir() else place
    return _fields(path, MARK, "key_damaged").get("protection") != "none"


def _from_seeds(reader: str, seeds: bytes) -> ReaderKey:
    opening = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(seeds[:64]), X25519PrivateKey.from_private_bytes(seeds[64:96])
    )
    signing = Ed25519PrivateKey.from_private_bytes(seeds[96:])
    mlkem = MLKEM768PrivateKey.from_seed_bytes(seeds[:64]).public_key().public_bytes_raw()
    curve = X25519PrivateKey.from_private_bytes(seeds[64:96]).public_key().public_bytes_raw()
    own = signing.public_key().public_bytes_raw()
    proof = signing.sign(_proved(reader, mlkem + curve, own))
    public = PublicKey(reader=reader, opening=mlkem + curve, signing=own, proof=proof)
    return ReaderKey(reader=reader, opening=opening, signing=signing, public=public)


def _prove_opening(key: ReaderKey) -> None:
    """Close a challenge for the public key and take it out with the private one, before anybody relies on it."""
    challenge, about = new_key(), {"reader": key.reader}
    if open_with(key.opening, close_for(key.public.for_sealing(), challenge, about), about) != challenge:
        raise Refused("wrong_key", "the new reader key does not work")


def _proved(reader: str, opening: bytes, signing: bytes) -> bytes:
    about = {"reader": reader, "suite": SUITE, "opening": _text(opening), "signing": _text(signing)}
    return bound(PUBLIC_MARK, about)


def _close(reader: str, seeds: bytes, passphrase: bytes | None, work: int) -> bytes:
    """The private key file: one line of JSON, closed under the passphrase where there is one."""
    fields: dict[str, Any] = {"format": MARK, "reader": reader, "suite": SUITE, "protection": "none"}
    if passphrase is None:
        return canonical(fields | {"data": _text(seeds)}) + b"\n"
    salt, nonce = os.urandom(16), os.urandom(12)
    fields |= {"protection": "scrypt", "salt": _text(salt), "work": work, "nonce": _text(nonce)}
    closed = AESGCM(_stretch(passphrase, salt, work)).encrypt(nonce, seeds, bound(MARK, fields))
    return canonical(fields | {"data": _text(closed)}) + b"\n"


def _stretch(passphrase: bytes, salt: bytes, work: object) -> bytes:
    """The key from a passphrase. A file cannot ask for more than 1 GiB of memory."""
    if not isinstance(work, int) or not 2**10 <= work <= 2**20:
        raise ValueError("work")
    return Scrypt(salt=salt, length=32, n=work, r=8, p=1).derive(passphrase)


def _fields(path: Path, mark: str, why: str) -> Mapping[str, Any]:
    """A key file's fields. Refused(why) for anything that is not one; no byte of it in the error."""
    try:
        with path.open("rb") as file:
            fields = parse_canonical(file.read(16384).rstrip())
    except OSError:
        raise Refused("key_missing", "the reader key cannot be read", "Give its file with --key.") from None
    except Refused:
        raise Refused(why, "a reader key file is damaged") from None
    if not isinstance(fields, dict) or fields.get("format") != mark or fields.get("suite") != SUITE:
        raise Refused(why, "a reader key file is damaged")
    return fields


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(fields: Mapping[str, Any], name: str) -> bytes:
    try:
        return strict_base64(str(fields.get(name, "")))
    except ValueError:
        raise Refused("key_damaged", "a reader key file is damaged") from None
