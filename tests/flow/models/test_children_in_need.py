"""Children in need, end to end: the manager's s.47 opens, s.17 waits for agreement, only what is relevant is passed."""

from __future__ import annotations

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured
from mash_trawl.render.terminal import text
from mash_trawl_county.serving import served

IDENT = "DEMO-2026-0002"
CLAUSE = "There is reasonable cause to suspect that the child is suffering"


def without_anything(case):
    case["consents"], case["gateways"] = [], []
    case["referral"]["level"] = "3"


def section_17(sought):
    def decided(case):
        without_anything(case)
        case["gateways"] = [
            {"id": "S17", "decided_by": "demo.manager", "decided_at": "2026-11-03T11:40:00+00:00",
             "grounds": "Needs help that only services can give.", "covers": ["p1", "p2", "p3"],
             "consent_sought": sought}
        ]  # fmt: skip

    return decided


def only_the_managers_decision(case):
    case["consents"] = []
    case["referral"]["threshold"] = {"document": "national-example@2026.1", "clauses": ["4.2"]}


@pytest.fixture(scope="module")
def ran(pattern, copied, change_in, tmp_path_factory):
    """A run on the manager's decision alone, the level cited: the result, the product, who of the two was asked."""
    made = copied(pattern, tmp_path_factory.mktemp("ran") / "north")
    change_in(made, "children-in-need", only_the_managers_decision)
    with served(made.root / "county") as county, made.open() as hub:
        result = hub.run(made.case("children-in-need"))
        product = hub.open(result.path, reason="case discussion")
        return result, product, bool(county.police.hits), bool(county.health.hits)


def test_the_managers_section_47_opens_what_nobody_was_asked_for_and_of_health_the_summary(ran):
    result, product, police, health = ran
    permits = [item for item in result.decisions if item.outcome == "PERMIT"]
    assert {item.basis for item in permits} == {"S47"}
    assert {item.person for item in permits} == {"p1", "p2", "p3"}
    assert {(item.person, item.category) for item in permits if item.agency == "health"} == {
        ("p1", "health.gp_summary")
    }
    assert all("minimise" in item.obligations for item in permits)
    assert (police, health) == (True, True)
    told = text(product)
    assert (
        "Case discussion (when called): Children's social care, Police, Health services, Education, Probation" in told
    )
    assert "nobody decides" not in told


def test_the_cited_clause_and_the_level_are_shown_in_their_words(ran):
    _, product, *_ = ran
    (clause,) = product.threshold.clauses
    assert (clause.number, clause.cited_for, product.threshold.document) == ("4.2", "level", "national-example@2026.1")
    assert CLAUSE in clause.text
    assert product.case.level_title == "Acute or statutory"


@pytest.mark.parametrize(
    ("sought", "outcome", "rule"),
    [("no", "DENY", "gateway.S17.agreement_not_sought"), ("yes", "REVIEW", "gateway.S17.agreement_expected")],
)
def test_section_17_expects_agreement_and_opens_no_health(place, change, county, sought, outcome, rule):
    change("children-in-need", section_17(sought))
    with place.open() as hub:
        result = hub.run(place.case("children-in-need"))
    housing = {(item.outcome.value, item.rule) for item in result.decisions if item.agency == "housing"
               and item.person in ("p1", "p2", "p3")}  # fmt: skip
    assert (outcome, rule) in housing
    assert "PERMIT" not in {item.outcome.value for item in result.decisions}
    assert "REVIEW" not in {item.outcome.value for item in result.decisions if item.agency == "health"}
    assert not county.police.hits
    assert not county.health.hits


def test_the_level_is_asked_for_a_clause_when_it_has_none_and_cited_by_command(place, command):
    missing = {gap["code"] for gap in command("case", "check", IDENT, "--json").json()["missing"]}
    assert "threshold" in missing
    assert command("case", "cite", IDENT, typed="2\nsave\n").code == 0
    assert "threshold" not in {gap["code"] for gap in command("case", "check", IDENT, "--json").json()["missing"]}
    cited = load_case(place.case("children-in-need")).referral.threshold
    assert (cited.document, cited.clauses) == ("national-example@2026.1", ("4.2",))


def test_a_clause_that_is_not_there_stops_everything_before_anybody_is_asked(place, change, county, command):
    cited = {"document": "national-example@2026.1", "clauses": ["4.22"]}
    change("children-in-need", lambda case: case["referral"].update(threshold=cited))
    done = command("run", IDENT)
    assert isinstance(done.fault, Misconfigured)
    assert "Did you mean 4.2?" in str(done.fault)
    assert not county.police.hits
