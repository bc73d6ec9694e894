"""The clock of a colour: running time runs through, working time stands still, and what is not known is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.clocks import RagClock, WorkingTime
from mash_trawl.model.moments import LONDON
from mash_trawl.model.profile import Profile
from mash_trawl.model.standing import Sealing
from mash_trawl.product.due import Hours, clock, due, working_seconds

BASE = load_profile("base")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
HOURS = WorkingTime(from_="09:00", to="17:00", days=WEEK, holidays=(date(2026, 12, 25), date(2026, 12, 28)))
MONDAYS = tuple(date(2026, 11, 9) + timedelta(days=7 * week) for week in range(600))


def at(text: str) -> datetime:
    """A UK clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def with_clock(hours: WorkingTime | None = HOURS, **rag: Any) -> Profile:
    """The base profile with other hours, and `red`, `amber` and friends as given."""
    clocks: Mapping[str, RagClock] = {name: RagClock(title=name, **told) for name, told in rag.items()}
    return replace(BASE, working_time=hours, rag={**BASE.rag, **clocks})


@pytest.mark.parametrize(
    ("received", "rag", "expected"),
    [
        ("2026-11-03T09:05", "red", "2026-11-03T13:05"),
        ("2026-11-06T23:30", "red", "2026-11-07T03:30"),
        ("2026-11-03T09:05", "amber", "2026-11-04T09:05"),
        ("2026-11-06T16:30", "amber", "2026-11-09T16:30"),
        ("2026-11-06T17:00", "amber", "2026-11-09T17:00"),
        ("2026-11-06T20:00", "amber", "2026-11-09T17:00"),
        ("2026-11-07T11:00", "amber", "2026-11-09T17:00"),
        ("2026-11-09T09:00", "amber", "2026-11-09T17:00"),
        ("2026-12-24T10:00", "amber", "2026-12-29T10:00"),
        ("2026-12-24T18:00", "amber", "2026-12-29T17:00"),
        ("2026-12-23T12:00", "green", "2026-12-30T12:00"),
        ("2026-10-23T16:00", "amber", "2026-10-26T16:00"),
        ("2027-03-25T12:00", "amber", "2027-03-30T12:00"),
    ],
)
def test_what_the_base_profile_makes_of_nights_weekends_holidays_and_changing_clocks(received, rag, expected):
    assert due(at(received), rag, BASE) == at(expected).astimezone(UTC)


def test_red_runs_through_the_night_on_which_the_clocks_go_back_and_names_the_hour_that_comes_twice():
    told = clock(at("2026-10-24T22:30"), "red", BASE, at("2026-10-24T23:00"))
    assert told.due == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert told.words == "due tomorrow at 01:30 GMT, 3 h 30 min left"


def test_red_runs_through_the_night_on_which_the_clocks_go_forward():
    told = clock(at("2026-03-28T22:30"), "red", BASE, at("2026-03-28T22:30"))
    assert told.words == "due tomorrow at 03:30, 4 h left"


def test_a_profile_may_tighten_the_clock_and_count_hours_of_working_time():
    profile = with_clock(red={"hours": 2, "counted": "running"}, amber={"hours": 12, "counted": "working"})
    assert due(at("2026-11-03T09:05"), "red", profile) == at("2026-11-03T11:05")
    assert due(at("2026-11-06T15:00"), "amber", profile) == at("2026-11-10T11:00")


def test_blue_has_no_target_and_no_colour_has_no_due_time():
    now = at("2026-11-03T10:00")
    blue, none, odd = (clock(now, rag, BASE, now) for rag in ("blue", None, "purple"))
    assert (blue.state, none.state, odd.state) == ("no_target", "no_colour", "not_known")
    assert blue.due is None is none.due
    assert "no target" in blue.words
    assert "No colour (RAG) was set" in none.words
    assert "no clock for purple" in odd.words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, "states no working time"),
        (replace(HOURS, from_="nine"), "cannot be read"),
        (replace(HOURS, from_="17:00", to="09:00"), "cannot be read"),
        (replace(HOURS, days=("Mondays",)), "cannot be read"),
        (replace(HOURS, days=("monday",), holidays=MONDAYS), "too few working days"),
    ],
)
def test_working_time_that_is_missing_or_nonsense_is_said_and_never_guessed(hours, words):
    told = clock(at("2026-11-03T10:00"), "amber", with_clock(hours), at("2026-11-03T11:00"))
    assert (told.state, told.due) == ("not_known", None)
    assert words in told.words


