"""How many decisions without a mistake prove how much."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.calibrate.proof import BAND, Band, Labelled, bands, lower_bound, lowest_safe


@pytest.mark.parametrize(
    ("right", "of", "bound"),
    [(0, 10, 0.0), (1, 1, 0.05), (50, 50, 0.05 ** (1 / 50)), (2994, 2994, 0.998999), (2995, 2995, 0.999000),
     (9, 10, 0.605838), (95, 100, 0.897747)],
)  # fmt: skip
def test_the_bound_is_that_of_the_tables(right: int, of: int, bound: float) -> None:
    assert lower_bound(right, of) == pytest.approx(bound, abs=2e-6)


@given(st.integers(1, 400), st.data())
def test_at_the_bound_so_many_or_more_are_right_once_in_twenty(of: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(1, of))
    share = lower_bound(right, of)
    chance = sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(right, of + 1))
    assert chance == pytest.approx(0.05, abs=1e-6)
    assert share < right / of or (right, of) == (of, of)


def test_more_right_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        lower_bound(3, 2)


def test_a_decision_is_right_only_where_both_people_say_so() -> None:
    said = ((31_400, True, True), (30_100, True, False), (-100, False, False))
    found = bands(Labelled(millibits=bits, first=one, second=other) for bits, one, other in said)
    assert found == (
        Band(floor=30_000, decisions=2, right=1, apart=1),
        Band(floor=-BAND, decisions=1, right=0, apart=0),
    )


def test_each_band_proves_it_for_itself_and_a_gap_ends_it() -> None:
    def sure(floor: int) -> Band:
        return Band(floor=floor, decisions=3000, right=3000, apart=0)

    assert lowest_safe([sure(30_000), sure(28_000)]) == 28_000
    assert lowest_safe([sure(30_000), sure(26_000)]) == 30_000
    assert lowest_safe([sure(30_000), Band(floor=28_000, decisions=100, right=100, apart=0)]) == 30_000
    assert lowest_safe([Band(floor=30_000, decisions=9000, right=8990, apart=10)]) is None
    assert lowest_safe([]) is None
