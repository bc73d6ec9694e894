"""What nobody may be shown is not asked for."""

from __future__ import annotations

from mash_trawl.consent.unshown import without_unshown
from mash_trawl.model.decision import Decision, Decisions, Outcome


def test_a_hidden_service_is_denied_whatever_was_decided_and_others_are_left_alone(now):
    def decision(category, outcome):
        return Decision(
            person="p1", source="s", agency="a", category=category, outcome=outcome, rule="r", reason="", basis="c1"
        )

    items = tuple(decision(category, outcome) for category in ("a.refuge", "a.housing") for outcome in Outcome)
    found = without_unshown(Decisions(case="c", profile="p", at=now, items=items), {"a.refuge"})
    hidden = [item for item in found if item.category == "a.refuge"]
    assert {(item.outcome, item.rule, item.basis) for item in hidden} == {(Outcome.DENY, "scope.shown_to_nobody", None)}
    assert [item for item in found if item.category == "a.housing"] == list(items[3:])
