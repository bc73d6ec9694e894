"""Could this login write? For `check` alone: logs in, asks the database about the login's own rights, and nothing else.

A driver may hang in the handshake for ever, so this happens in a process that is killed when its time is over
(`python -m mash_trawl.transports.rights`: one line of JSON in, one out). Nothing about anybody is asked.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mash_trawl.errors import Malformed, Misconfigured, Problem, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.base import to_plain
from mash_trawl.model.hub import Limits, Tls, Unverified
from mash_trawl.system.child import Child, Ended, confine, end_with_all
from mash_trawl.transports.door import Tally

WAIT = 10.0
"""Seconds until a log-in that does not come about is given up."""
_MODULE = "mash_trawl.transports.rights"
_ANSWER = 100_000

Could = Literal["reads", "writes", "unknown"]

_WORDS = "'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'FILE', 'SUPER', 'CREATE USER', 'TRIGGER', 'EVENT'"
_MINE = "grantee = concat('''', replace(current_user(), '@', '''@'''), '''')"
_MARIADB = " union all ".join(
    f"select privilege_type as held from information_schema.{view} where privilege_type in ({_WORDS}) and {_MINE}"  # noqa: S608  # constants
    for view in ("user_privileges", "schema_privileges", "table_privileges", "column_privileges")
)
_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "postgresql": (
        "select 'superuser' as held from pg_roles where rolname = current_user and rolsuper",
        "select 'a table' as held from pg_class c join pg_namespace s on s.oid = c.relnamespace"
        " where c.relkind in ('r', 'p', 'v', 'm', 'f') and s.nspname not in ('pg_catalog', 'information_schema')"
        " and has_schema_privilege(s.oid, 'usage') and has_table_privilege(c.oid, 'insert, update, delete, truncate')"
        " limit 1",
    ),
    "mariadb": (_MARIADB,),
    "mysql": (_MARIADB,),
    "mssql": (
        "select 'the database' as held where has_perms_by_name(null, 'DATABASE', 'INSERT') = 1"
        " or has_perms_by_name(null, 'DATABASE', 'UPDATE') = 1 or has_perms_by_name(null, 'DATABASE', 'DELETE') = 1"
        " or has_perms_by_name(null, 'DATABASE', 'ALTER') = 1",
        "select top 1 'a table' as held from sys.tables t join sys.schemas s on s.schema_id = t.schema_id"
        " where has_perms_by_name(quotename(s.name) + '.' + quotename(t.name), 'OBJECT', 'INSERT') = 1"
        " or has_perms_by_name(quotename(s.name) + '.' + quotename(t.name), 'OBJECT', 'UPDATE') = 1"
        " or has_perms_by_name(quotename(s.name) + '.' + quotename(t.name), 'OBJECT', 'DELETE') = 1",
    ),
    "oracle": (
        "select privilege as held from session_privs where privilege in ('INSERT ANY TABLE', 'UPDATE ANY TABLE',"
        " 'DELETE ANY TABLE', 'CREATE TABLE', 'CREATE ANY TABLE', 'ALTER ANY TABLE', 'DROP ANY TABLE')",
        "select 'a table' as held from user_tab_privs where privilege in ('INSERT', 'UPDATE', 'DELETE')"
        " and grantor <> user",
        "select 'a table of a role' as held from role_tab_privs where privilege in ('INSERT', 'UPDATE', 'DELETE')",
        "select 'its own table' as held from user_tables",
    ),
}
"""What each database is asked: rows name a right to change something. The last three of Oracle's need no right."""

