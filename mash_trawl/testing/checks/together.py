"""Columns that are spoiled together because no answer of the source holds two of them: neither can hide the other.

One run then asks what many asked one by one. It counts only as far as it is beyond doubt: everything was asked and
read as in the plain run, and nothing is the matter. Else each of its columns is tried by itself, as if there had been
no such run: what a check finds, and of which column it says so, always comes from a column alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.seen import Twist


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Columns that can be spoiled in one run: how it is asked, and the plain run of the same ask."""

    bench: Bench
    key: tuple[str, ...] | None
    places: tuple[str, ...] | None
    columns: tuple[str, ...]

    @property
    def plain(self) -> Run:
        """The same ask of a source as it is."""
        if self.key is not None:
            return self.bench.once("find", self.key)
        return self.bench.once("fetch", None, self.places) if self.places else self.bench.once("fetch")

    def ask(self, values: dict[str, str]) -> Run:
        """Ask with these values in these columns."""
        twist = Twist(values=values)
        if self.key is not None:
            return self.bench.find(self.key, twist=twist)
        return self.bench.fetch(None, self.places, twist=twist)

    def heard(self, run: Run) -> bool:
        """Was everything asked and read as in the plain run, to its end, and nothing more said or written?

        Else one column may have hidden another: by what it raised, or by a warning that is given once.
        """
        return run.failure is None and self.plain.failure is None and _outside(run) == _outside(self.plain)

    def whole(self, run: Run, others: Iterable[Any]) -> bool:
        """The same and more: as many findings as those, and no row that could not be read."""
        return self.heard(run) and len(run.items) == len(list(others)) and not run.haul.quarantined


def groups(bench: Bench, columns: Iterable[str], key: tuple[str, ...] | None = None) -> Iterator[Group]:
    """The columns of a fetch (of a find, with its `key`), each in one group."""
    base = bench.once("find", key) if key is not None else bench.once("fetch")
    found: dict[tuple[str, ...] | None, list[tuple[list[str], set[str]]]] = {}
    for column in columns:
        stands = {where for where, cells in base.seen.rows if column in cells}
        made = found.setdefault(None if key is not None else bench.where(column), [])
        room = next((one for one in made if not one[1] & stands), None)
        if room is None:
            made.append(([column], stands))
        else:
            room[0].append(column)
            room[1].update(stands)
    for places, made in found.items():
        for names, _ in made:
            yield Group(bench=bench, key=key, places=places, columns=tuple(names))


def _outside(run: Run) -> tuple[Any, ...]:
    seen, said = run.seen, run.said
    told = len(said.log), len(said.warned), said.out, said.err, len(seen.files)
    return [asked.text for asked in seen.asked], seen.drawn, told
