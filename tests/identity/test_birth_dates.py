"""Two dates of birth: the same day, or the kind of slip by which they differ."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.identity.birth_dates import BORN_LEVELS, coarse_date, compare_born, years_apart
from mash_trawl.model.dates import PartialDate

DAYS = st.dates(date(1905, 1, 1), date(2050, 12, 31))


def level(one: str, other: str) -> str:
    return compare_born(PartialDate.parse(one), PartialDate.parse(other)).name


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2014-05-17", "2014-05-17", "exact"),
        ("2014-05-07", "2014-07-05", "day and month swapped"),
        ("2014-05-17", "2014-05-18", "one digit"),
        ("2014-01-05", "2013-01-05", "one digit"),
        ("2020-01-05", "2019-01-05", "slip"),
        ("2000-01-05", "1999-01-05", "slip"),
        ("1987-05-17", "1978-05-17", "slip"),
        ("2014-05-12", "2014-05-21", "slip"),
        ("2014-10-17", "2014-01-17", "slip"),
        ("2024-11-10", "2024-11-09", "slip"),
        ("2014-05-31", "2014-06-01", "slip"),
        ("2014-05-31", "2014-06-02", "different"),
        ("2015-12-31", "2016-01-01", "slip"),
        ("1914-05-17", "2014-05-17", "two parts"),
        ("2014-05-17", "2014-05-29", "two parts"),
        ("2014-05-17", "2014-06-29", "different"),
        ("2014-05-17", "2012-06-17", "different"),
        ("2014", "2014-05-17", "partial"),
        ("2014-05", "2014-06-17", "different"),
    ],
)
def test_the_kind_of_slip_is_told(one, other, expected):
    assert level(one, other) == level(other, one) == expected


def test_digits_of_two_parts_never_count_as_changed_places():
    assert level("2001-10-05", "2010-01-05") == "different"
    assert level("2001-02-20", "2000-12-20") == "different"


@given(DAYS, DAYS)
def test_it_is_no_matter_which_date_stands_where(one, other):
    near, far = PartialDate.of(one), PartialDate.of(other)
    assert compare_born(near, far).name == compare_born(far, near).name in BORN_LEVELS
    assert (compare_born(near, far).name == "exact") == (one == other)
    assert years_apart(near, far) == years_apart(far, near) == abs(one.year - other.year)


@pytest.mark.parametrize("text", ["1900-01-01", "2099-12-31", "2068-05-17", "1899-12-30"])
def test_what_systems_write_for_unknown_is_no_birth_date(text):
    assert coarse_date(PartialDate.parse(text)) is None


@given(DAYS)
def test_the_first_of_january_is_a_year_and_in_social_care_the_fifteenth_a_month(day):
    coarse = coarse_date(PartialDate.of(day), social_care=True)
    assert coarse is not None
    assert coarse.exact == ((day.month, day.day) != (1, 1) and day.day != 15)
    assert coarse.earliest <= day <= coarse.latest
