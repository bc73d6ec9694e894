"""Told twice, and impossible families: what a case says of somebody's own ancestors, and of two people who are one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.case import load_case
from mash_trawl.config.case_checks import id_fault
from mash_trawl.config.case_twice import own_ancestors, same, twice
from mash_trawl.errors import Misconfigured


def case(ident: str = "MASH-2026-0001", **more: Any) -> dict[str, Any]:
    return {
        "version": 1, "id": ident, "profile": "early_help", "opened_at": "2026-11-03T09:20:00Z",
        "referral": {"source": "school", "received_at": "2026-11-03T09:05:00Z"},
        "people": [{"id": f"p{number}"} for number in range(1, 6)],
    } | more  # fmt: skip


def parents(*ties: tuple[str, str]) -> list[dict[str, str]]:
    return [{"from": parent, "to": child, "kind": "parent"} for parent, child in ties]


@pytest.mark.parametrize(
    "ties", [(("p1", "p2"), ("p2", "p1")), (("p1", "p2"), ("p2", "p3"), ("p3", "p4"), ("p4", "p1"))]
)
def test_nobody_is_the_parent_of_their_own_parent(ties: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(Misconfigured, match="somebody would be the parent of their own parent") as told:
        load_case(case(relationships=parents(*ties)))
    (problem,) = told.value.problems
    assert f"relationships[{len(ties) - 1}].to" in problem.where, "the last of the circle is told"


def test_two_parents_of_two_children_and_partners_both_ways_are_no_circle() -> None:
    family = parents(("p1", "p3"), ("p2", "p3"), ("p1", "p4"), ("p2", "p4"), ("p3", "p5"), ("p4", "p5"))
    partners = [{"from": one, "to": other, "kind": "partner"} for one, other in (("p1", "p2"), ("p2", "p1"))]
    assert len(load_case(case(relationships=[*family, *partners])).relationships) == 8


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda tie: tie[0] != tie[1]), max_size=20))
def test_ties_from_elder_to_younger_are_never_a_circle_and_any_turned_one_is(ties: list[tuple[int, int]]) -> None:
    down = [(str(min(tie)), str(max(tie))) for tie in ties]
    assert own_ancestors(down) == []
    turned = [*down, *((child, parent) for parent, child in down)]
    assert own_ancestors(turned) == list(range(len(down), len(turned)))


@pytest.mark.parametrize(
    ("born", "names", "meant"),
    [
        ("2014-05-17", [("aisha ", "KHAN")], True),
        ("17/05/2014", [("Ash", "Khan"), ("Aisha", "Khan")], True),
        ("2014-05", [("Aisha", "Khan")], False),
        (None, [("Aisha", "Khan")], False),
        ("2014-05-17", [("Ali", "Khan")], False),
        ("2014-05-17", [], False),
    ],
)
def test_two_people_are_alike_by_a_name_and_the_day(born: Any, names: Any, meant: bool) -> None:
    people = [
        {"id": "p1", "names": [{"given": ["Aisha"], "family": "Khan"}], "born": "2014-05-17"},
        {"id": "p2", "names": [{"given": given.split(), "family": family} for given, family in names]}
        | ({"born": born} if born else {}),
    ]
    assert list(twice(load_case(case(people=people)))) == ([("p1", "p2")] if meant else [])


def test_nobody_without_a_birth_date_is_alike() -> None:
    nobody = {"names": [{"given": ["Aisha"], "family": "Khan"}]}
    assert not same(nobody, nobody)


@pytest.mark.parametrize(
    "ident", ["943-476-5919", "9434765919", "9434765919.", "CON", "nul", "Lpt1", "con.2026", "aux.x", "MASH-1."]
)
def test_an_id_is_no_number_of_a_person_and_the_name_of_a_file_everywhere(ident: str) -> None:
    assert id_fault(ident) and ident not in id_fault(ident)
    with pytest.raises(Misconfigured) as told:
        load_case(case(ident))
    assert len(told.value.problems) == 1 and ident not in str(told.value)


@pytest.mark.parametrize(
    "ident", ["MASH-2026-0142", "CONNOR-1", "9434765918", "case-20261103-abcdef", "x.con", "COM10"]
)
def test_other_ids_are_taken(ident: str) -> None:
    assert id_fault(ident) == ""
    assert load_case(case(ident)).id == ident
