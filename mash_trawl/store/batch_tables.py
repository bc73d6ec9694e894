"""The journal of the batches: which case of which batch stands where. Times are ISO text in UTC.

It holds no name and no path: a file is known by a digest that only its batch can make again.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from mash_trawl.store.tables import metadata

# salt: what the digests of this batch's files are made with. state: running, ended or stopped.
batch_run = Table(
    "batch_run",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("began", Text, nullable=False),
    Column("ended", Text),
)

# before and after: the newest version of the case's record when it was begun, and when it was done.
batch_case = Table(
    "batch_case",
    metadata,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("file", Text, nullable=False),
    Column("case_id", Text),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("why", Text),
    Column("detail", Text),
    Column("before", Integer),
    Column("after", Integer),
    Column("attempts", Integer, nullable=False),
    Column("began", Text),
    Column("ended", Text),
    UniqueConstraint("run", "file"),
    Index("batch_case_state", "run", "state"),
    Index("batch_case_of", "run", "case_id"),
)
