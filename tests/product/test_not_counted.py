"""An agreement that was given and does not count is told as that, with what is missing and nobody's name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from mash_trawl.model.answer import Status, Why
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.product.not_counted import MISSING
from mash_trawl.product.outcomes import outcome

ROOM = Path(__file__).parents[2] / "mash_trawl" / "consent"


def told(make, rule):
    case = make("case", make("person", "p1", "Ada", "2014-05-17"))
    decisions = make("decided", case, ("housing",))
    items = tuple(
        replace(item, outcome=Outcome.DENY, rule=rule, why="consent_not_counted", reason="p2 and p1.")
        for item in decisions
    )
    given = make("answer", "housing", "p1", Status.CONSENT_MISSING, Why.CONSENT_NOT_COUNTED)
    return outcome(given, Decisions(case=case.id, profile="base", at=decisions.at, items=items), "Ada", None).sentence


def test_what_is_missing_stands_in_the_sentence_and_nobody_is_blamed(make):
    assert told(make, "capacity.no_tie") == (
        "Housing: not asked about Ada: the agreement given does not count (what the giver is to the child is not "
        "recorded). That says nothing about the family."
    )


def test_where_a_stated_power_lends_its_rule_the_sentence_still_reads(make):
    assert "the agreement given does not count. That says nothing" in told(make, "gateway.S47.not_recorded")


def test_every_rule_by_which_an_agreement_does_not_count_has_its_words():
    code = "\n".join(file.read_text("utf-8") for file in ROOM.rglob("*.py"))
    rules = {f"capacity.{name}" for name in re.findall(r'unable\(\s*"([a-z_0-9]+)"', code)}
    assert set(MISSING) == rules | {"consent.not_yet"}
