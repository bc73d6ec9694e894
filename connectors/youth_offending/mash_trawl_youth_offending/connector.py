"""The youth offending connector: plain statements over ODBC, one for each granted category.

An ODBC driver is foreign code that can hang in ways that no time-out ends; the engine runs this kind of source in a
process of its own, which can be killed. Nothing here knows about that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mash_trawl.api import Candidate, Finding, Grant, OdbcConnector, PersonQuery, lower_ways
from mash_trawl_youth_offending.records import asset_plus, offence, person, work

_FIND = (
    "select p.person_id, p.forename, p.middle_names, p.surname, p.former_surname, p.dob, p.gender, p.pnc_id, p.flag,"
    " p.address1, p.postcode from person p where {tests} order by p.person_id"
)
_COLUMNS: Mapping[str, str] = {
    "family": "lower(p.surname)", "former_names": "lower(p.former_surname)", "given": "lower(p.forename)",
    "born": "p.dob", "postcode": "p.postcode",
}  # fmt: skip
_WORK = (
    "select i.intervention_id, i.person_id, i.code, i.started_on, i.ended_on, w.worker_name, w.team, w.telephone"
    " from intervention i left join worker w on w.worker_id = i.worker_id where i.person_id = :ref{period}"
    " order by i.intervention_id"
)
_OFFENCES = (
    "select o.offence_id, o.person_id, o.occurred_on, o.description, o.seriousness, o.outcome_code, o.outcome_on"
    " from offence o where o.person_id = :ref{period} order by o.offence_id"
)
_RISK = (
    "select a.assessment_id, a.person_id, a.completed_on, a.reoffending, a.serious_harm, a.safety"
    " from asset_plus a where a.person_id = :ref{period} order by a.assessment_id"
)
_SINCE, _UNTIL = " and ({last} is null or {last} >= :since)", " and ({first} is null or {first} <= :until)"

Reader = Callable[[Any], Iterator[Finding]]
FETCH: Mapping[str, tuple[str, str, str, Reader]] = {
    "youth_offending.involvement": (_WORK, "i.started_on", "i.ended_on", work),
    "youth_offending.offences": (_OFFENCES, "o.occurred_on", "o.occurred_on", offence),
    "youth_offending.risk": (_RISK, "a.completed_on", "a.completed_on", asset_plus),
}
"""By category: the statement, the columns of its first and last day, and how a row is read."""


class YouthOffending(OdbcConnector):
    """Orders and prevention work with the worker, offences with their outcome, AssetPlus ratings."""

    name, agency, api = "youth_offending", "youth_offending", 1
    offers = frozenset(FETCH)
    search_keys = (
        ("family", "born"), ("former_names", "born"), ("given", "born"), ("born", "postcode"),
        ("family", "given", "postcode"),
    )  # fmt: skip

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Young people who agree with every field of the key."""
        values: dict[str, Any] = {}
        tests = []
        for field in query.by:
            asked = {f"{field}_{number}": way for number, way in enumerate(_ways(field, query.fields[field]))}
            tests.append(f"{_COLUMNS[field]} in ({', '.join(f':{name}' for name in asked)})")
            values |= asked
        statement = _FIND.format(tests=" and ".join(tests))
        with self.open(grant) as session:
            for row in session.rows(statement, **values):
                yield person(row)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The granted categories of one young person, in a fixed order, each in its own period."""
        granted = sorted(grant.categories & self.offers)
        if not granted:
            return
        with self.open(grant) as session:
            for category in granted:
                statement, first, last, read = FETCH[category]
                since, until = grant.period(category)
                period = (_SINCE.format(last=last) if since else "") + (_UNTIL.format(first=first) if until else "")
                bound = {"ref": ref} | {name: day for name, day in (("since", since), ("until", until)) if day}
                for row in session.rows(statement.format(period=period), **bound):
                    yield from read(row)


def _ways(field: str, value: Any) -> tuple[Any, ...]:
    """A value as the system may write it: a name in small letters, a postcode with its space."""
    if field == "postcode":
        bare = "".join(str(value).split()).upper()
        return bare, f"{bare[:-3]} {bare[-3:]}"
    if field in ("family", "given", "former_names"):
        return lower_ways(value)
    return (value,)
