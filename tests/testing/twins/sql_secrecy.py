"""Database twins that talk too much, leave things open, or hide a failure."""

from __future__ import annotations

import logging
import socket
import sqlite3
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, PersonQuery, Unavailable
from twins.housing import SQL, Housing
from twins.sql_safety import file_of

WRITES, HOST, GRANT, SAYS, LEFT, FAULTS = (
    "read only", "no other host", "no grant, nothing", "no canary", "nothing left", "faults",
)  # fmt: skip


@SQL.plant("prints what it found", "A `print` from an afternoon's debugging.", SAYS, 13)
class Prints(Housing):
    def person(self, row: Any) -> Candidate:
        print(f"found {row.forename} {row.surname}")  # the fault
        return super().person(row)


@SQL.plant("writes to stderr", "Progress, with the birthday in it.", SAYS, 13)
class Stderr(Housing):
    def person(self, row: Any) -> Candidate:
        sys.stderr.write(f"row {row.dob}\n")
        return super().person(row)


@SQL.plant("logs the query at debug", "Nobody sees it, until somebody turns debugging on.", SAYS, 13)
class LogsDebug(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        logging.getLogger("housing").debug("asked with %s", self.values(query))
        yield from super().find(query, grant)


@SQL.plant("logs one record as an extra", "The text is clean; the field beside it is not.", SAYS, 13)
class LogsExtra(Housing):
    def person(self, row: Any) -> Candidate:
        logging.getLogger("housing.rows").info("a row", extra={"tenant": f"{row.surname}, {row.dob}"})
        return super().person(row)


@SQL.plant("warns with a name", "`warnings.warn` about an odd record.", SAYS, 13)
class Warns(Housing):
    def person(self, row: Any) -> Candidate:
        warnings.warn(f"no middle name: {row.surname}", stacklevel=1)
        return super().person(row)


@SQL.plant("names the person in an error", "`Unavailable(f'no answer for {name}')`.", SAYS, 13)
class NamesInError(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        try:
            yield from super().rows(session, category, ref, grant)
        except Unavailable as error:
            raise RuntimeError("failed for Aisha Khan, 9990000018") from error


@SQL.plant("carries the query in the cause", "The outer error is clean; the one behind it has the values.", SAYS, 13)
class Chained(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        try:
            yield from super().find(query, grant)
        except Unavailable as error:
            try:
                raise LookupError(repr(self.values(query)))
            except LookupError as behind:
                raise error from behind


@SQL.plant("shows the query in its repr", "A dataclass that holds the last query.", SAYS, 13)
class Shows(Housing):
    last: Any = None

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        self.last = self.values(query)
        yield from super().find(query, grant)

    def __repr__(self) -> str:
        return f"Housing(last={self.last})"


@SQL.plant("leaves a temporary file with names", "An export for a colleague, under /tmp.", SAYS, 13, 15)
class TempFile(Housing):
    def person(self, row: Any) -> Candidate:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as out:
            out.write(f"{row.forename},{row.surname},{row.nhs_no}\n")
        return super().person(row)


@SQL.plant("names a file after the child", "The content is empty; the name says who.", SAYS, 13, 15)
class FileName(Housing):
    def person(self, row: Any) -> Candidate:
        with Path(tempfile.gettempdir(), f"{row.surname}-{row.nhs_no}.lock").open("w"):
            pass
        return super().person(row)


@SQL.plant("logs its connection", "The URL with its password, to see which replica it was.", SAYS, 13)
class LogsSecret(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            logging.getLogger("housing").info("connected with %s", dict(session._door.connect))
        yield from super().find(query, grant)


@SQL.plant("names its thread after the person", "It shows in every stack dump.", SAYS, 13, 15)
class ThreadName(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        was = threading.current_thread().name
        threading.current_thread().name = f"find {query.family}"
        logging.getLogger("housing").debug("asked")
        threading.current_thread().name = was
        yield from super().find(query, grant)


@SQL.plant("leaves a thread running", "A heartbeat that nobody stops.", LEFT, 15)
class LeavesThread(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        threading.Thread(target=threading.Event().wait, args=(2,), daemon=True, name="heartbeat").start()
        yield from super().find(query, grant)


@SQL.plant("leaves a socket open", "A warm line to the source, held in a list.", LEFT, 15)
class LeavesSocket(Housing):
    held: list[Any] = []

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        self.held.append(socket.socket())
        yield from super().find(query, grant)


@SQL.plant("leaves a file open", "A lock file that is never closed.", LEFT, 15)
class LeavesFile(Housing):
    held: list[Any] = []

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        self.held.append(open("/dev/null", "rb"))  # the fault
        yield from super().fetch(ref, grant)


@SQL.plant("leaves a second connection open", "A cursor of its own for look-ups, never closed.", LEFT, 15, 7, 12)
class LeavesConnection(Housing):
    held: list[Any] = []

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            own = sqlite3.connect(file_of(session._door))
            self.held.append(own.execute("select code from (select 1 as code)"))
        yield from super().fetch(ref, grant)


@SQL.plant("never leaves the session", "`open(...).__enter__()` without `with`.", LEFT, 15)
class NeverLeaves(Housing):
    held: list[Any] = []

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        way = self.open(grant)
        session = way.__enter__()
        self.held.append(way)
        for category in self.granted(grant):
            for row in self.rows(session, category, ref, grant):
                if (found := self.read(category, ref, row)) and self.inside(found, category, grant):
                    yield found


@SQL.plant("takes every error for nothing held", "`except Exception: return`.", FAULTS, 16)
class Swallows(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        try:
            yield from super().fetch(ref, grant)
        except Exception:  # the fault
            return


@SQL.plant("takes a broken answer for a short one", "What came before the break is kept as if it were all.", FAULTS, 16)
class KeepsHalf(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        rows = super().rows(session, category, ref, grant)
        while True:
            try:
                row = next(rows)
            except (StopIteration, Unavailable):
                return
            yield row


@SQL.plant("goes on to the next category after an error", "One table is missing; the others stand for all.", FAULTS, 16)
class NextCategory(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            for category in self.granted(grant):
                try:
                    rows = list(self.rows(session, category, ref, grant))
                except Unavailable:
                    rows = []
                for row in rows:
                    if (found := self.read(category, ref, row)) and self.inside(found, category, grant):
                        yield found


@SQL.plant("raises its own error for a fault", "A bare RuntimeError says nothing to anybody.", FAULTS, 16)
class OwnError(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        try:
            yield from super().fetch(ref, grant)
        except Unavailable:
            raise RuntimeError("database") from None


@SQL.plant("takes a locked database for an empty one", "It sees no answer, and says that nobody is held.", FAULTS, 16)
class LockedIsNobody(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        try:
            yield from super().find(query, grant)
        except Unavailable as error:
            if "lock" in str(error.why) or "server" in str(error.why):
                return
            raise
