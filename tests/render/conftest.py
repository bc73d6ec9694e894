"""The oracle that reads a drawing back from its geometry alone, and an opened product as it comes out of its seal."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.read import read_value
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.product import Product
from mash_trawl.render.decision_sheet import Sheet, plan_sheet

SVG = "{http://www.w3.org/2000/svg}"
DATA = Path(__file__).parent / "data"


@pytest.fixture
def plain_product() -> dict[str, Any]:
    """A synthetic product as it was sealed, version 1 of the document."""
    content: dict[str, Any] = json.loads((DATA / "product-v1.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture
def product(plain_product: dict[str, Any]) -> Product:
    """The same, opened."""
    return read_value(Product, plain_product, "product")


@dataclass(frozen=True)
class ReadBack:
    """What the geometry says, by name: who, which couples, which (child, parents), who lies in which home's boxes."""

    people: list[str]
    couples: set[frozenset[str]]
    children: set[tuple[str, frozenset[str]]]
    homes: dict[str, set[str]]


Segment = tuple[tuple[int, int], tuple[int, int]]


def _read_back(svg: str) -> ReadBack:
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    symbols = {_name(group): _bounds(group) for group in root.iter(f"{SVG}g") if group.get("class") == "person"}
    names = [_name(group) for group in root.iter(f"{SVG}g") if group.get("class") == "person"]
    paths = [path for path in root.iter(f"{SVG}path") if path.get("class") in ("couple", "child", "stem")]
    segments = [segment for path in paths for segment in _segments(path)]
    couples: set[frozenset[str]] = set()
    children: set[tuple[str, frozenset[str]]] = set()
    for net in _nets(segments):
        above = frozenset(name for name, bounds in symbols.items() if _meets(net, bounds, lower=True))
        below = {name for name, bounds in symbols.items() if _meets(net, bounds, lower=False)}
        if len(above) == 2:
            couples.add(above)
        assert len(above) in (1, 2), "a line that belongs to no union, or to more than one"
        children |= {(name, above) for name in below}
    homes: dict[str, set[str]] = {}
    boxes = [item for item in root.iter(f"{SVG}rect") if item.get("class") == "home"]
    letters = [item.text or "" for item in root.iter(f"{SVG}text") if item.get("class") == "home-letter"]
    for box, letter in zip(boxes, letters, strict=True):
        x, y, wide, high = (int(box.get(key, "0")) for key in ("x", "y", "width", "height"))
        inside = {name for name, (left, top, right, bottom) in symbols.items()
                  if x < right and left < x + wide and y < bottom and top < y + high}  # fmt: skip
        homes.setdefault(letter, set()).update(inside)
    return ReadBack(people=names, couples=couples, children=children, homes=homes)


def _name(group: ET.Element) -> str:
    return "".join(text.text or "" for text in group.iter(f"{SVG}text") if text.get("font-weight") == "bold")


def _bounds(group: ET.Element) -> tuple[int, int, int, int]:
    shape = group[0]
    if shape.tag == f"{SVG}rect":
        x, y = int(shape.get("x", "0")), int(shape.get("y", "0"))
        return x, y, x + int(shape.get("width", "0")), y + int(shape.get("height", "0"))
    if shape.tag == f"{SVG}circle":
        x, y, r = (int(shape.get(key, "0")) for key in ("cx", "cy", "r"))
        return x - r, y - r, x + r, y + r
    numbers = [int(number) for number in re.findall(r"-?\d+", shape.get("points", ""))]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def _segments(path: ET.Element) -> Iterable[Segment]:
    numbers = [int(number) for number in re.findall(r"-?\d+", path.get("d", ""))]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    for one, other in pairwise(points):
        assert one[0] == other[0] or one[1] == other[1], "a slanted line"
        yield (min(one, other), max(one, other))


def _touch(one: Segment, other: Segment) -> bool:
    """An end of one lies on the other. A plain crossing is no touch."""
    return any(_on(end, other) for end in one) or any(_on(end, one) for end in other)


def _on(point: tuple[int, int], segment: Segment) -> bool:
    (x1, y1), (x2, y2) = segment
    return x1 <= point[0] <= x2 and y1 <= point[1] <= y2


def _nets(segments: list[Segment]) -> list[list[Segment]]:
    nets: list[list[Segment]] = []
    for segment in segments:
        near = [net for net in nets if any(_touch(segment, other) for other in net)]
        nets = [net for net in nets if net not in near]
        nets.append([segment, *(piece for net in near for piece in net)])
    return nets


def _meets(net: list[Segment], bounds: tuple[int, int, int, int], lower: bool) -> bool:
    left, top, right, bottom = bounds
    middle = (top + bottom) // 2
    for (x1, y1), (x2, y2) in net:
        if x1 == x2 and left <= x1 <= right:
            if lower and middle <= y1 <= bottom < y2:
                return True
            if not lower and y1 < top <= y2 <= middle:
                return True
    return False


@pytest.fixture
def read_back() -> Callable[[str], ReadBack]:
    """The oracle."""
    return _read_back


@pytest.fixture
def decided() -> Callable[..., tuple[Case, Decisions]]:
    """A synthetic case of one person, and decisions about it: `(outcome, why, rule)` for one source each."""

    def build(*rows: tuple[str, str, str], name: str = "Synthia") -> tuple[Case, Decisions]:
        plain = {
            "version": 1, "id": "SYNTHETIC-7", "profile": "children_in_need", "opened_at": "2026-11-01T09:20:00+00:00",
            "referral": {"source": "school", "received_at": "2026-11-01T09:00:00+00:00", "level": 4},
            "people": [{"id": "p1", "roles": ["subject"], "names": [{"given": [name], "family": "Testcase"}]}],
        }  # fmt: skip
        sources = ("housing.tenancy", "police.missing", "education.attendance", "health.gp_summary", "probation.orders")
        items = tuple(
            Decision(person="p1", source=full.partition(".")[0], agency=full.partition(".")[0], category=full,
                     outcome=Outcome(outcome), rule=rule, reason="A reason about p1.", unlock="Something.", why=why)
            for full, (outcome, why, rule) in zip(sources, rows, strict=False)
        )  # fmt: skip
        at = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
        return read_value(Case, plain), Decisions(case="SYNTHETIC-7", profile="children_in_need", at=at, items=items)

    return build


@pytest.fixture
def sheet(decided: Callable[..., tuple[Case, Decisions]]) -> Callable[..., str]:
    """The plan sheet of such decisions."""

    def build(*rows: tuple[str, str, str], name: str = "Synthia") -> str:
        case, decisions = decided(*rows, name=name)
        made = Sheet(made_by="j.shah", at="2026-11-03T09:20:00+00:00", statements="Only what was signed counts",
                     signed=(("c1", "p1 agreed for p1", "r.cole", "3 November 2026"),))  # fmt: skip
        return plan_sheet(decisions, case, load_profile("children_in_need"), {"p1": f"{name} Testcase"}, made, "MARKED")

    return build
