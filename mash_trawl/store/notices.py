"""What was told to families and what is held back: opaque numbers, codes and days. The words are in files, not here."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Column, Connection, Table, Text, delete, insert, select

from mash_trawl.model.base import Private
from mash_trawl.store.tables import metadata

# whys: codes, comma between. template: id and version as the file says. review_on, at: ISO texts.
family_telling = Table(
    "family_telling",
    metadata,
    Column("number", Text, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("whys", Text, nullable=False),
    Column("review_on", Text),
    Column("template", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TellingRow(Private):
    """A notice or sheet: `made`, or `held` with codes and the day of its review."""

    number: str
    case_id: str
    person: str
    kind: str
    state: str
    at: str
    actor: str
    whys: str = ""
    review_on: str | None = None
    template: str = ""
    language: str = ""


def add(connection: Connection, row: TellingRow) -> None:
    """Note it. What was held for the same person and kind is settled by it, or held anew."""
    mine = (
        family_telling.c.case_id == row.case_id,
        family_telling.c.person == row.person,
        family_telling.c.kind == row.kind,
        family_telling.c.state == "held",
    )
    connection.execute(delete(family_telling).where(*mine))
    connection.execute(insert(family_telling).values(**asdict(row)))


def tellings(connection: Connection, state: str | None = None, case_id: str | None = None) -> list[TellingRow]:
    """Notices and sheets, the earliest review first, then the oldest."""
    query = select(family_telling)
    if state is not None:
        query = query.where(family_telling.c.state == state)
    if case_id is not None:
        query = query.where(family_telling.c.case_id == case_id)
    rows = [TellingRow(**dict(row._mapping)) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: (row.review_on or "9999", row.at, row.number))


def forget_case(connection: Connection, case_id: str) -> int:
    """Delete what is known of the letters of a case that is being destroyed; how many rows there were."""
    return connection.execute(delete(family_telling).where(family_telling.c.case_id == case_id)).rowcount
