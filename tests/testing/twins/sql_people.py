"""Database twins that bring the wrong person, or the wrong person's records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, PersonQuery
from twins.housing import COLUMNS, SQL, Housing

WHO = "only this person"


@SQL.plant("joins the conditions by or", "Everybody born on that day is found.", WHO, 8)
class Or(Housing):
    joined = " or "


@SQL.plant("or without brackets", "Beside a key with three parts, `a or b and c` finds every Khan.", WHO, 8)
class Precedence(Housing):
    tests = {**Housing.tests, "family": "lower(surname) = lower(:family) or lower(addr1) like '%mill%'"}


@SQL.plant("ignores the birth date", "Every key with a day of birth is searched by the other field alone.", WHO, 8)
class NoBirthday(Housing):
    tests = {**Housing.tests, "born": "(:born is not null)"}


@SQL.plant("compares the year of birth only", "A namesake of the same year is taken for the child.", WHO, 8)
class YearOnly(Housing):
    tests = {**Housing.tests, "born": "substr(dob, 7) = substr(:born, 7)"}


@SQL.plant(
    "searches names by prefix with like", "A name with a percent sign in it finds everybody.", "hostile names", 9
)
class Like(Housing):
    tests = {**Housing.tests, "family": "surname like :family || '%'", "given": "forename like :given || '%'"}


@SQL.plant("finds the first letters of a forename", "A twin with the same initial is taken for the child.", WHO, 8)
class Initial(Housing):
    tests = {**Housing.tests, "given": "substr(lower(forename), 1, 1) = substr(lower(:given), 1, 1)"}


@SQL.plant("skips names that are not capitals", "A statement compares upper case with what was typed.", WHO, 8)
class Capitals(Housing):
    tests = {**Housing.tests, "family": "upper(surname) = :family", "given": "upper(forename) = :given"}


@SQL.plant(
    "writes the postcode otherwise", "Its postcodes have a space; the query's have none; nobody is found.", WHO, 8
)
class Postcode(Housing):
    tests = {**Housing.tests, "postcode": "postcode = :postcode"}


@SQL.plant("matches on address when the name fails", "A fallback search without the name brings the family.", WHO, 8)
class Fallback(Housing):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            rows = list(session.rows(self.asked(query), **self.values(query)))
            if len(rows) < 3:
                rows += session.rows(f"select {COLUMNS} from tenant where addr1 = '14 Mill Lane' order by tenant_id")
            for row in rows:
                yield self.person(row)


@SQL.plant("brings the whole household's cases", "Cases are joined over the address in place of the tenant.", WHO, 8)
class Household(Housing):
    statements = {
        **Housing.statements,
        "housing.asb": "select case_id, asb_case.tenant_id, opened, closed, kind_code, severity, summary, notes from"
        " asb_case join tenant on tenant.tenant_id = asb_case.tenant_id where tenant.addr1 = (select addr1 from tenant"
        " where tenant_id = :ref){period} order by case_id",
    }


@SQL.plant("joins over the surname", "A view was joined by name, because it has no key.", WHO, 8)
class BySurname(Housing):
    statements = {
        **Housing.statements,
        "housing.homelessness": "select application_id, h.tenant_id, applied_at, decided_on, reason, outcome_code"
        " from homelessness h join tenant t on t.tenant_id = h.tenant_id where t.surname = (select surname from tenant"
        " where tenant_id = :ref){period} order by application_id",
    }


@SQL.plant("forgets the key", "The statement for tenancies forgot `where`: everybody's come.", WHO, 8)
class NoWhere(Housing):
    statements = {
        **Housing.statements,
        "housing.tenancy": Housing.statements["housing.tenancy"].replace(" = :ref or", " like '%' or"),
    }


@SQL.plant("matches keys by prefix", "`K1%` is also K10, K11 and K12.", WHO, 8)
class RefPrefix(Housing):
    statements = {
        name: sql.replace("tenant_id = :ref or", "tenant_id like :ref || '%' or")
        for name, sql in Housing.statements.items()
    }


@SQL.plant("does not follow a merged record", "What stands under the old number is lost without a word.", WHO, 8)
class Unmerged(Housing):
    looking = Housing.looking.replace("coalesce(merged_into, tenant_id) as tenant_id", "tenant_id").replace(
        "where {tests}", "where ({tests}) and merged_into is null"
    )
    statements = {
        name: sql.replace("(select tenant_id from tenant where tenant_id = :ref or merged_into = :ref)", "(:ref)")
        for name, sql in Housing.statements.items()
    }


@SQL.plant("swaps given name and surname", "Two columns stand in the wrong order in `name(...)`.", WHO, 8)
class Swapped(Housing):
    def person(self, row: Any) -> Candidate:
        found = super().person(row)
        one = found.names[0]
        return replace(found, names=(replace(one, given=(one.family or "",), family=" ".join(one.given)),))


@SQL.plant("names the officer in about", "The first key at hand was taken for the person's.", WHO, 8, 21)
class AboutTheWrongOne(Housing):
    def asb(self, ref: str, row: Any) -> Finding | None:
        found = super().asb(ref, row)
        return replace(found, about=("R. Orr",)) if found else None


@SQL.plant("keeps people between asks", "A cache on the class hands the last person's rows to the next ask.", WHO, 8)
class Cached(Housing):
    held: dict[str, list[Any]] = {}

    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        if category not in self.held:
            self.held[category] = list(super().rows(session, category, ref, grant))
        return iter(self.held[category])


@SQL.plant(
    "remembers candidates by surname", "A cache keyed by the surname answers for another birthday.", WHO, 8, 12, 15
)
class Remembered(Housing):
    known: dict[Any, list[Candidate]] = {}

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        if query.by not in self.known:
            self.known[query.by] = list(super().find(query, grant))
        yield from self.known[query.by]


@SQL.plant("puts the name into the statement", "An f-string in place of a bound value.", "hostile names", 9)
class Injected(Housing):
    def asked(self, query: PersonQuery) -> str:
        return super().asked(query).replace("lower(:family)", f"lower('{query.family}')")

    def values(self, query: PersonQuery) -> dict[str, Any]:
        held = super().values(query)
        held.pop("family", None)
        return held


@SQL.plant("doubles quotes by hand", "Escaped by `replace`, still in the statement's text.", "hostile names", 9, 13)
class Escaped(Housing):
    def asked(self, query: PersonQuery) -> str:
        safe = (query.family or "").replace("'", "''").replace(":", "")
        return super().asked(query).replace("lower(:family)", f"lower('{safe}')")

    def values(self, query: PersonQuery) -> dict[str, Any]:
        held = super().values(query)
        held.pop("family", None)
        return held


@SQL.plant(
    "turns the query into ASCII", "`Łukasz` becomes `ukasz`, a control code becomes nothing.", "hostile names", 9
)
class Ascii(Housing):
    def values(self, query: PersonQuery) -> dict[str, Any]:
        return {
            name: value.encode("ascii", "ignore").decode() if isinstance(value, str) else value
            for name, value in super().values(query).items()
        }


@SQL.plant("refuses names with an apostrophe", "A clean-up raises ValueError, so that person is never asked for.",
           "hostile names", 9)  # fmt: skip
class Picky(Housing):
    def values(self, query: PersonQuery) -> dict[str, Any]:
        if not (query.family or "K").replace(" ", "").isalpha():
            raise ValueError("not a name")
        return super().values(query)


@SQL.plant("cuts names at twenty letters", "The screen's field is that long; a longer name finds another one.",
           "hostile names", 9)  # fmt: skip
class Cut(Housing):
    def values(self, query: PersonQuery) -> dict[str, Any]:
        held = super().values(query)
        return {name: value[:20] if name == "family" else value for name, value in held.items()}
