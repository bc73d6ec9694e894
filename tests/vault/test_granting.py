"""Readers come and go without a sealed file changing by one byte."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mash_trawl.errors import Misconfigured, Refused


def test_a_grant_and_a_revocation_change_no_byte_of_the_file(house):
    sealed = house.seal(readers=("ann",))
    before = sealed.path.read_bytes()
    house.custody.grant(sealed.record, "cat", "ann")
    assert house.open(sealed.path, "cat")
    house.custody.revoke(sealed.record, "cat", "ann")
    assert house.why_not(sealed.path, "cat") == "not_a_reader"
    assert sealed.path.read_bytes() == before


def test_only_somebody_who_can_open_it_can_let_others_in(house):
    sealed = house.seal(readers=("ann",))
    with pytest.raises(Refused) as problem:
        house.custody.grant(sealed.record, "cat", "bob")
    assert problem.value.why == "not_a_reader"
    assert house.why_not(sealed.path, "cat") == "not_a_reader"


def test_passing_it_on_counts_as_a_reading(house):
    sealed = house.seal(readers=("ann",))
    house.custody.grant(sealed.record, "cat", "ann")
    (read,) = house.ledger.rows("record.read")
    assert (read.public["reader"], read.public["purpose"]) == ("ann", "grant")


def test_a_revocation_reaches_every_version_and_an_old_copy(house, tmp_path):
    first = house.seal()
    copy = tmp_path / "copy.mtr"
    copy.write_bytes(first.path.read_bytes())
    second = house.seal()
    house.custody.revoke(first.record, "bob", "ann")
    assert house.why_not(copy, "bob", superseded=True) == "not_a_reader"
    assert house.why_not(second.path, "bob") == "not_a_reader"
    assert house.open(copy, "ann", superseded=True)


def test_a_grant_can_be_given_anew_with_another_end(house, clock):
    sealed = house.seal(readers=("ann",))
    for hours in (1, 3):
        house.custody.grant(sealed.record, "cat", "ann", not_after=clock() + timedelta(hours=hours))
    clock.move(hours=2)
    assert house.open(sealed.path, "cat")
    (cat,) = [reader for reader in house.custody.readers(sealed.record) if reader.reader == "cat"]
    assert cat.not_after == clock() + timedelta(hours=1)


def test_an_end_in_the_past_a_stranger_and_an_unknown_record_are_refused(house, clock):
    sealed = house.seal(readers=("ann",))
    with pytest.raises(Misconfigured, match="time is over"):
        house.custody.grant(sealed.record, "cat", "ann", not_after=clock())
    with pytest.raises(Misconfigured, match="not enrolled"):
        house.custody.grant(sealed.record, "nobody", "ann")
    with pytest.raises(ValueError, match="time zone"):
        house.custody.grant(sealed.record, "cat", "ann", not_after=clock().replace(tzinfo=None))
    for act in (house.custody.readers, lambda record: house.custody.revoke(record, "ann", "ann")):
        with pytest.raises(Refused, match="did not seal"):
            act("f" * 32)
    with pytest.raises(Refused) as problem:
        house.custody.revoke(sealed.record, "cat", "ann")
    assert problem.value.why == "not_a_reader"


def test_after_destruction_nobody_can_be_let_in_or_taken_out_and_nothing_exported(house):
    sealed = house.seal()
    house.open(sealed.path)
    house.custody.destroy("MASH-1", "ann", "over")
    for act in (
        lambda: house.custody.grant(sealed.record, "cat", "ann"),
        lambda: house.custody.revoke(sealed.record, "bob", "ann"),
        lambda: house.custody.note_export(sealed.record, 1, "ann", "html", "ann"),
    ):
        with pytest.raises(Refused) as problem:
            act()
        assert problem.value.why == "destroyed"


def test_plain_copies_are_numbered_and_only_for_who_opened_it(house):
    sealed = house.seal()
    with pytest.raises(Refused):
        house.custody.note_export(sealed.record, 1, "ann", "html", "ann")
    house.open(sealed.path)
    assert [house.custody.note_export(sealed.record, 1, "ann", form, "ann") for form in ("html", "json")] == [1, 2]
    assert [row.public["copy"] for row in house.ledger.rows("record.exported")] == [1, 2]


def test_a_new_version_does_not_bring_back_a_reader_who_was_revoked(house):
    first = house.seal(readers=("ann", "bob"))
    house.custody.revoke(first.record, "bob", "ann")
    second = house.seal(readers=("ann", "bob"))
    assert [reader.reader for reader in house.custody.readers(first.record)] == ["ann"]
    assert house.why_not(second.path, "bob") == "not_a_reader"
    house.custody.grant(second.record, "bob", "ann")
    third = house.seal(readers=("ann",))
    assert house.open(third.path, "bob")


def test_a_new_version_keeps_who_was_let_in_and_until_when(house, clock):
    sealed = house.seal(readers=("ann",))
    end = clock() + timedelta(hours=2)
    house.custody.grant(sealed.record, "cat", "ann", not_after=end)
    house.seal(readers=("ann", "cat"))
    assert {reader.reader: reader.not_after for reader in house.custody.readers(sealed.record)} == {
        "ann": None,
        "cat": end,
    }
    clock.move(hours=3)
    house.seal(readers=("ann", "cat"))
    assert [reader.reader for reader in house.custody.readers(sealed.record)] == ["ann"]


def test_when_everybody_was_revoked_nothing_more_is_sealed(house):
    sealed = house.seal(readers=("ann",))
    house.custody.revoke(sealed.record, "ann", "ann")
    with pytest.raises(Refused) as problem:
        house.seal(readers=("ann",))
    assert problem.value.why == "not_a_reader"
