"""A version without a question: an earlier answer stands, and what nobody asked is never taken for an answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mash_trawl.model.answer import STATUS_OF, Answer, Status, Why
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.sources.again import Ask, Delta, Kept, Memory
from mash_trawl.sources.unasked import ask_nothing

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def decision(person, category, outcome=Outcome.PERMIT):
    why = "" if outcome is Outcome.PERMIT else Why.CONSENT_NOT_GIVEN.value
    return Decision(person=person, source="housing", agency="housing", category=category, rule="r", reason="because",
                    outcome=outcome, why=why)  # fmt: skip


def kept(person, why=Why.SEARCHED_ALL_KEYS):
    answer = Answer(source="housing", agency="housing", person=person, status=STATUS_OF[why], why=why)
    return Kept(answer=answer, facts="x")


def would_ask(why, *, memory=True, stands=()):
    items = (decision("p1", "housing.asb"), decision("p1", "housing.tenancy", Outcome.DENY),
             decision("p2", "housing.asb", Outcome.DENY))  # fmt: skip
    decisions = Decisions(case="MASH-1", profile="children_in_need", at=NOW, items=items)
    delta = Delta(decisions=decisions, asks=(Ask(source="housing", person="p1", why=why),), stands=stands)
    return ask_nothing(delta, Memory(case="x", decided="y", kept=(kept("p1"),)) if memory else None)


@pytest.mark.parametrize("why", ["identified", "failed", "stale", "on_purpose"])
def test_an_earlier_answer_about_the_same_person_stands(why):
    delta, open_ = would_ask(why)
    assert open_ == () and delta.asks == ()
    assert [item.answer.person for item in delta.stands] == ["p1"]


@pytest.mark.parametrize("why", ["new", "changed", "newly_permitted"])
def test_what_nobody_answered_yet_is_open_and_never_nothing_known(why):
    delta, (answer,) = would_ask(why)
    assert (answer.status, answer.why) == (Status.TIMED_OUT, Why.STOPPED)
    assert [item.category for item in answer.withheld] == ["housing.tenancy"]
    assert delta.stands == () and [ask.why for ask in delta.asks] == [why]


def test_without_an_earlier_version_everything_is_open():
    delta, open_ = would_ask("stale", memory=False)
    assert [answer.why for answer in open_] == [Why.STOPPED] and delta.stands == ()


def test_no_permit_is_left_that_could_become_a_question():
    delta, _ = would_ask("new")
    assert [item.person for item in delta.decisions] == ["p2"]
    assert all(item.outcome is not Outcome.PERMIT for item in delta.decisions)


def test_what_stood_anyway_still_does():
    delta, _ = would_ask("stale", stands=(kept("p3"),))
    assert {item.answer.person for item in delta.stands} == {"p1", "p3"}
