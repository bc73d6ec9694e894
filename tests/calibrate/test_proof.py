"""Labelled decisions in bands, and what a profile may say by them."""

from __future__ import annotations

import pytest

from mash_trawl.calibrate.proof import BAND, Band, Labelled, bands, lowered, lowest_safe


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


def band(floor: int, decisions: int = 3000, wrong: int = 0) -> Band:
    return Band(floor=floor, decisions=decisions, right=decisions - wrong, apart=wrong)


@pytest.mark.parametrize(
    ("found", "share", "named"),
    [
        ([band(10_000), band(8_000), band(6_000, 4800, 1), band(4_000, 50)], 984_616, [(8, 3000, 0), (6, 4800, 1)]),
        ([band(8_000)], 996_109, [(8, 3000, 0)]),
        ([band(0), band(2_000), band(4_000), band(6_000), band(8_000), band(-2_000)], 500_000,
         [(8, 3000, 0), (6, 3000, 0), (4, 3000, 0), (2, 3000, 0), (0, 3000, 0)]),
    ],
)  # fmt: skip
def test_a_profile_names_the_bands_below_the_built_in_threshold(
    found: list[Band], share: int, named: list[tuple[int, int, int]]
) -> None:
    told = lowered(sorted(found, key=lambda one: -one.floor), "2026-11-01", "f" * 64)
    assert told is not None
    assert (told["auto_per_million"], told["lowered_by"]["as_of"]) == (share, "2026-11-01")
    assert [tuple(one.values()) for one in told["lowered_by"]["bands"]] == named


@pytest.mark.parametrize(
    "found",
    [
        [], [band(30_000)], [band(10_000), band(8_000, 2994)], [band(10_000, 3000, 1), band(8_000)],
        [band(6_000)], [band(10_000), band(6_000)], [band(8_000, 5000, 5)],
    ],
)  # fmt: skip
def test_what_is_not_proved_in_one_row_with_the_built_in_threshold_lowers_nothing(found: list[Band]) -> None:
    assert lowered(found, "2026-11-01", "f" * 64) is None