def test_red_needs_no_working_time():
    told = clock(at("2026-11-03T09:05"), "red", with_clock(None), at("2026-11-03T10:55"))
    assert (told.state, told.words, told.notes) == ("running", "due today at 13:05, 2 h 10 min left", ())


def test_a_due_time_after_the_last_listed_holiday_says_so():
    told = clock(at("2027-12-29T10:00"), "amber", BASE, at("2027-12-29T10:00"))
    assert told.due == at("2027-12-30T10:00")
    assert told.notes == ("The profile's holidays end on 28 December 2027; later ones were not counted.",)
    early = clock(at("2025-12-24T10:00"), "amber", BASE, at("2025-12-24T10:00"))
    assert early.notes == ("The profile's holidays begin on 1 January 2026; earlier ones were not counted.",)
    bare = with_clock(replace(HOURS, holidays=()))
    assert clock(at("2026-11-03T10:00"), "amber", bare, at("2026-11-03T10:00")).notes == (
        "The profile lists no holidays, so none was counted.",
    )


def test_a_referral_from_the_future_is_told():
    told = clock(at("2026-11-03T10:00"), "red", BASE, at("2026-11-03T09:00"))
    assert any("later than this computer's clock" in note for note in told.notes)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-06T16:30", "due Monday 9 November at 16:30, 8 h of working time left"),
        ("2026-11-08T12:00", "due tomorrow at 16:30, 7 h 30 min of working time left"),
        ("2026-11-09T16:29", "due today at 16:30, 1 min of working time left"),
        ("2026-11-09T16:30", "overdue since today at 16:30, by less than a minute of working time"),
        ("2026-11-10T10:00", "overdue since yesterday at 16:30, by 1 h 30 min of working time"),
        ("2026-11-20T10:00", "overdue since Monday 9 November at 16:30, by 8 working days"),
        ("2027-01-04T10:00", "overdue since Monday 9 November 2026 at 16:30, by 36 working days"),
    ],
)
def test_what_is_left_and_what_is_over_stand_in_words(now, words):
    assert clock(at("2026-11-06T16:30"), "amber", BASE, at(now)).words == words


def test_an_instant_without_a_zone_is_uk_time_and_the_earlier_of_two():
    assert due(datetime(2026, 7, 1, 9, 0), "red", BASE) == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert due(datetime(2026, 10, 25, 1, 30), "red", BASE) == datetime(2026, 10, 25, 4, 30, tzinfo=UTC)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 20)).map(lambda moment: moment.replace(tzinfo=UTC))
WORKING = st.builds(
    lambda opens, length, days, holidays: WorkingTime(
        from_=f"{opens // 60:02}:{opens % 60:02}", to=f"{(opens + length) // 60:02}:{(opens + length) % 60:02}",
        days=tuple(days), holidays=tuple(holidays),
    ),
    st.integers(0, 719), st.integers(120, 720),
    st.lists(st.sampled_from((*WEEK, "saturday", "sunday")), min_size=1, unique=True),
    st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=8, unique=True),
)  # fmt: skip
TARGETS = st.one_of(
    st.builds(lambda days: {"days": days}, st.integers(1, 5)),
    st.builds(lambda hours: {"hours": hours}, st.integers(1, 30)),
)


@settings(max_examples=60, deadline=None)
@given(received=MOMENTS)
def test_red_is_four_hours_later_in_utc_whatever_the_clocks_do(received):
    assert due(received, "red", BASE) == received + timedelta(hours=4)


@settings(max_examples=60, deadline=None)
@given(received=MOMENTS, working=WORKING, target=TARGETS)
def test_a_working_clock_is_never_due_outside_the_hours_nor_before_the_receipt(received, working, target):
    profile, hours = with_clock(working, amber=target), Hours.of(working)
    end = due(received, "amber", profile)
    assert hours is not None and end is not None
    local = end.astimezone(LONDON)
    windows = [hours.window(day) for day in (local.date(), local.date() - timedelta(days=1))]
    assert any(window and window[0] <= end <= window[1] for window in windows)
    assert end > received


