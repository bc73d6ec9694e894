"""Who is trawling a case now: one holder at a time, and a number that tells a late one from the one that counts.

A lease ends by itself when its holder stops renewing it. The number (`token`) only grows: whoever comes back after
another has taken over holds an old number, and can seal nothing with it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Connection, Integer, Table, Text, delete, insert, select, update

from mash_trawl.model.base import Private
from mash_trawl.store.tables import metadata

LENGTH = timedelta(seconds=30)
"""How long a holder counts without renewing."""
SLACK = timedelta(minutes=5)
"""How far the clocks of machines that share a hub may differ."""

lease = Table(
    "lease",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("token", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("process_started", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("until", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Holder(Private):
    """One run: an opaque id of its own, who started it, and the process it runs in."""

    id: str
    actor: str
    host: str
    process: int
    process_started: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Held(Private):
    """A lease as it stands in the database."""

    case_id: str
    token: int
    holder: Holder
    taken_at: datetime
    until: datetime

    def counts(self, now: datetime) -> bool:
        """Whether it still holds. An end further ahead than a lease and the slack comes from a wrong clock."""
        return now < self.until <= now + LENGTH + SLACK


def held(connection: Connection, case_id: str) -> Held | None:
    """The last lease of a case, ended or not; None when there never was one."""
    row = connection.execute(select(lease).where(lease.c.case_id == case_id)).first()
    if row is None:
        return None
    holder = Holder(
        id=row.holder, actor=row.actor, host=row.host, process=row.process, process_started=row.process_started
    )
    return Held(
        case_id=case_id, token=row.token, holder=holder, taken_at=datetime.fromisoformat(row.taken_at),
        until=datetime.fromisoformat(row.until),
    )  # fmt: skip


def take(connection: Connection, case_id: str, holder: Holder, now: datetime) -> int:
    """Make `holder` the one that counts; its token. Inside a write transaction that has just looked at `held`."""
    before = held(connection, case_id)
    token = before.token + 1 if before else 1
    values = {name: value for name, value in asdict(holder).items() if name != "id"}
    values |= {"token": token, "holder": holder.id, "taken_at": _text(now), "until": _text(now + LENGTH)}
    if before is None:
        connection.execute(insert(lease).values(case_id=case_id, **values))
    else:
        connection.execute(update(lease).where(lease.c.case_id == case_id).values(**values))
    return token


def renew(connection: Connection, case_id: str, token: int, now: datetime) -> bool:
    """Count from now again; False when another has taken the case over."""
    mine = update(lease).where(lease.c.case_id == case_id, lease.c.token == token)
    return connection.execute(mine.values(until=_text(now + LENGTH))).rowcount == 1


def give_back(connection: Connection, case_id: str, token: int, now: datetime) -> None:
    """End the lease, if it is still this one."""
    mine = update(lease).where(lease.c.case_id == case_id, lease.c.token == token)
    connection.execute(mine.values(until=_text(now)))


def forget(connection: Connection, case_id: str) -> None:
    """Keep nothing about a case that is destroyed: a row would tell its id, and who worked on it where.

    A run that is under way holds a number that stands no more, so it is stopped and seals nothing.
    """
    connection.execute(delete(lease).where(lease.c.case_id == case_id))


def stands(connection: Connection, case_id: str, token: int) -> bool:
    """Whether this token is still the newest of its case."""
    newest = connection.execute(select(lease.c.token).where(lease.c.case_id == case_id)).scalar_one_or_none()
    return newest == token


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
