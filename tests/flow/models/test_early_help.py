"""Early help, end to end: who agreed is asked about, health only where it is named, and nobody decides."""

from __future__ import annotations

import copy

from mash_trawl.config.case import load_case
from mash_trawl.errors import Refused
from mash_trawl.product.routing import GATHERS_ONLY
from mash_trawl.render.terminal import text

IDENT = "DEMO-2026-0001"
ASKED = ("found", "none_found", "ambiguous_identity")


def a_lodger_moves_in(case):
    case["people"].append(
        {"id": "p9", "roles": ["household"], "born": "1990-01-01",
         "names": [{"given": ["Lodger"], "family": "Testfall"}]}
    )  # fmt: skip


def all_health(case):
    case["consents"][0]["categories"]["health"] = "all"


def named_health(case):
    more = {"id": "c2", "given_at": "2026-11-10T10:00:00+00:00", "categories": {"health": ["gp_summary"]}}
    case["consents"].append(copy.deepcopy(case["consents"][0]) | more | {"covers": ["p1"]})


def asked_about(result):
    return {(answer.source, answer.person) for answer in result.answers if answer.status in ASKED}


def test_only_those_who_agreed_are_asked_about_and_all_of_health_opens_none_of_it(place, change, county):
    change("early-help", a_lodger_moves_in)
    change("early-help", all_health)
    with place.open() as hub:
        result = hub.run(place.case("early-help"))
        told = text(hub.open(result.path, reason="allocation meeting"))
    assert asked_about(result) == {("housing", "p3"), ("police", "p3")}
    assert not county.health.hits
    health = [item for item in result.decisions if item.agency == "health"]
    assert {item.outcome.value for item in health} == {"DENY"}
    assert "consent.must_be_named" in {item.rule for item in health if item.person == "p3"}
    assert f"Note: {GATHERS_ONLY}" in told
    assert "Allocation meeting (weekly): Children's social care, Early help service, Children's centres and" in told
    assert (
        "Specialist team: Early help team (level 2 (Early or additional)). Suggested by the profile; a person" in told
    )


def test_a_keyworker_and_a_named_agreement_lead_to_a_second_run_that_asks_health_alone(place, change, county, command):
    with place.open() as hub:
        hub.run(place.case("early-help"))
    assert not county.health.hits
    police = dict(county.police.hits)
    typed = "K. Synthetic\nfamily support worker\nearly_help\n9/11/2026 09:30\nsave\n"
    assert command("case", "keyworker", IDENT, typed=typed).code == 0
    change("early-help", named_health)
    case = load_case(place.case("early-help"))
    with place.open() as hub:
        assert {(ask.source, ask.person) for ask in hub.would_ask(case)} == {("health", "p1")}
        second = hub.run(case)
        product = hub.open(second.path, reason="allocation meeting")
    assert [(ask.source, ask.person, ask.why) for ask in second.asked] == [("health", "p1", "new")]
    assert county.health.hits
    assert dict(county.police.hits) == police
    permitted = {item.category for item in second.decisions if item.agency == "health" and item.outcome == "PERMIT"}
    assert permitted == {"health.gp_summary"}
    assert (
        product.case.keyworker
        == "K. Synthetic, family support worker, Early help service, appointed on 9 November 2026"
    )


def test_plan_and_status_say_that_nobody_decides(place, command):
    assert GATHERS_ONLY in command("plan", IDENT, "--plain").out
    assert GATHERS_ONLY in command("status", IDENT, "--plain").out


def test_nobody_can_answer_a_question_here_and_the_ledger_keeps_the_attempt(place, change, command):
    change("early-help", all_health)
    done = command("decide", IDENT, "--person", "p3", "--category", "health.gp_summary", "--yes", "--reason", "needed")
    assert isinstance(done.fault, Refused)
    assert done.fault.why == "deciding_disabled"
    rows = command("audit", "show", "--kind", "statement.refused", "--json").json()
    assert [row["public"]["why"] for row in rows] == ["deciding_disabled"]
