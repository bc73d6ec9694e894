"""Contradictions: side by side with their sources, never resolved, and none where partial dates agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mash_trawl.model.finding import Fact
from mash_trawl.product import compose


def _found(make: Callable[..., Any], born: str | None, *others: Any, facts: tuple[Fact, ...] = (), **more: Any) -> Any:
    case = make("case", make("person", "p1", "Ada", born, **more))
    answers = [
        make("answer", source, "p1", matches=(make("matched", "p1", candidate),),
             findings=facts if source == "housing" else ())
        for source, candidate in zip(("housing", "police", "health"), others, strict=False)
    ]  # fmt: skip
    return compose(case, make("decided", case, ("housing", "police", "health")), answers)


def test_two_birth_dates_stand_side_by_side_with_their_sources(make: Callable[..., Any]) -> None:
    product = _found(
        make, "2014-05-17", make("candidate", "h", "Ada", "2014-05-18"), make("candidate", "k", "Ada", "2014-05-17")
    )
    (item,) = product.contradictions
    assert item.sentence == "Ada Example: 2 different dates of birth are recorded."
    said = [sorted(origin.agency for origin in held.origins) for held in item.values]
    assert said == [["case", "police"], ["housing"]]
    assert product.person("p1").born.edtf == "2014-05-17"


@pytest.mark.parametrize(("one", "other", "clash"), [
    ("2014-05-17", "2014-05", False), ("2014-05-17", "2014", False), ("2014-05-17", "2013", True),
    ("2014-05-17", "2013~", False), ("2014-05-17", "2011~", True), ("2014-05", "2014-06", True),
])  # fmt: skip
def test_partial_dates_clash_only_if_they_cannot_be_one_day(
    make: Callable[..., Any], one: str, other: str, clash: bool
) -> None:
    assert bool(_found(make, one, make("candidate", "h", "Ada", other)).contradictions) is clash


def test_two_nhs_numbers_are_a_contradiction_and_two_spellings_of_one_are_not(make: Callable[..., Any]) -> None:
    own = {"identifiers": {"nhs_number": "943 476 5919"}}
    same = _found(make, None, make("candidate", "h", "Ada", identifiers={"nhs_number": "9434765919"}), **own)
    assert same.contradictions == ()
    other = _found(make, None, make("candidate", "h", "Ada", identifiers={"nhs_number": "999 000 0018"}), **own)
    assert other.contradictions[0].sentence == "Ada Example: 2 different NHS numbers are recorded."


def test_a_fact_can_contradict_the_case_file(make: Callable[..., Any]) -> None:
    fact = Fact(ref="f", about=("h",), category="housing.tenancy", name="date_of_birth", value="2015-01-01")
    product = _found(make, "2014-05-17", make("candidate", "h", "Ada"), facts=(fact,))
    assert [item.field for item in product.contradictions] == ["born"]


def test_a_fact_that_may_have_many_values_contradicts_nothing(make: Callable[..., Any]) -> None:
    facts = tuple(Fact(ref=ref, about=("h",), category="housing.tenancy", name="allergy", value=ref) for ref in "ab")
    assert _found(make, None, make("candidate", "h", "Ada"), facts=facts).contradictions == ()


def test_one_record_matched_to_two_people_is_said(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"), make("person", "p2", "Bea"))
    answers = [make("answer", "housing", ident, matches=(make("matched", ident, make("candidate", "h1", "Ada")),))
               for ident in ("p1", "p2")]  # fmt: skip
    product = compose(case, make("decided", case, ("housing",)), answers)
    assert [item.field for item in product.contradictions] == ["match"]
