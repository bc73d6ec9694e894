"""The order inside the rows: couples side by side, siblings together and by age, homes unbroken, few crossings.

A local search over moves of one to three neighbours. It is deterministic and bounded, and it only ever improves the
cost below; correctness does not rest on it, because lines never run through people whatever the order is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from mash_trawl.render.plan import CORRIDOR, Knot, Plan

COUPLE_APART, STRANGER, CROSSING, HOME_SPLIT, BIRTH_ORDER, LENGTH = 34, 16, 20, 6, 12, 1
_ROUNDS = 12


def arrange(plan: Plan) -> None:
    """Improve `plan.rows` in place until no move helps (or the round limit)."""
    cost = Cost(plan)
    best = cost.total(plan.rows)
    for _ in range(_ROUNDS):
        start = best
        for row in range(len(plan.rows)):
            best = _improve_row(plan, row, cost, best)
        if best == start:
            return


def _improve_row(plan: Plan, row: int, cost: Cost, best: int) -> int:
    for size in (1, 2, 3):
        place = 0
        while place + size <= len(plan.rows[row]):
            cells = plan.rows[row]
            block, rest = cells[place : place + size], cells[:place] + cells[place + size :]
            winner = cells
            for spot in range(len(rest) + 1):
                for turned in (block, block[::-1]) if size > 1 else (block,):
                    plan.rows[row] = rest[:spot] + turned + rest[spot:]
                    now = cost.total(plan.rows)
                    if now < best:
                        best, winner = now, plan.rows[row]
            plan.rows[row] = winner
            place += 1
    return best


class Cost:
    """What is wrong with an order, in points."""

    def __init__(self, plan: Plan) -> None:
        self._knots = plan.knots
        self._homes = [members for members in plan.homes.values() if len(members) > 1]
        self._tops = [tuple(arm[-1] for arm in knot.arms) for knot in plan.knots]
        self._chains = [cells for knot in plan.knots for cells in self._chain(knot)]
        self._heads = [[thread.cells[0] for thread in knot.threads] for knot in plan.knots]
        self._sibs = [self._siblings(knot, plan) for knot in plan.knots]

    @staticmethod
    def _chain(knot: Knot) -> Iterable[tuple[str, ...]]:
        yield from (arm for arm in knot.arms if len(arm) > 1)
        yield from (thread.cells for thread in knot.threads if len(thread.cells) > 1)

    @staticmethod
    def _siblings(knot: Knot, plan: Plan) -> list[tuple[str, str]]:
        children = [(plan.age[thread.link.child], thread.link.child) for thread in knot.threads]
        direct = [(age, child) for age, child in children if plan.row_of[child] == knot.channel + 1]
        return [(age, child) for age, child in sorted(direct)]

    def total(self, rows: list[list[str]]) -> int:
        """All points of one order; lower is better."""
        spot = {cell: place for row in rows for place, cell in enumerate(row)}
        wide = {cell: 1000 * (2 * place + 1) // (2 * len(row)) for row in rows for place, cell in enumerate(row)}
        points = 0
        for tops in self._tops:
            if len(tops) == 2:
                points += COUPLE_APART * (abs(spot[tops[0]] - spot[tops[1]]) - 1)
        for siblings in self._sibs:
            places = [spot[child] for _, child in siblings]
            if len(places) > 1:
                points += STRANGER * (max(places) - min(places) + 1 - len(places))
                points += BIRTH_ORDER * sum(
                    one > other and siblings[i][0] < siblings[j][0]
                    for i, one in enumerate(places)
                    for j, other in enumerate(places[i + 1 :], i + 1)
                )
        points += self._crossings(spot, wide) + self._splits(rows)
        points += sum(abs(wide[a] - wide[b]) // 100 for chain in self._chains for a, b in itertools.pairwise(chain))
        return points

    def _crossings(self, spot: dict[str, int], wide: dict[str, int]) -> int:
        """Lines from the middle of a union to its children that would cross another union's, and their slant."""
        points = 0
        lines: dict[int, list[tuple[int, int, int]]] = {}
        for number, knot in enumerate(self._knots):
            tops, heads = self._tops[number], self._heads[number]
            middle = sum(2 * spot[top] for top in tops) // len(tops)
            slant = sum(wide[top] for top in tops) // len(tops)
            lines.setdefault(knot.channel, []).extend((middle, spot[head], number) for head in heads)
            if heads:
                points += LENGTH * abs(slant - sum(wide[head] for head in heads) // len(heads)) // 100
        for group in lines.values():
            for place, (top, foot, owner) in enumerate(group):
                points += CROSSING * sum(
                    (top - other_top) * (foot - other_foot) < 0
                    for other_top, other_foot, other in group[place + 1 :]
                    if other != owner
                )
        return points

    def _splits(self, rows: list[list[str]]) -> int:
        points = 0
        for members in self._homes:
            for row in rows:
                inside = [cell in members for cell in row if not cell.startswith(CORRIDOR)]
                runs = sum(now and not before for before, now in zip([False, *inside], inside, strict=False))
                points += HOME_SPLIT * max(0, runs - 1)
        return points
