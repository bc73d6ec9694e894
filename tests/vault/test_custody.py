"""The life of a record, once on each database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.verify import verify
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.store import notices
from mash_trawl.store.engine import Store
from mash_trawl.store.notices import TellingRow
from mash_trawl.vault.certificate import in_words, read_certificate


def test_a_record_is_sealed_opened_granted_revoked_and_destroyed(any_house):
    sealed = any_house.seal()
    assert sealed.path.name == f"{sealed.record}-v1.mtr"
    assert any_house.open(sealed.path, "bob")["people"][0]["id"] == "p1"
    assert any_house.why_not(sealed.path, "cat") == "not_a_reader"
    any_house.custody.grant(sealed.record, "cat", "ann")
    assert any_house.open(sealed.path, "cat")
    any_house.custody.revoke(sealed.record, "bob", "ann")
    assert any_house.why_not(sealed.path, "bob") == "not_a_reader"
    assert [reader.reader for reader in any_house.custody.readers(sealed.record)] == ["ann", "cat"]
    any_house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    assert {any_house.why_not(sealed.path, reader) for reader in ("ann", "bob", "cat")} == {"destroyed"}
    assert any_house.custody.divergence() == ()
    assert verify(any_house.store, any_house.signer.verifier).problems == ()


def test_every_act_is_in_the_ledger_in_its_order(house):
    sealed = house.seal(readers=("ann",))
    house.open(sealed.path)
    house.why_not(sealed.path, "bob")
    house.custody.note_export(sealed.record, 1, "ann", "html", "ann")
    house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    assert house.kinds() == [
        "reader.enrolled", "record.sealed", "grant.added", "record.read", "record.read.refused", "record.exported",
        "destroy.requested", "destroy.executed", "destroy.certified",
    ]  # fmt: skip


def test_no_public_part_of_the_ledger_names_the_case_or_the_reason(house):
    sealed = house.seal("MASH-2026-0142")
    house.open(sealed.path)
    house.custody.destroy("MASH-2026-0142", "ann", "keyworker appointed")
    told = " ".join(str(dict(row.public)) for row in house.ledger.rows())
    assert "MASH-2026" not in told
    assert "keyworker" not in told
    assert "strategy" not in told


def test_a_restored_copy_of_the_database_stays_dead(any_house, any_url, rebuilt, tmp_path, clock):
    sealed, other = any_house.seal(), any_house.seal("MASH-2")
    restore = _Restored(any_house, tmp_path, any_url)
    any_house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    with restore() as old_store:
        old = rebuilt(tmp_path, old_store, Ledger.build(old_store, any_house.signer, any_house.ledger.origin, clock),
                      any_house.signer, clock)  # fmt: skip
        assert {old.why_not(sealed.path, reader) for reader in ("ann", "bob")} == {"root_differs"}
        new_root = any_house.sql("SELECT root_id FROM custody_meta")[0].root_id
        old.sql("UPDATE custody_meta SET root_id = :new", new=new_root)
        assert old.why_not(sealed.path) == "custody_altered"
        old.sql("UPDATE case_key SET root_id = :new", new=new_root)
        assert old.why_not(sealed.path) == "custody_altered"
    assert any_house.open(other.path)


def test_check_finds_a_destroyed_case_dead_in_a_Restored(any_house, tmp_path, any_url):
    sealed = any_house.seal()
    any_house.seal("MASH-2")
    restore = _Restored(any_house, tmp_path, any_url)
    old_roots = [path.read_bytes() for path in any_house.roots]
    any_house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    any_house.custody.destroy("MASH-2", "ann", "keyworker appointed")
    where = restore.address or restore.path
    found = any_house.custody.dead_in_backup(where)
    assert [finding.state for finding in found] == ["dead", "dead"]
    assert found[0].record == sealed.record
    any_house.roots[0].write_bytes(old_roots[0])
    assert {finding.state for finding in any_house.custody.dead_in_backup(where)} == {"alive"}


def test_reading_a_backup_changes_no_byte_of_it(house, tmp_path):
    house.seal()
    backup = _Restored(house, tmp_path, "sqlite").path
    house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    before = backup.read_bytes()
    assert [finding.state for finding in house.custody.dead_in_backup(backup)] == ["dead"]
    assert backup.read_bytes() == before


def test_a_file_that_is_no_hub_database_is_no_backup(house, tmp_path):
    (tmp_path / "letter.txt").write_text("hello")
    with pytest.raises(Misconfigured, match="not a readable copy"):
        house.custody.dead_in_backup(tmp_path / "letter.txt")


def test_the_certificate_names_who_held_the_secret_and_every_plain_copy(house):
    sealed = house.seal()
    house.open(sealed.path, "bob")
    house.custody.note_export(sealed.record, 1, "bob", "html", "bob")
    house.custody.revoke(sealed.record, "bob", "ann")
    certificate = house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    fields = read_certificate(certificate.note, [house.signer.verifier])
    told = "\n".join(in_words(fields))
    assert [(item["reader"], item["version"]) for item in fields["facts"]["released"]] == [("bob", 1)]
    assert "bob opened version 1" in told
    assert "Plain copy 1 (html) was exported by bob" in told
    assert fields["pending_until"].startswith("a day")
    assert certificate.path.read_text("utf-8") == certificate.note


def test_the_certificate_counts_the_papers_about_this_case_that_no_list_follows(house):
    house.seal()
    for what, case in (("plan", "MASH-1"), ("plan", "MASH-1"), ("explain", "MASH-1"), ("plan", "MASH-2")):
        house.ledger.write(Entry("record.printed", "ann", {"what": what, "format": "html"}, {"case": case}))
    with house.store.begin() as connection:
        for number, kind, state in (("1", "notice", "made"), ("2", "notice", "held"), ("3", "sheet", "made")):
            row = TellingRow(number=number, case_id="MASH-1", person=f"p{number}", kind=kind, state=state, at="x",
                             actor="ann")  # fmt: skip
            notices.add(connection, row)
    certificate = house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    fields = read_certificate(certificate.note, [house.signer.verifier])
    assert fields["facts"]["papers"] == {"explain": 1, "family-notice": 1, "plan": 2}
    assert "Of plan 2 plain files were written: no list says where" in "\n".join(in_words(fields))


def test_an_edited_certificate_is_no_certificate(house):
    house.seal()
    note = house.custody.destroy("MASH-1", "ann", "keyworker appointed").note
    for before, after in (("MASH-1", "MASH-2"), ("software-file", "hsm"), ('"replicas":2', '"replicas":3')):
        assert before in note
        with pytest.raises(Refused, match="not a destruction certificate"):
            read_certificate(note.replace(before, after), [house.signer.verifier])


def test_the_newest_record_of_a_case_is_found_by_its_case(house):
    house.seal()
    sealed = house.seal()
    known = house.custody.newest("MASH-1")
    assert (known.record, known.version, known.path, known.state) == (sealed.record, 2, sealed.path, "live")
    with pytest.raises(Refused, match="ever sealed here"):
        house.custody.newest("MASH-9")


def test_a_version_is_found_by_its_record_and_number_and_without_a_number_it_is_the_newest(house):
    first, second = house.seal(), house.seal()
    record = first.record
    known = [house.custody.version(record), house.custody.version(record, 1), house.custody.version(record, 2)]
    assert [(item.version, item.state, item.path) for item in known] == [
        (2, "live", second.path), (1, "superseded", first.path), (2, "live", second.path)
    ]  # fmt: skip
    assert {item.case for item in known} == {"MASH-1"}
    for wrong in ((record, 3), ("0" * 32, None)):
        with pytest.raises(Refused) as caught:
            house.custody.version(*wrong)
        assert caught.value.why == "unknown_record"


def test_a_file_is_told_by_its_bytes_wherever_it_lies(house, tmp_path):
    sealed = house.seal()
    copy = tmp_path / f"{'0' * 32}-v9.mtr"
    copy.write_bytes(sealed.path.read_bytes())
    assert house.custody.sealed_as(copy).record == sealed.record
    assert house.custody.sealed_as(copy).version == 1
    copy.write_bytes(sealed.path.read_bytes()[:-1])
    with pytest.raises(Refused) as caught:
        house.custody.sealed_as(copy)
    assert caught.value.why == "damaged"


def test_what_is_known_of_a_record_shows_no_case_in_its_repr(house):
    house.seal()
    assert repr(house.custody.newest("MASH-1")) == "<KnownRecord>"


class _Restored:
    """A backup taken now, opened later: a copied file, or every table copied to another schema."""

    def __init__(self, house, folder: Path, url: str) -> None:
        self.path = folder / "restored" / "hub.db"
        self.address = "" if url.startswith("sqlite") else f"{url}_old"
        if self.address:
            schema = url.rpartition("%3D")[2]
            house.sql(f"CREATE SCHEMA {schema}_old")
            for row in house.sql("SELECT tablename FROM pg_tables WHERE schemaname = :schema", schema=schema):
                table = row.tablename
                house.sql(f"CREATE TABLE {schema}_old.{table} (LIKE {schema}.{table} INCLUDING ALL)")
                house.sql(f"INSERT INTO {schema}_old.{table} SELECT * FROM {schema}.{table}")
            return
        house.store.close()
        self.path.parent.mkdir()
        shutil.copyfile(folder / "hub.db", self.path)

    def __call__(self):
        return self

    def __enter__(self) -> Store:
        self.store = Store.open(self.address or f"sqlite:///{self.path}", self.path.parent)
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()
