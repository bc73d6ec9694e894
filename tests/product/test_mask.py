"""A hidden address stands nowhere in a product: not in a field, a home, a match, a text or a neighbour's record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.finding import Fact, Residence
from mash_trawl.model.match import Line
from mash_trawl.model.person import Address
from mash_trawl.product import compose

SECRET = Address(lines=("7 Hidden Row", "Northborough"), postcode="NB9 9ZZ", uprn="100023330001")
OTHER = Address(lines=("14 Mill Lane",), postcode="NB1 4QT", uprn="100023336956")
TRACES = ("hidden row", "nb9 9zz", "nb99zz", "100023330001")


def _trawl(make: Callable[..., Any], *, restriction: bool = True, text: str = "") -> tuple[Case, Any]:
    flags = ("hidden_address",) if restriction else ()
    case = make("case", make("person", "p1", "Ada", addresses=(SECRET,), restrictions=flags),
                make("person", "p2", "Bea", addresses=(OTHER,)), make("person", "p3", "Col"))  # fmt: skip
    line = Line(field="postcode", here="NB9 9ZZ", there="NB99ZZ", level="exact", millibits=5000, running=5000)
    found = make("matched", "p1", make("candidate", "h1", "Ada", addresses=(SECRET,)), line)
    home = Residence(
        ref="t1", about=("h1", "h3"), category="housing.tenancy", address=SECRET, from_=make("day", "2025")
    )
    noise = make("event", "a1", "2026-01-02", "h1", headline=f"Noise {text}", text=f"Seen at {text}.")
    note = Fact(ref="f1", about=("h1",), category="housing.tenancy", name="note", value=text or "none")
    answers = (
        make("answer", "housing", "p1", findings=(home, noise, note), matches=(found,)),
        make("answer", "housing", "p3", findings=(home,),
             matches=(make("matched", "p3", make("candidate", "h3", "Col", addresses=(SECRET,))),)),
    )  # fmt: skip
    return case, answers


def _text(product: Any) -> str:
    return json.dumps(to_plain(product), ensure_ascii=False).casefold()


@pytest.mark.parametrize(
    "text",
    ["7 Hidden Row, Northborough, NB9 9ZZ", "NB99ZZ", "nb9  9zz", "7  HIDDEN row", "UPRN 100023330001", "7 Hidden Row"],
)
def test_no_trace_of_a_hidden_address_is_left_anywhere(make: Callable[..., Any], text: str) -> None:
    case, answers = _trawl(make, text=text)
    product = compose(case, make("decided", case, ("housing",)), answers)
    shown = _text(product)
    assert not [trace for trace in TRACES if trace in shown]
    assert "address withheld" in shown


def test_an_obligation_of_a_decision_hides_an_address_just_as_a_restriction_does(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make, restriction=False, text="7 Hidden Row")
    decisions = make("decided", case, ("housing",))
    items = tuple(replace(item, obligations=("mask_address",)) if item.person == "p1" else item for item in decisions)
    shown = _text(compose(case, replace(decisions, items=items), answers))
    assert not [trace for trace in TRACES if trace in shown]


def test_a_sources_own_flag_on_somebody_it_mentions_hides_their_address(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make, restriction=False)
    flagged = make("candidate", "h9", "Lee", restrictions=("hidden_address",), addresses=(SECRET,))
    first = answers[0].findings
    mentioned = replace(first[1], about=("h1", "h9"), mentions=(flagged,))
    with_flag = (replace(answers[0], findings=(first[0], mentioned, first[2])), answers[1])
    assert not [
        trace for trace in TRACES if trace in _text(compose(case, make("decided", case, ("housing",)), with_flag))
    ]


def test_nobody_who_lives_there_is_given_a_home_in_the_drawing(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make)
    family = compose(case, make("decided", case, ("housing",)), answers).family
    assert {member.person for home in family.households for member in home.members} == {"p2"}
    assert [person.id for person in family.people if person.address_withheld] == ["p1"]


def test_other_peoples_addresses_stay(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make)
    product = compose(case, make("decided", case, ("housing",)), answers)
    assert product.person("p2").addresses[0].value == "14 Mill Lane, NB1 4QT"


def test_both_sides_of_an_address_line_in_a_match_are_withheld(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make)
    shown = compose(case, make("decided", case, ("housing",)), answers).matches[0]
    assert (shown.lines[0].here, shown.lines[0].there) == ("address withheld", "address withheld")


def test_without_a_restriction_nothing_is_hidden(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make, restriction=False, text="7 Hidden Row")
    shown = _text(compose(case, make("decided", case, ("housing",)), answers))
    assert "7 hidden row" in shown
    assert "address withheld" not in shown
