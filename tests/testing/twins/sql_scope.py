"""Database twins that ask or say more than was granted, or lose what was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from mash_trawl.api import Finding, Grant
from twins.housing import SQL, Housing

GRANTED, DAYS, ROWS = "granted categories", "date window", "row budget"


@SQL.plant("fetches all and filters afterwards", "Nothing wrong comes out, but everything was read.", GRANTED, 5)
class FiltersAfter(Housing):
    def granted(self, grant: Grant) -> list[str]:
        return sorted(self.offers)

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        return found.category in grant.categories and super().inside(found, category, grant)


@SQL.plant("fetches all and filters nothing", "`grant.categories` was never looked at.", GRANTED, 5)
class All(Housing):
    def granted(self, grant: Grant) -> list[str]:
        return sorted(self.offers)


@SQL.plant(
    "joins another category's table", "Tenancies are read with a left join to the cases, for a count.", GRANTED, 5
)
class Joined(Housing):
    statements = {
        **Housing.statements,
        "housing.tenancy": Housing.statements["housing.tenancy"].replace(
            "tenure_code from tenancy",
            "tenure_code, (select count(*) from asb_case where asb_case.tenant_id = tenancy.tenant_id) as cases"
            " from tenancy",
        ),
    }


@SQL.plant(
    "labels one category as another", "Homelessness goes out as a tenancy matter, which was granted.", GRANTED, 5
)
class Relabelled(Housing):
    def granted(self, grant: Grant) -> list[str]:
        held = set(grant.categories & self.offers)
        return sorted(held | ({"housing.homelessness"} if "housing.tenancy" in held else set()))


@SQL.plant("fetches one too many always", "The basics are always fetched, whatever was granted.", GRANTED, 5)
class Basics(Housing):
    def granted(self, grant: Grant) -> list[str]:
        return sorted((grant.categories | {"housing.tenancy"}) & self.offers)


@SQL.plant("ignores the period", "Everything ever recorded comes.", DAYS, 6)
class NoPeriod(Housing):
    since_test = until_test = ""

    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        return session.rows(self.statements[category].format(period=""), ref=ref)

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        return True


@SQL.plant("ignores the period of one category", "Tenancies are short lists, so why bind days.", DAYS, 6)
class NoPeriodForOne(Housing):
    statements = {
        **Housing.statements, "housing.asb": Housing.statements["housing.asb"].replace("{period}", ""),
    }  # fmt: skip

    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        if category == "housing.asb":
            return session.rows(self.statements[category], ref=ref)
        return super().rows(session, category, ref, grant)


@SQL.plant("uses the widest period for all", "`grant.since` in place of `grant.period(category)`.", DAYS, 6)
class Widest(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        return super().rows(session, category, ref, Wide(grant))

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        return super().inside(found, category, Wide(grant))


class Wide:
    """A grant as this author reads it."""

    def __init__(self, grant: Grant) -> None:
        self.days = (grant.since, grant.until)

    def period(self, category: str) -> tuple[date | None, date | None]:
        return self.days


@SQL.plant("ignores the last day", "Only `since` is bound.", DAYS, 6)
class NoUntil(Housing):
    until_test = ""

    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        since, _ = grant.period(category)
        bound = {"since": since.isoformat()} if since else {}
        period = self.since_test.format(last=self.days[category][1]) if since else ""
        return session.rows(self.statements[category].format(period=period), ref=ref, **bound)

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        return True


@SQL.plant("loses the first day", "`>` in place of `>=`.", DAYS, 6)
class AfterSince(Housing):
    since_test = Housing.since_test.replace(">= :since", "> :since")


@SQL.plant("loses the last day", "`<` in place of `<=`.", DAYS, 6)
class BeforeUntil(Housing):
    until_test = Housing.until_test.replace("<= :until", "< :until")


@SQL.plant("adds a day to be safe", "One day before the period comes too.", DAYS, 6)
class SpareDay(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        since, until = grant.period(category)
        first, last = self.days[category]
        bound = {"ref": ref} | ({"since": (since - timedelta(days=1)).isoformat()} if since else {})
        bound |= {"until": (until + timedelta(days=1)).isoformat()} if until else {}
        period = (self.since_test.format(last=last) if since else "") + (
            self.until_test.format(first=first) if until else ""
        )
        return session.rows(self.statements[category].format(period=period), **bound)

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        return True


@SQL.plant("asks by the day it began", "A tenancy that began before the period and lasts is lost.", DAYS, 6)
class Began(Housing):
    days = {name: (first, first) for name, (first, _) in Housing.days.items()}


@SQL.plant("loses what has no end", "`ended >= :since` is not true of null: the present home is lost.", DAYS, 6)
class NoOpenEnd(Housing):
    since_test = " and substr({last}, 1, 10) >= :since"


@SQL.plant("compares day-first text", "`01/12/2021` sorts before `12/08/2019`.", DAYS, 6)
class DayFirstText(Housing):
    days = {**Housing.days, "housing.homelessness": ("decided_on", "decided_on")}

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        return True


@SQL.plant("takes the last ten", "`limit 10` in the statement, and nobody is told.", ROWS, 7)
class Limited(Housing):
    statements = {name: sql + " limit 10" for name, sql in Housing.statements.items()}


@SQL.plant("stops at a hundred by itself", "`islice(rows, 100)`: the rest is lost without a word.", ROWS, 7)
class Sliced(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        return islice(super().rows(session, category, ref, grant), 100)


@SQL.plant("reads past the gate", "A second connection of its own, whose rows nobody counts.", ROWS, 7, 12, 15)
class OwnConnection(Housing):
    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        import sqlite3

        door = session._door
        own = sqlite3.connect(door.connect["url"].removeprefix("sqlite:///"))
        own.row_factory = lambda cursor, values: Plain({item[0]: value for item, value in
                                                        zip(cursor.description, values, strict=True)})  # fmt: skip
        try:
            yield from own.execute(self.statements[category].format(period=""), {"ref": ref}).fetchall()
        finally:
            own.close()


class Plain:
    """A row by name."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


@SQL.plant("reads the whole table", "Every tenancy in the county is read, and filtered in Python.", GRANTED, 5, 8, 19)
class WholeTable(Housing):
    statements = {
        **Housing.statements,
        "housing.tenancy": Housing.statements["housing.tenancy"].replace(
            "where tenant_id in (select tenant_id from tenant where tenant_id = :ref or merged_into = :ref)",
            "where :ref is not null",
        ),
    }

    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        for row in super().rows(session, category, ref, grant):
            if row.tenant_id == ref:
                yield row


@SQL.plant("reads all tenants to find one", "Find selects everybody and compares in Python.", WHO := "only this person",
           8, 5, 13)  # fmt: skip
class AllTenants(Housing):
    def asked(self, query: Any) -> str:
        return self.looking.replace("where {tests}", "")

    def find(self, query: Any, grant: Grant) -> Iterator[Any]:
        wanted = self.values(query)
        columns = {"family": "surname", "given": "forename", "born": "dob", "nhs_number": "nhs_no"}
        with self.open(grant) as session:
            for row in session.rows(self.asked(query)):
                held = {field: row[columns.get(field, field)] for field in query.by}
                held = {name: (value or "").replace(" ", "") if name == "postcode" else value for name, value in
                        held.items()}  # fmt: skip
                if held == wanted:
                    yield self.person(row)
