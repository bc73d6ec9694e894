"""Destruction: for good, in every copy, and only of the case that was named."""

from __future__ import annotations

import threading

import pytest

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.duration import Duration
from mash_trawl.vault.certificate import read_certificate
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.root import next_path, read_root_file


def test_no_wrapped_key_of_the_case_is_left_in_any_file(house):
    house.seal(readers=("ann", "bob"))
    house.seal("MASH-2")
    grants = "SELECT wrapped FROM reader_grant NATURAL JOIN record WHERE case_id = 'MASH-1'"
    wrapped = [row.wrapped for row in house.sql(grants)]
    wrapped += [row.wrapped for row in house.sql("SELECT wrapped FROM case_key WHERE case_id = 'MASH-1'")]
    parts = [key[at : at + 24] for key in wrapped for at in range(0, len(key) - 24, 24)]
    everything = b"".join(data for _, data in house.bytes_everywhere())
    assert all(any(part in everything for part in parts[start:]) for start in (0, 20, 40))
    house.custody.destroy("MASH-1", "ann", "over")
    house.store.close()
    everything = b"".join(data for _, data in house.bytes_everywhere())
    assert not [part for part in parts if part in everything]


def test_the_old_root_is_in_no_file_and_every_replica_holds_the_new_one(house):
    house.seal()
    old = read_root_file(house.roots[0])
    text = house.roots[0].read_bytes().split(b"\n")[2]
    house.custody.destroy("MASH-1", "ann", "over")
    assert not [path for path, data in house.bytes_everywhere() if old.key in data or text in data]
    new = {read_root_file(path).id for path in house.roots}
    assert len(new) == 1
    assert old.id not in new
    assert not any(next_path(path).exists() for path in house.roots)


def test_other_cases_live_through_many_destructions(house):
    kept = house.seal("MASH-0", readers=("ann", "bob"))
    for number in range(1, 6):
        house.seal(f"MASH-{number}")
        house.custody.destroy(f"MASH-{number}", "ann", "over")
    assert house.open(kept.path, "bob")
    assert house.sql("SELECT root_epoch FROM custody_meta")[0].root_epoch == 6


def test_a_second_destruction_gives_the_same_certificate_and_writes_nothing_new(house):
    house.seal()
    first = house.custody.destroy("MASH-1", "ann", "over")
    kinds = house.kinds()
    assert house.custody.destroy("MASH-1", "bob", "again").note == first.note
    assert house.kinds() == kinds


@pytest.mark.parametrize(("case", "reason", "error"), [("MASH-9", "over", Refused), ("MASH-1", " ", Misconfigured)])
def test_an_unknown_case_or_no_reason_destroys_nothing(house, case, reason, error):
    sealed = house.seal()
    before = [path.read_bytes() for path in house.roots]
    with pytest.raises(error):
        house.custody.destroy(case, "ann", reason)
    assert [path.read_bytes() for path in house.roots] == before
    assert house.open(sealed.path)


def test_with_a_replica_away_nothing_is_destroyed_since_it_would_live_on_there(house):
    sealed = house.seal()
    away = house.roots[1].read_bytes()
    house.roots[1].unlink()
    with pytest.raises(Refused) as problem:
        house.custody.destroy("MASH-1", "ann", "over")
    assert problem.value.why == "root_replica_missing"
    assert house.open(sealed.path)
    house.roots[1].write_bytes(away)
    house.custody.destroy("MASH-1", "ann", "over")
    assert house.why_not(sealed.path) == "destroyed"


def test_another_cases_altered_key_stops_a_destruction_rather_than_dying_of_it(house):
    sealed, other = house.seal(), house.seal("MASH-2")
    house.sql("UPDATE case_key SET wrapped = x'00' WHERE case_id = 'MASH-2'")
    with pytest.raises(Refused) as problem:
        house.custody.destroy("MASH-1", "ann", "over")
    assert problem.value.why == "custody_altered"
    assert house.open(sealed.path)
    house.custody.destroy("MASH-2", "ann", "the altered one")
    assert house.why_not(other.path) == "destroyed"
    house.custody.destroy("MASH-1", "ann", "over")


def test_two_destructions_at_once_leave_both_dead_and_the_third_alive(house):
    cases = [house.seal(f"MASH-{number}") for number in range(3)]
    begin = threading.Barrier(2)

    def run(number: int) -> None:
        begin.wait()
        house.custody.destroy(f"MASH-{number}", "ann", "over")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [house.why_not(case.path) for case in cases[:2]] == ["destroyed", "destroyed"]
    assert house.open(cases[2].path)
    assert house.custody.recover().problem is None


def test_a_secret_kept_by_a_reader_still_opens_a_copy_and_the_certificate_names_that_reader(house):
    """What destruction cannot do is said, not hidden."""
    from mash_trawl.vault.contents import read_record

    sealed = house.seal()
    kept = house.secret(sealed, "bob")
    certificate = house.custody.destroy("MASH-1", "ann", "over")
    assert read_record(sealed.path.read_bytes(), kept, [house.signer.verifier]).body
    fields = read_certificate(certificate.note, [house.signer.verifier])
    assert [item["reader"] for item in fields["facts"]["released"]] == ["bob"]


@pytest.mark.parametrize(
    ("kind", "kept", "assurance", "pending"),
    [
        ("disk", "14d", "software-file", "2026-11-17"),
        ("disk", None, "software-file", "a day that hub.yaml does not state"),
        ("removable", None, "software-file", None),
        ("tpm", None, "os-protected", None),
        ("dpapi", None, "os-protected", None),
        ("pkcs11", None, "hsm", None),
    ],
)
def test_the_certificate_says_how_sure_it_is_and_since_when(house, kind, kept, assurance, pending):
    custody = Custody.build(
        house.store, house.ledger, house.signer, house.roots, house.readers, "test", house.clock,
        root_kind=kind, disk_images_kept=Duration.parse(kept) if kept else None, records=house.out,
    )  # fmt: skip
    house.seal()
    note = custody.destroy("MASH-1", "ann", "over").note
    fields = read_certificate(note, [house.signer.verifier])
    assert (fields["assurance"], fields["pending_until"], fields["database_wiped"]) == (assurance, pending, True)


def test_a_certificate_that_cannot_be_written_is_written_later_and_the_case_is_dead_already(house):
    sealed = house.seal()
    for path in house.out.iterdir():
        path.rename(house.folder / path.name)
    house.out.rmdir()
    house.out.write_text("a file in the way")
    with pytest.raises(Refused) as problem:
        house.custody.destroy("MASH-1", "ann", "over")
    assert problem.value.why == "certificate_not_writable"
    assert house.why_not(house.folder / sealed.path.name) == "destroyed"
    house.out.unlink()
    assert house.custody.recover().certified == 1
    assert list(house.out.glob("*.destroyed.note"))


def test_the_certificates_event_is_the_one_in_the_ledger(house):
    import hashlib

    from mash_trawl.audit.canonical import canonical

    house.seal()
    fields = read_certificate(house.custody.destroy("MASH-1", "ann", "over").note, [house.signer.verifier])
    (row,) = house.ledger.rows("destroy.executed")
    assert fields["event"]["index"] == row.n
    assert row.public["facts"] == hashlib.sha256(canonical(fields["facts"])).hexdigest()
    assert fields["ledger"]["size"] > row.n
