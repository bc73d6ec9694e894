"""Database twins that read days, keys and codes wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from mash_trawl.api import Candidate, Event, Finding, Grant, PartialDate, PersonQuery, iso_date, uk_date
from twins.housing import KINDS, OUTCOMES, SQL, TENURES, Housing

FACTS, TYPES, KEYS, ORDER = "descriptor", "types", "references", "order"
DATES, FROM, CODES = "dates", "provenance", "codes"


@SQL.plant("reads the month first", "03/04 becomes the fourth of March.", DATES, 20, 8)
class MonthFirst(Housing):
    def born(self, text: str | None) -> PartialDate | None:
        if text and text.count("/") == 2:
            day, month, year = text.split("/")
            if int(day) <= 12:
                day, month = month, day
            return uk_date(f"{day}/{month}/{year}")
        return super().born(text)


@SQL.plant("drops rows with an impossible day", "`except ValueError: continue`, for 31/02.", DATES, 20)
class DropsBadDays(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        try:
            date.fromisoformat(row.opened)
        except (TypeError, ValueError):
            return None
        return super().asb(ref, row)


@SQL.plant("drops people with an impossible birthday", "They are not found at all.", DATES, 20)
class DropsBadBorn(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        for one in super().find(query, grant):
            if one.born is None or one.born.precision == "day":
                yield one


@SQL.plant("loses the hour of summer time", "The first ten letters of an instant in UTC are not our day.", DATES, 20, 6)
class Utc(Housing):
    def instant(self, text: str) -> PartialDate:
        return iso_date(text)


@SQL.plant("shows today for an unknown day", "A default that looks like a date.", DATES, 20)
class Today(Housing):
    def day(self, text: str | None) -> PartialDate:
        found = super().day(text)
        return found if found.earliest else PartialDate.of(date(2026, 11, 3))


@SQL.plant("shows the first of January for a year", "A partial date is filled up.", DATES, 20)
class FilledUp(Housing):
    def day(self, text: str | None) -> PartialDate:
        found = super().day(text)
        return PartialDate.of(found.earliest) if found.earliest and not found.exact else found


@SQL.plant("shows 1900 for an unknown birthday", "`or date(1900, 1, 1)`.", DATES, 20)
class Nineteen(Housing):
    def born(self, text: str | None) -> PartialDate | None:
        found = super().born(text)
        return found if found and found.earliest else PartialDate.of(date(1900, 1, 1))


@SQL.plant("moves an impossible day to the month's last", "31/02 becomes 28/02 without a word.", DATES, 20)
class Clamped(Housing):
    def born(self, text: str | None) -> PartialDate | None:
        found = super().born(text)
        if found is not None and found.precision == "unknown" and text and text[2:3] == "/":
            return uk_date(f"28{text[2:]}")
        return found


@SQL.plant("fails over one bad day", "One row with 31/02 costs the whole answer.", DATES, 20)
class Strict(Housing):
    def day(self, text: str | None) -> PartialDate:
        return PartialDate.parse(text or "XXXX")


@SQL.plant("leaves the key empty", "`ref=''` where the table has no key.", FROM, 21, 3, 2)
class NoRef(Housing):
    def homelessness(self, ref: str, row: Any) -> Finding | None:
        found = super().homelessness(ref, row)
        return replace(found, ref="") if found else None


@SQL.plant("is about nobody", "`about=()`.", FROM, 21, 8, 2)
class AboutNobody(Housing):
    def tenancy(self, ref: str, row: Any) -> Finding | None:
        found = super().tenancy(ref, row)
        return replace(found, about=()) if found else None


@SQL.plant(
    "keys a record by its text", "The summary is the key: it moves when somebody corrects a letter.", FROM, 21, 3, 13
)
class TextKey(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, ref=f"asb:{row.summary}") if found else None


@SQL.plant("drops codes it does not know", "A new kind of case is not shown.", CODES, 22)
class KnownOnly(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        return super().asb(ref, row) if row.kind_code in KINDS else None


@SQL.plant("says something harmless for an unknown code", "`KINDS.get(code, 'noise')`.", CODES, 22)
class Harmless(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, kind=KINDS.get(row.kind_code, "noise")) if isinstance(found, Event) else None


@SQL.plant("leaves an unknown outcome blank", "`OUTCOMES.get(code, '')`.", CODES, 22)
class BlankOutcome(Housing):
    def homelessness(self, ref: str, row: Any) -> Finding | None:
        found = super().homelessness(ref, row)
        return replace(found, outcome=OUTCOMES.get(row.outcome_code, "")) if isinstance(found, Event) else None


@SQL.plant("fails over an unknown code", "`TENURES[code]` is a KeyError that costs the answer.", CODES, 22)
class KeyErrors(Housing):
    def tenancy(self, ref: str, row: Any) -> Finding | None:
        TENURES[row.tenure_code]
        return super().tenancy(ref, row)


@SQL.plant("reads severity as low unless high", "A severity nobody listed becomes the lowest.", CODES, 22)
class Severity(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        word = {"H": "high", "M": "medium"}.get(row.severity, "low")
        return replace(found, text=f"{row.notes or ''} Severity: {word}.") if isinstance(found, Event) else None
