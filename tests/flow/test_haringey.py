"""R (AB) v Haringey LBC [2013] EWHC 416 (Admin), replayed on a whole installation with synthetic people.

Three lessons: the child's doctor and school were asked without the parents' agreement and below the threshold; a wrong
basis was stated; and the s.47 decision itself was quashed. What was asked is told by the systems' own journals.
"""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from mash_trawl.cli.main import group
from mash_trawl_county.hub_sources import EDUCATION
from mash_trawl_county.witness import witnessed

GP_AND_SCHOOL = {"health.gp_summary", "education.attendance", "education.safeguarding"}
FAMILY = ("p1", "p2", "p3", "p4")


@pytest.fixture
def case(place):
    """An anonymous referral at level 3: nobody was asked, nobody decided. Returns how to change the draft."""
    place.edit("plugin: health}]", "plugin: health}, {distribution: mash-trawl-education, plugin: education}]")
    place.edit("  - name: housing\n", EDUCATION.removeprefix("\n") + "\n  - name: housing\n")

    def changed(**parts):
        file = place.case("children-in-need")
        draft = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars only
        draft["referral"]["level"] = parts.pop("level", "3")
        file.write_text(yaml.safe_dump(draft | {"consents": [], "gateways": []} | parts, sort_keys=False), "utf-8")
        return file

    return changed


@pytest.fixture
def asked(place, county):
    """Run a case and return what each system was asked, by its own account, beside the result."""

    def run(file):
        with witnessed(county.servers(), {"housing": place.root / "county" / "housing.db"}, {}) as heard:
            with place.open() as hub:
                done = hub.run(file)
            return done, {name: questions for name, questions in heard.take().items() if questions}

    return run


@pytest.fixture
def ledger(place):
    """The rows of one kind, as `audit show` tells them."""

    def rows(kind):
        words = ["--hub", str(place.hub), "audit", "show", "--kind", kind, "--json"]
        return json.loads(CliRunner().invoke(group, words, standalone_mode=False).stdout)

    return rows


def s47(**parts):
    decision = {
        "id": "S47", "decided_by": "demo.manager", "decided_at": "2026-11-02T11:40:00+00:00", "covers": list(FAMILY),
        "trigger": "reasonable_cause", "grounds": "Synthetic: an anonymous referral.", "consent_sought": "no",
        "health_reasons": {"p1": "Synthetic: to find out more."}, "why_not": "Synthetic: not thought of.",
    }  # fmt: skip
    return [decision | parts]


def about(done, categories=GP_AND_SCHOOL):
    return [item for item in done.decisions if item.category in categories]


def test_doctor_and_school_hear_nothing_without_agreement_below_the_threshold(case, asked, ledger):
    done, heard = asked(case())
    assert heard == {}
    assert {(item.outcome.value, item.why) for item in about(done)} == {("DENY", "consent_not_sought")}
    rows = [row["public"] for row in ledger("consent.checked") if row["public"]["source"] in ("health", "education")]
    assert {row["source"] for row in rows} == {"health", "education"}
    assert all(row["permitted"] == row["review"] == [] and row["policy"] == "children_in_need@2026.1" for row in rows)
    assert {*GP_AND_SCHOOL} <= {name for row in rows for name in row["rules"]["consent.not_sought"]}
    assert ledger("source.asked") == []


def test_the_plan_says_in_plain_words_why_and_what_to_do(case, place, county):
    with place.open() as hub:
        plan = hub.plan(case())
    for item in about(plan):
        assert item.reason.startswith("Nobody has agreed to ")
        assert "Ask " in item.unlock
        assert "S47" not in item.unlock
    assert not county.health.hits
    assert not county.education.hits


@pytest.mark.parametrize(
    ("level", "fault", "rule"),
    [
        ("3", {}, "gateway.S47.below_threshold"),
        ("4", {"trigger": "initial_checks"}, "gateway.S47.no_trigger"),
        ("4", {"decided_at": "2226-11-02T11:40:00+00:00"}, "gateway.S47.not_yet_decided"),
    ],
)
def test_a_wrong_basis_reaches_nobody(case, asked, level, fault, rule):
    done, heard = asked(case(level=level, gateways=s47(**fault)))
    assert heard == {}
    assert {(item.outcome.value, item.rule) for item in about(done)} == {("DENY", rule)}


def test_after_the_decision_was_quashed_nothing_is_asked_on_it_again(case, asked, ledger):
    first, heard = asked(case(level="4", gateways=s47()))
    assert {"health", "education", "police", "housing"} == set(heard)
    assert "PERMIT" in {item.outcome.value for item in about(first)}
    before = len(ledger("source.asked"))
    done, heard = asked(case(level="4", gateways=s47(ends_at="2026-11-03T09:00:00+00:00")))
    assert heard == {}
    assert {item.rule for item in about(done)} == {"gateway.S47.ended"}
    assert len(ledger("source.asked")) == before > 0
