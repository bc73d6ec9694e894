"""Attacks on the file itself, with the secret known to whoever checks: nothing altered is ever read."""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
import tracemalloc

import pytest
from cryptography.exceptions import InvalidTag

from mash_trawl.audit.canonical import canonical
from mash_trawl.audit.note import sign_note
from mash_trawl.audit.signing import Signer
from mash_trawl.errors import Refused
from mash_trawl.vault import archive, record_file
from mash_trawl.vault.contents import pack_record, read_record
from mash_trawl.vault.record_file import Header, encrypt, parse_header, read_file

SECRET = bytes(range(32))
RECORD = "0123456789abcdef" * 2
HEADER = Header(origin="test-borough/mash-trawl", record=RECORD)
CHUNK = 16384 + 16
START = 24 + 32  # the ciphertext's own start: nonce and key commitment


def about(record: str = RECORD, version: int = 1) -> dict:
    return {"case": "MASH-1", "record": record, "version": version, "supersedes": None,
            "sealed_at": "2026-11-03T09:20:00+00:00", "ledger": {"origin": "o", "size": 0, "root": ""}}  # fmt: skip


def sealed_bytes(signer: Signer, notes: str = "", header: Header = HEADER, secret: bytes = SECRET) -> bytes:
    return encrypt(header, secret, pack_record({"notes": notes}, {"map.svg": b"<svg/>"}, about(header.record), signer))


def refused(data: bytes, signer: Signer, secret: bytes = SECRET) -> str:
    with pytest.raises(Refused) as problem:
        read_record(data, secret, [signer.verifier])
    return problem.value.why


def test_what_was_sealed_is_read(signer):
    read = read_record(sealed_bytes(signer, "Zoë"), SECRET, [signer.verifier])
    assert read.body == {"notes": "Zoë"}
    assert read.attachments == {"map.svg": b"<svg/>"}
    assert read.manifest["version"] == 1


def test_the_header_shows_only_the_hub_and_an_opaque_id(signer):
    line = sealed_bytes(signer, "Aisha Khan").split(b"\n")[0]
    assert line == b"mash-trawl/record/v1 test-borough/mash-trawl " + RECORD.encode()


def test_every_flipped_bit_is_refused(signer):
    data = sealed_bytes(signer)
    read_record(data, SECRET, [signer.verifier])
    for at in range(len(data)):
        for bit in range(8):
            altered = bytearray(data)
            altered[at] ^= 1 << bit
            with pytest.raises(Refused):
                read_record(bytes(altered), SECRET, [signer.verifier])


def test_every_truncation_and_any_addition_is_refused(signer):
    data = sealed_bytes(signer)
    for length in range(len(data)):
        assert refused(data[:length], signer) in ("damaged", "not_a_record")
    for more in (b"\0", b"\n", data[-16:], data):
        assert refused(data + more, signer) == "damaged"


def test_chunks_cannot_be_swapped_dropped_doubled_or_cut_at_their_edges(signer):
    data = sealed_bytes(signer, "x" * 60_000)
    head = len(HEADER.to_line()) + START
    chunks = [data[at : at + CHUNK] for at in range(head, len(data), CHUNK)]
    assert len(chunks) == 4
    first, second, third, last = chunks
    orders = [
        [second, first, third, last], [first, third, last], [first, second, second, third, last],
        [first, second, third], [first, second, last], [last], [], [first, second, third, last, last],
    ]  # fmt: skip
    assert read_record(data[:head] + b"".join(chunks), SECRET, [signer.verifier])
    for order in orders:
        assert refused(data[:head] + b"".join(order), signer) == "damaged"


def test_parts_of_two_records_never_make_one(signer):
    other = Header(origin=HEADER.origin, record="f" * 32)
    one, two = sealed_bytes(signer, "one"), sealed_bytes(signer, "two", other)
    cut = len(HEADER.to_line())
    assert refused(one[:cut] + two[cut:], signer) == "damaged"
    assert refused(two[:cut] + one[cut:], signer) == "damaged"
    again = sealed_bytes(signer, "one")
    for at in range(cut, len(one), 97):
        if one[:at] + again[at:] not in (one, again):
            assert refused(one[:at] + again[at:], signer) == "damaged"


def test_a_file_encrypted_for_another_record_id_is_refused(signer):
    payload = pack_record({"notes": ""}, {}, about("e" * 32), signer)
    assert refused(encrypt(HEADER, SECRET, payload), signer) == "damaged"


def test_another_secret_opens_nothing(signer):
    assert refused(sealed_bytes(signer), signer, bytes(32)) == "damaged"


