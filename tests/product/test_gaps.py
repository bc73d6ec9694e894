"""Gaps: what the product cannot speak about, and nothing that a refusal already says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mash_trawl.model.answer import Coverage, Searched, Status, Why
from mash_trawl.model.finding import Involvement
from mash_trawl.product import compose
from mash_trawl.render.terminal import text


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


def test_a_fact_that_could_not_be_searched_by_is_said_in_the_answer_and_is_a_gap_of_its_own(
    make: Callable[..., Any],
) -> None:
    case = make("case", make("person", "p1", "Ada"))
    answer = make("answer", "housing", "p1", Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS,
                  not_searched=(("uprn", "born"), ("nhs_number",)))  # fmt: skip
    product = compose(case, make("decided", case, ("housing",)), [answer])
    assert product.answers[0].sentence == (
        "Housing: answered, holds nothing for Ada Example. "
        "Not searched by NHS number; UPRN and date of birth: not known."
    )
    assert [(gap.kind, gap.why, gap.sentence) for gap in product.gaps] == [(
        "not_searched", "not_searched",
        "Housing: searched without NHS number; UPRN and date of birth for Ada Example, since that is not known.",
    )]  # fmt: skip
    assert product.answers[0].sentence in text(product)
    assert "Searched without a fact: Housing" in text(product)
    assert "answered in full" not in text(product)


def test_what_is_known_and_was_not_asked_by_is_not_said_to_be_unknown(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"))
    keys = (("family", "born"), ("upn",), ("nhs_number",), ("uprn", "born"))
    answer = make("answer", "housing", "p1", Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS, not_searched=keys,
                  not_given=keys[3:], not_valid=keys[2:3],
                  searched=(Searched(by=("family", "born"), candidates=1, truncated=True),))  # fmt: skip
    product = compose(case, make("decided", case, ("housing",)), [answer])
    assert product.answers[0].sentence.partition(". ")[2] == (
        "Not searched by UPN: not known. "
        "Not searched by UPRN and date of birth: known, but it may not be given to this source. "
        "Not searched by NHS number: a number is known, but it is not valid. "
        "Only in part searched by family name and date of birth: more values are known than one source is asked by."
    )
    said = [gap.sentence for gap in product.gaps if gap.kind == "not_searched"]
    for words in ("UPN for Ada Example, since that is not known", "may not be given",
                  "the number that is known is not valid", "searched only in part by family name"):  # fmt: skip
        assert sum(words in sentence for sentence in said) == 1, (words, said)


def test_a_pair_that_may_be_asked_and_has_no_answer_at_all_is_a_gap(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"), make("person", "p2", "Bea"))
    decisions = make("decided", case, ("housing", "police"), deny=[("police", "p1"), ("police", "p2")])
    answer = make("answer", "housing", "p1", Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS)
    product = compose(case, decisions, [answer])
    assert [(gap.source, gap.person, gap.kind, gap.why) for gap in product.gaps] == [
        ("housing", "p2", "not_answered", "no_answer")
    ]
    assert "answered in full" not in text(product)
    assert "This is not complete" in text(product)


@pytest.mark.parametrize(
    ("status", "why", "told"),
    [(Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS, True), (Status.PARTIAL, Why.SEARCH_TRUNCATED, True),
     (Status.FOUND, Why.MATCHED, False)],
)  # fmt: skip
def test_what_a_source_has_no_search_for_is_said_where_it_found_nothing_for_certain(
    make: Callable[..., Any], status: Status, why: Why, told: bool
) -> None:
    case = make("case", make("person", "p1", "Ada"))
    missing = (("nhs_number",), ("family", "born_from", "born_to"))
    product = compose(
        case, make("decided", case, ("housing",)), [make("answer", "housing", "p1", status, why, not_offered=missing)]
    )
    (answer,) = product.answers
    said = "Not searched by family name and year of birth; NHS number: it has no such search."
    assert answer.sentence.endswith(said) == told
    assert answer.not_offered == tuple(sorted(missing))
    assert not any(gap.kind == "not_searched" for gap in product.gaps)