@settings(max_examples=60, deadline=None)
@given(first=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=9)), working=WORKING, target=TARGETS)
def test_what_comes_in_later_is_never_due_earlier(first, later, working, target):
    profile = with_clock(working, amber=target)
    one, other = due(first, "amber", profile), due(first + later, "amber", profile)
    assert one is not None and other is not None
    assert one <= other


@settings(max_examples=60, deadline=None)
@given(received=MOMENTS, working=WORKING, target=TARGETS, day=st.integers(0, 12))
def test_another_holiday_never_makes_it_earlier(received, working, target, day):
    holiday = (received + timedelta(days=day)).date()
    more = replace(working, holidays=(*working.holidays, holiday))
    one = due(received, "amber", with_clock(working, amber=target))
    other = due(received, "amber", with_clock(more, amber=target))
    assert one is not None and other is not None
    assert one <= other


@settings(max_examples=60, deadline=None)
@given(received=MOMENTS, working=WORKING, length=st.integers(1, 30))
def test_the_working_time_until_an_hourly_clock_is_due_is_its_hours(received, working, length):
    end = due(received, "amber", with_clock(working, amber={"hours": length}))
    hours = Hours.of(working)
    assert hours is not None and end is not None
    assert working_seconds(received, end, hours) == length * 3600
    assert working_seconds(end, received, hours) == -length * 3600


def sealed(*moments: str) -> tuple[Sealing, ...]:
    return tuple(Sealing(version=number, at=at(text)) for number, text in enumerate(moments, 1))


def test_the_first_sealed_version_stops_the_clock_and_a_later_one_does_not_start_it_again():
    told = clock(
        at("2026-11-03T14:30"), "red", BASE, at("2026-11-05T10:00"), sealed("2026-11-03T14:40", "2026-11-05T09:00")
    )
    assert (told.state, told.seconds) == ("in_time", 230 * 60)
    assert told.words == ("version 1 sealed Tuesday 3 November at 14:40, in time (due Tuesday 3 November at 18:30)")


def test_a_version_sealed_after_the_due_time_was_late_by_the_time_as_its_colour_counts_it():
    red = clock(at("2026-11-03T14:30"), "red", BASE, at("2026-11-03T20:00"), sealed("2026-11-03T19:40"))
    assert (red.state, red.words) == (
        "late",
        "version 1 sealed today at 19:40, late by 1 h 10 min (due today at 18:30)",
    )
    amber = clock(at("2026-11-05T16:00"), "amber", BASE, at("2026-11-09T12:00"), sealed("2026-11-09T10:00"))
    assert amber.words.startswith("version 1 sealed today at 10:00, late by 2 h of working time (due Friday 6 November")


def test_a_version_from_before_the_referral_does_not_stop_the_clock():
    told = clock(at("2026-11-03T14:30"), "red", BASE, at("2026-11-03T15:00"), sealed("2026-11-03T14:00"))
    assert told.state == "running"
    both = clock(
        at("2026-11-03T14:30"), "red", BASE, at("2026-11-03T15:00"), sealed("2026-11-03T14:00", "2026-11-03T14:45")
    )
    assert both.words.startswith("version 2 sealed today at 14:45, in time")


def test_a_version_for_which_nobody_was_asked_does_not_stop_the_clock():
    empty, full = sealed("2026-11-03T14:40", "2026-11-03T14:50")
    now = at("2026-11-03T15:00")
    empty = replace(empty, asked=False)
    assert clock(at("2026-11-03T14:30"), "red", BASE, now, (empty,)).state == "running"
    assert clock(at("2026-11-03T14:30"), "red", BASE, now, (empty, full)).words.startswith("version 2 sealed today")


def test_a_colour_that_ends_with_something_else_runs_on():
    profile = with_clock(red={"hours": 4, "counted": "running", "until": "strategy discussion"})
    told = clock(at("2026-11-03T14:30"), "red", profile, at("2026-11-03T20:00"), sealed("2026-11-03T14:40"))
    assert told.state == "overdue"
