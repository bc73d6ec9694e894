"""No origin of names is missed more than another; a small set here, a larger one in the benchmark."""

from __future__ import annotations

import pytest

from benchmarks.matching_origins import ORIGINS, group

FAMILIES = 24


@pytest.fixture(scope="module")
def tallies():
    return {name: group(name, FAMILIES) for name in ORIGINS}


def test_the_seven_groups_are_within_one_point_of_each_other(tallies):
    missed = [1 - tally.recall for tally in tallies.values()]
    wrong = [tally.wrong_auto / tally.queries for tally in tallies.values()]
    assert len(tallies) == 7
    assert max(missed) - min(missed) <= 0.01
    assert max(wrong) - min(wrong) <= 0.01


def test_nobody_is_taken_for_somebody_else(tallies):
    assert {name: tally.wrong_auto for name, tally in tallies.items()} == dict.fromkeys(ORIGINS, 0)


def test_the_sets_are_hard_and_open(tallies):
    """Every group has people who are not held, and records that the exact name would not find."""
    for tally in tallies.values():
        assert tally.queries == FAMILIES * 5
        assert tally.held < tally.queries
    assert min(tally.auto_recall for tally in tallies.values()) < 1
