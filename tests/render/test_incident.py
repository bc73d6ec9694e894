"""The incident sheet says what is known, by when somebody has to decide, and nothing of what the record says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mash_trawl.model.incident import Closing, Handled, Incident
from mash_trawl.render.incident import HOW, incident_sheet, incident_text

FOUND_OUT = datetime(2026, 3, 27, 16, 30, tzinfo=UTC)
LATER = FOUND_OUT + timedelta(hours=1)


@pytest.fixture
def incident():
    return Incident(
        case="MASH-2026-0142", match="housing:0a1b2c3d", source="housing", people=("p1",), statements=("0123abcd",),
        by="j.shah", noted_at=LATER, discovered_at=FOUND_OUT, record="f" * 32, version=3,
        closed=(Closing(version=1, statement="0123abcd", by="j.shah", at=LATER),),
        handled=(
            Handled(how="opened", who="r.cole", at=FOUND_OUT - timedelta(days=1), version=1),
            Handled(how="exported", who="a.lee", at=FOUND_OUT, version=1, form="html", copy=2),
            Handled(how="printed", who="a.lee", at=FOUND_OUT, form="plan"),
        ),
    )  # fmt: skip


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(params=[incident_text, incident_sheet], ids=["text", "html"])
def told(request, incident):
    return plain(request.param(incident))


def test_the_72_hours_end_in_uk_time_and_in_utc_also_over_a_change_of_the_clocks(told):
    assert "27 March 2026 at 16:30 UK time (2026-03-27 16:30 UTC)" in told
    assert "30 March 2026 at 17:30 UK time (2026-03-30 16:30 UTC)" in told


def test_it_names_the_record_by_its_id_the_versions_who_had_them_and_the_copies(told):
    for part in ("housing:0a1b2c3d", "p1", "MASH-2026-0142", "Version 1", "Version 3", "Opened", "r.cole", "Copy 2",
                 "a.lee", "Sheet printed", "0123abcd"):  # fmt: skip
        assert part in told


def test_it_decides_nothing_and_cites_the_rule_with_the_day_it_was_reviewed(told):
    assert "does not decide" in told
    assert "Article 33(1)" in told and "Article 33(5)" in told and "Reviewed 2026-11-22" in told
    assert "https://www.legislation.gov.uk/eur/2016/679/article/33" in told


def test_what_is_empty_is_said_in_words(incident):
    text = incident_text(replace(incident, closed=(), handled=()))
    assert "No version is closed yet" in text and "Nobody opened one" in text and "None was written." in text


def test_every_way_of_having_it_in_hands_has_words(incident):
    for how, words in HOW.items():
        told = incident_text(replace(incident, handled=(Handled(how=how, who="r.cole", at=LATER, version=1),)))
        assert (words in told) != (how == "exported")


def test_the_same_moment_reads_the_same_whatever_zone_it_was_given_in(incident):
    east = FOUND_OUT.astimezone(timezone(timedelta(hours=5)))
    assert incident_text(replace(incident, discovered_at=east)) == incident_text(incident)


def test_hostile_text_is_escaped_on_the_page_and_made_visible_in_the_text(incident):
    odd = replace(incident, by="<script>\u202e", case="\u202eA")
    assert "<script>" not in incident_sheet(odd)
    assert "\u202e" not in incident_sheet(odd) + incident_text(odd)
