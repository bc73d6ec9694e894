"""Who reads the next version: the hub's readers of today and who was let in by hand; nobody whose reading is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.errors import Refused
from mash_trawl.vault.who_reads import refuse_over


def readers(house, record):
    return {reader.reader for reader in house.custody.readers(record)}


def test_a_time_that_is_over_stays_over_however_many_versions_follow(house, clock):
    record = house.seal(readers=("ann", "bob")).record
    house.custody.grant(record, "bob", "ann", not_after=clock() + timedelta(hours=1))
    clock.move(hours=2)
    for _ in range(3):
        sealed = house.seal(readers=("ann", "bob"))
        assert readers(house, record) == {"ann"}
        assert house.why_not(sealed.path, "bob") == "not_a_reader"
    house.custody.grant(record, "bob", "ann")
    assert house.open(house.seal(readers=("ann", "bob")).path, "bob")


def test_whoever_is_no_reader_of_the_hub_any_more_is_not_carried_along(house):
    record = house.seal(readers=("ann", "bob")).record
    sealed = house.seal(readers=("ann",))
    assert readers(house, record) == {"ann"}
    assert house.why_not(sealed.path, "bob") == "not_a_reader"
    house.seal(readers=("ann", "bob"))
    assert readers(house, record) == {"ann", "bob"}


def test_who_was_let_in_by_hand_stays_by_themself_and_the_list_tells_them_apart(house):
    record = house.seal(readers=("ann",)).record
    house.custody.grant(record, "cat", "ann")
    for _ in range(2):
        house.seal(readers=("ann",))
    assert {one.reader: one.role for one in house.custody.readers(record)} == {"ann": "reader", "cat": "granted"}


def test_how_somebody_came_in_cannot_be_changed_in_the_database(house):
    sealed = house.seal(readers=("ann", "bob"))
    house.sql("UPDATE reader_grant SET role = 'granted' WHERE reader_id = 'bob'")
    assert house.why_not(sealed.path) == "custody_altered"
    with pytest.raises(Refused) as problem:
        house.seal(readers=("ann",))
    assert problem.value.why == "custody_altered"


def test_only_whose_reading_was_taken_away_or_ended_is_refused_until_somebody_lets_them_in_again(house, clock):
    record = house.seal(readers=("ann", "bob")).record
    parts = house.custody._parts
    house.custody.grant(record, "cat", "ann", not_after=clock() + timedelta(hours=1))
    house.custody.revoke(record, "bob", "ann")
    clock.move(hours=2)
    house.seal(readers=("ann", "bob"))
    for reader in ("bob", "cat"):
        with pytest.raises(Refused) as problem:
            refuse_over(parts, "MASH-1", reader)
        assert problem.value.why == "reading_over"
        house.custody.grant(record, reader, "ann")
    for reader in ("ann", "bob", "cat", "never-a-reader"):
        refuse_over(parts, "MASH-1", reader)
    refuse_over(parts, "never sealed", "ann")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["revoke", "let in", "let in for an hour", "wait", "leave", "come", "seal"])))
def test_whatever_happened_a_new_version_is_for_whom_the_rule_says(house, clock, acts):
    case = f"MASH-{sum(1 for _ in house.ledger.rows())}"
    enrolled, by_hand, end, over = True, False, None, False
    record = house.seal(case, readers=("ann", "bob")).record
    for act in [*acts, "seal"]:
        if act == "revoke" and "bob" in readers(house, record):
            house.custody.revoke(record, "bob", "ann")
            by_hand, over, end = False, True, None
        elif act.startswith("let in"):
            end = clock() + timedelta(hours=1) if act.endswith("hour") else None
            house.custody.grant(record, "bob", "ann", not_after=end)
            by_hand, over = True, False
        elif act == "wait":
            clock.move(hours=2)
        elif act in ("leave", "come"):
            enrolled = act == "come"
        elif act == "seal":
            house.seal(case, readers=("ann", "bob") if enrolled else ("ann",))
            over = over or (end is not None and end <= clock())
            assert ("bob" in readers(house, record)) is ((enrolled or by_hand) and not over)
