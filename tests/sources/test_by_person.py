"""What was said on paper and the one answer that follows, for every mixture of words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.model.answer import Coverage, Status, Why
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.duration import Duration
from mash_trawl.model.finding import Event
from mash_trawl.model.hub import Limits, SourceSettings
from mash_trawl.model.request import Practitioner, Returned, Stated
from mash_trawl.sources.by_person import OnPaper, Written, answer_of, asked_on_paper, pairs_owed, still_permitted
from mash_trawl.sources.person import PersonConnector
from mash_trawl.sources.registry import Source

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
KINDS = ("police.arrest", "police.missing", "police.safeguarding")
BY = Practitioner(name="Pat Ashe (synthetic)", role="desk officer")
DESK = Source(
    name="desk", connector=PersonConnector,
    settings=SourceSettings(name="desk", agency="police", limits=Limits(fresh_for=Duration(seconds=30 * 86400))),
)  # fmt: skip


def decisions(kinds=KINDS, mode="content"):
    items = tuple(
        Decision(
            person="p1", source="desk", agency="police", category=kind, outcome=Outcome.PERMIT, rule="r", reason="",
            mode=mode,
        ) for kind in kinds
    )  # fmt: skip
    return Decisions(case="c", profile="p", at=NOW, items=items)


def stated(kind, said):
    event = Event(ref=f"x:{kind}", about=("p1",), category=kind, when=PartialDate.parse("2024"), headline="h")
    return Stated(person="p1", category=kind, said=said, findings=(event,) if said == "records" else ())


def came(*says, **more):
    return Returned(request="x", source="desk", at=NOW, by=BY, stated=tuple(stated(*one) for one in says), **more)


def answer(*returned, kinds=KINDS, mode="content"):
    asked = Written(id="x", source="desk", at=NOW, by="j.shah", asked={"p1": KINDS})
    items = decisions(kinds, mode)
    return answer_of(items.about("desk", "p1"), DESK, OnPaper(written=(asked,), returned=returned), NOW)


@given(st.dictionaries(st.sampled_from(KINDS), st.sampled_from(["records", "nothing_held", "not_searched", "refused"])))
def test_nothing_is_known_only_where_somebody_searched_for_every_category(words):
    told = answer(came(*words.items())) if words else answer()
    all_searched = set(words.values()) == {"nothing_held"} and words.keys() == set(KINDS)
    assert (told.status is Status.NONE_FOUND) == all_searched
    open_ = {kind for kind in KINDS if words.get(kind, "not_searched") == "not_searched"}
    assert (told.status is Status.PENDING_PERSON) == bool(open_)
    assert set(told.by_person.owed) == open_
    assert len(told.findings) == sum(word == "records" for word in words.values())
    if not open_ and "refused" in words.values():
        assert told.why is Why.CUSTODIAN_SAID_NO


def test_what_was_said_last_about_a_category_counts():
    first = came(*((kind, "nothing_held") for kind in KINDS))
    assert answer(first).status is Status.NONE_FOUND
    second = answer(first, came((KINDS[0], "records")))
    assert (second.why, len(second.findings)) == (Why.MATCHED, 1)
    assert answer(first, came((KINDS[0], "records")), came((KINDS[0], "refused"))).why is Why.CUSTODIAN_SAID_NO


def test_holding_somebody_and_nothing_about_what_was_asked_is_no_nothing_known():
    told = answer(came(*((kind, "nothing_held") for kind in KINDS), known=("p1",)))
    assert (told.status, told.why) == (Status.FOUND, Why.KNOWN_NOTHING_IN_SCOPE)


def test_that_somebody_is_known_answers_only_a_question_that_asks_no_more():
    said = came(*((kind, "known") for kind in KINDS), known=("p1",))
    assert answer(said, mode="existence").why is Why.KNOWN_EXISTENCE_ONLY
    assert answer(said).why is Why.RETURN_OWED
    held = came(*((kind, "records") for kind in KINDS), known=("p1",))
    assert answer(held, mode="existence").findings == ()


def test_what_may_no_longer_be_asked_for_is_in_no_answer_and_not_remembered():
    said = came(*((kind, "records") for kind in KINDS))
    told = answer(said, kinds=KINDS[:1])
    assert [one.category for one in told.findings] == [KINDS[0]]
    (left,) = still_permitted((said,), decisions(KINDS[:1]))
    assert [one.category for one in left.stated] == [KINDS[0]]
    assert still_permitted((said,), decisions(())) == ()


@pytest.mark.parametrize(("days", "why"), [(29, Why.SEARCHED_ALL_KEYS), (40, Why.TOO_OLD)])
def test_records_that_stood_too_long_ago_answer_only_in_part(days, why):
    stood = Coverage(as_of=(NOW - timedelta(days=days)).date().isoformat())
    assert answer(came(*((kind, "nothing_held") for kind in KINDS), coverage=stood)).why is why


def test_of_what_was_asked_what_nobody_answered_is_owed():
    asked = Written(id="x", source="desk", at=NOW, by="j.shah", asked={"p1": KINDS[:2], "p2": KINDS[:1]})
    owed = pairs_owed([asked], {("desk", "p1", KINDS[0]), ("desk", "p2", KINDS[0]), ("other", "p1", KINDS[1])})
    assert owed == {("desk", "p1"): (KINDS[1],)}


def test_a_suspended_person_is_not_asked_on_paper():
    assert asked_on_paper(DESK)
    assert not asked_on_paper(Source(name="desk", connector=PersonConnector, why=Why.SUSPENDED))
