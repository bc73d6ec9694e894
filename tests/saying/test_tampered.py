"""What somebody changed, copied, moved, took away or put in by hand does not count, and is missed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import text

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Refused
from mash_trawl.model.statement import Withdrawal
from mash_trawl.saying import hear
from mash_trawl.store.engine import Store
from mash_trawl.vault.readers import enrol_reader
from tests.saying.conftest import NOW, REPLY, STOP, built, power


def test_a_statement_edited_in_the_database_does_not_count(house, case):
    house.say("w.social", case.consents[0], case)
    house.sql("UPDATE statement SET body = replace(CAST(body AS TEXT), 'housing', 'policing')")
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["not_in_ledger"])


@pytest.mark.parametrize("column", ["id", "n", "maker", "key_id", "signature"])
def test_a_row_whose_columns_were_changed_does_not_count(house, case, column):
    house.say("w.social", case.consents[0], case)
    house.ledger.write(Entry("trawl.requested", "a.run", {}))
    value = {"n": 2, "signature": bytes(64)}.get(column, "d.one")
    house.sql(f"UPDATE statement SET {column} = :value", value=value)
    assert house.counts("SYN-1") == []
    assert "not_in_ledger" in house.faults("SYN-1")


def test_a_kind_changed_in_the_row_alone_does_not_count(house, case):
    house.say("w.social", case.consents[0], case)
    house.sql("UPDATE statement SET kind = 'gateway'")
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["unreadable"])


@pytest.mark.parametrize("other", ["SYN-2", None])
def test_a_statement_moved_to_another_case_does_not_count_there_and_is_missed_in_its_own(house, case, other):
    house.say("d.one", power(), case)
    house.sql("UPDATE statement SET case_id = :other", other=other)
    assert (house.counts(other), house.faults(other)) == ([], ["not_this_case"])
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["row_missing"])


def test_a_suspension_moved_into_a_case_is_missed_by_the_hub(house):
    house.say("m.boss", STOP)
    house.sql("UPDATE statement SET case_id = 'SYN-1'")
    assert (house.faults("SYN-1"), house.faults(None)) == (["not_this_case"], ["row_missing"])


def test_an_erased_private_part_is_no_fault_and_hides_no_missing_row(any_house, case):
    any_house.say("w.social", case.consents[0], case)
    any_house.say("m.boss", STOP)
    any_house.sql("DELETE FROM audit_private")
    assert (any_house.faults("SYN-1"), any_house.faults(None)) == ([], [])
    any_house.sql("DELETE FROM statement")
    assert (any_house.faults("SYN-1"), any_house.faults("SYN-2")) == (["row_missing"], [])
    assert any_house.faults(None) == ["row_missing"]


def test_a_private_part_put_to_an_entry_about_the_hub_hides_no_missing_row(house):
    house.say("m.boss", STOP)
    house.sql("INSERT INTO audit_private SELECT n, x'00', x'7b7d' FROM statement")
    house.sql("DELETE FROM statement")
    assert house.faults(None) == ["row_missing"]


def test_a_case_s_entries_bear_one_mark_that_is_not_its_id_s_digest(house, case):
    for about in (case, case, replace(case, id="SYN-2")):
        house.say("d.one", REPLY, about)
    marks = [row.public["mark"] for row in house.ledger.rows("statement.signed")]
    assert marks[0] == marks[1] != marks[2]
    assert not {marks[0], marks[2]} & {hashlib.sha256(name.encode()).hexdigest() for name in ("SYN-1", "SYN-2")}


def test_a_copy_for_another_case_under_a_new_id_does_not_count(house, case):
    house.say("d.one", power(), case)
    house.sql(
        "INSERT INTO statement SELECT 'copy', 99, kind, 'SYN-2', maker, at, body, key_id, signature FROM statement"
    )
    assert (house.counts("SYN-2"), house.faults("SYN-2")) == ([], ["not_in_ledger"])
    assert house.counts("SYN-1") == ["gateway"]


def test_a_genuine_row_without_its_ledger_entry_does_not_count(house, case, signer, tmp_path, clock, sqlite_url):
    """The whole row, signature and all, as it was made in another database of the same hub."""
    (tmp_path / "other").mkdir()
    with_it = Store.open(f"sqlite:///{tmp_path / 'other' / 'hub.db'}", tmp_path)
    elsewhere = built(with_it, signer, tmp_path, clock)
    elsewhere.say("d.one", power(), case)
    (row,) = elsewhere.sql("SELECT * FROM statement")
    house.custody.enrol("d.one", "d.one")
    house.sql(
        "INSERT INTO statement VALUES (:id, :n, :kind, :case_id, :maker, :at, :body, :key_id, :signature)",
        **row._mapping,
    )
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["not_in_ledger"])
    with_it.close()


def test_an_entry_put_into_the_table_by_hand_is_no_entry_of_the_ledger(house, case):
    """An entry copied with all its hashes to the end of the table lies under no checkpoint that the hub signed."""
    house.say("d.one", power(), case)
    house.sql(
        "INSERT INTO audit_entry SELECT n + 1, kind, entry, hashes FROM audit_entry WHERE kind = 'statement.signed'"
    )
    house.sql("UPDATE statement SET n = n + 1")
    assert house.counts("SYN-1") == []
    assert "not_in_ledger" in house.faults("SYN-1")


def test_a_forged_checkpoint_is_refused_as_a_whole(house, case):
    house.say("d.one", power(), case)
    with house.store.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_checkpoint_no_UPDATE"))
        connection.execute(text("UPDATE audit_checkpoint SET note = replace(note, 'north', 'south')"))
    with pytest.raises(Refused) as refused:
        hear(house, "SYN-1")
    assert refused.value.why == "ledger_damaged"


@pytest.mark.parametrize("about", ["SYN-1", None])
def test_a_statement_taken_away_is_missed_by_its_case_alone(house, case, about):
    house.say("w.social", case.consents[0], case)
    house.say("w.social", Withdrawal(consent="c1", at=NOW), case)
    house.say("m.boss", STOP)
    condition = "case_id IS NULL" if about is None else "kind = 'withdrawal'"
    house.sql(f"DELETE FROM statement WHERE {condition}")
    assert house.faults(about) == ["row_missing"]
    assert house.faults("SYN-2") == []
    assert house.faults(None if about else "SYN-1") == []


def test_a_pin_changed_in_the_database_makes_what_was_signed_with_it_not_count(house, case, placed):
    house.say("d.one", power(), case)
    forged = enrol_reader(placed / "elsewhere", "d.one", None)
    house.sql("UPDATE reader_key SET signing_key = :key", key=forged.public.signing)
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["key_unknown"])


def test_rows_never_change(any_house, case):
    any_house.say("d.one", power(), case)
    with pytest.raises(Refused), any_house.store.begin() as connection:
        connection.execute(text("UPDATE statement SET kind = 'reply'"))
    assert any_house.counts("SYN-1") == ["gateway"]
