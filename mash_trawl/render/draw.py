"""Turn a planned family into strokes, symbols and boxes with whole-number places."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from mash_trawl.model.family import Family, FamilyPerson
from mash_trawl.render.order import arrange
from mash_trawl.render.place import HALF, LEADING, NAME, SMALL, Cell, cells, settle
from mash_trawl.render.plan import CORRIDOR, Plan, plan
from mash_trawl.render.route import ENTRY, Grid, Points, allot, bars, jogs
from mash_trawl.render.wire import Wires, wire

MARGIN, LEAST_WIDTH = 16, 680
DASH: dict[str, str] = {
    "cohabiting": "9 4", "parents_of_a_child": "2 4", "adopted": "9 4", "fostered": "2 4", "step": "9 4 2 4",
    "special_guardianship": "14 4", "kinship": "14 4 2 4",
}  # fmt: skip
_HOME_DASH = ("3 3", "7 3", "3 3 9 3", "1 4", "12 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One polyline; `role` is its class: couple, child, stem, slash, same-day."""

    role: str
    points: Points
    dash: str = ""
    width: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text."""

    x: int
    y: int
    text: str
    size: int = SMALL
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One person: the shape as SVG (numbers only) and the lines beside it."""

    shape: str
    lines: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a home: an unbroken run of its members in one row. Parts of one home share letter and pattern."""

    letter: str
    dash: str
    x: int
    y: int
    width: int
    height: int


@dataclass(slots=True, kw_only=True)
class Drawing:
    """Everything to be written out, and the size it needs."""

    width: int = 0
    height: int = 0
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Words] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    relaxed: tuple[str, ...] = ()


def draw(family: Family) -> Drawing:
    """Plan, order, place, route; then shift everything inside the margin."""
    planned = plan(family)
    arrange(planned)
    sizes = cells(planned)
    places = settle(planned, sizes)
    natural = max((place + sizes[cell].right for cell, place in places.items()), default=0) + 2 * MARGIN
    width = max(natural, LEAST_WIDTH)
    shift = MARGIN + (width - natural) // 2
    spot = {cell: place + shift for cell, place in places.items()}
    pieces = bars(planned.knots) + jogs(planned)
    grid = allot(planned, sizes, spot, pieces)
    grid.top[:] = [y + MARGIN for y in grid.top]
    grid.bottom[:] = [y + MARGIN for y in grid.bottom]
    wires = wire(planned, grid, pieces)
    drawing = Drawing(width=width, height=grid.height + MARGIN, relaxed=planned.ranks.relaxed)
    _strokes(planned, grid, wires, drawing)
    _boxes(planned, grid, sizes, drawing)
    people = planned.people
    for row in planned.rows:
        for cell in row:
            if not cell.startswith(CORRIDOR):
                drawing.symbols.append(_symbol(people[cell], sizes[cell], spot[cell], grid.symbol_y(cell)))
    return drawing


def _strokes(planned: Plan, grid: Grid, wires: Wires, drawing: Drawing) -> None:
    for line in wires.lines:
        role = "child" if line.child else "stem" if line.kind == "stem" else "couple"
        if line.kind == "one_parent":
            role = "stem"
        drawing.strokes.append(Stroke(role=role, points=line.points, dash=DASH.get(line.kind, "")))
        if line.disputed and line.child:
            x = line.points[-1][0]
            aside = x - 11 if x < grid.spot[line.child] else x + 4
            drawing.marks.append(Words(x=aside, y=grid.symbol_y(line.child) - HALF - 4, text="?"))
    spells = {union.id: union.spells for union in planned.family.unions}
    for union, left, right, y, stem in wires.couples:
        ended = {spell.status for spell in spells[union] if spell.until is None}
        count = 2 if "divorced" in ended else 1 if "separated" in ended else 0
        x = _slash_place(left, right, stem)
        for number in range(count):
            start = x + 6 * number
            drawing.strokes.append(Stroke(role="slash", points=((start - 4, y + 7), (start + 4, y - 7))))
    _same_day(planned, grid, wires, drawing)
    _bridges(wires, drawing)


def _bridges(wires: Wires, drawing: Drawing) -> None:
    """Where lines of two unions cross, the upright one passes over a gap in the other: a crossing is no joint."""
    pieces = [(line, one, other) for line in wires.lines for one, other in pairwise(line.points)]
    level = [(line.union, min(a[0], b[0]), max(a[0], b[0]), a[1]) for line, a, b in pieces if a[1] == b[1]]
    for line, a, b in pieces:
        top, bottom = min(a[1], b[1]), max(a[1], b[1])
        for owner, left, right, y in level:
            if a[0] == b[0] and owner != line.union and left < a[0] < right and top < y < bottom:
                short = ((a[0], y - 5), (a[0], y + 5))
                drawing.strokes.append(Stroke(role="gap", points=short, width=9))
                drawing.strokes.append(Stroke(role="over", points=short, dash=DASH.get(line.kind, "")))


def _slash_place(left: int, right: int, stem: int | None) -> int:
    middle = (left + right) // 2
    return (left + stem) // 2 if stem is not None and abs(stem - middle) < 14 else middle - 3


def _same_day(planned: Plan, grid: Grid, wires: Wires, drawing: Drawing) -> None:
    """A short bar across the drops of children of one union born on one day, where they stand side by side."""
    for item in planned.family.derived:
        if item.kind != "born_same_day":
            continue
        feet = {
            line.child: line.points[-1][0]
            for line in wires.lines
            if line.child in item.people and line.kind in ("birth", "not_stated")
        }
        for row, names in enumerate(planned.rows):
            for one, other in pairwise(names):
                if one in feet and other in feet:
                    y = grid.top[row] + ENTRY // 2
                    drawing.strokes.append(Stroke(role="same-day", points=((feet[one], y), (feet[other], y)), width=4))


def _boxes(planned: Plan, grid: Grid, sizes: dict[str, Cell], drawing: Drawing) -> None:
    depth: dict[tuple[int, int], int] = {}
    for number, (letter, members) in enumerate(planned.homes.items()):
        for row, names in enumerate(planned.rows):
            for run in _runs(names, members):
                inset = 1 + 4 * max((depth.get((row, place), 0) for place in run), default=0)
                for place in run:
                    depth[(row, place)] = depth.get((row, place), 0) + 1
                first, last = names[run[0]], names[run[-1]]
                left, right = grid.spot[first] - sizes[first].left, grid.spot[last] + sizes[last].right
                top, bottom = grid.top[row] + ENTRY - 12, grid.bottom[row]
                drawing.boxes.append(
                    Box(
                        letter=letter, dash=_HOME_DASH[number % len(_HOME_DASH)], x=left + inset, y=top + inset,
                        width=right - left - 2 * inset, height=bottom - top - 2 * inset,
                    )
                )  # fmt: skip


def _runs(names: list[str], members: frozenset[str]) -> list[range]:
    """Unbroken runs of members; a corridor inside a run does not break it, a stranger does."""
    runs: list[list[int]] = []
    open_run = False
    for place, name in enumerate(names):
        if name in members:
            if open_run:
                runs[-1].append(place)
            else:
                runs.append([place])
            open_run = True
        elif not name.startswith(CORRIDOR):
            open_run = False
    return [range(run[0], run[-1] + 1) for run in runs]


def _symbol(person: FamilyPerson, cell: Cell, x: int, y: int) -> Symbol:
    lines = []
    down = y - HALF + 11
    for text, bold in [*((line, True) for line in cell.name), *((line, False) for line in cell.small)]:
        lines.append(Words(x=x + HALF + 8, y=down, text=text, size=NAME if bold else SMALL, bold=bold))
        down += LEADING
    return Symbol(shape=shape(person, x, y), lines=tuple(lines))


def shape(person: FamilyPerson, x: int, y: int) -> str:
    """The symbol: square male, circle female, diamond other or not known, triangle unborn; a cross if deceased.

    A subject of the case has a double outline, somebody only mentioned by an agency a broken one.
    """
    style = 'fill="#ffffff" stroke="#0b0c0c" stroke-width="2"' + (' stroke-dasharray="5 3"' if person.found_by else "")
    parts = [_outline(person, x, y, HALF, style)]
    if person.index:
        parts.append(_outline(person, x, y, HALF - 5, 'fill="none" stroke="#0b0c0c" stroke-width="2"'))
    if person.life == "deceased":
        arm = HALF - 2 if person.sex == "male" else 13 if person.sex == "female" else 9
        cross = f"M{x - arm} {y - arm} L{x + arm} {y + arm} M{x - arm} {y + arm} L{x + arm} {y - arm}"
        parts.append(f'<path class="deceased" d="{cross}" stroke="#0b0c0c" stroke-width="2"/>')
    return "".join(parts)


def _outline(person: FamilyPerson, x: int, y: int, half: int, style: str) -> str:
    if person.life == "unborn":
        low = y + half - (2 if half < HALF else 0)
        return f'<polygon class="unborn" points="{x},{y - half} {x + half},{low} {x - half},{low}" {style}/>'
    if person.sex == "male":
        return f'<rect class="male" x="{x - half}" y="{y - half}" width="{2 * half}" height="{2 * half}" {style}/>'
    if person.sex == "female":
        return f'<circle class="female" cx="{x}" cy="{y}" r="{half}" {style}/>'
    points = f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"
    return f'<polygon class="{person.sex}" points="{points}" {style}/>'
