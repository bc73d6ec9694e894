"""Front door, end to end: every level comes, the colour sets the order, teams are suggested and a person routes."""

from __future__ import annotations

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.product.routing import ways
from mash_trawl.render.html import page

IDENT = "DEMO-2026-0003"


def at_level(level, *concerns):
    def screened(case):
        case["referral"] |= {"level": str(level), "concerns": list(concerns)}

    return screened


@pytest.mark.parametrize(
    ("level", "teams"),
    [
        (1, ["early_help_team", "domestic_abuse_team", "missing_people", "hate_crime"]),
        (2, ["early_help_team", "domestic_abuse_team", "missing_people", "hate_crime"]),
        (3, ["domestic_abuse_team", "missing_people", "hate_crime"]),
        (4, ["missing_people", "hate_crime"]),
    ],
)
def test_every_level_is_taken_and_leads_to_its_teams(place, change, level, teams):
    change("front-door", at_level(level, "domestic_abuse", "missing", "hate_crime"))
    case = load_case(place.case("front-door"))
    with place.open() as hub:
        plan = hub.plan(case)
        found = ways(case, hub.profile_of(case), hub.clock())
    assert not any(item.rule.startswith("scope.level") for item in plan.decisions)
    assert sorted(route.team for route in found.routes) == sorted(teams)


def test_plan_status_and_page_say_which_team_and_that_the_manager_routes(place, county, command):
    why = "concern: Child sexual exploitation"
    for name in ("plan", "status"):
        shown = " ".join(command(name, IDENT, "--plain").out.split())
        assert "Exploitation team" in shown
        assert why in shown
        assert "Suggested by the profile; the team manager routes." in shown
    assert command("status", IDENT, "--json").json()["routes"] == [
        {"team": "exploitation", "title": "Exploitation team", "why": why}
    ]
    with place.open() as hub:
        result = hub.run(place.case("front-door"))
        shown = page(hub.open(result.path, reason="daily meeting"), {})
    assert "<h2>Specialist teams</h2>" in shown
    assert "Daily meeting" in shown
    assert "Exploitation and missing team" in shown
    assert not county.police.hits


def test_red_stands_before_amber_and_amber_before_green(place, command):
    order = [item["case"] for item in command("status", "--json").json()["cases"]]
    assert order == ["DEMO-2026-0002", "DEMO-2026-0001", IDENT]


def test_a_section_47_decision_at_level_4_opens_and_below_it_does_not(place, change, county):
    decision = {"id": "S47", "decided_by": "demo.manager", "decided_at": "2026-11-03T11:40:00+00:00",
                "grounds": "Disclosure of harm.", "covers": ["p1", "p2"], "consent_sought": "no",
                "why_not": "Telling the parent first could place the child at risk."}  # fmt: skip
    change("front-door", lambda case: case.update(gateways=[decision]))
    with place.open() as hub:
        below = hub.plan(place.case("front-door"))
        change("front-door", at_level(4, "child_sexual_exploitation"))
        above = hub.run(place.case("front-door"))
    assert {item.rule for item in below.decisions if item.person == "p1" and item.agency == "police"} >= {
        "gateway.S47.below_threshold"
    }
    assert not below.asks
    assert county.police.hits
    assert {item.basis for item in above.decisions if item.outcome == "PERMIT"} == {"S47"}
