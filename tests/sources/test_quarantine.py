"""What came and was not yet read when its permit was taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mash_trawl.model.answer import STATUS_OF, Answer, Status, Why
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.query import Searched
from mash_trawl.sources.quarantine import quarantine

ASB, TENANCY = "housing.asb", "housing.tenancy"
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
WITHDRAWN = ("consent.withdrawn", "consent_withdrawn")


def decided(**said):
    """Decisions about p1: category to `content`, `existence`, or (rule, why) of a no."""
    items = tuple(
        Decision(
            person="p1", source="memory", agency="housing", category=f"housing.{category}", reason="because",
            outcome=Outcome.PERMIT if isinstance(word, str) else Outcome.DENY,
            rule="gateway.S17" if isinstance(word, str) else word[0], why="" if isinstance(word, str) else word[1],
            mode="existence" if word == "existence" else "content",
        )
        for category, word in said.items()
    )  # fmt: skip
    return Decisions(case="MASH-2026-0001", profile="children_in_need", at=NOW, items=items)


@pytest.fixture
def came(make_event):
    """An answer with a finding in each category."""
    findings = (make_event("e1", "r1", category=ASB), make_event("e2", "r1", category=TENANCY))
    return Answer(
        source="memory", agency="housing", person="p1", status=Status.FOUND, why=Why.MATCHED, findings=findings,
        searched=(Searched(by=("nhs_number",), candidates=1, truncated=False),), refs=("r1",), possible=2,
        attempts=3, asked_at=NOW,
    )  # fmt: skip


def with_why(answer, why):
    return replace(answer, why=why, status=STATUS_OF[why], findings=())


def test_what_is_permitted_is_read_as_it_came(came):
    cleared = quarantine([came], decided(asb="content", tenancy="content"))
    assert cleared.answers == (came,) and cleared.rows == ()


def test_a_category_that_was_taken_back_loses_its_findings_and_is_told_as_withheld(came):
    cleared = quarantine([came], decided(asb="content", tenancy=WITHDRAWN), trawl="t1")
    (answer,) = cleared.answers
    assert [item.category for item in answer.findings] == [ASB]
    assert (answer.status, answer.why) == ("found", "matched")
    assert [(item.category, *(item.rule, item.why)) for item in answer.withheld] == [(TENANCY, *WITHDRAWN)]
    (row,) = cleared.rows
    assert (row.kind, row.people) == ("answers.quarantined", ("p1",))
    told = {"source": "memory", "why": "consent_withdrawn", "people": 1, "findings": 1, "trawl": "t1"}
    assert dict(row.public) == told


def test_without_a_permit_nothing_of_the_answer_stays(came):
    (answer,) = quarantine([came], decided(asb=WITHDRAWN, tenancy=WITHDRAWN)).answers
    assert (answer.status, answer.why) == ("consent_missing", "consent_withdrawn")
    assert (answer.findings, answer.matches, answer.searched, answer.refs, answer.possible) == ((), (), (), None, 0)
    assert (answer.attempts, answer.asked_at) == (3, NOW)
    assert {item.category for item in answer.withheld} == {ASB, TENANCY}


@pytest.mark.parametrize(
    ("rule", "why", "told"),
    [
        ("scope.suspended", "suspended", ("not_connected", "suspended")),
        ("gateway.S47.ended", "gateway_not_met", ("not_permitted", "permit_withdrawn")),
        ("agreement.lapsed", "no_agreement", ("not_permitted", "no_agreement")),
    ],
)
def test_the_status_says_what_was_taken_back(came, rule, why, told):
    (answer,) = quarantine([came], decided(asb=(rule, why), tenancy=(rule, why))).answers
    assert (answer.status, answer.why) == told


@pytest.mark.parametrize("why", [Why.SEARCHED_ALL_KEYS, Why.POSSIBLE_MATCHES, Why.ROW_BUDGET])
def test_that_nobody_was_found_is_an_answer_too(came, why):
    cleared = quarantine([with_why(came, why)], decided(asb=WITHDRAWN))
    assert cleared.answers[0].status == "consent_missing"
    assert [(row.public["people"], row.public["findings"]) for row in cleared.rows] == [(1, 0)]


def test_a_source_that_said_nothing_has_nothing_to_be_quarantined_but_the_law_goes_first(came):
    cleared = quarantine([with_why(came, Why.DEADLINE)], decided(asb=WITHDRAWN))
    assert cleared.answers[0].status == "consent_missing" and cleared.rows == ()


@pytest.mark.parametrize("why", [Why.CONSENT_NOT_GIVEN, Why.NO_RULE, Why.REVIEW_UNANSWERED, Why.NOT_INSTALLED])
def test_what_was_never_asked_stays_as_it_is(came, why):
    answer = with_why(came, why)
    assert quarantine([answer], decided(asb=WITHDRAWN)).answers == (answer,)


def test_what_a_product_carries_already_stays_as_it_is(came):
    answer = replace(came, carried_from=1, carried_at=NOW)
    assert quarantine([answer], decided(asb=WITHDRAWN, tenancy=WITHDRAWN)).answers == (answer,)


def test_where_only_existence_is_left_only_that_is_told(came):
    cleared = quarantine([came], decided(asb="existence", tenancy=WITHDRAWN))
    (answer,) = cleared.answers
    assert (answer.status, answer.why, answer.findings) == ("found", "known_existence_only", ())
    assert [(item.category, item.why) for item in answer.withheld] == [
        (ASB, "existence_only"), (TENANCY, "consent_withdrawn"),
    ]  # fmt: skip
    assert cleared.rows[0].public["findings"] == 2


def test_an_answer_about_existence_alone_is_quarantined_with_its_permit(came):
    answer = quarantine([came], decided(asb="existence", tenancy="existence")).answers[0]
    assert quarantine([answer], decided(asb="existence", tenancy="existence")).answers == (answer,)
    gone = quarantine([answer], decided(asb=WITHDRAWN, tenancy=WITHDRAWN))
    assert gone.answers[0].status == "consent_missing" and len(gone.rows) == 1


def test_a_permit_that_came_meanwhile_does_not_save_what_was_not_asked_under_it(came, make_event):
    """Only asb was asked for; now only tenancy is permitted."""
    asked = quarantine([came], decided(asb="content", tenancy=WITHDRAWN)).answers[0]
    (answer,) = quarantine([asked], decided(asb=WITHDRAWN, tenancy="content")).answers
    assert (answer.status, answer.why) == ("consent_missing", "consent_withdrawn")


def test_without_the_last_finding_the_person_is_known_and_nothing_in_scope(came):
    only = replace(came, findings=came.findings[1:])
    (answer,) = quarantine([only], decided(asb="content", tenancy=WITHDRAWN)).answers
    assert (answer.status, answer.why) == ("found", "known_nothing_in_scope")


def test_a_partial_answer_stays_partial_without_the_findings(came):
    partial = replace(came, status=Status.PARTIAL, why=Why.ROW_BUDGET)
    (answer,) = quarantine([partial], decided(asb="content", tenancy=WITHDRAWN)).answers
    assert (answer.status, answer.why, answer.found) == ("partial", "row_budget", 1)


def test_a_pair_of_which_no_decision_speaks_any_more_is_quarantined(came):
    (answer,) = quarantine([came], decided()).answers
    assert (answer.status, answer.why) == ("not_permitted", "permit_withdrawn")


def test_people_of_one_source_and_reason_share_a_row_and_it_names_nobody_in_public(came):
    now = decided(asb=WITHDRAWN)
    other = tuple(replace(item, person="p2") for item in now)
    both = quarantine([came, replace(came, person="p2")], replace(now, items=now.items + other))
    (row,) = both.rows
    assert row.people == ("p1", "p2") and row.public["people"] == 2
    assert "p1" not in str(dict(row.public)) and "p1" not in repr(row) and "Noise" not in repr(both)
