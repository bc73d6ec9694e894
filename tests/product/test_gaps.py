"""Gaps: what the product cannot speak about, and nothing that a refusal already says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mash_trawl.model.answer import Coverage, Status, Why
from mash_trawl.model.finding import Involvement
from mash_trawl.product import compose


def _gaps(make: Callable[..., Any], *events: Any, born: str | None = "2014-05-17", **more: Any) -> Any:
    case = make("case", make("person", "p1", "Ada", born))
    found = make("matched", "p1", make("candidate", "h1", "Ada"))
    answer = make("answer", "housing", "p1", findings=events, matches=(found,), **more)
    return compose(case, make("decided", case, ("housing",)), [answer]).gaps


def test_the_time_before_and_after_the_covered_period_is_a_gap(make: Callable[..., Any]) -> None:
    gaps = _gaps(make, coverage=Coverage(from_="2016-04", to="2024-03-31"))
    assert [(gap.kind, gap.from_, gap.to) for gap in gaps if gap.kind == "not_covered"] == [
        ("not_covered", "2014-05-17", "2016-03-31"),
        ("not_covered", "2024-04-01", "2026-11-03"),
    ]


def test_without_a_stated_period_no_period_is_called_a_gap(make: Callable[..., Any]) -> None:
    assert _gaps(make) == ()


def test_a_period_that_began_before_birth_leaves_no_gap(make: Callable[..., Any]) -> None:
    gaps = _gaps(make, make("event", "a", "2026-05-01", "h1"), coverage=Coverage(from_="2009"))
    assert [gap.kind for gap in gaps] == ["no_record"]


def test_a_year_of_silence_is_named_and_an_exact_record_ends_it(make: Callable[..., Any]) -> None:
    gaps = _gaps(make, make("event", "a", "2020-01-01", "h1"), coverage=Coverage(from_="2014"))
    assert [(gap.from_, gap.to) for gap in gaps] == [("2014-05-17", "2019-12-31"), ("2020-01-02", "2026-11-03")]


def test_an_approximate_date_closes_no_gap(make: Callable[..., Any]) -> None:
    gaps = _gaps(make, make("event", "a", "2020-01~", "h1"), coverage=Coverage(from_="2014"))
    assert [(gap.from_, gap.to) for gap in gaps] == [("2014-05-17", "2026-11-03")]


def test_a_running_service_fills_the_time_since_it_began(make: Callable[..., Any]) -> None:
    service = Involvement(ref="i", about=("h1",), category="housing.tenancy", service="Floating support",
                          from_=make("day", "2014-05-17"))  # fmt: skip
    assert _gaps(make, service, coverage=Coverage(from_="2014")) == ()


def test_a_refused_agency_has_a_refusal_and_no_gap(rich_trawl: Any) -> None:
    product = rich_trawl.product()
    refused = {(item.source, item.person) for item in product.refusals}
    assert refused
    assert not refused & {(gap.source, gap.person) for gap in product.gaps}


def test_every_unanswered_pair_is_a_gap_with_its_own_words(make: Callable[..., Any]) -> None:
    for status, why in ((Status.TIMED_OUT, Why.DEADLINE), (Status.UNREACHABLE, Why.TLS_FAILED),
                        (Status.NOT_CONNECTED, Why.SUSPENDED), (Status.PENDING_PERSON, Why.RETURN_OWED),
                        (Status.AMBIGUOUS_IDENTITY, Why.NO_USABLE_KEY)):  # fmt: skip
        (gap,) = _gaps(make, status=status, why=why)
        assert (gap.kind, gap.why) == ("not_answered", why.value)


def test_a_partial_answer_is_a_gap_of_its_own_kind(make: Callable[..., Any]) -> None:
    gaps = _gaps(make, make("event", "a", "2020-01-01", "h1"), status=Status.PARTIAL, why=Why.ROW_BUDGET)
    assert [gap.kind for gap in gaps] == ["not_complete"]
