"""One name in the ways in which systems write it: whoever typed it, a search by it finds each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.model.folding import fold, written_out
from mash_trawl.model.name_ways import name_ways

NAMES = st.text(st.characters(categories=("L", "M"), include_characters="'’- "), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("Khan", ["Khan", "KHAN", "khan"]),
        ("KHAN", ["Khan"]),
        ("O'BRIEN", ["O'Brien", "O’Brien", "OBrien", "O Brien", "OBRIEN", "o'brien"]),
        ("O’Brien", ["O'Brien", "O'BRIEN"]),
        ("MCDONALD", ["McDonald", "Mcdonald"]),
        ("mackenzie", ["MacKenzie", "Mackenzie"]),
        ("VAN DER BERG", ["van der Berg", "Van Der Berg"]),
        ("Smith-Jones", ["Smith Jones", "SMITH JONES", "SmithJones"]),
        ("Anne‑Marie", ["Anne-Marie", "ANNE MARIE"]),
        ("Zoë", ["Zoe", "ZOË"]),
        ("ŁUKASZ", ["Łukasz", "Lukasz", "LUKASZ"]),
        ("Müller", ["Muller", "Mueller", "MUELLER"]),
    ],
)
def test_it_is_asked_in_every_usual_way(typed: str, held: list[str]) -> None:
    ways = name_ways(typed)
    assert ways[0] == typed and set(held) <= set(ways)


@given(NAMES)
def test_the_given_way_comes_first_and_none_twice(text: str) -> None:
    ways = name_ways(text)
    assert ways[0] == text and len(set(ways)) == len(ways) <= 120


@given(NAMES)
def test_every_way_has_the_letters_of_the_name_and_no_others(text: str) -> None:
    letters = {one.replace(" ", "") for one in (fold(text), fold(text.upper()), written_out(text))}
    assert {fold(way).replace(" ", "") for way in name_ways(text)} <= letters


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MaLiK", "Malik", True), ("O’Brien", "obrien", True), ("Smith - Jones", "SMITH JONES", True),
        ("Zoë", "zoe", True), ("Malik", "Mallik", False), ("12-14", "1214", False),
    ],
)  # fmt: skip
def test_what_is_folded_is_the_same_only_where_the_letters_are(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same
