"""How many decisions without a mistake prove how much, and how far a threshold goes down by it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.proof import (
    BAND_BITS,
    FIRST,
    LASTS,
    NEEDED,
    LoweredBy,
    ProvedBand,
    least_auto,
    lower_bound,
    proved_down_to,
    proves,
    share_at,
)

DAY = date(2026, 11, 1)


def sure(floor: int, reviewed: int = 3000, wrong: int = 0) -> ProvedBand:
    return ProvedBand(from_bits=floor, reviewed=reviewed, wrong=wrong)


@pytest.mark.parametrize(
    ("right", "of", "bound"),
    [(0, 10, 0.0), (1, 1, 0.05), (50, 50, 0.05 ** (1 / 50)), (2994, 2994, 0.9989999218), (2995, 2995, 0.9990002556),
     (9, 10, 0.6058366976), (95, 100, 0.8977466224), (4740, 4741, 0.9989997908), (4741, 4742, 0.9990000016),
     (6291, 6294, 0.9987685528), (99_920, 100_000, 0.9990365784)],
)  # fmt: skip
def test_the_bound_is_the_quantile_of_the_beta_distribution(right: int, of: int, bound: float) -> None:
    """As scipy 1.16 gives it: `beta.ppf(0.05, right, of - right + 1)`."""
    assert lower_bound(right, of) == pytest.approx(bound, abs=2e-10)


@settings(max_examples=40)
@given(st.integers(1, 400), st.data())
def test_at_the_bound_so_many_or_more_are_right_once_in_twenty(of: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(1, of))
    share = lower_bound(right, of)
    chance = sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(right, of + 1))
    assert chance == pytest.approx(0.05, abs=1e-6)
    assert share < right / of or (right, of) == (of, of)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20_000), st.integers(0, 19), st.integers(1, 5_000))
def test_a_wrong_one_more_proves_less_and_a_right_one_more_proves_more(of: int, wrong: int, more: int) -> None:
    wrong = min(wrong, of)
    bound = lower_bound(of - wrong, of)
    assert lower_bound(of - wrong, of + 1) < bound or bound == 0
    assert lower_bound(of - wrong + more, of + more) > bound
    assert proves(of - wrong, of) is (bound >= NEEDED)
    assert proves(of - wrong + more, of + more) >= proves(of - wrong, of) >= proves(of - wrong, of + 1)


def test_more_right_than_there_are_is_refused_and_proves_nothing() -> None:
    with pytest.raises(ValueError, match="between"):
        lower_bound(3, 2)
    assert not any(proves(*counts) for counts in ((3, 2), (-1, 5000), (0, 0), (5001, 5000), (10**12, 10**12)))


@pytest.mark.parametrize(("wrong", "least"), [(0, 2995), (1, 4742), (2, 6294), (3, 7752)])
def test_so_many_decisions_are_the_least(wrong: int, least: int) -> None:
    assert proves(least - wrong, least)
    assert not proves(least - 1 - wrong, least - 1)


def test_the_first_band_holds_the_built_in_threshold() -> None:
    assert share_at(FIRST) < MatchPolicy().auto_per_million < share_at(FIRST + BAND_BITS)


@pytest.mark.parametrize(
    ("bands", "floor"),
    [
        ((), None), ((sure(8),), 8), ((sure(6), sure(8)), 6), ((sure(8), sure(4)), 8), ((sure(6), sure(4)), None),
        ((sure(8), sure(6, 2994)), 8), ((sure(8), sure(8, 10)), None), ((sure(8, 3000, -1),), None),
        (tuple(sure(floor) for floor in range(8, -20, -2)), 0), ((sure(8), sure(6, 1_000_000, 2_000)), 8),
    ],
)  # fmt: skip
def test_every_band_proves_it_for_itself_and_a_gap_ends_it(bands: tuple[ProvedBand, ...], floor: int | None) -> None:
    assert proved_down_to(bands) == floor
    told = LoweredBy(as_of=DAY, file_digest="f" * 64, bands=bands)
    assert least_auto(told, 999_000) == (999_000 if floor is None else share_at(floor)) <= 999_000
    assert least_auto(None, 999_000) == 999_000


@given(st.integers(0, FIRST), st.integers(0, 40_000))
def test_nobody_below_the_bits_has_the_share(bits: int, below: int) -> None:
    odds = 2.0 ** (bits - (below + 1) / 1000)
    assert odds / (odds + 1) * 1_000_000 < share_at(bits)
    assert 2**bits / (2**bits + 1) * 1_000_000 <= share_at(bits) < 2**bits / (2**bits + 1) * 1_000_000 + 1


@pytest.mark.parametrize(
    ("days", "counts"), [(0, True), (LASTS.days, True), (LASTS.days + 1, False), (-1, False), (-400, False)]
)
def test_labels_of_tomorrow_or_of_last_year_lower_nothing(days: int, counts: bool) -> None:
    lowered_by = LoweredBy(as_of=DAY, file_digest="f" * 64, bands=(sure(8),))
    policy = MatchPolicy(auto_per_million=share_at(8), lead_millibits=9_000, lowered_by=lowered_by)
    built_in = replace(policy, auto_per_million=999_000, lowered_by=None)
    assert policy.on(DAY + timedelta(days=days)) == (policy if counts else built_in)
    assert built_in.on(DAY) is built_in
