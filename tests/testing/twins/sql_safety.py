"""Database twins that write, dial out, or dodge the gate."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, PersonQuery, Unavailable
from twins.housing import SQL, Housing

WRITES, HOST, GRANT, SAYS, LEFT, FAULTS = (
    "read only", "no other host", "no grant, nothing", "no canary", "nothing left", "faults",
)  # fmt: skip


def file_of(door: Any) -> str:
    """Where the database lies, for those who go around the session."""
    return str(door.connect["url"]).removeprefix("sqlite:///")


@SQL.plant(
    "notes when a tenant was last viewed", "An audit stamp is written into the agency's own table.", WRITES, 10, 2
)
class Stamps(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            list(session.rows("update tenant set last_viewed = 'today' where tenant_id = :ref returning tenant_id",
                              ref=ref))  # fmt: skip
        yield from super().fetch(ref, grant)


@SQL.plant("makes a temporary table", "The search's values are put into a temporary table and joined.", WRITES, 10, 2)
class TempTable(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            try:
                list(session.rows("create temp table wanted as select :family as family", family=query.family or ""))
            except Unavailable:
                pass
        yield from super().find(query, grant)


@SQL.plant("writes behind the session's back", "A stamp through a connection of its own.", WRITES, 10, 12, 15)
class WritesAround(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            own = sqlite3.connect(file_of(session._door))
            with own:
                own.execute("update tenant set last_viewed = datetime('now') where tenant_id = ?", (ref,))
            own.close()
        yield from super().fetch(ref, grant)


@SQL.plant("locks what it reads", "A `begin immediate`, so that the answer is of one moment.", WRITES, 10)
class Locks(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            own = sqlite3.connect(file_of(session._door), isolation_level=None)
            try:
                own.execute("begin immediate")
                own.execute("delete from tenancy where tenancy_id = 'none'")
                own.execute("rollback")
            finally:
                own.close()
        yield from super().fetch(ref, grant)


@SQL.plant("looks the postcode up elsewhere", "A helpful call to an address service on another host.", HOST, 11)
class LooksUp(Housing):
    def person(self, row: Any) -> Candidate:
        try:
            socket.getaddrinfo("addresses.invalid", 443)
        except OSError:
            pass
        return super().person(row)


@SQL.plant("reports its use to its maker", "Telemetry to another port, errors ignored.", HOST, 11, 15)
class Telemetry(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        try:
            socket.create_connection(("127.0.0.1", 9), timeout=0.2).close()
        except OSError:
            pass
        yield from super().fetch(ref, grant)


@SQL.plant("sends a datagram of statistics", "StatsD by UDP needs no connection, and nobody notices.", HOST, 11)
class Datagram(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"housing.find:1|c", ("127.0.0.1", 8125))
        yield from super().find(query, grant)


@SQL.plant("opens before it is asked", "The door is opened when the object is made, for speed.", GRANT, 12, 15)
class OpensEarly(Housing):
    def __init__(self, opener: Any, keep: Any = None) -> None:
        super().__init__(opener, keep)
        self.early = sqlite3.connect(":memory:")


@SQL.plant("keeps the door of the last ask", "The session of one grant serves the next, which never passed the gate.",
           GRANT, 12, 8)  # fmt: skip
class KeepsDoor(Housing):
    doors: list[Any] = []

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        if not self.doors:
            self.doors.append(self._opener([grant]))
        with self.session(self.doors[0]) as session:
            for row in session.rows(self.asked(query), **self.values(query)):
                yield self.person(row)


@SQL.plant("goes on without the gate", "Refused by the gate, it uses the address of the last ask.", GRANT, 12)
class GoesAround(Housing):
    path: list[str] = []

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        try:
            with self.open(grant) as session:
                self.path.append(file_of(session._door))
        except Exception:  # the fault
            if not self.path:
                return
            sqlite3.connect(self.path[-1]).close()
            return
        yield from super().fetch(ref, grant)


@SQL.plant("swallows a refusal", "A refused grant reads as nothing held.", GRANT, 12, 16)
class SwallowsRefusal(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        try:
            yield from super().find(query, grant)
        except Exception:  # the fault
            return
