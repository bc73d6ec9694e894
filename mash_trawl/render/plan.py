"""What is to be drawn, before any place is chosen: cells in rows, and one knot for each union.

A line that passes a row uses a corridor: a narrow cell of its own, so that it never runs through a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.family import ChildLink, Family, FamilyPerson, FamilyUnion
from mash_trawl.render.ranks import Ranks, rank

CORRIDOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Thread:
    """One child link: the cells it passes after it leaves the union's channel, the child last."""

    link: ChildLink
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Knot:
    """A union in the channel below row `channel`. Each arm runs from a partner, through corridors, to that row."""

    union: FamilyUnion
    channel: int
    arms: tuple[tuple[str, ...], ...]
    threads: tuple[Thread, ...]


@dataclass(slots=True, kw_only=True, repr=False)
class Plan:
    """Rows of cells (people and corridors), top row first, and the knots between them."""

    family: Family
    ranks: Ranks
    rows: list[list[str]]
    row_of: dict[str, int]
    knots: tuple[Knot, ...]
    homes: dict[str, frozenset[str]]
    age: dict[str, str]

    @property
    def people(self) -> dict[str, FamilyPerson]:
        """Everybody, by id."""
        return {person.id: person for person in self.family.people}


def plan(family: Family) -> Plan:
    """Rows, corridors and knots; the order inside the rows is a first one, by descent and age.

    A child in the top row (its parents stand lower, because statements contradict each other) needs a row above it
    for its line to turn in.
    """
    ranks = rank(family)
    first = int(any(ranks.row.get(link.child) == 0 for link in family.children))
    row_of = {ident: row + first for ident, row in ranks.row.items()}
    row_of |= dict.fromkeys(ranks.apart, max(row_of.values(), default=-1) + 1)
    knots = tuple(_knot(union, family, row_of) for union in family.unions)
    age = {person.id: _age(person) for person in family.people}
    rows: list[list[str]] = [[] for _ in range(max(row_of.values(), default=0) + 1)]
    for ident in _descent(family, row_of, age):
        rows[row_of[ident]].append(ident)
    for knot in knots:
        for cells in (*knot.arms, *(thread.cells for thread in knot.threads)):
            for cell in cells:
                if cell.startswith(CORRIDOR):
                    rows[row_of[cell]].append(cell)
    homes: dict[str, frozenset[str]] = {
        home.letter: frozenset(member.person for member in home.members) for home in family.households
    }
    return Plan(family=family, ranks=ranks, rows=rows, row_of=row_of, knots=knots, homes=homes, age=age)


def _age(person: FamilyPerson) -> str:
    """Sorts the oldest first; the unborn and those of unknown age come last."""
    if person.born and person.born.earliest:
        return person.born.earliest
    return (person.due.earliest or "9998") if person.due else "9999"


def _knot(union: FamilyUnion, family: Family, row_of: dict[str, int]) -> Knot:
    channel = max(row_of[ident] for ident in union.partners)
    arms = tuple(
        (ident, *_corridors(union.id, ident, range(row_of[ident] + 1, channel + 1), row_of)) for ident in union.partners
    )
    threads = []
    for place, link in enumerate(link for link in family.children if link.union == union.id):
        target = row_of[link.child] - 1
        rows = range(channel + 1, target + 1) if target >= channel else range(channel, target, -1)
        cells = _corridors(f"{union.id}.{place}", link.child, rows, row_of)
        threads.append(Thread(link=link, cells=(*cells, link.child)))
    return Knot(union=union, channel=channel, arms=arms, threads=tuple(threads))


def _corridors(owner: str, ident: str, rows: range, row_of: dict[str, int]) -> tuple[str, ...]:
    names = tuple(f"{CORRIDOR}{owner}|{ident}|{row}" for row in rows)
    row_of.update(zip(names, rows, strict=True))
    return names


def _descent(family: Family, row_of: dict[str, int], age: dict[str, str]) -> list[str]:
    """Everybody once: down from the oldest row, partner beside partner, children by age."""
    seen: dict[str, None] = {}
    unions: dict[str, list[FamilyUnion]] = {person.id: [] for person in family.people}
    for union in family.unions:
        for ident in union.partners:
            unions[ident].append(union)

    def visit(ident: str) -> None:
        if ident in seen:
            return
        seen[ident] = None
        for union in unions[ident]:
            for other in union.partners:
                visit(other)
            children = [link.child for link in family.children if link.union == union.id]
            for child in sorted(children, key=lambda child: (age[child], child)):
                visit(child)

    for person in sorted(family.people, key=lambda person: (row_of[person.id], age[person.id], person.id)):
        visit(person.id)
    return list(seen)
