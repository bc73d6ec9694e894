"""A hidden address stands nowhere in a product: not in a field, a home, a match, a text or a neighbour's record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case, Tie
from mash_trawl.model.finding import Fact, Involvement, Residence
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
    assert [person.id for person in family.people if person.address_withheld] == ["p1", "p3"]


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


LANE = Address(lines=("14 Mill Lane", "Northam"), postcode="NB1 4QT", uprn="100023336956")
ELM = Address(lines=("5 Elm Street",), postcode="NB2 2ZZ")


def _said(make: Callable[..., Any], text: str, place: Address = LANE) -> str:
    case = make("case", make("person", "p1", "Ada", addresses=(place,), restrictions=("hidden_address",)))
    told = make("event", "e1", "2026-01-02", "h1", headline=text)
    answer = make(
        "answer", "housing", "p1", findings=(told,), matches=(make("matched", "p1", make("candidate", "h1", "Ada")),)
    )
    headline: str = compose(case, make("decided", case, ("housing",)), [answer]).chronology[0].headline
    return headline


@pytest.mark.parametrize("written", [
    "14 Mill Lane", "14, mill lane", "Mill Lane", "14 Mill Ln", "14 Mill Ln.", "14A Mill Lane", "No.14 Mill Lane",
    "14-16 Mill Lane", "12\u201314 Mill Lane", "14\u2013Mill\u2013Lane", "14\nMill\tLane", "14MillLane", "14_Mill_Lane",
    "14 Mill\u00a0Lane", "Mill\u200b Lane", "NB14QT", "NB1-4QT", "nb1  4qt", "NB1 4", "NB1 4Q", "10002 3336956",
    "UPRN 0100023336956", "UPRN100023336956", "100-023-336-956", "Northam", "NORTHAM",
])  # fmt: skip
def test_a_hidden_address_is_found_in_free_text_in_every_usual_writing(make: Callable[..., Any], written: str) -> None:
    shown = _said(make, f"seen at {written} today").casefold()
    assert "address withheld" in shown
    for trace in ("mill", "nb1", "northam", "10002", "3336956", "336"):
        assert trace not in shown


@pytest.mark.parametrize(("line", "written"), [
    ("9 High Road", "9 High Rd"), ("9 High Street", "high st"), ("9 Park Avenue", "park ave"),
    ("9 Beech Close", "Beech Cl"), ("9 Beech Drive", "Beech Dr"), ("Flat 3, 9 Beech Court", "9 Beech Ct"),
    ("9 Beech Gardens", "Beech Gdns"), ("9 Beech Terrace", "Beech Terr"), ("9 Beech Place", "Beech Pl"),
    ("9 Beech Ln", "Beech Lane"), ("9 St Mary's Road", "9 Saint Marys Rd"), ("Rose Cottage, Beech Lane", "Beech Ln"),
    ("9 Broadway", "9 Broadway"), ("9 Beech Lane Northam NB1 4QT", "Northam"), ("9 Beech Lane, NB1 4QT", "nb14qt"),
])  # fmt: skip
def test_roads_are_found_by_their_short_and_long_kinds(make: Callable[..., Any], line: str, written: str) -> None:
    assert _said(make, f"seen at {written} today", Address(lines=(line,))) == "seen at address withheld today"


def test_ordinary_words_stay_although_a_place_is_called_so(make: Callable[..., Any]) -> None:
    place = Address(lines=("9 The Lane", "Bath", "England"), postcode="NB1 4QT")
    assert _said(make, "had a bath; flat 2; 14 people in England", place) == (
        "had a bath; flat 2; 14 people in England"
    )


def test_an_address_that_says_nothing_hides_no_words(make: Callable[..., Any]) -> None:
    assert _said(make, "The cause is unknown", Address(lines=("Unknown",))) == "The cause is unknown"


@pytest.mark.parametrize(
    "noise", ["14 ", "Mill ", "14 Mill", "1 ", "1", "0", " - . , ", "NB1 ", "14-16-", "14 Mill " + " " * 50]
)
def test_long_hostile_text_is_searched_to_its_end(make: Callable[..., Any], noise: str) -> None:
    shown = _said(make, noise * (200_000 // len(noise)) + "; 14 Mill Lane")
    assert shown.endswith("address withheld")


def test_a_flag_at_one_source_hides_the_home_that_another_source_shows_for_the_household(
    make: Callable[..., Any],
) -> None:
    case = make("case", make("person", "p1", "Ada", "2014-05-17", roles=("subject",)),
                make("person", "p2", "Sam", "1988-11-02", roles=("parent",)))  # fmt: skip
    flagged = make("candidate", "n2", "Sam", "1988-11-02", restrictions=("hidden_address",),
                   addresses=(Address(lines=("withheld by NHS",)),))  # fmt: skip
    home = Residence(ref="r", about=("h1", "h2"), category="housing.tenancy", address=ELM,
                     mentions=(make("candidate", "h2", "Sam", "1988-11-02"),))  # fmt: skip
    answers = (
        make("answer", "health", "p2", matches=(make("matched", "p2", flagged),)),
        make("answer", "housing", "p1", findings=(home, make("event", "e", "2026-01-02", "h1", headline="5 Elm St")),
             matches=(make("matched", "p1", make("candidate", "h1", "Ada", "2014-05-17", addresses=(ELM,))),)),
    )  # fmt: skip
    product = compose(case, make("decided", case, ("health", "housing")), answers)
    assert not [trace for trace in ("elm", "nb2") if trace in _text(product)]
    assert {person.id for person in product.people if person.address_withheld} == {"p1", "p2", "found-1"}


def test_whoever_shares_a_home_with_somebody_hidden_is_hidden_too_and_so_on(make: Callable[..., Any]) -> None:
    far = Address(lines=("9 Far Close",), postcode="NB7 7AA")
    case = make("case", make("person", "p1", "Ada", addresses=(SECRET,), restrictions=("hidden_address",)),
                make("person", "p2", "Bea", addresses=(OTHER,)), make("person", "p3", "Col"))  # fmt: skip

    def home(ref: str, place: Address, *about: str) -> Residence:
        return Residence(ref=ref, about=about, category="housing.tenancy", address=place)

    findings = (home("t1", SECRET, "h1", "h9"), home("t2", far, "h9", "h3"))
    answers = tuple(
        make("answer", "housing", ident, findings=findings if ident == "p1" else (),
             matches=(make("matched", ident, make("candidate", ref, ref)),))
        for ident, ref in (("p1", "h1"), ("p3", "h3"))
    )  # fmt: skip
    product = compose(case, make("decided", case, ("housing",)), answers)
    assert "far close" not in _text(product)
    assert [person.id for person in product.people if not person.address_withheld] == ["p2"]
    assert product.person("p2").addresses[0].value == "14 Mill Lane, NB1 4QT"


def test_a_hidden_parent_hides_the_children_and_a_hidden_subject_the_household(make: Callable[..., Any]) -> None:
    people = (make("person", "p1", "Ada", roles=("subject",), addresses=(ELM,)),
              make("person", "p2", "Sam", addresses=(SECRET,), restrictions=("hidden_address",)),
              make("person", "p3", "Una", roles=("household",), addresses=(LANE,)))  # fmt: skip
    case = make("case", *people, ties=(Tie(from_="p2", to="p1", kind="parent"),))
    product = compose(case, make("decided", case, ()), [])
    assert [person.address_withheld for person in product.people] == [True, True, True]
    assert not [trace for trace in ("elm", "mill", *TRACES) if trace in _text(product)]


def test_what_leads_to_a_hidden_person_goes_too(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make, text="Canal Walk Surgery, 01632 960123")
    facts = tuple(
        Fact(ref=name, about=("h1",), category="housing.tenancy", name=name, value=value)
        for name, value in (("gp_practice", "Canal Walk Surgery"), ("telephone", "+44 1632 960123"), ("note", "kept"))
    )
    service = Involvement(ref="i", about=("h1",), category="housing.tenancy", service="Visits of Canal  Walk surgery",
                          contact="01632 960199")  # fmt: skip
    answers = (replace(answers[0], findings=(*answers[0].findings, *facts, service)), answers[1])
    product = compose(case, make("decided", case, ("housing",)), answers)
    shown = _text(product)
    assert not [trace for trace in ("canal", "960123", "960199") if trace in shown]
    assert {fact.name: fact.value for fact in product.facts}["telephone"] == "withheld"
    assert "kept" in {fact.value for fact in product.facts}


def test_keys_that_hold_a_hidden_address_get_stand_ins_and_stay_apart(make: Callable[..., Any]) -> None:
    case, answers = _trawl(make)
    rows = tuple(make("event", ref, "2026-01-02", "h1", f"{ref}/x", headline="The same")
                 for ref in ("T-100023330001-1", "T-100023330001-2"))  # fmt: skip
    product = compose(case, make("decided", case, ("housing",)), (replace(answers[0], findings=rows), answers[1]))
    assert not [trace for trace in TRACES if trace in _text(product)]
    assert len({row.origin.ref for row in product.chronology}) == 2
    assert len([person for person in product.people if person.found]) == 2


def test_a_flag_counts_even_in_an_answer_that_nobody_permitted(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada", addresses=(SECRET,)))
    flagged = make("candidate", "n1", "Ada", restrictions=("hidden_address",))
    answer = make("answer", "health", "p1", matches=(make("matched", "p1", flagged),))
    product = compose(case, make("decided", case, ("health",), deny=[("health", "p1")]), [answer])
    assert not [trace for trace in TRACES if trace in _text(product)]
