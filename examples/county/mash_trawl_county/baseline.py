"""The script that a hub might write in an afternoon: same given name, family name and birth date, and everything.

It reads each system's data as the system holds them, takes every record of whoever agrees exactly, and never asks
whether it may. The scorer measures it beside the product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from mash_trawl_county.systems import SYSTEMS
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.truth import Truth

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

Key = tuple[str, str, str, date]


class ExactMatch:
    """Everybody of every system by exactly what it holds."""

    def __init__(self, built: Built, truth: Truth) -> None:
        self.truth = truth
        self._by_key: dict[Key, list[str]] = defaultdict(list)
        for system in SYSTEMS:
            for ident in truth.held[system]:
                own = held_as(truth.people[ident], system, built.spelling)
                if own.born:
                    self._by_key[system, own.given.casefold(), own.family.casefold(), own.born].append(ident)

    def run(self, file: Mapping[str, Any]) -> Iterable[tuple[str, str, str, str, str]]:
        """(system, case person, human taken, category, record) of everything that it would bring."""
        for person in file["people"]:
            name = (person.get("names") or [{}])[0]
            born = str(person.get("born", ""))
            if len(born) != 10 or not name:
                continue
            for system in SYSTEMS:
                key = (
                    system,
                    str(name["given"][0]).casefold(),
                    str(name["family"]).casefold(),
                    date.fromisoformat(born),
                )
                for human in self._by_key.get(key, ()):
                    for trace in self.truth.about(human):
                        if trace.system == system:
                            yield system, person["id"], human, trace.category, trace.ref
