"""The drawing, read back by an oracle that knows nothing of the model: who touches which line, who lies in a box."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from mash_trawl.model.family import Family, FamilyPerson
from mash_trawl.render import genogram_svg

SVG = "{http://www.w3.org/2000/svg}"


def _parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output


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


def test_the_oracle_sees_a_couple_that_does_not_exist(
    specimens: dict[str, Family], read_back: Callable[[str], Any]
) -> None:
    drawn = read_back(genogram_svg(specimens["half siblings"]))
    wrong = specimens["two claimed fathers"]
    with pytest.raises(AssertionError):
        _agrees(wrong, drawn)


def test_children_of_one_couple_stand_oldest_left(specimens: dict[str, Family]) -> None:
    svg = genogram_svg(specimens["couple with three"])
    assert svg.index(">C1<") < svg.index(">C2<") < svg.index(">C3<")


def test_the_same_family_gives_the_same_bytes(random_family: Callable[[int], Family]) -> None:
    assert genogram_svg(random_family(7)) == genogram_svg(random_family(7))


def test_what_could_not_be_drawn_level_is_said_under_the_drawing(specimens: dict[str, Family]) -> None:
    assert "A is not drawn one row below B" in genogram_svg(specimens["each the other's parent"])
    assert "not drawn" not in genogram_svg(specimens["half siblings"])


def test_a_disputed_parent_is_marked_on_every_version(specimens: dict[str, Family]) -> None:
    root = _parse(genogram_svg(specimens["two claimed fathers"]))
    marks = [text for text in root.iter(f"{SVG}text") if text.get("class") == "mark"]
    assert [mark.text for mark in marks] == ["?", "?"]


def test_separated_has_one_stroke_and_divorced_two(specimens: dict[str, Family]) -> None:
    for name, count in (("four generations", 1), ("half siblings", 2), ("couple with three", 0)):
        assert genogram_svg(specimens[name]).count('class="slash"') == count


def test_text_stays_inside_the_drawing_and_off_other_symbols(random_family: Callable[[int], Family]) -> None:
    for seed in range(20):
        root = _parse(genogram_svg(random_family(seed)))
        width = int((root.get("viewBox") or "").split()[2])
        for text in root.iter(f"{SVG}text"):
            assert 0 <= int(text.get("x", "0")) < width


@pytest.mark.parametrize(
    "name", ['<script>alert("x")</script>', 'O\'Brien & "Sons"', "\u202eevil\u2069", "a\x00b\x1b[31m", "İıß 李"]
)
def test_hostile_names_add_no_element_and_stay_readable(name: str) -> None:
    plain = genogram_svg(Family(as_at="2026-11-03", people=(FamilyPerson(id="p1", name="Ada"),)))
    svg = genogram_svg(Family(as_at="2026-11-03", people=(FamilyPerson(id="p1", name=name),)))
    kinds = {tag: sum(item.tag == tag for item in _parse(svg).iter()) for tag in (f"{SVG}script", f"{SVG}path")}
    assert kinds == {f"{SVG}script": 0, f"{SVG}path": plain.count("<path")}
    assert not {"\u202e", "\u2069", "\x00", "\x1b"} & set(svg)


def test_a_name_of_350_letters_is_shown_whole() -> None:
    svg = genogram_svg(Family(as_at="2026-11-03", people=(FamilyPerson(id="p1", name="x" * 350),)))
    root = _parse(svg)
    bold = "".join(
        text.text or "" for group in root.iter(f"{SVG}g") if group.get("class") == "person" for text in group
    )
    assert bold.count("x") == 350


def test_no_name_stands_in_an_id_class_title_or_description(specimens: dict[str, Family]) -> None:
    root = _parse(genogram_svg(specimens["half siblings"]))
    for item in root.iter():
        values = " ".join(value for key, value in item.attrib.items() if key in ("id", "class"))
        assert "Mum" not in values
    assert "Mum" not in (root.findtext(f"{SVG}title") or "") + (root.findtext(f"{SVG}desc") or "")


def test_lines_of_two_unions_that_cross_leave_a_gap_so_that_a_crossing_is_no_joint(
    specimens: dict[str, Family],
) -> None:
    root = _parse(genogram_svg(specimens["partner swap ring"]))
    level: list[tuple[int, int, int]] = []
    upright: list[tuple[int, int, int]] = []
    gaps: set[tuple[int, int]] = set()
    for path in root.iter(f"{SVG}path"):
        numbers = [int(part) for part in (path.get("d") or "").replace("M", "").replace("L", "").split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if path.get("class") == "gap":
            gaps.add((points[0][0], (points[0][1] + points[1][1]) // 2))
        if path.get("class") in ("couple", "child", "stem"):
            for one, other in pairwise(points):
                low, high = min(one, other), max(one, other)
                if one[1] == other[1]:
                    level.append((low[0], high[0], one[1]))
                else:
                    upright.append((one[0], low[1], high[1]))
    crossings = {(x, y) for x, top, bottom in upright for left, right, y in level
                 if left < x < right and top < y < bottom}  # fmt: skip
    assert crossings
    assert crossings == gaps
