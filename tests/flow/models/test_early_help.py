"""Early help, end to end: who agreed is asked about, health only where it is named, and nobody decides."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.errors import Refused
from mash_trawl.product.routing import GATHERS_ONLY
from mash_trawl.render.terminal import text
from mash_trawl_county.serving import served

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


@dataclass(frozen=True)
class First:
    """What came of a first run: where, the result, what an analyst reads, what each service was asked."""

    place: Any
    result: Any
    told: str
    health: int
    police: int


@pytest.fixture(scope="module")
def first(pattern, copied, change_in, tmp_path_factory):
    """The case with a lodger and an agreement to all of health, run once."""
    made = copied(pattern, tmp_path_factory.mktemp("first") / "north")
    change_in(made, "early-help", a_lodger_moves_in, all_health)
    with served(made.root / "county") as county, made.open() as hub:
        result = hub.run(made.case("early-help"))
        told = text(hub.open(result.path, reason="allocation meeting"))
        asked = (sum(service.hits.values()) for service in (county.health, county.police))
        return First(made, result, told, *asked)


@pytest.fixture
def place(request, pattern, copied, tmp_path):
    """The installation as it is after the first run for whoever asks for that, else a new one."""
    gone_on = "first" in request.fixturenames
    return copied(request.getfixturevalue("first").place.root if gone_on else pattern, tmp_path / "north")


def test_only_those_who_agreed_are_asked_about_and_all_of_health_opens_none_of_it(first):
    assert asked_about(first.result) == {("housing", "p3"), ("police", "p3")}
    assert first.health == 0 < first.police
    health = [item for item in first.result.decisions if item.agency == "health"]
    assert {item.outcome.value for item in health} == {"DENY"}
    assert "consent.must_be_named" in {item.rule for item in health if item.person == "p3"}
    assert f"Note: {GATHERS_ONLY}" in first.told
    assert (
        "Allocation meeting (weekly): Children's social care, Early help service, Children's centres and" in first.told
    )
    team = "Specialist team: Early help team (level 2 (Early or additional)). Suggested by the profile; a person"
    assert team in first.told


def test_a_keyworker_and_a_named_agreement_lead_to_a_second_run_that_asks_health_alone(
    first, place, change, county, command
):
    typed = "K. Synthetic\nfamily support worker\nearly_help\n9/11/2026 09:30\nsave\n"
    assert command("case", "keyworker", IDENT, typed=typed).code == 0
    change("early-help", named_health)
    case = load_case(place.case("early-help"))
    with place.open() as hub:
        assert {(ask.source, ask.person) for ask in hub.would_ask(case)} == {("health", "p1")}
        second = hub.run(case)
        product = hub.open(second.path, reason="allocation meeting")
    assert second.sealed.version == first.result.sealed.version + 1
    assert [(ask.source, ask.person, ask.why) for ask in second.asked] == [("health", "p1", "new")]
    assert county.health.hits
    assert not county.police.hits
    permitted = {item.category for item in second.decisions if item.agency == "health" and item.outcome == "PERMIT"}
    assert permitted == {"health.gp_summary"}
    assert (
        product.case.keyworker
        == "K. Synthetic, family support worker, Early help service, appointed on 9 November 2026"
    )


def test_plan_and_status_say_that_nobody_decides(place, command):
    assert GATHERS_ONLY in command("plan", IDENT, "--plain").out
    assert GATHERS_ONLY in command("status", IDENT, "--plain").out


def restricted(case):
    next(person for person in case["people"] if person["id"] == "p3")["restrictions"] = ["staff_interest"]


def test_nobody_can_answer_a_question_here_and_the_ledger_keeps_the_attempt(place, change, command):
    change("early-help", restricted)

    def tenancy():
        rows = command("plan", IDENT, "--json").json()["decisions"]
        return [(row["decision"], row["rule"]) for row in rows
                if (row["person"], row["category"]) == ("p3", "housing.tenancy")]  # fmt: skip

    before = tenancy()
    assert before == [("REVIEW", "restriction.staff_interest")]
    done = command("decide", IDENT, "--person", "p3", "--category", "housing.tenancy", "--yes", "--reason", "needed")
    assert isinstance(done.fault, Refused)
    assert done.fault.why == "deciding_disabled"
    rows = command("audit", "show", "--kind", "statement.refused", "--json").json()
    assert [row["public"]["why"] for row in rows] == ["deciding_disabled"]
    assert tenancy() == before
