"""The drawing, read back by an oracle that knows nothing of the model: who touches which line, who lies in which box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mash_trawl.model.family import Family
from mash_trawl.render import genogram_svg

SVG = "{http://www.w3.org/2000/svg}"


def _expected(family: Family) -> tuple[list[str], set[frozenset[str]], set[tuple[str, frozenset[str]]]]:
    name = {person.id: person.name for person in family.people}
    partners = {union.id: frozenset(name[ident] for ident in union.partners) for union in family.unions}
    couples = {pair for pair in partners.values() if len(pair) == 2}
    children = {(name[link.child], partners[link.union]) for link in family.children}
    return sorted(name.values()), couples, children


def _agrees(family: Family, read: Any) -> None:
    people, couples, children = _expected(family)
    assert sorted(read.people) == people
    assert read.couples == couples
    assert read.children == children
    name = {person.id: person.name for person in family.people}
    for home in family.households:
        assert read.homes.get(home.letter, set()) == {name[member.person] for member in home.members}


def test_every_specimen_family_reads_back_exactly_as_it_is(
    specimens: dict[str, Family], read_back: Callable[[str], Any]
) -> None:
    for family in specimens.values():
        _agrees(family, read_back(genogram_svg(family)))


@pytest.mark.parametrize("seed", range(60))
def test_random_small_families_read_back_exactly_as_they_are(
    seed: int, random_family: Callable[[int], Family], read_back: Callable[[str], Any]
) -> None:
    family = random_family(seed)
    _agrees(family, read_back(genogram_svg(family)))
