"""The journal's rows: functions over an open transaction. Only `batch` calls this; it knows what the states mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from mash_trawl.store.batch_tables import batch_case, batch_run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One batch. `state` is running, ended or stopped; a batch that was killed stays running."""

    number: int
    salt: str
    state: str
    began: str
    ended: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of a batch, by its number in the list. `case_id` is empty until the file was read."""

    run: int
    n: int
    file: str
    state: str
    case_id: str | None = None
    outcome: str | None = None
    why: str | None = None
    detail: str | None = None
    before: int | None = None
    after: int | None = None
    attempts: int = 0
    began: str | None = None
    ended: str | None = None


def newest_run(connection: Connection) -> RunRow | None:
    """The last batch; None when there never was one."""
    row = connection.execute(select(batch_run).order_by(batch_run.c.number.desc()).limit(1)).first()
    return None if row is None else RunRow(**dict(row._mapping))


def add_run(connection: Connection, row: RunRow) -> None:
    """Insert a new batch."""
    connection.execute(
        insert(batch_run).values(
            number=row.number, salt=row.salt, state=row.state, began=row.began, ended=row.ended
        )
    )  # fmt: skip


def set_run(connection: Connection, number: int, state: str, ended: str | None) -> None:
    """Say where a batch stands."""
    mine = update(batch_run).where(batch_run.c.number == number)
    connection.execute(mine.values(state=state, ended=ended))


def add_cases(connection: Connection, run: int, files: Mapping[int, str]) -> None:
    """Insert cases as queued: number in the list to digest of the file."""
    rows = [{"run": run, "n": n, "file": file, "state": "queued", "attempts": 0} for n, file in files.items()]
    if rows:
        connection.execute(insert(batch_case), rows)


def files(connection: Connection, run: int) -> dict[str, tuple[int, str]]:
    """The digest of every file of a batch, with its number and its state."""
    query = select(batch_case.c.file, batch_case.c.n, batch_case.c.state).where(batch_case.c.run == run)
    return {row.file: (row.n, row.state) for row in connection.execute(query)}


def cases(connection: Connection, run: int, states: Sequence[str]) -> Iterator[CaseRow]:
    """The cases of a batch that stand in one of these states, in the list's order."""
    query = select(batch_case).where(batch_case.c.run == run, batch_case.c.state.in_(states)).order_by(batch_case.c.n)
    for row in connection.execute(query):
        yield CaseRow(**dict(row._mapping))


def troubles(
    connection: Connection, run: int, outcomes: Sequence[str], whys: Sequence[str], most: int
) -> list[CaseRow]:
    """The first `most` cases that failed, or have one of these outcomes or whys, in the list's order."""
    kinds = or_(batch_case.c.state == "failed", batch_case.c.outcome.in_(outcomes), batch_case.c.why.in_(whys))
    query = select(batch_case).where(batch_case.c.run == run, kinds).order_by(batch_case.c.n).limit(most)
    return [CaseRow(**dict(row._mapping)) for row in connection.execute(query)]


def taken(connection: Connection, run: int, n: int, case_id: str) -> bool:
    """Whether another file of this batch has this case already, under way, done or failed."""
    of = (batch_case.c.run == run, batch_case.c.case_id == case_id, batch_case.c.n != n)
    query = select(batch_case.c.n).where(*of, batch_case.c.state.in_(("running", "done", "failed"))).limit(1)
    return connection.execute(query).first() is not None


def move(connection: Connection, run: int, n: int, leaves: Sequence[str], values: Mapping[str, Any]) -> bool:
    """Change a case that stands in one of the states `leaves`; False when it stands elsewhere."""
    mine = update(batch_case).where(batch_case.c.run == run, batch_case.c.n == n, batch_case.c.state.in_(leaves))
    return connection.execute(mine.values(**values)).rowcount == 1


def begin_case(connection: Connection, run: int, n: int, case_id: str, before: int, at: str) -> bool:
    """A queued case is under way, once more; False when it was not queued."""
    mine = update(batch_case).where(batch_case.c.run == run, batch_case.c.n == n, batch_case.c.state == "queued")
    values = {"state": "running", "case_id": case_id, "before": before, "began": at}
    return connection.execute(mine.values(**values, attempts=batch_case.c.attempts + 1)).rowcount == 1


def counts(connection: Connection, run: int) -> dict[tuple[str, str, str], int]:
    """How many cases stand in each (state, outcome, why)."""
    kinds = (batch_case.c.state, batch_case.c.outcome, batch_case.c.why)
    query = select(*kinds, func.count()).where(batch_case.c.run == run).group_by(*kinds)
    return {(row[0], row[1] or "", row[2] or ""): row[3] for row in connection.execute(query)}
