"""What waits for a person names the command by which they answer, and only where somebody decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide
from mash_trawl.model.decision import Outcome
from mash_trawl.render.plan_tables import plan_tables
from mash_trawl.render.steps import Steps

NOW = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
CASE = load_case({
    "version": 1, "id": "TEST-1", "profile": "children_in_need", "opened_at": "2026-11-03T09:20:00Z",
    "referral": {"source": "school", "received_at": "2026-11-03T09:00:00Z", "level": 4},
    "people": [{"id": "p1", "roles": ["subject"], "names": [{"given": ["Tom"], "family": "Testfall"}],
                "born": "2015-02-03"}],
})  # fmt: skip


@pytest.mark.parametrize("decides", [True, False])
def test_a_question_that_waits_names_decide_only_where_somebody_decides_under_the_profile(decides):
    profile = replace(load_profile("children_in_need"), decides=decides)
    denied = decide(CASE, profile, NOW)
    waiting = replace(denied, items=tuple(replace(item, outcome=Outcome.REVIEW) for item in denied))
    steps = Steps(prefix="mash-trawl", case="TEST-1")
    _, person, last = plan_tables(waiting, CASE, profile, {"p1": "Tom Testfall (synthetic)"}, steps)
    assert {row[-1] for row in person.rows} == ({"decide"} if decides else {""})
    assert ("The commands for it: `mash-trawl decide TEST-1`." in last.notes) is decides


def test_what_is_refused_and_what_waits_each_name_their_own_commands():
    profile = load_profile("children_in_need")
    first, *rest = decide(CASE, profile, NOW)
    mixed = replace(decide(CASE, profile, NOW), items=(replace(first, outcome=Outcome.REVIEW), *rest))
    _, person, last = plan_tables(mixed, CASE, profile, {})
    ways = {row[-1] for row in person.rows}
    assert "decide" in ways
    assert any("case consent add" in way for way in ways)
    assert "`mash-trawl decide CASE`" in last.notes[-1]
