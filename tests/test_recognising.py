"""Who stands beside nobody at a source: whoever it is asked about for restricted categories alone."""

from __future__ import annotations

from datetime import UTC, datetime

from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.product.restricted import restricted_alone


def decided(person, category, outcome=Outcome.PERMIT):
    return Decision(person=person, source="clinic", agency="health", category=category, outcome=outcome, rule="r",
                    reason="as the test says", why="" if outcome is Outcome.PERMIT else "no")  # fmt: skip


def test_who_is_asked_about_for_restricted_categories_alone_stands_apart():
    items = (
        decided("p1", "health.gp"), decided("p2", "health.sexual"), decided("p2", "health.gp", Outcome.DENY),
        decided("p3", "health.sexual"), decided("p3", "health.gp"), decided("p4", "health.gp", Outcome.DENY),
    )  # fmt: skip
    held = Decisions(case="c", profile="p", at=datetime(2026, 11, 3, tzinfo=UTC), items=items)
    assert restricted_alone(held, ("health.sexual",)) == {("clinic", "p2")}
    assert restricted_alone(held, ()) == frozenset()
