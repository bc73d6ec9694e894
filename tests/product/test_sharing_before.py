"""What the ledger tells of earlier asks, and what of it a sheet may tell to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.audit.ledger import Row
from mash_trawl.config.profiles import load_profile
from mash_trawl.model.telling import LISTS
from mash_trawl.product.asked import History, asked_ever
from mash_trawl.product.sharing_before import Found, put_before, put_stopped, told_before

PROFILE = load_profile("base", Path())
OPENED = datetime(2026, 11, 1, 9, tzinfo=UTC)
AT = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
NOBODY: frozenset[tuple[str, str]] = frozenset()


def row(n: int, kind: str, public: Mapping[str, Any], private: Mapping[str, Any] | None, **more: Any) -> Row:
    """A row of a trawl of case C-1."""
    told = {"trawl": "t1", "source": "police"} | dict(public)
    held = None if private is None else {"case": "C-1"} | dict(private)
    return replace(Row(n=n, at=AT, kind=kind, actor="a", public=told, private=held, erased=private is None), **more)


def trawl(basis: str = "c1", rule: str = "consent.agreed", end: str = "source.answered", **came: Any) -> list[Row]:
    """p1 and p3 were asked about; safeguarding, arrest and missing were permitted, the first two fetched about p3."""
    kinds = ["police.safeguarding", "police.arrest", "police.missing"]
    checked = {"permitted": kinds, "rules": {rule: kinds}}
    return [
        row(0, "consent.checked", checked, {"person": "p1", "basis": [basis]}),
        row(1, "consent.checked", checked, {"person": "p3", "basis": [basis]}),
        row(2, "source.asked", {"step": "find"}, {"people": ["p1", "p3"]}),
        row(3, "source.answered", {"ask": 2, "why": "answered"}, {}),
        row(4, "source.asked", {"step": "fetch", "categories": kinds[:2]}, {"people": ["p3"]}),
        row(5, end, {"ask": 4, "why": "custodian_said_no" if end == "source.refused" else "x"}, came),
    ]


def groups(history: History, own: frozenset[tuple[str, str]] = NOBODY, going_on: Any = ()) -> dict[str, Found]:
    """The lists of a sheet to p3 about p3 and p1."""
    found: dict[str, Found] = {name: {} for name in LISTS["sheet"]}
    before = told_before(history, PROFILE, "p3", ("p3", "p1"), own)
    put_before(found, before, going_on)
    put_stopped(found, before, going_on, history.withdrawn, date(2026, 11, 9))
    return found


CAME = {"came": {"p3": ["police.safeguarding"]}}


def test_what_came_is_shared_and_what_brought_nothing_is_not_and_the_day_is_the_local_one() -> None:
    history = asked_ever(trawl(**CAME), "C-1", OPENED)
    told = groups(replace(history, withdrawn={"c1": date(2026, 11, 5)}))
    assert told["shared"] == {("police", "2026-11-03|agreement", "police.safeguarding"): {"p3"}}
    assert told["nothing"] == {("police", "", ""): {"p1", "p3"}}
    assert told["stopped"] == {
        ("police", "2026-11-05|consent_withdrawn", "police.safeguarding"): {"p1", "p3"},
        ("police", "2026-11-05|consent_withdrawn", "police.arrest"): {"p1", "p3"},
        ("police", "2026-11-05|consent_withdrawn", "police.missing"): {"p1"},
    }


def test_why_it_stopped_is_told_of_the_addressees_own_word_only_and_of_nothing_that_goes_on() -> None:
    history = asked_ever(trawl(**CAME), "C-1", OPENED)
    assert {key[1] for key in groups(history)["stopped"]} == {"2026-11-09|no_longer"}
    by_law = asked_ever(trawl("S47", "gateway.S47", **CAME), "C-1", OPENED)
    told = groups(replace(by_law, withdrawn={"S47": date(2026, 11, 5)}))
    assert {key[1] for key in told["stopped"]} == {"2026-11-09|no_longer"}
    assert {key[1] for key in told["shared"]} == {"2026-11-03|law"}
    still = {(one, f"police.{kind}") for one in ("p1", "p3") for kind in ("safeguarding", "arrest", "missing")}
    assert {name for name, found in groups(history, going_on=still).items() if found} == {"shared"}


def test_a_child_s_own_agreement_is_not_told_to_a_parent() -> None:
    history = asked_ever(trawl("c9", came={"p1": ["police.safeguarding"]}), "C-1", OPENED)
    told = groups(history, own=frozenset({("p1", "c9")}))
    assert {who for found in told.values() for people in found.values() for who in people} == {"p3"}


def test_a_refusal_a_failure_and_a_record_that_was_two_peoples_say_so() -> None:
    assert groups(asked_ever(trawl(end="source.refused"), "C-1", OPENED))["declined"] == {("police", "", ""): {"p3"}}
    assert groups(asked_ever(trawl(end="source.failed"), "C-1", OPENED))["no_answer"] == {("police", "", ""): {"p3"}}
    twins = [*trawl(**CAME), row(6, "match.decided", {}, {"people": ["p3"]})]
    told = groups(asked_ever(twins, "C-1", OPENED))
    assert told["shared"] == {} and told["no_answer"] == {("police", "", ""): {"p3"}}


def test_what_is_erased_is_said_unless_it_is_another_cases_or_older_than_this_one() -> None:
    rows = trawl(**CAME)
    gone = row(7, "source.asked", {"step": "find"}, None)
    assert asked_ever([*rows, gone], "C-1", OPENED).erased == date(2026, 11, 3)
    assert asked_ever([*rows, replace(gone, at=datetime(2026, 10, 3, tzinfo=UTC))], "C-1", OPENED).erased is None
    assert asked_ever([*rows, gone], "C-2", OPENED).erased is None
    assert asked_ever([replace(gone, public={"trawl": "t9"})], "C-2", OPENED).erased == date(2026, 11, 3)


@given(order=st.permutations(range(6)), case=st.sampled_from(["C-1", "C-2"]))
def test_the_order_of_the_rows_does_not_matter_and_another_case_is_never_told(order: list[int], case: str) -> None:
    rows = trawl(**CAME)
    found = asked_ever([rows[at] for at in order], case, OPENED)
    assert found == (asked_ever(rows, "C-1", OPENED) if case == "C-1" else History())


def test_kinds_that_are_not_told_leave_no_trace_and_those_told_as_asked_say_no_more() -> None:
    kinds = ["police.intelligence", "police.domestic_abuse"]
    rows = [
        row(0, "consent.checked", {"permitted": kinds, "rules": {"gateway.S47": kinds}},
            {"person": "p3", "basis": ["S47"]}),
        row(1, "source.asked", {"step": "fetch", "categories": kinds}, {"people": ["p3"]}),
        row(2, "source.answered", {"ask": 1, "why": "answered"}, {"came": {"p3": kinds}}),
    ]  # fmt: skip
    told = groups(asked_ever(rows, "C-1", OPENED))
    assert {name for name, found in told.items() if found} == {"asked_only"}
    assert set(told["asked_only"]) == {("police", "2026-11-03|law", "police.domestic_abuse")}
