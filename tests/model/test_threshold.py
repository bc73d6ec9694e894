"""What a case cites is one edition's own clauses, or it is a problem that says what to write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mash_trawl.model.case import Case, Referral
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.threshold import Citation, ThresholdDocument, ThresholdLevel, threshold_problems

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
DOCUMENT = ThresholdDocument(
    version=1, id="north", edition="2026", title="Right help", partnership="North", agreed_on=date(2026, 1, 1),
    review_on=date(2027, 1, 1),
    levels={
        "3": ThresholdLevel(title="Targeted", clauses={"3.1": "Several needs."}),
        "4": ThresholdLevel(title="Statutory", clauses={"4.1": "In need.", "4.2": "Significant harm."}),
    },
)  # fmt: skip
POWER = GatewayUse(id="S47", decided_by="r.cole", decided_at=NOW, grounds="Seen.", covers=("p1",))


def case(cited: Citation | None = None, *powers: GatewayUse) -> Case:
    referral = Referral(source="school", received_at=NOW, level=4, threshold=cited)
    return Case(version=1, id="M-1", profile="x", opened_at=NOW, referral=referral, people=(), gateways=powers)


def cite(document: str, *clauses: str) -> Citation:
    return Citation(document=document, clauses=clauses)


def test_a_case_that_cites_nothing_or_what_is_there_has_no_problem():
    assert threshold_problems(case(), None) == ()
    assert threshold_problems(case(), DOCUMENT) == ()
    good = case(cite("north@2026", "4.1", "3.1"), replace(POWER, clauses=("4.2",)))
    assert threshold_problems(good, DOCUMENT) == ()


@pytest.mark.parametrize(
    ("given", "what", "do"),
    [
        (case(cite("north@2025", "4.1")), "not the edition in force", "The profile names north@2026"),
        (case(cite("south@2026", "4.1")), "does not name this threshold document", "The profile names north@2026"),
        (case(cite("north@2026", "4.1", "4.22")), "north@2026 has no such clause", "Did you mean 4.2?"),
        (case(cite("north@2026", "x")), "no such clause", "Known: 3.1, 4.1, 4.2."),
        (case(None, POWER, replace(POWER, clauses=("4.20",))), "no such clause", "Did you mean 4.2?"),
    ],
)
def test_another_document_edition_or_clause_is_a_problem_with_a_suggestion(given, what, do):
    (problem,) = threshold_problems(given, DOCUMENT)
    assert what in problem.what
    assert do in problem.do


def test_the_place_of_the_problem_is_named():
    places = [problem.where for problem in threshold_problems(case(cite("north@2026", "4.1", "9.9")), DOCUMENT)]
    assert places == ["referral.threshold.clauses[1]"]
    power = replace(POWER, clauses=("9.9",))
    assert threshold_problems(case(None, power), DOCUMENT)[0].where == "gateways[0].clauses[0]"


def test_nothing_can_be_cited_where_the_profile_names_no_document():
    found = threshold_problems(case(cite("north@2026", "4.1"), replace(POWER, clauses=("4.2",))), None)
    assert [problem.where for problem in found] == ["referral.threshold", "gateways[0].clauses"]
    assert all("names no threshold document" in problem.what for problem in found)
