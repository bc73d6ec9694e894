"""The statements: ordinary SQL that SQLite and PostgreSQL both take. Every value is bound, also those of a list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mash_trawl.api import lower_ways

Bound = dict[str, Any]
Period = tuple[date | None, date | None]
PERSON = "p.person_id, p.forename, p.middle_names, p.surname, p.gender, p.dob, p.died_on, p.upn, p.nhs_number"
ALIASES = ("t.person_id, t.alias_id, t.forename, t.surname, t.alias_type",
           "join person_alias t on t.person_id = p.person_id")  # fmt: skip
FLAGS = ("t.person_id, t.code", "join person_restriction t on t.person_id = p.person_id and t.withdrawn_on is null")
"""Columns and join: what belongs to the people of a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of records about one person each. `end` is the column of the last day; "" where there is one day."""

    name: str
    key: str
    start: str
    columns: tuple[str, ...] = ()
    end: str = ""


def listed(name: str, values: Iterable[object], bound: Bound) -> str:
    """`:name_0, :name_1, ...` for the values, which are put into `bound`."""
    names = []
    for number, value in enumerate(values):
        bound[f"{name}_{number}"] = value
        names.append(f":{name}_{number}")
    return ", ".join(names)


def search(
    questions: Sequence[Mapping[str, Any]], columns: str = PERSON, join: str = "", order: str = "2"
) -> tuple[str, Bound]:
    """Everybody (`p`) who agrees with every field of one of the questions; `asked` is the number of that question.

    With `join`, what belongs to them: the facts asked by are repeated, so that nobody is asked for by a key who was
    not asked for by name.
    """
    bound: Bound = {}
    parts = []
    for number, fields in enumerate(questions):
        tests = [
            _TESTS[name](listed(f"{name}_{number}", _spellings(name, value), bound)) for name, value in fields.items()
        ]
        parts.append(f"select {number} as asked, {columns} from person p {join} where {' and '.join(tests)}")  # noqa: S608 - our names only
    return f"{' union all '.join(parts)} order by 1, {order}", bound


def records(table: Table, people: Iterable[str], period: Period, also: str = "") -> tuple[str, Bound]:
    """The rows of a table of records that touch the period; a row without a day is inside any period."""
    bound: Bound = {}
    columns = ", ".join(f"t.{name}" for name in (table.key, table.start, table.end, *table.columns) if name)
    tests = [f"t.person_id in ({listed('person', people, bound)})", *_within(table, period, bound)]
    where = f"{' and '.join(tests)} {also} order by t.person_id, t.{table.key}"
    return f"select t.person_id, {columns} from {table.name} t where {where}", bound  # noqa: S608 - our names only


def factors(assessments: Iterable[str]) -> tuple[str, Bound]:
    """The factors of these assessments."""
    bound: Bound = {}
    wanted = listed("assessment", assessments, bound)
    return (
        "select f.assessment_id, f.factor_code from assessment_factor f"  # noqa: S608 - our names only
        f" where f.assessment_id in ({wanted}) order by f.assessment_id, f.factor_code",
        bound,
    )


def relations(people: Collection[str], period: Period) -> tuple[str, Bound]:
    """Relationships with one of these people at either end, unless the other end is somebody who is locked away.

    Only a hidden address or an interest of staff leave somebody among the relatives: who was adopted or is protected
    is not named in the record of those whom they must not be found by.
    """
    bound: Bound = {}
    sides = ", ".join(
        f"{side}.{column} as {side}_{column}"
        for side in ("one", "other")
        for column in ("forename", "middle_names", "surname", "gender", "dob", "died_on")
    )
    return (
        "select t.relation_id, t.person_id, t.related_person_id, t.relation_code, t.parental_responsibility,"  # noqa: S608 - our names only
        f" t.from_date, t.to_date, {sides} from person_relation t join person one on one.person_id = t.person_id"
        " join person other on other.person_id = t.related_person_id"
        f" where {_related(people, period, bound)} order by t.relation_id",
        bound,
    )


def flags_of_relatives(people: Collection[str], period: Period) -> tuple[str, Bound]:
    """The restrictions of everybody at either end of those relationships."""
    bound: Bound = {}
    return (
        "select r.person_id, r.code from person_restriction r where r.withdrawn_on is null and exists"  # noqa: S608 - our names only
        " (select 1 from person_relation t where r.person_id in (t.person_id, t.related_person_id)"
        f" and {_related(people, period, bound)}) order by r.person_id, r.code",
        bound,
    )


def _related(people: Collection[str], period: Period, bound: Bound) -> str:
    mine = listed("person", people, bound)
    tests = [f"(t.person_id in ({mine}) or t.related_person_id in ({mine}))", _LOCKED.format(mine=mine)]
    return " and ".join([*tests, *_within(_RELATION, period, bound)])


_RELATION = Table(name="person_relation", key="relation_id", start="from_date", end="to_date")
ADDRESS = Table(
    name="person_address", key="address_id", start="from_date", end="to_date",
    columns=("line1", "line2", "postcode", "uprn"),
)  # fmt: skip
OPEN_TO_SHOW = """and not exists (
  select 1 from person_address o join person_restriction x on x.person_id = o.person_id
  where x.withdrawn_on is null and x.code <> 'STAFF' and x.code <> 'GRC' and o.person_id <> t.person_id
    and (o.uprn = t.uprn or (o.line1 = t.line1 and o.postcode = t.postcode)))"""
"""An address that is kept secret for somebody else who is recorded there does not come out through this person."""

ADDRESSES = (
    "t.person_id, t.address_id, t.line1, t.line2, t.postcode, t.uprn, t.from_date, t.to_date",
    f"join person_address t on t.person_id = p.person_id and t.to_date is null {OPEN_TO_SHOW}",
)

_LOCKED = """not exists (select 1 from person_restriction x where x.withdrawn_on is null
  and x.code not in ('HIDE', 'STAFF') and x.person_id in (t.person_id, t.related_person_id)
  and x.person_id not in ({mine}))"""


def _within(table: Table, period: Period, bound: Bound) -> list[str]:
    since, until = period
    last = f"t.{table.end or table.start}"
    tests = []
    if since is not None:
        bound["since"] = since
        tests.append(f"({last} is null or {last} >= :since)")
    if until is not None:
        bound["until"] = until
        tests.append(f"(t.{table.start} is null or t.{table.start} <= :until)")
    return tests


def _name(column: str) -> Callable[[str], str]:
    """A name in any mixture of capitals, as far as the database itself can fold letters."""
    return lambda values: f"lower({column}) in ({values})"


_TESTS: Mapping[str, Callable[[str], str]] = {
    "nhs_number": lambda values: f"p.nhs_number in ({values})",
    "upn": lambda values: f"(p.upn in ({values}) or p.former_upn in ({values}))",
    "born": lambda values: f"p.dob in ({values})",
    "family": _name("p.surname"),
    "given": lambda values: (
        f"(lower(p.forename) in ({values}) or exists (select 1 from person_alias a"  # noqa: S608 - our names only
        f" where a.person_id = p.person_id and lower(a.forename) in ({values})))"
    ),
    "former_names": lambda values: (
        "exists (select 1 from person_alias a where a.person_id = p.person_id"  # noqa: S608 - our names only
        f" and lower(a.surname) in ({values}))"
    ),
    "postcode": lambda values: (
        f"p.person_id in (select d.person_id from person_address d where d.postcode in ({values}))"  # noqa: S608 - our names only
    ),
}
"""How a field is compared. A postcode is looked up first: without a birthday nothing else is selective."""


def _spellings(name: str, value: Any) -> tuple[Any, ...]:
    """How a system may write the value: an NHS number and a postcode with and without spaces, a name folded."""
    if name == "nhs_number":
        bare = "".join(str(value).split())
        return bare, f"{bare[:3]} {bare[3:6]} {bare[6:]}"
    if name == "postcode":
        bare = "".join(str(value).split()).upper()
        return bare, f"{bare[:-3]} {bare[-3:]}"
    if name in ("family", "given", "former_names"):
        return lower_ways(value)
    return (value,)
