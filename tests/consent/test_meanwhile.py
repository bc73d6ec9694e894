"""What is decided again while a trawl runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mash_trawl.consent.meanwhile import never_higher
from mash_trawl.model.decision import Decision, Decisions, Outcome

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)


def decided(outcome: Outcome, mode: str = "content", category: str = "housing.tenancy") -> Decision:
    return Decision(
        person="p1", source="housing", agency="housing", category=category, outcome=outcome, rule="r", reason="why",
        mode=mode,
    )  # fmt: skip


def of(*items: Decision) -> Decisions:
    return Decisions(case="C-1", profile="early_help", at=NOW, items=items)


@pytest.mark.parametrize("was", Outcome)
@pytest.mark.parametrize("now", Outcome)
def test_the_lower_of_both_counts(was: Outcome, now: Outcome) -> None:
    order = [Outcome.DENY, Outcome.REVIEW, Outcome.PERMIT]
    (item,) = never_higher(of(decided(was)), of(replace(decided(now), rule="now")))
    assert item.outcome is min(was, now, key=order.index)
    assert item.rule == ("r" if order.index(now) > order.index(was) else "now")


def test_existence_does_not_become_content() -> None:
    (item,) = never_higher(of(decided(Outcome.PERMIT, "existence")), of(decided(Outcome.PERMIT)))
    assert item.mode == "existence"


def test_content_may_become_existence() -> None:
    (item,) = never_higher(of(decided(Outcome.PERMIT)), of(decided(Outcome.PERMIT, "existence")))
    assert item.mode == "existence"


def test_what_nobody_had_decided_is_left_out() -> None:
    assert not never_higher(of(), of(decided(Outcome.PERMIT))).items
