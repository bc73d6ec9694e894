"""A place with five levels and a colour of its own changes no code: levels and colours are words of its files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.config.case_gaps import case_gaps
from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide, problems
from mash_trawl.model.profile import Profile
from mash_trawl.product.due import due
from mash_trawl.product.routing import level_title, routes

DOCUMENT = """\
version: 1
id: five
edition: "1"
title: Five levels (synthetic)
partnership: North
agreed_on: 2026-01-01
review_on: 2027-01-01
levels:
  "1": {title: One}
  "2": {title: Two}
  "3": {title: Three}
  "4": {title: Four}
  "5": {title: Five, clauses: {"5.1": Harm.}}
"""
PROFILE = """\
extends: front_door
id: five
title: Front door with five levels
thresholds: thresholds/five.yaml
scope: {levels: [1, 2, 3, 4, 5]}
gateways: {S47: {levels: [5]}}
rag: {purple: {title: Purple, hours: 2, counted: running}}
routing: {crisis: {title: Crisis team, levels: [5]}}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    for folder, text in (("thresholds", DOCUMENT), ("profiles", PROFILE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "five.yaml").write_text(text, "utf-8")
    return load_profile("five", tmp_path)


def draft(**referral: Any) -> dict[str, Any]:
    power = {"id": "S47", "decided_by": "r.cole", "decided_at": "2026-11-03T09:00:00Z", "grounds": "Harm.",
             "covers": ["p1"], "consent_sought": "no", "why_not": "Unsafe."}  # fmt: skip
    return {
        "version": 1, "id": "M-1", "profile": "five", "opened_at": "2026-11-03T09:00:00Z",
        "referral": {"source": "school", "received_at": "2026-11-03T09:00:00Z", **referral},
        "people": [{"id": "p1", "roles": ["subject"], "born": "2018-05-17"}], "gateways": [power],
    }  # fmt: skip


def test_a_fifth_level_and_a_purple_clock_work_by_the_files_alone(profile: Profile) -> None:
    cited = {"document": "five@1", "clauses": ["5.1"]}
    case = load_case(draft(level=5, rag="purple", threshold=cited))
    assert problems(case, profile) == ()
    assert level_title(case, profile) == "Five"
    assert [(route.title, route.why) for route in routes(case, profile)] == [("Crisis team", "level 5 (Five)")]
    assert due(case.referral.received_at, "purple", profile) == datetime(2026, 11, 3, 11, tzinfo=UTC)
    assert not {"clause_level", "level", "rag"} & {gap.code for gap in case_gaps(case, profile)}


def test_a_power_starts_at_the_level_that_the_profile_says(profile: Profile) -> None:
    now = datetime(2026, 11, 3, 12, tzinfo=UTC)
    rules = {
        level: {item.rule for item in decide(load_case(draft(level=level)), profile, now) if item.agency == "police"}
        for level in (4, 5)
    }
    assert "gateway.S47" in rules[5]
    assert "gateway.S47" not in rules[4]
    assert "gateway.S47.below_threshold" in rules[4]


def test_a_colour_that_the_profile_does_not_know_is_told_with_a_suggestion(profile: Profile) -> None:
    (problem,) = problems(load_case(draft(rag="purpel")), profile)
    assert (problem.where, problem.do) == ("referral.rag", "Did you mean purple?")
    assert problem.what == "the profile does not know this colour."
