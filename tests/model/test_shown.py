"""Moments as people read them: UK time and nothing else, named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.model.moments import LONDON
from mash_trawl.model.shown import day_words, instant_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2032-05-16T23:00:00+00:00", "17 May 2032 at 00:00 UK time"),
        ("2032-05-16T23:00Z", "17 May 2032 at 00:00 UK time"),
        ("2026-11-03T09:20:00+00:00", "3 November 2026 at 09:20 UK time"),
        ("2026-07-03T09:20:00+02:00", "3 July 2026 at 08:20 UK time"),
        ("2026-07-03T09:20", "3 July 2026 at 09:20 UK time"),
        ("2026-10-25T00:30:00+00:00", "25 October 2026 at 01:30 BST, UK time"),
        ("2026-10-25T01:30:00+00:00", "25 October 2026 at 01:30 GMT, UK time"),
        ("2026-11-03", "3 November 2026"),
        ("2026", "2026"),
        ("0001-01-01T00:00:00+00:00", "1 January 0001"),
        ("2026-11-03Thursday evening", "3 November 2026"),
        ("in the evening, after ten", "in the evening, after ten"),
    ],
)
def test_an_instant_is_told_in_uk_time_and_a_day_stays_a_day(text, words):
    assert instant_words(text) == words


def test_the_day_of_an_instant_is_the_day_in_the_united_kingdom():
    assert day_words("2032-05-16T23:00:00+00:00") == "17 May 2032"


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), st.integers(-14, 14))
def test_one_moment_reads_alike_whatever_zone_it_was_written_in(moment, hours):
    here = moment.replace(tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=hours))).isoformat()
    assert instant_words(there) == instant_words(here.isoformat())
    assert f"{here.astimezone(LONDON):%H:%M}" in instant_words(there)
