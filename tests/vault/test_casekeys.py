"""Somebody with the database's password, and without the root: every edit closes the case, and none opens it."""

from __future__ import annotations

from datetime import timedelta

import pytest

EDITS = {
    "a reader's end is taken away": "UPDATE reader_grant SET not_after = NULL WHERE reader_id = 'cat'",
    "a reader's end is moved": "UPDATE reader_grant SET not_after = '2099-01-01T00:00+00:00' WHERE reader_id = 'cat'",
    "a role is changed": "UPDATE reader_grant SET role = 'duty_manager' WHERE reader_id = 'ann'",
    "a policy is changed": "UPDATE reader_grant SET policy = 'custody_open'",
    "a grant gets another reader": "UPDATE reader_grant SET reader_id = 'dee' WHERE reader_id = 'cat'",
    "a grant gets another key": "UPDATE reader_grant SET key_id = 'other' WHERE reader_id = 'ann'",
    "a grant is moved to the other version": "UPDATE reader_grant SET version = 1 WHERE reader_id = 'cat'",
    "a grant is taken out": "DELETE FROM reader_grant WHERE reader_id = 'cat'",
    "a wrapped secret is altered": "UPDATE reader_grant SET wrapped = x'00' WHERE reader_id = 'cat'",
    "a wrapped secret is another's": """UPDATE reader_grant SET wrapped =
        (SELECT wrapped FROM reader_grant WHERE reader_id = 'cat') WHERE reader_id = 'ann' AND version = 2""",
    "a file's hash is changed": "UPDATE record SET file_sha256 = 'x' WHERE version = 1 AND case_id = 'MASH-1'",
    "the old version is called live": "UPDATE record SET state = 'live'",
    "the new version is called superseded": "UPDATE record SET state = 'superseded'",
    "the case of a record is changed": "UPDATE record SET case_id = 'MASH-9' WHERE case_id = 'MASH-1'",
    "the newest version's number is set back": "UPDATE case_key SET latest = 1",
    "the fastening is changed": "UPDATE case_key SET fastening = 'x'",
    "two cases' keys are exchanged": """UPDATE case_key SET wrapped =
        (SELECT other.wrapped FROM case_key AS other WHERE other.case_id != case_key.case_id)""",
    "the case's root is renamed": "UPDATE case_key SET root_id = 'x'",
}


@pytest.fixture
def two_cases(house, clock):
    """Case 1 in two versions, cat's time for the second ending in an hour; case 2 for ann alone."""
    first = house.seal()
    second = house.seal(readers=("ann", "bob"))
    house.custody.grant(second.record, "cat", "ann", not_after=clock() + timedelta(hours=1))
    return house, first, second, house.seal("MASH-2", readers=("ann",))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.replace(" ", "-"))
def test_an_edit_of_the_rows_opens_nothing(two_cases, clock, edit):
    house, first, second, _ = two_cases
    clock.move(hours=2)
    assert house.why_not(second.path, "cat") == "expired"
    house.sql(EDITS[edit])
    assert house.why_not(second.path, "cat") != "locked"
    assert house.why_not(first.path, "ann") in ("custody_altered", "superseded", "damaged")
    if edit not in ("the old version is called live", "the new version is called superseded"):
        assert house.why_not(second.path, "ann") == "custody_altered"


@pytest.mark.parametrize("edit", [edit for edit in EDITS if "grant" in edit or "reader" in edit or "wrapped" in edit])
def test_an_edited_grant_is_told_by_comparing_with_the_ledger(two_cases, edit):
    house, first, _, _ = two_cases
    assert house.custody.divergence() == ()
    house.sql(EDITS[edit])
    assert f"record {first.record}" in house.custody.divergence()


def test_a_grant_put_back_after_its_revocation_opens_nothing(house):
    sealed = house.seal()
    (row,) = house.sql("SELECT * FROM reader_grant WHERE reader_id = 'bob'")
    house.custody.revoke(sealed.record, "bob", "ann")
    names = ", ".join(row._fields)
    values = ", ".join(f":{name}" for name in row._fields)
    house.sql(f"INSERT INTO reader_grant ({names}) VALUES ({values})", **row._mapping)
    assert house.why_not(sealed.path, "bob") == "custody_altered"
    assert house.custody.divergence() == (f"record {sealed.record}",)


def test_a_whole_case_put_back_from_before_a_revocation_is_told_by_comparing_with_the_ledger(house):
    """All rows of one case, root unchanged: nothing in the rows themselves can tell; the ledger can."""
    sealed = house.seal()
    grants, keys = house.sql("SELECT * FROM reader_grant"), house.sql("SELECT * FROM case_key")
    house.custody.revoke(sealed.record, "bob", "ann")
    house.sql("DELETE FROM reader_grant")
    house.sql("DELETE FROM case_key")
    for table, kept in (("reader_grant", grants), ("case_key", keys)):
        for row in kept:
            names, values = ", ".join(row._fields), ", ".join(f":{name}" for name in row._fields)
            house.sql(f"INSERT INTO {table} ({names}) VALUES ({values})", **row._mapping)
    assert house.custody.divergence() == (f"record {sealed.record}",)


def test_the_newer_version_taken_out_does_not_make_the_older_one_newest(house):
    first, second = house.seal(), house.seal()
    house.sql("DELETE FROM reader_grant WHERE version = 2")
    house.sql("DELETE FROM record WHERE version = 2")
    house.sql("UPDATE record SET state = 'live'")
    house.sql("UPDATE case_key SET latest = 1")
    assert house.why_not(first.path) == "custody_altered"
    assert second.record == first.record


def test_a_key_row_from_another_hub_fits_nowhere(house, rebuilt, tmp_path, signer, clock):
    from mash_trawl.audit.ledger import Ledger
    from mash_trawl.store.engine import Store

    (tmp_path / "b").mkdir()
    sealed = house.seal()
    (row,) = house.sql("SELECT * FROM case_key")
    other = Store.open("sqlite:///other.db", tmp_path)
    twin = rebuilt(tmp_path, other, Ledger.build(other, signer, house.ledger.origin, clock), signer, clock)
    twin.seal()
    twin.sql("UPDATE case_key SET wrapped = :wrapped", wrapped=row.wrapped)
    assert twin.why_not(sealed.path) == "unknown_record"
    assert twin.why_not(twin.custody.newest("MASH-1").path) == "custody_altered"
    other.close()


def test_a_swapped_reader_key_is_refused_and_told(house, tmp_path):
    """Somebody puts their own key where bob's public key was, in the file and then in the database."""
    from mash_trawl.vault.readers import enrol_reader

    house.seal()
    enrol_reader(tmp_path / "thief", "bob", None)
    stolen = (tmp_path / "thief" / "bob.pub").read_bytes()
    (house.readers / "bob.pub").write_bytes(stolen)
    with pytest.raises(Exception, match="not the one enrolled"):
        house.seal()
    house.sql("UPDATE reader_key SET public_key = x'00' WHERE reader_id = 'bob'")
    assert house.custody.divergence() == ("reader bob",)
