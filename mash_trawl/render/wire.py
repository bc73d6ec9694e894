"""Draw every union on the grid: arms, bar, stem, sibship bar, drops."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from mash_trawl.render.plan import Knot, Plan, Thread
from mash_trawl.render.route import Bar, Grid, Line, edge

_SIDE = 16
"""How far from a symbol's middle a line may meet it."""


@dataclass(slots=True, kw_only=True, repr=False)
class Wires:
    """All lines of a drawing, and where each couple's bar lies: (union, left, right, y, stem)."""

    lines: list[Line] = field(default_factory=list)
    couples: list[tuple[str, int, int, int, int | None]] = field(default_factory=list)


def wire(plan: Plan, grid: Grid, all_bars: list[Bar]) -> Wires:
    """The lines of all unions. Arms first, since they have the least room to move, then drops, then stems."""
    bar_of = {(bar.union, bar.channel, bar.half, tuple(bar.ends)): bar for bar in all_bars}
    found = Wires()
    knots = {knot.union.id: knot for knot in plan.knots}
    arms = {ident: _arms(plan, grid, knot, bar_of) for ident, knot in knots.items()}
    drops = {
        ident: [_drop(plan, grid, knot, thread, bar_of) for thread in knot.threads] for ident, knot in knots.items()
    }
    for knot in plan.knots:
        _knot(grid, knot, arms[knot.union.id], drops[knot.union.id], bar_of, found)
    return found


Way = list[tuple[int, int]]
Bars = dict[tuple[str, int, int, tuple[str, ...]], Bar]


def _main(knot: Knot, half: int, bars: Bars) -> Bar | None:
    ends = [arm[-1] for arm in knot.arms]
    if half:
        ends = [thread.cells[0] for thread in knot.threads] + ends
    return bars.get((knot.union.id, knot.channel, half, tuple(ends)))


def _arms(plan: Plan, grid: Grid, knot: Knot, bars: Bars) -> list[Way]:
    """From each partner's symbol down to the couple's bar; a lone parent's line goes on to the sibship bar."""
    couple, sibship = _main(knot, 0, bars), _main(knot, 1, bars)
    goal = couple or sibship
    if goal is None:
        return []
    ways = []
    for arm in knot.arms:
        ways.append(_way(plan, grid, knot.union.id, arm, grid.lane_y(goal), bars, lower=True, half=0))
    return ways


def _drop(plan: Plan, grid: Grid, knot: Knot, thread: Thread, bars: Bars) -> Way:
    """From the sibship bar to the child's symbol, found from the child's end."""
    sibship = _main(knot, 1, bars)
    start = grid.lane_y(sibship) if sibship else 0
    return _way(plan, grid, knot.union.id, thread.cells[::-1], start, bars, lower=False, half=1)[::-1]


def _way(
    plan: Plan, grid: Grid, union: str, cells: tuple[str, ...], goal: int, bars: Bars, *, lower: bool, half: int
) -> Way:
    """From a symbol, through corridors, to the height `goal`. `cells` starts with the person."""
    person = plan.people[cells[0]]
    middle, centre = grid.spot[cells[0]], grid.symbol_y(cells[0])
    heights = []
    for one, other in pairwise(cells):
        channel = plan.row_of[one] if lower else _between(plan, other, one)
        ends = (one, other) if lower else (other, one)
        heights.append(grid.lane_y(bars[(union, channel, half, ends)]))
    first = heights[0] if heights else goal
    reach = range(middle - _SIDE, middle + _SIDE + 1)
    wish = middle + _offset(plan, grid, cells[0], union, lower)
    x = grid.take(wish, reach, (centre + (8 if lower else -8), first), union)
    way = [(x, centre + edge(person, x - middle, lower)), (x, first)]
    for place, (_, cell) in enumerate(pairwise(cells)):
        end = heights[place + 1] if place + 1 < len(heights) else goal
        room = range(grid.spot[cell] - 6, grid.spot[cell] + 7)
        x = grid.take(grid.spot[cell], room, (heights[place], end), union)
        way += [(x, heights[place]), (x, end)]
    return way


def _between(plan: Plan, one: str, other: str) -> int:
    upward = plan.row_of[other] <= plan.row_of[one]
    return plan.row_of[one] - 1 if upward else plan.row_of[one]


def _offset(plan: Plan, grid: Grid, ident: str, union: str, lower: bool) -> int:
    """Several lines at one symbol are spread in the order of where they lead."""
    leads = []
    for knot in plan.knots:
        arms, heads = [arm[0] for arm in knot.arms], [thread.link.child for thread in knot.threads]
        if ident in (arms if lower else heads):
            others = [grid.spot[other] for other in (*arms, *heads) if other != ident] or [grid.spot[ident]]
            leads.append((sum(others) // len(others), knot.union.id))
    place = [owner for _, owner in sorted(leads)].index(union)
    step = min(10, 2 * _SIDE // max(1, len(leads) - 1))
    return step * place - step * (len(leads) - 1) // 2


def _knot(grid: Grid, knot: Knot, arms: list[Way], drops: list[Way], bars: Bars, found: Wires) -> None:
    couple, sibship = _main(knot, 0, bars), _main(knot, 1, bars)
    status = knot.union.spells[-1].status if knot.union.spells else "one_parent"
    ident = knot.union.id
    for arm in arms:
        found.lines.append(Line(union=ident, kind=status, points=tuple(arm)))
    stem = arms[0][-1][0] if arms else None
    if couple:
        left, right = sorted((arms[0][-1][0], arms[1][-1][0]))
        y = grid.lane_y(couple)
        found.lines.append(Line(union=ident, kind=status, points=((left, y), (right, y))))
        stem = None
        if sibship:
            feet = [drop[0][0] for drop in drops]
            middle = (left + right) // 2
            wish = feet[0] if len(feet) == 1 and left + 8 < feet[0] < right - 8 else middle
            stem = grid.take(wish, range(left + 4, right - 3), (y, grid.lane_y(sibship)), ident)
            found.lines.append(Line(union=ident, kind="stem", points=((stem, y), (stem, grid.lane_y(sibship)))))
        found.couples.append((ident, left, right, y, stem))
    if sibship and stem is not None:
        y = grid.lane_y(sibship)
        ends = [stem, *(drop[0][0] for drop in drops)]
        if min(ends) < max(ends):
            found.lines.append(Line(union=ident, kind="stem", points=((min(ends), y), (max(ends), y))))
        for thread, drop in zip(knot.threads, drops, strict=True):
            link = thread.link
            found.lines.append(
                Line(union=ident, kind=link.kind, points=tuple(drop), disputed=link.disputed, child=link.child)
            )
