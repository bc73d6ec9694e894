"""Sealing: whole or not at all, one version after the other, and to people who are enrolled."""

from __future__ import annotations

import errno
import os
import stat
import threading

import pytest

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.vault import contents, durable, sealing
from mash_trawl.vault.custody import Custody


def test_the_file_name_and_header_tell_nothing_of_the_case(house, canary):
    sealed = house.seal("MASH-2026-0142")
    data = sealed.path.read_bytes()
    assert b"MASH-2026" not in data
    assert canary.encode() not in data
    assert "MASH" not in sealed.path.name
    assert len(sealed.record) == 32


def test_versions_count_up_under_one_record_id_and_name_what_they_supersede(house):
    first, second = house.seal(), house.seal(extra="more")
    assert (first.record, first.version, second.version) == (second.record, 1, 2)
    opened = house.custody.open(second.path, "ann", lambda: None, "meeting", "ann")
    assert (opened.manifest["version"], opened.manifest["supersedes"]) == (2, 1)
    assert house.seal("MASH-2").record != first.record


def test_the_manifest_carries_the_facts_and_the_ledgers_checkpoint(house):
    house.seal("MASH-9")
    before = house.ledger.checkpoint()
    sealed = house.seal(facts={"audience": "full", "gateways": ["S47"], "consents": ["c1"]})
    manifest = house.custody.open(sealed.path, "ann", lambda: None, "meeting", "ann").manifest
    assert manifest["gateways"] == ["S47"]
    assert manifest["ledger"]["checkpoint"] == before
    assert manifest["ledger"]["size"] == 5
    assert [member["name"] for member in manifest["members"]] == ["record.json"]


def test_two_seals_of_one_product_share_no_byte_after_the_header(house):
    one, two = house.seal().path.read_bytes(), house.seal("MASH-2").path.read_bytes()
    cut = one.index(b"\n") + 1
    assert one[cut : cut + 24] != two[cut : cut + 24]
    assert len(one) == len(two)


def test_the_size_of_a_file_does_not_tell_how_many_may_read_it(house):
    assert house.seal(readers=("ann",)).size == house.seal("MASH-2", readers=("ann", "bob", "cat")).size


def test_the_same_product_gives_the_same_payload(signer):
    about = {"case": "c", "record": "r", "version": 1, "supersedes": None, "sealed_at": "t", "ledger": {}}
    one = contents.pack_record({"a": 1, "b": [2]}, {"x": b"1", "y": b"2"}, about, signer)
    assert contents.pack_record({"b": [2], "a": 1}, {"y": b"2", "x": b"1"}, about, signer) == one


@pytest.mark.parametrize("body", [{"a": 1.0}, {"a": float("nan")}, {"a": 2**53}, {"a": "\ud800"}, {"é": 1}])
def test_what_has_no_canonical_form_is_not_sealed(house, body):
    with pytest.raises(Refused) as problem:
        house.custody.seal("MASH-1", body, readers=["ann"], facts={}, folder=house.out, actor="ann")
    assert problem.value.why == "not_canonical"
    assert house.kinds() == []
    assert list(house.out.glob("*")) == []


@pytest.mark.parametrize("readers", [(), ("ann", "nobody"), ("../ann",)])
def test_a_record_nobody_or_a_stranger_could_read_is_not_sealed(house, readers):
    with pytest.raises(Misconfigured):
        house.seal(readers=readers)
    assert house.kinds() == []


@pytest.mark.parametrize("name", ["../x", "UPPER", "", "a/b", "a" * 80])
def test_an_attachment_has_a_plain_name(house, name):
    with pytest.raises(ValueError, match="member name"):
        house.seal(attachments={name: b""})


def test_nothing_can_be_sealed_into_a_destroyed_case(house):
    house.seal()
    house.custody.destroy("MASH-1", "ann", "over")
    with pytest.raises(Refused) as problem:
        house.seal()
    assert problem.value.why == "case_destroyed"


def test_it_can_be_sealed_to_a_named_file_and_over_an_older_record_but_over_nothing_else(house, tmp_path):
    named = tmp_path / "chosen.mtr"
    assert house.seal(out=named).path == named
    second = house.seal(out=named, extra="newer")
    assert house.open(named)["notes"] == "newer"
    letter = tmp_path / "letter.txt"
    letter.write_text("dear all")
    with pytest.raises(Misconfigured, match="not a sealed record"):
        house.seal(out=letter)
    assert letter.read_text() == "dear all"
    assert second.version == 2


