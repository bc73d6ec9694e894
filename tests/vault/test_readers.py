"""A reader's keys: closed with a passphrase or named as open, and bound to one person."""

from __future__ import annotations

import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.vault.readers import (
    enrol_reader,
    enrolled_readers,
    key_is_protected,
    read_key,
    read_public,
)

WORK = 2**10


def why(act) -> str:
    with pytest.raises(Refused) as problem:
        act()
    return problem.value.why


def test_a_protected_key_opens_with_its_passphrase_only(tmp_path):
    made = enrol_reader(tmp_path, "ann", "pässword £".encode(), work=WORK)
    path = tmp_path / "ann.key"
    assert read_key(path, "pässword £".encode()).public == made.public
    assert why(lambda: read_key(path, b"password")) == "locked"
    assert why(lambda: read_key(path, None)) == "locked"
    assert key_is_protected(path)
    assert key_is_protected(tmp_path, "ann")


def test_an_open_key_is_named_as_such(tmp_path):
    enrol_reader(tmp_path, "ann", None)
    assert not key_is_protected(tmp_path / "ann.key")
    assert read_key(tmp_path / "ann.key", None).reader == "ann"
    assert enrolled_readers(tmp_path) == {"ann"}


def test_the_private_half_is_in_no_public_file_and_in_no_protected_one(tmp_path):
    enrol_reader(tmp_path, "ann", b"long enough", work=WORK)
    enrol_reader(tmp_path / "open", "ann", None)
    secret = json.loads((tmp_path / "open" / "ann.key").read_text())["data"]
    assert secret not in (tmp_path / "open" / "ann.pub").read_text()
    assert len(json.loads((tmp_path / "ann.key").read_text())["data"]) > len(secret)


def test_a_readers_signature_is_checked_with_the_public_file(tmp_path):
    key = enrol_reader(tmp_path, "ann", None)
    public = Ed25519PublicKey.from_public_bytes(read_public(tmp_path, "ann").signing)
    public.verify(key.sign(b"statement"), b"statement")


@pytest.mark.parametrize("reader", ["", "../ann", "a/b", "a b", ".hidden", "a" * 65, "ann\n"])
def test_an_id_that_could_leave_the_folder_is_no_id(tmp_path, reader):
    with pytest.raises(Misconfigured):
        enrol_reader(tmp_path / "keys", reader, None)
    with pytest.raises(Misconfigured):
        read_public(tmp_path, reader)


def test_nobody_is_enrolled_twice_or_with_an_empty_passphrase(tmp_path):
    enrol_reader(tmp_path, "ann", None)
    before = (tmp_path / "ann.pub").read_bytes()
    with pytest.raises(Misconfigured, match="keys already"):
        enrol_reader(tmp_path, "ann", None)
    assert (tmp_path / "ann.pub").read_bytes() == before
    with pytest.raises(Misconfigured, match="empty"):
        enrol_reader(tmp_path, "bob", b"  ")


def test_every_changed_byte_of_a_protected_key_is_refused(tmp_path):
    enrol_reader(tmp_path, "ann", b"long enough", work=WORK)
    path = tmp_path / "ann.key"
    good = path.read_bytes().rstrip()
    for at in range(0, len(good), 3):
        altered = bytearray(good)
        altered[at] ^= 1
        path.write_bytes(altered)
        assert why(lambda: read_key(path, b"long enough")) in ("locked", "key_damaged"), at


def test_every_changed_byte_of_a_public_key_is_refused(tmp_path):
    enrol_reader(tmp_path, "ann", None)
    path = tmp_path / "ann.pub"
    good = path.read_bytes().rstrip()
    for at in range(0, len(good), 7):
        altered = bytearray(good)
        altered[at] ^= 1
        path.write_bytes(altered)
        assert why(lambda: read_public(tmp_path, "ann")) in ("reader_key_altered", "key_damaged"), at


def test_half_a_public_key_cannot_be_exchanged_for_anothers(tmp_path):
    enrol_reader(tmp_path, "ann", None)
    enrol_reader(tmp_path, "bob", None)
    ann, bob = (json.loads((tmp_path / f"{reader}.pub").read_text()) for reader in ("ann", "bob"))
    for fields in (ann | {"opening": bob["opening"]}, ann | {"signing": bob["signing"]}, bob):
        (tmp_path / "ann.pub").write_text(json.dumps(fields))
        assert why(lambda: read_public(tmp_path, "ann")) == "reader_key_altered"


def test_a_key_file_cannot_ask_for_endless_memory(tmp_path):
    enrol_reader(tmp_path, "ann", b"long enough", work=WORK)
    path = tmp_path / "ann.key"
    for work in (2**40, 2**21, 0, "x", None, 1.5):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"work": work}))
        assert why(lambda: read_key(path, b"long enough")) in ("locked", "key_damaged")


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_a_private_key_is_for_its_owner_alone(tmp_path):
    enrol_reader(tmp_path / "keys", "ann", None)
    assert (tmp_path / "keys" / "ann.key").stat().st_mode & 0o777 == 0o600
