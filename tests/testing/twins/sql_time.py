"""Database twins that do not end, take too much, or try for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, PersonQuery, Unavailable
from twins.housing import SQL, Housing

ENDS, MEMORY, PATIENCE = "deadline and stop", "flat memory", "patience"


@SQL.plant(
    "reads everything before it says anything", "`list(rows)`: a hundred thousand rows are in memory.", MEMORY, 19
)
class Lists(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        return iter(list(super().rows(session, category, ref, grant)))


@SQL.plant("sorts in Python", "`sorted(findings)`: the same, less plainly.", MEMORY, 19)
class Sorts(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        yield from sorted(super().fetch(ref, grant), key=lambda item: (item.category, item.ref))


@SQL.plant("remembers every key", "A set of what was seen, to leave out doubles.", MEMORY, 19)
class Remembers(Housing):
    seen: dict[int, Any] = {}

    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        self.seen[len(self.seen)] = found
        return found

    tenancy_seen: list[Any] = []

    def tenancy(self, ref: str, row: Any) -> Finding | None:
        self.tenancy_seen.append(found := super().tenancy(ref, row))
        return found

    def homelessness(self, ref: str, row: Any) -> Finding | None:
        self.tenancy_seen.append(found := super().homelessness(ref, row))
        return found


@SQL.plant("tries again by itself", "Three more tries, with pauses, that no ledger knows of.", PATIENCE, 18, 14, 16)
class Again(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        for left in (3, 2, 1, 0):
            try:
                yield from super().find(query, grant)
                return
            except Unavailable:
                if not left:
                    raise
                time.sleep(0.05)


@SQL.plant("goes on after the deadline", "A withdrawn grant or a deadline is met with another try.", ENDS, 14, 12)
class GoesOn(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        for _ in range(3):
            try:
                yield from super().fetch(ref, grant)
                return
            except Exception:  # the fault
                continue
        raise Unavailable("server_error")


@SQL.plant("sleeps between categories", "A pause, to be kind to the replica, that nothing ends.", ENDS, 14)
class Sleeps(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        time.sleep(0.5)
        return super().rows(session, category, ref, grant)


@SQL.plant("says nothing after a stop and goes on", "It catches what the stop raises, and yields what it has left.",
           ENDS, 14, 16)  # fmt: skip
class CatchesStop(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            for category in self.granted(grant):
                try:
                    for row in self.rows(session, category, ref, grant):
                        if (found := self.read(category, ref, row)) and self.inside(found, category, grant):
                            yield found
                except Exception:  # the fault
                    continue
