"""A version with somebody else's record in it is closed to everybody, and nothing of it is deleted."""

from __future__ import annotations

import pytest

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Refused
from mash_trawl.store import notices

STATEMENT = "0123456789abcdef"


@pytest.fixture
def two(house):
    """Two versions of one record; the first is the wrong one."""
    return house.seal(), house.seal()


def close(house, record, *versions):
    return house.custody.close(record, versions or (1,), STATEMENT, "ann")


def letter(case, number, at):
    return notices.TellingRow(number=number, case_id=case, person="p1", kind="sheet", state="made", at=at, actor="ann")


def refused(work):
    with pytest.raises(Refused) as problem:
        work()
    return problem.value


def test_a_closed_version_opens_for_nobody_and_the_words_say_why_and_which_to_read(house, two, tmp_path):
    copy = tmp_path / "elsewhere.mtr"
    copy.write_bytes(two[0].path.read_bytes())
    assert close(house, two[0].record) == (1,)
    for path in (two[0].path, copy):
        for reader in ("ann", "bob"):
            assert house.why_not(path, reader) == "closed"
            assert house.why_not(path, reader, superseded=True) == "closed"
    said = str(refused(lambda: house.open(copy)))
    assert "somebody else" in said and "version 2" in said
    assert house.open(two[1].path, "bob")


def test_on_every_database(any_house):
    first, second = any_house.seal(), any_house.seal()
    assert close(any_house, first.record) == (1,)
    assert any_house.why_not(first.path, superseded=True) == "closed"
    assert any_house.open(second.path) and any_house.custody.divergence() == ()


def test_whoever_was_never_a_reader_does_not_learn_that_it_was_closed(house, two):
    close(house, two[0].record)
    assert house.why_not(two[0].path, "cat") == "not_a_reader"


def test_it_stays_closed_however_many_versions_follow(house, two):
    close(house, two[0].record)
    third = house.seal()
    assert house.why_not(two[0].path, superseded=True) == "closed"
    assert house.open(two[1].path, superseded=True) and house.open(third.path)
    assert [one.state for one in house.custody.sealed_versions(third.record)] == ["closed", "superseded", "live"]


def test_what_opens_it_stays_under_the_case_key_and_dies_with_it(house, two):
    before = house.sql("SELECT wrapped FROM reader_grant WHERE version = 1 ORDER BY reader_id")
    close(house, two[0].record)
    assert house.sql("SELECT wrapped FROM reader_grant WHERE version = 1 ORDER BY reader_id") == before
    house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    assert house.sql("SELECT wrapped FROM reader_grant") == []
    assert house.why_not(two[0].path) == "destroyed"


@pytest.mark.parametrize("state", ["superseded", "live", "odd"])
def test_the_mark_cannot_be_taken_away_in_the_database(house, two, state):
    close(house, two[0].record)
    house.sql("UPDATE record SET state = :state WHERE version = 1", state=state)
    assert house.why_not(two[0].path, superseded=True) == "custody_altered"
    assert house.custody.divergence() == (f"record {two[0].record}",)


def test_nor_put_on_another_version(house, two):
    house.sql("UPDATE record SET state = 'closed' WHERE version = 1")
    assert house.why_not(two[0].path, superseded=True) == "custody_altered"


def test_the_newest_version_is_never_closed_so_that_there_is_always_one_to_read(house, two):
    record = two[0].record
    assert refused(lambda: close(house, record, 1, 2)).why == "newest_version"
    assert house.open(two[0].path, superseded=True)
    assert refused(lambda: close(house, record, 7)).why == "unknown_record"
    assert refused(lambda: close(house, "0" * 32)).why == "unknown_record"


def test_a_destroyed_case_has_nothing_to_close(house, two):
    house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    assert refused(lambda: close(house, two[0].record)).why == "destroyed"


def test_the_ledger_tells_who_closed_what_and_agrees_with_custody(house, two):
    record = two[0].record
    close(house, record)
    (closing,) = house.custody.closings(record)
    assert (closing.version, closing.statement, closing.by) == (1, STATEMENT, "ann")
    assert house.custody.divergence() == ()
    house.custody.grant(record, "cat", "ann")
    house.custody.revoke(record, "cat", "ann")
    assert house.custody.divergence() == ()


def test_closing_again_changes_nothing_and_says_nothing(house, two):
    close(house, two[0].record)
    size = len(house.kinds())
    assert close(house, two[0].record) == ()
    assert len(house.kinds()) == size


def test_without_the_ledger_nothing_is_closed(house, two, monkeypatch):
    def away(*_):
        raise Refused("ledger_not_writable")

    monkeypatch.setattr(house.ledger, "write_in", away)
    assert refused(lambda: close(house, two[0].record)).why == "ledger_not_writable"
    monkeypatch.undo()
    assert house.open(two[0].path, superseded=True) and house.custody.closings(two[0].record) == ()


def test_who_had_it_in_their_hands_is_told_version_by_version(house, clock):
    first = house.seal()
    house.open(first.path, "bob")
    clock.move(minutes=1)
    house.custody.note_export(first.record, 1, "bob", "html", "bob")
    house.custody.grant(first.record, "cat", "ann")
    second = house.seal()
    house.open(second.path, "bob")
    house.open(first.path, "ann", superseded=True, purpose="take_back")
    told = [(one.how, one.who, one.version, one.form, one.copy) for one in house.custody.handled(first.record, {1})]
    assert sorted(told, key=str) == [
        ("exported", "bob", 1, "html", 1),
        ("looked_through", "ann", 1, "", None),
        ("opened", "bob", 1, "", None),
        ("passed_on", "ann", 1, "", None),
    ]
    assert house.custody.handled(first.record, ()) == ()


def test_papers_about_the_case_since_then_are_told_and_those_of_other_cases_are_not(house, clock):
    def paper(what, case="MASH-1"):
        house.ledger.write(Entry("record.printed", "ann", {"what": what, "format": "html"}, {"case": case}))
        clock.move(minutes=1)

    paper("plan")
    sealed = house.seal()
    for what in ("explain", "incident"):
        paper(what)
    paper("plan", "MASH-2")
    with house.store.begin() as connection:
        for case, number in (("MASH-1", "n1"), ("MASH-2", "n2")):
            notices.add(connection, letter(case, number, clock().isoformat()))
    told = [(one.how, one.form) for one in house.custody.handled(sealed.record, {1})]
    assert told == [("printed", "explain"), ("printed", "family-sheet")]


def test_whoever_still_has_it_open_writes_no_plain_copy_of_it(house, two):
    house.open(two[0].path, "bob", superseded=True)
    close(house, two[0].record)
    assert refused(lambda: house.custody.note_export(two[0].record, 1, "bob", "html", "bob")).why == "closed"


def test_its_working_copy_is_never_carried_over(house):
    first = house.seal(working=b"what came")
    opened = house.custody.open(first.path, "ann", lambda: None, "before", "ann")
    house.seal(working=b"less")
    close(house, first.record)
    assert house.custody.working_copy(opened) is None
