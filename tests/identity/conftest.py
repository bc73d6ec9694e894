"""Synthetic people for the matching tests, in the shape of the case file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate

HOME = Address(lines=("14 Mill Lane",), postcode="NB1 4QT", uprn="100023336956")


def _facts(given: str, family: str, born: Any, sex: str, **more: Any) -> dict[str, Any]:
    return {
        "names": (Name(given=(given,) if given else (), family=family),),
        "born": PartialDate.parse(born) if isinstance(born, str) else born,
        "sex": sex,
        "addresses": (HOME,),
    } | more


@pytest.fixture
def person() -> Callable[..., Person]:
    def make(
        given: str = "Aisha", family: str = "Khan", born: Any = "2014-05-17", sex: str = "female", **more: Any
    ) -> Person:
        return Person(id="p1", **_facts(given, family, born, sex, **more))

    return make


@pytest.fixture
def candidate() -> Callable[..., Candidate]:
    def make(given: str = "Aisha", family: str = "Khan", born: Any = "2014-05-17", sex: str = "female",
             ref: str = "a", **more: Any) -> Candidate:  # fmt: skip
        return Candidate(ref=ref, **_facts(given, family, born, sex, **more))

    return make


@pytest.fixture
def child(person: Callable[..., Person]) -> Person:
    """Aisha Khan, p1."""
    return person()


@pytest.fixture
def mother(person: Callable[..., Person]) -> Person:
    """Her mother Samira, p2."""
    return replace(person(given="Samira", born="1988-11-02"), id="p2")