def test_one_ciphertext_cannot_be_committed_to_two_secrets(signer):
    """The commitment of one secret in the file of another still opens under neither."""
    one, two = sealed_bytes(signer), sealed_bytes(signer, secret=bytes(32))
    cut = len(HEADER.to_line())
    mixed = one[: cut + 24] + two[cut + 24 : cut + START] + one[cut + START :]
    assert refused(mixed, signer) == refused(mixed, signer, bytes(32)) == "damaged"


class TestSomebodyWhoKnowsTheSecret:
    """A reader can encrypt, but cannot sign for the hub."""

    def members(self, signer: Signer) -> dict[str, bytes]:
        return archive.unpack(pack_record({"notes": "said"}, {"a.txt": b"a"}, about(), signer))

    def test_cannot_keep_the_manifest_over_an_altered_record(self, signer):
        altered = self.members(signer) | {"record.json": b'{"notes":"never said"}'}
        assert refused(encrypt(HEADER, SECRET, archive.pack(altered)), signer) == "damaged"

    def test_cannot_drop_the_manifest(self, signer):
        members = self.members(signer)
        del members["MANIFEST.note"]
        assert refused(encrypt(HEADER, SECRET, archive.pack(members)), signer) == "damaged"

    def test_cannot_sign_it_with_a_key_of_their_own_under_the_same_name(self, signer, tmp_path):
        forger = Signer.create(tmp_path / "forged", signer.verifier.name)
        assert refused(sealed_bytes(forger, "never said"), signer) == "damaged"

    def test_cannot_take_the_manifest_of_another_record(self, signer):
        other = archive.unpack(pack_record({"notes": "other"}, {}, about("f" * 32), signer))
        mixed = self.members(signer) | {"MANIFEST.note": other["MANIFEST.note"]}
        assert refused(encrypt(HEADER, SECRET, archive.pack(mixed)), signer) == "damaged"

    def test_cannot_drop_add_or_reorder_attachments(self, signer):
        members = self.members(signer)
        note = members.pop("MANIFEST.note")
        record = members.pop("record.json")
        for inner in (
            {"record.json": record},
            {"record.json": record, "attachments/a.txt": b"a", "attachments/b.txt": b"b"},
            {"attachments/a.txt": b"a", "record.json": record},
            {"record.json": record, "attachments/b.txt": b"a"},
        ):
            payload = archive.pack(inner | {"MANIFEST.note": note})
            assert refused(encrypt(HEADER, SECRET, payload), signer) == "damaged"
        early = archive.pack({"MANIFEST.note": note, "record.json": record, "attachments/a.txt": b"a"})
        assert refused(encrypt(HEADER, SECRET, early), signer) == "damaged"

    @pytest.mark.parametrize(
        "text",
        ['{"a":1, "b":1}', '{"a":1,"a":2}', '{"a":1.0}', '{"a":NaN}', '{"b":1,"a":2}', '{"a":9007199254740992}',
         '{"a":"\\ud800"}', '{"é":1}', "[1]", "{", "[" * 100_000],
    )  # fmt: skip
    def test_and_even_the_hub_cannot_sign_json_with_a_second_reading(self, signer, text):
        assert refused(encrypt(HEADER, SECRET, signed_payload(text.encode(), signer)), signer) == "damaged"


def signed_payload(record: bytes, signer: Signer) -> bytes:
    """An archive whose record.json is any bytes, under a manifest that is genuine."""
    member = {"name": "record.json", "sha256": hashlib.sha256(record).hexdigest(), "size": len(record)}
    text = f"mash-trawl/record/v1\n{canonical(about() | {'members': [member]}).decode()}\n"
    return archive.pack({"record.json": record, "MANIFEST.note": sign_note(text, signer).encode()})


def test_a_payload_signed_by_hand_is_read_when_it_is_canonical(signer):
    assert read_record(encrypt(HEADER, SECRET, signed_payload(b'{"a":1}', signer)), SECRET, [signer.verifier])


