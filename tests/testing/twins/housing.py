"""The healthy housing connector of which the database twins are made, over SQLAlchemy or ODBC, and its readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mash_trawl.api import (
    Candidate,
    Event,
    Finding,
    Grant,
    OdbcConnector,
    PartialDate,
    PersonQuery,
    Residence,
    SqlConnector,
    address,
    iso_date,
    name,
    uk_date,
)
from mash_trawl.testing import seeded_odbc, seeded_sql
from twins.planting import Family

SEED = (Path(__file__).parent / "housing.sql").read_text(encoding="utf-8")
UK = ZoneInfo("Europe/London")
SEXES = {"F": "female", "M": "male"}
KINDS = {"NOI": "noise", "DAM": "damage"}
TENURES = {"SEC": "secure", "AST": "assured shorthold"}
OUTCOMES = {"MD": "main duty accepted", "NP": "not in priority need", "PD": "prevention duty"}
COLUMNS = "coalesce(merged_into, tenant_id) as tenant_id, forename, surname, dob, sex, nhs_no, addr1, postcode, uprn"
SAME = "tenant_id in (select tenant_id from tenant where tenant_id = :ref or merged_into = :ref)"


class Asking:
    """Tenancies, anti-social behaviour and homelessness from the read replica of the housing system."""

    name, agency, api = "housing", "housing", 1
    offers = frozenset({"housing.tenancy", "housing.asb", "housing.homelessness"})
    search_keys = (
        ("nhs_number",), ("uprn", "born"), ("family", "born"), ("given", "born"), ("family", "given", "postcode"),
    )  # fmt: skip
    looking = f"select {COLUMNS} from tenant where {{tests}} order by 1, tenant.tenant_id"
    tests = {
        "nhs_number": "nhs_no = :nhs_number", "uprn": "uprn = :uprn", "born": "dob = :born",
        "family": "lower(surname) = lower(:family)", "given": "lower(forename) = lower(:given)",
        "postcode": "replace(postcode, ' ', '') = :postcode",
    }  # fmt: skip
    joined = " and "
    statements = {
        "housing.tenancy": f"select tenancy_id, tenant_id, started, ended, addr1, postcode, uprn, tenure_code from tenancy"
        f" where {SAME}{{period}} order by tenancy_id",
        "housing.asb": f"select case_id, tenant_id, opened, closed, kind_code, severity, summary, notes from asb_case"
        f" where {SAME}{{period}} order by case_id",
        "housing.homelessness": f"select application_id, tenant_id, applied_at, decided_on, reason, outcome_code"
        f" from homelessness where {SAME}{{period}} order by application_id",
    }  # fmt: skip
    days = {
        "housing.tenancy": ("started", "ended"), "housing.asb": ("opened", "coalesce(closed, opened)"),
        "housing.homelessness": ("applied_at", "applied_at"),
    }  # fmt: skip
    since_test = " and ({last} is null or substr({last}, 1, 10) >= :since)"
    until_test = " and ({first} is null or substr({first}, 1, 10) <= :until)"

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Tenants who agree with every field of the key."""
        with self.open(grant) as session:
            for row in session.rows(self.asked(query), **self.values(query)):
                yield self.person(row)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The granted categories, in a fixed order, each in its own period."""
        with self.open(grant) as session:
            for category in self.granted(grant):
                for row in self.rows(session, category, ref, grant):
                    if (found := self.read(category, ref, row)) and self.inside(found, category, grant):
                        yield found

    def granted(self, grant: Grant) -> list[str]:
        """What may be asked for, in a fixed order."""
        return sorted(grant.categories & self.offers)

    def asked(self, query: PersonQuery) -> str:
        """The statement of a key."""
        return self.looking.format(tests=self.joined.join(self.tests[field] for field in query.by))

    def values(self, query: PersonQuery) -> dict[str, Any]:
        """What is bound to it; a day as the system writes it."""
        born = {"born": query.born.strftime("%d/%m/%Y")} if query.born else {}
        return query.fields | born

    def rows(self, session: Any, category: str, ref: str, grant: Grant) -> Iterator[Any]:
        """The rows of a category; instants in UTC are asked for with a day to spare."""
        since, until = grant.period(category)
        first, last = self.days[category]
        spare = timedelta(days=1 if first == "applied_at" else 0)
        bound = {"ref": ref}
        bound |= {"since": (since - spare).isoformat()} if since else {}
        bound |= {"until": (until + spare).isoformat()} if until else {}
        period = (self.since_test.format(last=last) if since else "") + (
            self.until_test.format(first=first) if until else ""
        )
        return session.rows(self.statements[category].format(period=period), **bound)

    def inside(self, found: Finding, category: str, grant: Grant) -> bool:
        """Whether an instant's day in this country is in the period too."""
        if category != "housing.homelessness":
            return True
        day = found.when.earliest
        since, until = grant.period(category)
        return day is None or ((since is None or day >= since) and (until is None or day <= until))

    def person(self, row: Any) -> Candidate:
        """A tenant."""
        number = (row.nhs_no or "").replace(" ", "")
        return Candidate(
            ref=row.tenant_id, names=(name(row.forename, row.surname),), born=self.born(row.dob),
            sex=SEXES.get(row.sex, "unknown"), identifiers={"nhs_number": number} if number else {},
            addresses=(address(row.addr1, postcode=row.postcode, uprn=row.uprn),),
        )  # fmt: skip

    def born(self, text: str | None) -> PartialDate | None:
        """A day of birth."""
        return uk_date(text) if text else None

    def read(self, category: str, ref: str, row: Any) -> Finding | None:
        """A record of a category."""
        return getattr(self, category.partition(".")[2])(ref, row)

    def tenancy(self, ref: str, row: Any) -> Finding | None:
        """A spell at an address."""
        return Residence(
            ref=f"tenancy:{row.tenancy_id}", about=(ref,), category="housing.tenancy", from_=iso_date(row.started),
            to=iso_date(row.ended) if row.ended else None, tenure=TENURES.get(row.tenure_code, row.tenure_code),
            address=address(row.addr1, postcode=row.postcode, uprn=row.uprn),
        )  # fmt: skip

    def asb(self, ref: str, row: Any) -> Finding | None:
        """A case of anti-social behaviour."""
        return Event(
            ref=f"asb:{row.case_id}", about=(ref,), category="housing.asb", when=self.day(row.opened),
            until=self.day(row.closed) if row.closed else None, kind=KINDS.get(row.kind_code, row.kind_code),
            headline=row.summary or "Anti-social behaviour", text=f"{row.notes or ''} Severity: {row.severity}.".strip(),
        )  # fmt: skip

    def homelessness(self, ref: str, row: Any) -> Finding | None:
        """An application, on the day that it was here when it was made."""
        return Event(
            ref=f"homelessness:{row.application_id}", about=(ref,), category="housing.homelessness",
            when=self.instant(row.applied_at), kind="homelessness-application", headline=row.reason or "Application",
            outcome=OUTCOMES.get(row.outcome_code, row.outcome_code or ""), text=f"Decided: {row.decided_on or 'not yet'}.",
        )  # fmt: skip

    def day(self, text: str | None) -> PartialDate:
        """A day."""
        return iso_date(text)

    def instant(self, text: str) -> PartialDate:
        """The day in this country of an instant; anything else as the day that it says."""
        try:
            moment = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            return iso_date(text)
        if "T" not in text:
            return iso_date(text)
        return PartialDate.of((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UK).date(), text)


class Housing(Asking, SqlConnector):
    __doc__ = Asking.__doc__


class OverOdbc(Asking, OdbcConnector):
    __doc__ = Asking.__doc__


SQL = Family("database", Housing, lambda: seeded_sql(SEED))
ODBC = Family("ODBC", OverOdbc, lambda: seeded_odbc(SEED))
