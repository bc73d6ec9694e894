"""The trawls that were run: when, for which case, how each ended, which record it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mash_trawl.store.tables import run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One trawl. `finished` and `outcome` are None while it runs, or when its process died; `record` is opaque."""

    run_id: str
    case_id: str
    started: datetime
    finished: datetime | None
    outcome: str | None
    record: str | None


def start_run(connection: Connection, run_id: str, case_id: str, at: datetime) -> None:
    """Note that a trawl begins, inside a write transaction."""
    connection.execute(insert(run).values(run_id=run_id, case_id=case_id, started=at.isoformat()))


def finish_run(connection: Connection, run_id: str, outcome: str, at: datetime, record: str | None = None) -> None:
    """Note how it ended (`finished`, `stopped` or an error's code) and which record it made."""
    ended = update(run).where(run.c.run_id == run_id)
    connection.execute(ended.values(finished=at.isoformat(), outcome=outcome, record=record))


def runs_of(connection: Connection, case_id: str) -> tuple[RunRow, ...]:
    """The trawls of a case, newest first."""
    query = select(run).where(run.c.case_id == case_id).order_by(run.c.started.desc(), run.c.run_id)
    return tuple(
        RunRow(
            run_id=row.run_id,
            case_id=row.case_id,
            started=datetime.fromisoformat(row.started),
            finished=None if row.finished is None else datetime.fromisoformat(row.finished),
            outcome=row.outcome,
            record=row.record,
        )
        for row in connection.execute(query)
    )
