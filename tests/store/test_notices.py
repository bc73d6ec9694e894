"""What is held back stays until a letter is made or held anew; what was made stays for good."""

from __future__ import annotations

from mash_trawl.store.notices import TellingRow, add, forget_case, tellings


def row(number, state, **more):
    told = {"case_id": "c", "person": "p3", "kind": "notice", "at": "2026-11-03T09:20:00+00:00", "actor": "a"}
    return TellingRow(number=number, state=state, **(told | more))


def numbers(store, *asked):
    with store.read() as connection:
        return [one.number for one in tellings(connection, *asked)]


def test_a_letter_settles_what_was_held_for_the_same_person_and_kind(any_store):
    with any_store.begin() as connection:
        add(connection, row("1", "held", review_on="2026-11-10"))
        add(connection, row("2", "held", review_on="2026-11-09"))
        add(connection, row("3", "held", person="p4", review_on="2026-11-05"))
        add(connection, row("4", "held", kind="sheet", review_on="2026-11-20"))
    assert numbers(any_store, "held") == ["3", "2", "4"]
    with any_store.begin() as connection:
        add(connection, row("5", "made"))
        add(connection, row("6", "made", case_id="d"))
    assert numbers(any_store, "held") == ["3", "4"]
    assert numbers(any_store, "made", "c") == ["5"]
    assert numbers(any_store) == ["3", "4", "5", "6"]


def test_what_is_known_of_a_destroyed_cases_letters_is_forgotten_and_of_no_other_case(any_store):
    with any_store.begin() as connection:
        add(connection, row("1", "held", kind="sheet", review_on="2026-11-10"))
        add(connection, row("2", "made"))
        add(connection, row("3", "made", case_id="d"))
        assert forget_case(connection, "c") == 2
    assert numbers(any_store) == ["3"]
