"""What all values share: no repr, one plain form, and durations that come back as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.model.base import Private, Unreadable, to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.duration import Duration
from mash_trawl.model.person import Address, Name, Person


def test_a_person_is_shown_by_id_only() -> None:
    person = Person(id="p1", names=(Name(given=("Aisha",), family="Khan"),))
    assert repr(person) == "<Person p1>"
    assert repr(person.names[0]) == "<Name>"
    assert "Khan" not in f"{person!r}{person!s}{[person]}"


def test_the_plain_form_leaves_out_what_is_empty_and_writes_from_without_its_dash() -> None:
    address = Address(lines=("14 Mill Lane",), from_=None)
    assert to_plain(address) == {"lines": ["14 Mill Lane"], "no_fixed_address": False}
    assert "from" in to_plain(Address(from_=PartialDate.parse("2021-03")))


def test_instants_are_written_in_utc_and_days_as_days() -> None:
    summer = datetime(2026, 6, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert to_plain([summer, date(2026, 6, 1), datetime(2026, 6, 1, tzinfo=UTC)]) == [
        "2026-05-31T23:30:00+00:00", "2026-06-01", "2026-06-01T00:00:00+00:00",
    ]  # fmt: skip


def test_a_fraction_has_no_plain_form() -> None:
    with pytest.raises(TypeError, match="float has no plain form"):
        to_plain({"weight": 1.5})


def test_a_set_has_one_order() -> None:
    assert to_plain(frozenset({"b", "a", "c"})) == ["a", "b", "c"]


@given(st.integers(0, 999_999), st.sampled_from("smhdw"))
def test_a_duration_comes_back_with_the_same_length(number: int, unit: str) -> None:
    value = Duration.parse(f"{number}{unit}")
    assert Duration.parse(value.to_text()) == value


@pytest.mark.parametrize("text", ["", "20", "s", "-5s", "1.5h", "20 s", "٢s", "5y", "1234567890s"])
def test_what_is_no_duration_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        Duration.parse(text)
    assert caught.value.must == "a number and a unit"


def test_a_private_value_without_id_shows_its_type() -> None:
    @dataclass(frozen=True, repr=False)
    class Note(Private):
        text: str

    assert repr(Note("Aisha")) == "<Note>"
