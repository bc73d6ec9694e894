"""The family in words says what the drawing draws, no more and no less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from mash_trawl.model.family import Family
from mash_trawl.render import genogram_svg
from mash_trawl.render.words import family_words


def _parity(family: Family, read: Any) -> None:
    name = {person.id: person.name for person in family.people}
    said = family_words(family)
    assert sorted(name[line.ids[0]] for line in said if line.about == "person") == sorted(read.people)
    assert {frozenset(name[one] for one in line.ids) for line in said if line.about == "couple"} == read.couples
    children = {(name[line.ids[0]], frozenset(name[one] for one in line.ids[1:])) for line in said
                if line.about == "child"}  # fmt: skip
    assert children == read.children
    homes = {line.text[5]: {name[one] for one in line.ids} for line in said if line.about == "home"}
    assert homes == read.homes


def test_words_and_drawing_say_the_same_of_every_specimen(
    specimens: dict[str, Family], read_back: Callable[[str], Any]
) -> None:
    for family in specimens.values():
        _parity(family, read_back(genogram_svg(family)))


def test_words_and_drawing_say_the_same_of_random_families(
    random_family: Callable[[int], Family], read_back: Callable[[str], Any]
) -> None:
    for seed in range(100, 130):
        _parity(random_family(seed), read_back(genogram_svg(random_family(seed))))


def test_every_stated_tie_and_note_stands_in_both(specimens: dict[str, Family]) -> None:
    for family in specimens.values():
        svg = " ".join(genogram_svg(family).replace("</text>", " ").split())
        for line in family_words(family):
            if line.about in ("tie", "note"):
                assert line.text.split()[0] in svg


def test_every_couple_child_and_home_names_its_source(specimens: dict[str, Family]) -> None:
    counts = Counter(
        bool(line.sources)
        for family in specimens.values()
        for line in family_words(family)
        if line.about in ("couple", "child", "home", "tie")
    )
    assert counts[False] == 0
    assert counts[True] > 50


def test_disputed_and_unknown_parents_are_said(specimens: dict[str, Family]) -> None:
    disputed = [line.text for line in family_words(specimens["two claimed fathers"]) if line.about == "child"]
    assert all(text.endswith("Disputed: the sources disagree.") for text in disputed)
    alone = [line.text for line in family_words(specimens["unknown father"]) if line.about == "child"]
    assert all("The other parent is not known from this." in text for text in alone)
