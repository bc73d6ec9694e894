"""The chronology: order, provenance, one row for one record, accounts of one day apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.product import compose


def _rows(make: Callable[..., Any], *answers: Any) -> Any:
    case = make("case", make("person", "p1", "Ada"), make("person", "p2", "Bea"))
    return compose(case, make("decided", case, ("housing", "police")), answers).chronology


def _housing(make: Callable[..., Any], *events: Any, ident: str = "p1") -> Any:
    found = make("matched", ident, make("candidate", f"h{ident}", "Ada"))
    return make("answer", "housing", ident, findings=events, matches=(found,))


def _police(make: Callable[..., Any], *events: Any) -> Any:
    found = make("matched", "p1", make("candidate", "k1", "Ada"))
    return make("answer", "police", "p1", findings=events, matches=(found,))


def test_the_earliest_possible_day_decides_and_undated_rows_come_last(make: Callable[..., Any]) -> None:
    events = [make("event", ref, when, "hp1") for ref, when in
              (("d", "2019-05"), ("b", "2019-01-02"), ("a", "2019"), ("c", "2019-02~"))]  # fmt: skip
    undated = replace(make("event", "z", "2019", "hp1"), when=replace(make("day", "2019"), earliest=None, latest=None))
    rows = _rows(make, _housing(make, undated, *events))
    assert [row.origin.ref for row in rows] == ["a", "b", "c", "d", "z"]


def test_a_partial_date_is_shown_as_given_and_never_as_a_first_of_january(make: Callable[..., Any]) -> None:
    (row,) = _rows(make, _housing(make, make("event", "a", "2019-05~", "hp1")))
    assert row.when.original == "2019-05~"
    assert "1 May" not in row.when.shown
    assert (row.when.exact, row.when.approximate) == (False, True)


def test_a_record_delivered_for_two_people_is_one_row_about_both(make: Callable[..., Any]) -> None:
    rows = _rows(make, _housing(make, make("event", "a", "2019-05-01", "hp1")),
                 _housing(make, make("event", "a", "2019-05-01", "hp2"), ident="p2"))  # fmt: skip
    (row,) = rows
    assert row.people == ("p1", "p2")
    assert [(item.person, item.times) for item in row.origin.deliveries] == [("p1", 1), ("p2", 1)]


def test_a_record_delivered_twice_in_one_answer_is_one_row_with_two_deliveries(make: Callable[..., Any]) -> None:
    same = make("event", "a", "2019-05-01", "hp1")
    (row,) = _rows(make, _housing(make, same, same))
    assert [(item.person, item.times) for item in row.origin.deliveries] == [("p1", 2)]


def test_two_versions_of_one_record_stay_apart_since_neither_may_be_dropped(make: Callable[..., Any]) -> None:
    rows = _rows(make, _housing(make, make("event", "a", "2019-05-01", "hp1", headline="Noise"),
                                make("event", "a", "2019-05-01", "hp1", headline="No noise")))  # fmt: skip
    assert sorted(row.headline for row in rows) == ["No noise", "Noise"]


def test_two_agencies_accounts_of_one_day_stay_apart_and_share_a_mark(make: Callable[..., Any]) -> None:
    rows = _rows(make, _housing(make, make("event", "a", "2019-05-01", "hp1")),
                 _police(make, make("event", "o", "2019-05-01", "k1", category="police.safeguarding"),
                         make("event", "o2", "2019-05-02", "k1", category="police.safeguarding")))  # fmt: skip
    assert [(row.origin.agency, row.group) for row in rows] == [("housing", "g1"), ("police", "g1"), ("police", None)]


def test_same_day_rows_about_different_people_or_of_one_agency_are_no_group(make: Callable[..., Any]) -> None:
    other = _housing(make, make("event", "a", "2019-05-01", "hp2"), ident="p2")
    rows = _rows(make, other, _police(make, make("event", "o", "2019-05-01", "k1", category="police.safeguarding")))
    assert {row.group for row in rows} == {None}
    rows = _rows(make, _housing(make, make("event", "a", "2019-05-01", "hp1"), make("event", "b", "2019-05-01", "hp1")))
    assert {row.group for row in rows} == {None}


def test_an_approximate_day_joins_no_group(make: Callable[..., Any]) -> None:
    rows = _rows(make, _housing(make, make("event", "a", "2019-05-01~", "hp1")),
                 _police(make, make("event", "o", "2019-05-01", "k1", category="police.safeguarding")))  # fmt: skip
    assert {row.group for row in rows} == {None}


def test_a_citation_leads_to_the_row_it_repeats_or_says_that_it_did_not_come(make: Callable[..., Any]) -> None:
    retold = make("event", "a", "2019-05-03", "hp1", cites=("o", "gone"))
    rows = _rows(make, _housing(make, retold),
                 _police(make, make("event", "o", "2019-05-01", "k1", category="police.safeguarding")))  # fmt: skip
    assert [(cite.ref, cite.row) for cite in rows[1].cites] == [("gone", None), ("o", "e1")]


def test_provenance_travels_with_every_row(rich_trawl: Any) -> None:
    row = next(row for row in rich_trawl.product().chronology if row.origin.ref == "o1")
    origin = row.origin
    assert (origin.agency, origin.source, origin.ref, origin.recorded_on, origin.basis) == (
        "police", "police", "o1", "2020-06-02", "observed",
    )  # fmt: skip


DAYS = st.sampled_from(["2019", "2019-05", "2019-05-01", "2019-05-01~", "2020-02-29", "2018-12-31"])


@given(data=st.lists(st.tuples(st.sampled_from("abcdef"), DAYS), max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_rows_are_always_in_order_and_each_delivery_is_counted(
    make: Callable[..., Any], data: list[tuple[str, str]]
) -> None:
    events = [make("event", ref, when, "hp1") for ref, when in data]
    rows = _rows(make, _housing(make, *events))
    assert [row.when.earliest for row in rows] == sorted(row.when.earliest for row in rows)
    assert sum(item.times for row in rows for item in row.origin.deliveries) == len(events)
    assert len(rows) == len(set(data))
    assert [row.id for row in rows] == [f"e{number}" for number in range(1, len(rows) + 1)]
