"""Which row everybody stands in: children one below their parents, partners and siblings level.

Where the statements contradict each other (two people each said to be the other's parent, an uncle and niece as a
couple) the weaker one gives way, and that is reported in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mash_trawl.model.family import Family

Demand = tuple[str, str, int, str]
"""(one, other, how many rows `other` stands below `one`, what to say if it cannot be)."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ranks:
    """Row of each person (0 is the oldest); people without any tie stand in `apart`. `relaxed` says what gave way."""

    row: dict[str, int]
    apart: tuple[str, ...]
    relaxed: tuple[str, ...]


class _Levels:
    """Union-find that keeps how many rows lie between two people of one group."""

    def __init__(self, people: Iterable[str]) -> None:
        self.parent = {ident: ident for ident in people}
        self.offset = dict.fromkeys(self.parent, 0)

    def find(self, ident: str) -> tuple[str, int]:
        """The group's head and how far below it the person stands."""
        down = 0
        while self.parent[ident] != ident:
            down += self.offset[ident]
            ident = self.parent[ident]
        return ident, down

    def demand(self, one: str, other: str, rows: int) -> bool:
        """Put `other` `rows` below `one`; False if that contradicts what is already so."""
        (head, down), (tail, depth) = self.find(one), self.find(other)
        if head == tail:
            return depth - down == rows
        self.parent[tail] = head
        self.offset[tail] = down + rows - depth
        return True


def rank(family: Family) -> Ranks:
    """Rows for everybody. Child links come first, then couples, then other ties.

    Where something gave way, the other way round is tried too; the one with fewer children level with or above a
    parent wins.
    """
    demands = list(_demands(family))
    first = _settle(family, demands)
    if not first.relaxed:
        return first
    gave_way = [demand for demand in demands if demand[3] in first.relaxed and demand[2] == 1]
    second = _settle(family, [*gave_way, *(demand for demand in demands if demand not in gave_way)])
    return min(first, second, key=lambda ranks: _upside_down(family, ranks))


def _settle(family: Family, demands: Iterable[Demand]) -> Ranks:
    people = [person.id for person in family.people]
    levels = _Levels(people)
    relaxed = [words for one, other, rows, words in demands if not levels.demand(one, other, rows)]
    heads = {ident: levels.find(ident) for ident in people}
    tops: dict[str, int] = {}
    size: dict[str, int] = {}
    for head, down in heads.values():
        tops[head] = min(tops.get(head, down), down)
        size[head] = size.get(head, 0) + 1
    row = {ident: down - tops[head] for ident, (head, down) in heads.items() if size[head] > 1}
    apart = tuple(ident for ident in people if ident not in row)
    return Ranks(row=row, apart=apart, relaxed=tuple(dict.fromkeys(relaxed)))


def _upside_down(family: Family, ranks: Ranks) -> int:
    partners = {union.id: union.partners for union in family.unions}
    return sum(
        ranks.row.get(link.child, 0) <= ranks.row.get(parent, 0)
        for link in family.children
        for parent in partners[link.union]
    )


def _demands(family: Family) -> Iterable[Demand]:
    name = {person.id: person.name for person in family.people}
    partners = {union.id: union.partners for union in family.unions}
    order = ("birth", "not_stated", "adopted", "special_guardianship", "kinship", "step", "fostered")
    for link in sorted(family.children, key=lambda link: (link.disputed, order.index(link.kind))):
        for parent in partners[link.union]:
            words = f"{name[link.child]} is not drawn one row below {name[parent]}: other stated ties prevent it."
            yield parent, link.child, 1, words
    for union in family.unions:
        if len(union.partners) == 2:
            one, other = union.partners
            yield one, other, 0, f"{name[one]} and {name[other]} are a couple drawn in different rows."
    for tie in family.ties:
        if tie.kind == "sibling":
            words = f"{name[tie.from_]} and {name[tie.to]} are stated to be siblings but drawn in different rows."
            yield tie.from_, tie.to, 0, words
        if tie.kind == "grandparent":
            words = f"{name[tie.to]} is not drawn two rows below the grandparent {name[tie.from_]}."
            yield tie.from_, tie.to, 2, words
