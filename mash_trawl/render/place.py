"""Where every cell stands: sizes from the shipped letter widths, x by pooling neighbours that want the same place."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from mash_trawl.model.family import FamilyPerson
from mash_trawl.render.metrics import text_width, wrap
from mash_trawl.render.plan import CORRIDOR, Plan
from mash_trawl.render.safe import visible

HALF = 20
"""Half the side of a symbol."""
NAME, SMALL, LEADING = 13, 11, 15
_EDGE, _TEXT_GAP, _NAME_LIMIT, _GAP = 18, 8, 132, 14
_SWEEPS = 16
_PULL = 0.75
"""How far apart a couple or sibship may stay in one sweep; below 1 it draws together."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Cell:
    """One cell: how far it reaches to the left and right of its symbol's middle, and its lines of text."""

    left: int
    right: int
    name: tuple[str, ...] = ()
    small: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """What the text or the symbol needs, whichever is more."""
        return max(2 * HALF, LEADING * (len(self.name) + len(self.small)) + 4)


def cells(plan: Plan) -> dict[str, Cell]:
    """A cell for everybody and for every corridor."""
    people = plan.people
    letters = {ident: [letter for letter, members in plan.homes.items() if ident in members] for ident in people}
    return {
        cell: Cell(left=9, right=9) if cell.startswith(CORRIDOR) else _cell(people[cell], letters[cell])
        for row in plan.rows
        for cell in row
    }


def _cell(person: FamilyPerson, letters: Sequence[str]) -> Cell:
    name = wrap(visible(person.name), NAME, _NAME_LIMIT, bold=True)
    small = tuple(line for text in labels(person, letters) for line in wrap(visible(text), SMALL, _NAME_LIMIT))
    width = max(
        [text_width(line, NAME, bold=True) for line in name] + [text_width(line, SMALL) for line in small] + [24]
    )
    return Cell(left=HALF + _EDGE, right=HALF + _TEXT_GAP + width + _EDGE, name=name, small=small)


def labels(person: FamilyPerson, letters: Sequence[str]) -> tuple[str, ...]:
    """What stands beside a symbol under the name. Dates as given; alleged is said to be alleged."""
    lines = []
    if person.born:
        lines.append(f"born {person.born.shown}")
    elif person.due:
        lines.append(f"due {person.due.shown}")
    if person.died:
        lines.append(f"died {person.died.shown}")
    if "alleged_source_of_harm" in person.roles:
        lines.append("alleged source of harm")
    if person.found_by:
        lines.append(f"mentioned by {person.found_by}")
    if person.address_withheld:
        lines.append("address withheld")
    if letters:
        lines.append("home " + " and ".join(letters))
    return tuple(lines)


def settle(plan: Plan, sizes: dict[str, Cell]) -> dict[str, int]:
    """The x of every cell's middle: parents over children and the reverse in turn; rows keep their order."""
    spot: dict[str, float] = {}
    for row in plan.rows:
        here = 0.0
        for cell in row:
            spot[cell] = here + sizes[cell].left
            here += sizes[cell].left + sizes[cell].right + _GAP
    for sweep in range(_SWEEPS):
        wishes = _wishes(plan, spot, down=sweep % 2 == 0)
        for row in plan.rows:
            _settle_row(row, sizes, spot, wishes)
    least = min((spot[cell] - sizes[cell].left for cell in spot), default=0.0)
    return {cell: round(place - least) for cell, place in spot.items()}


def _wishes(plan: Plan, spot: dict[str, float], down: bool) -> dict[str, list[float]]:
    """Where cells would like to be: a sibship under its union, or a couple over its sibship, moved as one."""
    wishes: dict[str, list[float]] = {}
    for knot in plan.knots:
        tops = [arm[-1] for arm in knot.arms]
        heads = [thread.cells[0] for thread in knot.threads]
        if heads:
            middle = sum(spot[top] for top in tops) / len(tops)
            below = (min(spot[head] for head in heads) + max(spot[head] for head in heads)) / 2
            movers, here, goal = (heads, below, middle) if down else (tops, middle, below)
            for mover in movers:
                wishes.setdefault(mover, []).append(goal + _PULL * (spot[mover] - here))
        for chain in (*knot.arms, *(thread.cells for thread in knot.threads)):
            for one, other in itertools.pairwise(chain):
                wishes.setdefault(other, []).append(spot[one])
                wishes.setdefault(one, []).append(spot[other])
    return wishes


def _settle_row(row: list[str], sizes: dict[str, Cell], spot: dict[str, float], wishes: dict[str, list[float]]) -> None:
    """Least squares under "keep the order and the distance": pool adjacent violators."""
    base, here = [], 0.0
    for place, cell in enumerate(row):
        if place:
            here += sizes[row[place - 1]].right + sizes[cell].left + _GAP
        base.append(here)
    blocks: list[list[float]] = []
    for place, cell in enumerate(row):
        asked = wishes.get(cell)
        wish = sum(asked) / len(asked) if asked else spot[cell]
        weight = 1.0 if asked else 0.05
        blocks.append([(wish - base[place]) * weight, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    place = 0
    for total, weight, count in blocks:
        for _ in range(int(count)):
            spot[row[place]] = total / weight + base[place]
            place += 1
