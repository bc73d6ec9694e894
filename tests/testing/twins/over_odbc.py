"""The few twins over ODBC whose faults are ODBC's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, PersonQuery, Unavailable
from twins.housing import ODBC, OverOdbc


@ODBC.plant("joins the conditions by or", "As over SQLAlchemy.", "only this person", 8)
class Or(OverOdbc):
    joined = " or "


@ODBC.plant(
    "opens a second connection", "`pyodbc.connect` beside the session, and never closed.", "nothing left", 15, 7, 12
)
class Second(OverOdbc):
    held: list[Any] = []

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        from mash_trawl.transports import odbc_drivers

        with self.open(grant) as session:
            connect = session._door.connect
            own = odbc_drivers.pyodbc().connect(f"DRIVER={connect['driver']};DATABASE={connect['database']}")
            self.held.append(own)
        yield from super().fetch(ref, grant)


@ODBC.plant("takes a lost connection for the end", "The driver's error is caught in the row loop.", "faults", 16)
class Lost(OverOdbc):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        try:
            yield from super().rows(session, category, ref, grant)
        except Unavailable:
            return


@ODBC.plant("puts the surname into the statement", "Some drivers bind badly, so it was written in.", "hostile names", 9)
class WrittenIn(OverOdbc):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        safe = (query.family or "").replace("'", "''").replace(":", "").replace("?", "")
        statement = self.asked(query).replace(":family", f"'{safe}'")
        values = {name: value for name, value in self.values(query).items() if f":{name}" in statement}
        with self.open(grant) as session:
            for row in session.rows(statement, **values):
                yield self.person(row)
