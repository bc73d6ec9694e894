"""The lines: from every partner down to the union's bar, from there down to every child.

All lines are horizontal or vertical. Bars of different unions never share a height where their ranges come near each
other; upright lines of different unions never share a place. So what touches belongs together, and nothing else does.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from mash_trawl.model.family import FamilyPerson
from mash_trawl.render.place import HALF, Cell
from mash_trawl.render.plan import CORRIDOR, Knot, Plan

LANE, TOP, BOTTOM, ENTRY = 13, 16, 14, 18
"""Height of a lane, space above the first and below the last, and the strip over the symbols for entries."""
_NEAR = 26
_CLOSE = 6

Points = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line:
    """One line of one union. `kind` is the couple's status or the child link's kind."""

    union: str
    kind: str
    points: Points
    disputed: bool = False
    child: str | None = None


@dataclass(slots=True, kw_only=True, repr=False)
class Bar:
    """A horizontal piece in a channel: `lane` counts from the top of its half (0 couples, 1 sibships)."""

    union: str
    channel: int
    half: int
    ends: list[str]
    lane: int = 0


@dataclass(slots=True, kw_only=True, repr=False)
class Grid:
    """Heights of rows and channels, and every upright line placed so far: (x, from y, to y, union)."""

    plan: Plan
    sizes: dict[str, Cell]
    spot: dict[str, int]
    top: list[int] = field(default_factory=list)
    bottom: list[int] = field(default_factory=list)
    couples: list[int] = field(default_factory=list)
    uprights: list[tuple[int, int, int, str]] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Where the last row and its channel end."""
        return self.bottom[-1] + (TOP + BOTTOM + self.couples[-1] * LANE if self.couples[-1] else 0)

    def symbol_y(self, cell: str) -> int:
        """The middle of a symbol."""
        return self.top[self.plan.row_of[cell]] + ENTRY + HALF

    def lane_y(self, bar: Bar) -> int:
        """The height of a bar."""
        first = self.bottom[bar.channel] + TOP
        return first + (bar.lane + self.couples[bar.channel] * bar.half) * LANE

    def free(self, x: int, start: int, end: int, union: str) -> bool:
        """True if an upright here stays clear of every other union's."""
        return not any(
            owner != union and abs(x - other) < _CLOSE and start <= last + 4 and first <= end + 4
            for other, first, last, owner in self.uprights
        )

    def take(self, wish: int, reach: range, span: tuple[int, int], union: str) -> int:
        """The free place nearest to the wish within reach; it is then taken."""
        start, end = min(span), max(span)
        spots = sorted((x for x in reach if self.free(x, start, end, union)), key=lambda x: (abs(x - wish), x))
        x = spots[0] if spots else wish
        self.uprights.append((x, start, end, union))
        return x


def edge(person: FamilyPerson, dx: int, lower: bool) -> int:
    """How far above (negative) or below its middle a symbol ends at `dx` from the middle."""
    if person.life == "unborn":
        return HALF if lower else -HALF + 2 * abs(dx)
    if person.sex == "male":
        reach = HALF
    elif person.sex == "female":
        reach = round((HALF * HALF - dx * dx) ** 0.5)
    else:
        reach = HALF - abs(dx)
    return reach if lower else -reach


def bars(knots: tuple[Knot, ...]) -> list[Bar]:
    """Every horizontal piece: couple bars, sibship bars, and jogs between the corridors of long lines."""
    found: list[Bar] = []
    for knot in knots:
        ident = knot.union.id
        if len(knot.arms) > 1:
            found.append(Bar(union=ident, channel=knot.channel, half=0, ends=[arm[-1] for arm in knot.arms]))
        if knot.threads:
            ends = [thread.cells[0] for thread in knot.threads] + [arm[-1] for arm in knot.arms]
            found.append(Bar(union=ident, channel=knot.channel, half=1, ends=ends))
    return found


def jogs(plan: Plan) -> list[Bar]:
    """A jog for each step of a long line: between two corridors, or a corridor and a symbol."""
    found = []
    for knot in plan.knots:
        for arm in knot.arms:
            for one, other in itertools.pairwise(arm):
                found.append(Bar(union=knot.union.id, channel=plan.row_of[one], half=0, ends=[one, other]))
        for thread in knot.threads:
            for one, other in zip(thread.cells, thread.cells[1:], strict=False):
                upward = plan.row_of[other] <= plan.row_of[one]
                channel = plan.row_of[one] - 1 if upward else plan.row_of[one]
                found.append(Bar(union=knot.union.id, channel=channel, half=1, ends=[one, other]))
    return found


def allot(plan: Plan, sizes: dict[str, Cell], spot: dict[str, int], all_bars: list[Bar]) -> Grid:
    """Lanes for all bars (a longer one lies below the shorter ones it covers), then the heights of everything."""
    grid = Grid(plan=plan, sizes=sizes, spot=spot)
    y = 0
    for row, cells in enumerate(plan.rows):
        grid.top.append(y)
        tallest = max((sizes[cell].height for cell in cells if not cell.startswith(CORRIDOR)), default=0)
        y += ENTRY + tallest + 10
        grid.bottom.append(y)
        counts = [_lanes([bar for bar in all_bars if (bar.channel, bar.half) == (row, half)], spot) for half in (0, 1)]
        grid.couples.append(counts[0])
        y += TOP + sum(counts) * LANE + BOTTOM if sum(counts) else 24
    return grid


def _lanes(group: list[Bar], spot: dict[str, int]) -> int:
    def span(bar: Bar) -> tuple[int, int]:
        places = [spot[cell] for cell in bar.ends]
        return min(places) - _NEAR, max(places) + _NEAR

    group.sort(key=lambda bar: (span(bar)[1] - span(bar)[0], span(bar)[0], bar.union))
    for place, bar in enumerate(group):
        start, end = span(bar)
        below = [other.lane for other in group[:place] if span(other)[0] <= end and start <= span(other)[1]]
        bar.lane = max(below, default=-1) + 1
    return max((bar.lane for bar in group), default=-1) + 1