def test_of_two_seals_at_once_one_wins_and_the_other_is_told(house):
    outcomes: list[object] = []
    begin = threading.Barrier(2)

    def run() -> None:
        begin.wait()
        try:
            outcomes.append(house.seal())
        except Refused as refusal:
            outcomes.append(refusal.why)

    for _ in range(3):
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    whys = {outcome for outcome in outcomes if isinstance(outcome, str)}
    sealed = [outcome for outcome in outcomes if not isinstance(outcome, str)]
    assert whys <= {"sealed_meanwhile"}
    assert sorted(item.version for item in sealed) == list(range(1, len(sealed) + 1))
    assert {path.name for path in house.out.iterdir()} == {item.path.name for item in sealed}


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_leaves_the_old_product_and_nothing_half(house, monkeypatch, call):
    first = house.seal()
    before = house.kinds()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(Refused) as problem:
        house.seal(extra="newer")
    monkeypatch.undo()
    assert problem.value.why == "record_not_writable"
    assert [path.name for path in house.out.iterdir()] == [first.path.name]
    assert house.kinds() == before
    assert house.open(first.path)


def test_when_custody_cannot_be_written_nothing_is_left(house, monkeypatch):
    first = house.seal()
    monkeypatch.setattr(sealing, "fasten", _refuse)
    with pytest.raises(Refused):
        house.seal(extra="newer")
    monkeypatch.undo()
    assert [path.name for path in house.out.iterdir()] == [first.path.name]
    assert house.seal(extra="newer").version == 2


def _refuse(*_: object) -> None:
    raise Refused("ledger_not_writable")


def test_a_name_that_cannot_be_given_now_is_given_by_recovery(house, monkeypatch):
    """The folder goes away between commit and rename: the version is committed, and its file must not be lost."""
    monkeypatch.setattr(durable, "move", lambda *_: _away())
    with pytest.raises(OSError, match="gone"):
        house.seal()
    monkeypatch.undo()
    assert house.custody.newest("MASH-1").path.exists() is False
    assert house.custody.recover().named == 1
    assert house.open(house.custody.newest("MASH-1").path)


def _away() -> None:
    raise OSError("gone")


def test_recovery_in_another_process_never_takes_a_seals_unnamed_file(house, monkeypatch):
    """A sweep between writing and committing deletes the file; the seal writes it again under the lock."""
    swept = []

    def write_then_sweep(draft):
        write(draft)
        if not swept:
            swept.append(house.custody.recover().swept)

    write = sealing._write_part
    monkeypatch.setattr(sealing, "_write_part", write_then_sweep)
    sealed = house.seal()
    assert swept == [1]
    assert house.open(sealed.path)


def test_leftovers_of_killed_seals_are_swept_but_no_other_hubs(house):
    house.seal()
    own = house.signer.verifier.key_id.hex()
    mine, theirs = house.out / f".a-v1.mtr.{own}.1.part", house.out / ".a-v1.mtr.ffffffff.1.part"
    mine.write_bytes(b"x")
    theirs.write_bytes(b"x")
    assert house.custody.recover().swept == 1
    assert theirs.exists()
    assert not mine.exists()


@pytest.mark.skipif(os.name == "nt", reason="no folder handles")
def test_bytes_are_synced_before_the_rename_and_the_folder_after_it(tmp_path, monkeypatch):
    calls = []

    def kind(descriptor: int) -> str:
        return "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"

    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append(kind(fd)), fsync(fd))[1])
    monkeypatch.setattr(os, "replace", lambda *names: (calls.append("rename"), replace(*names))[1])
    durable.put(tmp_path / "x", b"data")
    assert calls == ["file", "rename", "folder"]


def test_a_moved_hub_still_finds_its_records(house, tmp_path):
    sealed = house.seal()
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    moved = Custody.build(
        house.store, house.ledger, house.signer, house.roots, house.readers, "test", house.clock,
        records=tmp_path / "elsewhere",
    )  # fmt: skip
    assert moved.newest("MASH-1").path == tmp_path / "elsewhere" / sealed.path.name


def test_the_file_of_another_case_is_never_replaced(house, tmp_path):
    out = tmp_path / "x.mtr"
    first = house.seal(out=out)
    with pytest.raises(Misconfigured, match="not a sealed record of this case"):
        house.seal("another case", out=out)
    assert house.open(first.path)