_NAMES = {"postgres": "postgresql", "mariadb": "mariadb", "mysql": "mysql", "microsoft sql server": "mssql",
          "mssql": "mssql", "oracle": "oracle", "sqlite": "sqlite"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """`could` it write; `held` names what it could change, `database` which kind it is."""

    could: Could
    database: str = ""
    held: tuple[str, ...] = ()


def look(kind: str, connect: Mapping[str, str], tls: Tls, base: Path, seconds: float = WAIT) -> Rights:
    """Log in to a source of this kind (`sql`, `odbc`) and ask. `connect` holds resolved values.

    Raises Unavailable (`deadline` when it took longer), Malformed or Misconfigured.
    """
    told = asked(_MODULE, kind, connect, tls, base, seconds, {})
    return Rights(could=told["could"], database=told["database"], held=tuple(told["held"]))


def asked(
    module: str, kind: str, connect: Mapping[str, str], tls: Tls, base: Path, seconds: float, more: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What a process of its own that runs `module` (see `serve`) says to an order with `more` in it."""
    order = {"kind": kind, "connect": dict(connect), "tls": to_plain(tls), "base": str(base), "seconds": seconds}
    order |= more
    try:
        child = Child(["-I", "-X", "utf8", "-m", module], os.environ)
    except OSError:
        raise Unavailable(Why.CONNECTOR_CRASHED) from None
    over = threading.Timer(seconds, child.kill)
    over.daemon = True
    over.start()
    try:
        told = json.loads(_talk(child, json.dumps(order).encode() + b"\n"))
    except Ended:
        raise Unavailable(Why.DEADLINE) from None
    except ValueError:
        raise Unavailable(Why.CONNECTOR_CRASHED) from None
    finally:
        over.cancel()
        child.kill()
    return _heard(told)


def _talk(child: Child, order: bytes) -> bytes:
    left = memoryview(order)
    while left:
        left = left[child.write(left) :]
    heard = b""
    while not heard.endswith(b"\n") and len(heard) < _ANSWER:
        heard += child.read(_ANSWER)
    return heard


def _heard(told: Mapping[str, Any]) -> Mapping[str, Any]:
    if "problems" in told:
        raise Misconfigured(*(Problem(**problem) for problem in told["problems"]))
    if "why" in told:
        kind = Malformed if told["malformed"] else Unavailable
        raise kind(Why(told["why"]))
    return told


@dataclass
class _Door:
    """A door for a question about the login itself: there is nobody in it, so there is no grant."""

    connect: Mapping[str, str]
    base: Path
    tls: Tls
    seconds: float
    source: str = "check"
    step: str = "rights"
    proxy: str | None = None
    extracts: None = None

    def __post_init__(self) -> None:
        self.limits, self.tally = Limits(rows=100, attempts=1), Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """As long as `check` waits."""
        return self.seconds

    def row(self) -> bool:
        """A few rows are enough."""
        return self.tally.rows < self.limits.rows

    def wait(self, seconds: float) -> None:
        """Nothing here waits."""
        raise Unavailable(Why.DEADLINE)


@contextmanager
def session(kind: str, door: Any) -> Iterator[Any]:
    """A session with a database over one of the two roads."""
    from mash_trawl.transports import odbc, sql

    with (odbc if kind == "odbc" else sql).open_session(door) as session:
        yield session


def ask(kind: str, door: Any) -> Rights:
    """What the database says, in this process. A question without an answer proves nothing: `unknown`."""
    with session(kind, door) as line:
        told = line.database()
    database = next((name for start, name in _NAMES.items() if told.startswith(start)), told)
    if database == "sqlite":
        return Rights(could="reads", database=database)
    held: list[str] = []
    whole = database in _QUESTIONS
    for question in _QUESTIONS.get(database, ()):
        try:
            with session(kind, door) as line:
                held += [str(row.held) for row in line.rows(question)]
        except (Unavailable, Malformed):
            whole = False
    could: Could = "writes" if held else "reads" if whole else "unknown"
    return Rights(could=could, database=database, held=tuple(dict.fromkeys(held)))


def _rights(order: Mapping[str, Any], door: Any) -> dict[str, Any]:
    found = ask(order["kind"], door)
    return {"could": found.could, "database": found.database, "held": found.held}


def serve(answer: Callable[[Mapping[str, Any], Any], Mapping[str, Any]]) -> None:
    """In the process of its own: one order in, one answer out, then the end."""
    confine(sys.argv[1:])
    order = json.loads(sys.stdin.readline())
    exception = order["tls"].get("unverified")
    tls = Tls(**order["tls"] | {"unverified": Unverified(**exception) if exception else None})
    door = _Door(order["connect"], Path(order["base"]), tls, order["seconds"])
    told: dict[str, Any]
    try:
        told = dict(answer(order, door))
    except Misconfigured as problem:
        told = {"problems": [{"where": one.where, "what": one.what, "do": one.do} for one in problem.problems]}
    except (Unavailable, Malformed) as problem:
        told = {"why": str(problem.why), "malformed": isinstance(problem, Malformed)}
    except (TrawlError, Exception):
        told = {"why": str(Why.CONNECTOR_CRASHED), "malformed": False}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    end_with_all()


if __name__ == "__main__":
    serve(_rights)
