"""Database twins whose answers have the wrong shape: descriptor, types, keys, order, codes, days."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, PartialDate, PersonQuery
from twins.housing import SQL, Housing

FACTS, TYPES, KEYS, ORDER = "descriptor", "types", "references", "order"
DATES, FROM, CODES = "dates", "provenance", "codes"


@SQL.plant("written for another contract", "`api = 7`, from somebody else's example.", FACTS, 1)
class OldContract(Housing):
    api = 7


@SQL.plant("offers a category it never fetches", "Copied from the wish list.", FACTS, 1, 5, 6, 21)
class Promises(Housing):
    offers = Housing.offers | {"housing.rent"}

    def granted(self, grant: Grant) -> list[str]:
        return [name for name in super().granted(grant) if name != "housing.rent"]


@SQL.plant("fetches what it does not offer", "A category was renamed in `offers` only.", FACTS, 1, 5)
class Unoffered(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, category="housing.antisocial") if found else None


@SQL.plant("offers categories without their agency", "`asb` in place of `housing.asb`.", FACTS, 1)
class ShortOffers(Housing):
    offers = frozenset({"tenancy", "asb", "homelessness"})


@SQL.plant("promises a key it cannot search by", "`upn` is in `search_keys`, and no column holds it.", FACTS, 1, 8)
class CannotSearch(Housing):
    search_keys = (*Housing.search_keys, ("upn",))


@SQL.plant("misspells a field of a key", "`dob` is not a field of a query.", FACTS, 1)
class Misspelt(Housing):
    search_keys = (("family", "dob"), *Housing.search_keys)


@SQL.plant("names itself with a space", "`Housing system (live)` is no name for a hub file.", FACTS, 1)
class BadName(Housing):
    name = "Housing system (live)"


@SQL.plant("answers an unknown key with everybody", "A field without a test is left out of the statement.", FACTS, 1, 8)
class LeavesOut(Housing):
    search_keys = (*Housing.search_keys, ("former_names",))

    def asked(self, query: PersonQuery) -> str:
        tests = [self.tests[field] for field in query.by if field in self.tests] or ["1 = 1"]
        return self.looking.format(tests=" and ".join(tests))


@SQL.plant("gives a day as text", "`born` is the column as it came.", TYPES, 2)
class TextBorn(Housing):
    def born(self, text: str | None) -> Any:
        return text


@SQL.plant("gives a date in place of a partial one", "`date.fromisoformat` is so near at hand.", TYPES, 2)
class PlainDate(Housing):
    def day(self, text: str | None) -> Any:
        return date.fromisoformat(text) if text else PartialDate.parse("XXXX")


@SQL.plant("gives lists for tuples", "`names=[...]`.", TYPES, 2)
class Lists(Housing):
    def person(self, row: Any) -> Candidate:
        found = super().person(row)
        return replace(found, names=list(found.names))  # type: ignore[arg-type]


@SQL.plant("gives one text for a tuple", "`about=ref`: a text of two letters is two people.", TYPES, 2, 8)
class AboutText(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, about=ref) if found else None  # type: ignore[arg-type]


@SQL.plant("gives a moment for a day", "`recorded_on` is a naive datetime.", TYPES, 2)
class Naive(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, recorded_on=datetime(2026, 1, 2, 3, 4)) if found else None  # the fault


@SQL.plant("gives dictionaries", "The rows as they came, as JSON would have them.", TYPES, 2)
class Dicts(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Any]:
        for one in super().find(query, grant):
            yield {"ref": one.ref}


@SQL.plant("gives a number as the key", "`tenant_id` is a number in the table, and stays one.", TYPES, 2)
class NumberRef(Housing):
    def tenancy(self, ref: str, row: Any) -> Finding | None:
        found = super().tenancy(ref, row)
        return replace(found, ref=int(row.tenancy_id[1:])) if found else None


@SQL.plant("invents a word for sex", "The column's own letter goes through.", TYPES, 2, 22)
class LocalSex(Housing):
    def person(self, row: Any) -> Candidate:
        return replace(super().person(row), sex=row.sex)


@SQL.plant("returns None between findings", "A reader that has nothing to say yields it.", TYPES, 2)
class Nones(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Any]:
        for found in super().fetch(ref, grant):
            yield found
            yield None


@SQL.plant("numbers the rows", "`enumerate` makes the key: another period, another number.", KEYS, 3, 21)
class Numbered(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        for number, found in enumerate(super().fetch(ref, grant), 1):
            yield replace(found, ref=str(number))


@SQL.plant("makes a random key", "`uuid4()` in each run.", KEYS, 3, 21)
class Random(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, ref=str(uuid.uuid4())) if found else None


@SQL.plant("counts in a global", "A counter on the module goes on from ask to ask.", KEYS, 3, 21)
class Counted(Housing):
    numbers = itertools.count()

    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, ref=f"asb:{next(self.numbers)}") if found else None


@SQL.plant("takes the object's address for a key", "`hash(row)` of something that has no own hash.", KEYS, 3, 21)
class Hashed(Housing):
    def tenancy(self, ref: str, row: Any) -> Finding | None:
        found = super().tenancy(ref, row)
        return replace(found, ref=f"t{id(object()) ^ id(row)}-{uuid.uuid1().hex[:6]}") if found else None


@SQL.plant("has one key for all", "`ref` is the person's, so the second record hides the first.", KEYS, 3)
class OneKey(Housing):
    def tenancy(self, ref: str, row: Any) -> Finding | None:
        found = super().tenancy(ref, row)
        return replace(found, ref=ref) if found else None


@SQL.plant("keys by the day", "Two cases of one day are one.", KEYS, 3, 21)
class DayKey(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, ref=f"asb:{row.opened[:2]}") if found else None


@SQL.plant("does not order", "Rows come as the database has them today.", ORDER, 4)
class Unordered(Housing):
    statements = {name: sql.split(" order by ")[0] for name, sql in Housing.statements.items()}


@SQL.plant("orders by a column with ties", "All candidates have one surname.", ORDER, 4)
class Ties(Housing):
    looking = Housing.looking.replace("order by 1, tenant.tenant_id", "order by surname")


@SQL.plant("passes through a set", "Findings are made unique in a set, whose order is chance.", ORDER, 4)
class SetOrder(Housing):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        found = {item.ref: item for item in super().fetch(ref, grant)}
        for key in sorted(found, key=lambda one: uuid.uuid4().hex):
            yield found[key]


@SQL.plant("asks in the order of a set", "`for category in grant.categories`.", ORDER, 4)
class SetOfCategories(Housing):
    def granted(self, grant: Grant) -> list[str]:
        return [name for name in grant.categories if name in self.offers]