def hostile_archives(good: bytes) -> dict[str, bytes]:
    members = archive.unpack(good)
    note = members.pop("MANIFEST.note")

    def tar(*extra: tuple[tarfile.TarInfo, bytes], first: bool = False, format_: int = tarfile.USTAR_FORMAT) -> bytes:
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w", format=format_) as out:
            listed = [(plain(name, len(data)), data) for name, data in members.items()]
            listed = [*extra, *listed] if first else [*listed, *extra]
            for info, data in [*listed, (plain("MANIFEST.note", len(note)), note)]:
                out.addfile(info, io.BytesIO(data))
        return made.getvalue()

    def plain(name: str, size: int, **fields: object) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, 0
        for field, value in fields.items():
            setattr(info, field, value)
        return info

    sparse = bytearray(plain("record.json", 0).tobuf(tarfile.USTAR_FORMAT))
    sparse[124:136] = b"77777777777\0"
    header = good[:512]
    return {
        "an extra member": tar((plain("extra.txt", 1), b"x")),
        "a member twice": tar((plain("record.json", 2), b"{}")),
        "a member twice, first": tar((plain("record.json", 2), b"{}"), first=True),
        "a path upwards": tar((plain("../x", 1), b"x")),
        "an absolute path": tar((plain("/etc/x", 1), b"x")),
        "a link": tar((plain("attachments/a", 0, type=tarfile.SYMTYPE, linkname="/etc/passwd"), b"")),
        "a hard link": tar((plain("attachments/a", 0, type=tarfile.LNKTYPE, linkname="record.json"), b"")),
        "a device": tar((plain("attachments/a", 0, type=tarfile.CHRTYPE), b"")),
        "a folder": tar((plain("attachments/a", 0, type=tarfile.DIRTYPE), b"")),
        "a long name of pax": tar((plain("attachments/" + "a" * 200, 1), b"x"), format_=tarfile.PAX_FORMAT),
        "a GNU long name": tar((plain("attachments/" + "a" * 200, 1), b"x"), format_=tarfile.GNU_FORMAT),
        "another owner": tar((plain("attachments/a", 1, uid=1000), b"x")),
        "another time": tar((plain("attachments/a", 1, mtime=5), b"x")),
        "tar's usual padding to 10 KiB": tar(),
        "eight gigabytes promised": bytes(sparse) + good[512:],
        "a negative size": header[:124] + b"\xff" * 12 + header[136:] + good[512:],
        "bytes after the end": good + b"\0" * 512,
        "no end": good[:-1024],
        "half an end": good[:-512],
        "dirt in the padding": good[:-1025] + b"x" + good[-1024:],
        "an upper-case name": good.replace(b"record.json", b"RECORD.json"),
        "nothing": b"",
    }


def test_no_trick_of_the_tar_format_is_read(signer):
    good = pack_record({"notes": ""}, {}, about(), signer)
    assert read_record(encrypt(HEADER, SECRET, good), SECRET, [signer.verifier])
    for trick, payload in hostile_archives(good).items():
        assert payload != good, trick
        assert refused(encrypt(HEADER, SECRET, payload), signer) == "damaged", trick


def test_an_endless_header_is_refused_at_once_and_in_little_memory(tmp_path):
    path = tmp_path / "endless.mtr"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(Refused) as problem:
        read_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem.value.why == "not_a_record"
    assert peak < 5_000_000
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (b"mash-trawl/record/v2 hub " + b"a" * 32 + b"\n", "unknown_version"),
        (b"mash-trawl/record/v999 hub " + b"a" * 32 + b"\n", "unknown_version"),
        (b"mash-trawl/record/v01 hub " + b"a" * 32 + b"\n", "not_a_record"),
        (b"mash-trawl/record/v1 hub " + b"A" * 32 + b"\n", "not_a_record"),
        (b"mash-trawl/record/v1 hub " + b"a" * 31 + b"\n", "not_a_record"),
        (b"mash-trawl/record/v1 hub " + b"a" * 32 + b"\r\n", "not_a_record"),
        (b"mash-trawl/record/v1  hub " + b"a" * 32 + b"\n", "not_a_record"),
        (b"mash-trawl/record/v1 hub x " + b"a" * 32 + b"\n", "not_a_record"),
        (b"", "not_a_record"),
        (b"\xff\xfe", "not_a_record"),
    ],
)
def test_a_header_has_one_form(start, why):
    with pytest.raises(Refused) as problem:
        parse_header(start)
    assert problem.value.why == why


def test_a_file_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(Refused) as problem:
        read_file(tmp_path / "none.mtr")
    assert problem.value.why == "missing"


def test_nothing_is_handed_out_before_the_last_byte_is_proved(signer, monkeypatch):
    """The last chunk is damaged: no archive, manifest or JSON of the first chunks is ever looked at."""
    data = bytearray(sealed_bytes(signer, "x" * 60_000))
    data[-1] ^= 1
    monkeypatch.setattr(archive, "unpack", lambda _: pytest.fail("plaintext went on"))
    assert refused(bytes(data), signer) == "damaged"


def test_the_context_binds_record_and_header():
    machine = record_file.Cobblestone256Decryptor(SECRET, b"mash-trawl/record/v1" + RECORD.encode() + b"\n")
    data = encrypt(HEADER, SECRET, b"payload")
    with pytest.raises(InvalidTag):
        machine.update(data[len(HEADER.to_line()) :])
        machine.finalize()
