"""What the ledger counted of matching, before a day and since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.calibrate.drift import Share, Tally, drift, tallies

DAY = datetime(2026, 10, 1, tzinfo=UTC)


def decided(source: str = "housing", **counts: int) -> dict[str, object]:
    """The open part of a row."""
    return {"source": source, "why": "recognised", "outcomes": counts}


def test_searches_are_counted_by_what_came_of_them() -> None:
    rows = [
        (DAY - timedelta(seconds=1), decided(auto=1)), (DAY, decided(review=2)), (DAY, decided()),
        (DAY, decided(confirmed=1, rejected=3)), (DAY, {"source": "housing", "discovered_at": "2026-10-02T00:00:00Z"}),
        (DAY, {"source": "housing", "why": "one_record_for_several", "records": 1}),
    ]  # fmt: skip
    assert tallies(rows, DAY) == {
        "housing": (
            Tally(searches=1, certain=1),
            Tally(searches=3, asked=1, nobody=1, confirmed=1, rejected=3, taken_back=1),
        )
    }


def test_a_share_moved_only_where_chance_does_not_explain_it() -> None:
    steady, more = Tally(searches=1000, asked=100), Tally(searches=1000, asked=200)
    few = Tally(searches=3, asked=3)
    moved = {one.source: one.moved for one in drift({"a": (steady, more), "b": (steady, steady), "c": (few, Tally())})
             if one.what == "left to a person"}  # fmt: skip
    assert moved == {"a": True, "b": False, "c": False}


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_lies_in_its_interval(part: int, more: int) -> None:
    share = Share(part=part, of=part + more)
    low, high = share.interval
    assert -1e-9 <= low <= high <= 1 + 1e-9
    assert not share.of or low - 1e-9 <= part / share.of <= high + 1e-9
