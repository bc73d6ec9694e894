"""What is remembered about a source's failures between runs, so that a dead source is not asked again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from mash_trawl.store.tables import breaker


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerState:
    """Failures in a row, and since when the source is not asked (None: it is asked)."""

    failures: int = 0
    opened_at: datetime | None = None


def breaker_state(connection: Connection, source: str) -> BreakerState:
    """The state of a source; an unknown source has not failed."""
    row = connection.execute(select(breaker).where(breaker.c.source == source)).first()
    if row is None:
        return BreakerState()
    return BreakerState(
        failures=row.failures, opened_at=None if row.opened_at is None else datetime.fromisoformat(row.opened_at)
    )


def set_breaker(connection: Connection, source: str, state: BreakerState) -> None:
    """Remember the state, inside a write transaction."""
    connection.execute(delete(breaker).where(breaker.c.source == source))
    opened_at = None if state.opened_at is None else state.opened_at.isoformat()
    connection.execute(insert(breaker).values(source=source, failures=state.failures, opened_at=opened_at))
