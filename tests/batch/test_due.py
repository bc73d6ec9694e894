"""When a case may be asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.batch.due import Newest, verdict
from mash_trawl.config.profiles import load_profile, profile_names
from mash_trawl.model.duration import Duration
from mash_trawl.model.profile import Repeat

OPENED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CASE: Any = SimpleNamespace(id="A", opened_at=OPENED)
TERM = Repeat(purpose="Review every term", interval=Duration(seconds=13 * 604800), until=Duration(seconds=52 * 604800))
SEALED = OPENED + timedelta(weeks=1)


def said(weeks: float, repeat: Repeat | None = TERM, destroyed: bool = False) -> tuple[bool, str]:
    newest = Newest(version=1, sealed_at=SEALED, destroyed=destroyed)
    one = verdict(CASE, repeat, newest, OPENED + timedelta(weeks=weeks))
    return one.run, one.why


def test_a_case_that_was_never_asked_is_asked():
    one = verdict(CASE, None, None, OPENED)
    assert (one.run, one.why) == (True, "never_asked")


def test_a_case_with_a_product_is_left_alone_unless_its_profile_says_why():
    assert said(500, repeat=None) == (False, "asked_before")


@pytest.mark.parametrize(
    ("weeks", "answer"),
    [(13.9, (False, "not_yet")), (14, (True, "interval_over")), (51.9, (True, "interval_over")),
     (52, (False, "purpose_over")), (-400, (False, "not_yet"))],
)  # fmt: skip
def test_it_is_asked_again_after_the_interval_and_before_the_end(weeks, answer):
    assert said(weeks) == answer


def test_a_destroyed_case_is_never_asked_again():
    assert said(20, destroyed=True) == (False, "case_destroyed")


def test_whoever_waits_is_told_until_when():
    one = verdict(CASE, TERM, Newest(version=3, sealed_at=SEALED), SEALED)
    assert (one.due_at, one.purpose) == (SEALED + timedelta(weeks=13), "Review every term")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_no_clock_makes_a_case_due_outside_its_time(now):
    one = verdict(CASE, TERM, Newest(version=1, sealed_at=SEALED), now)
    assert one.run == (SEALED + timedelta(weeks=13) <= now < OPENED + timedelta(weeks=52))


def test_no_profile_that_comes_with_the_program_watches_a_family():
    assert [name for name in profile_names() if load_profile(name).repeat] == []


def test_the_lines_of_the_page_are_a_profile(tmp_path):
    from pathlib import Path

    (line,) = [
        line.strip() for line in Path("docs/batch.md").read_text("utf-8").splitlines() if line.startswith("    repeat:")
    ]
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "early_help.yaml").write_text(f"id: early_help\nextends: early_help\n{line}\n", "utf-8")
    repeat = load_profile("early_help", tmp_path).repeat
    assert repeat is not None
    assert (repeat.interval.to_text(), repeat.until.to_text()) == ("13w", "52w")
