"""What ails the database, in words: the driver's own sentence may hold values, so it is told by its code alone."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from mash_trawl.system.room import DO, WHAT, Fault, write_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A cause as half a sentence, and what to do. `mistake`: the hub file is what has to be mended."""

    what: str
    do: str
    mistake: bool = False


_CHECK = "Check `database:` in hub.yaml: is the folder or server there, and may this account write?"
_MAY_ONLY_READ = Trouble(what="its file may only be read", do=DO["no_rights"])
_NO_DATABASE = Trouble(what="the file is no SQLite database", do="Check `database:` in hub.yaml.", mistake=True)
_DAMAGED = Trouble(what="its file is damaged", do="Stop, keep the files, put the last backup of the database back.")
_OF_A_SERVER = {
    "53100": Trouble(what="the database server's disk is full", do="Ask whoever runs the server to make room."),
    "25006": Trouble(what="the server allows only reading now", do="Ask whoever runs the server why."),
    "42501": Trouble(what="this account may not write in it", do="Ask whoever runs the server for the right to."),
    "53300": Trouble(what="the server has too many connections", do="Try again in a minute."),
    "57P": Trouble(what="the server is being stopped", do="Try again when it is up."),
}
_NO_ANSWER = Trouble(what="the server does not answer", do=f"Try again when it is up. {_CHECK}", mistake=True)
_BUSY = ("55P03", "57014", "40001", "40P01")


def locked(seconds: float) -> Trouble:
    """Somebody else has been writing all the while."""
    what = f"another process, or other work in this one, has kept it locked for {max(1, round(seconds))} seconds"
    return Trouble(what=what, do="Wait for it, or end it; then do it again.")


def trouble(problem: SQLAlchemyError, engine: Engine, waited: float) -> Trouble:
    """The cause of a failure. A file's disk is looked at: SQLite calls many things an I/O error."""
    if isinstance(problem, NoConnection):
        return locked(waited)
    if engine.dialect.name != "sqlite":
        return _of_a_server(problem, waited)
    return _of_a_file(problem, Path(engine.url.database or ""), waited)


def of_a_file(fault: Fault) -> Trouble:
    """What the disk of an SQLite file does not let happen."""
    return Trouble(what=f"{WHAT[fault]} (where the hub's database lies)", do=DO[fault])


def _of_a_file(problem: SQLAlchemyError, file: Path, waited: float) -> Trouble:
    driver = problem.orig if isinstance(problem, DBAPIError) else None
    code = getattr(driver, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return locked(waited)
    if code == sqlite3.SQLITE_NOTADB:
        return _NO_DATABASE
    if code == sqlite3.SQLITE_CORRUPT:
        return _DAMAGED
    if not file.parent.is_dir():
        return Trouble(what="its folder is not there", do=_CHECK, mistake=True)
    if code == sqlite3.SQLITE_FULL:
        return of_a_file("full")
    if fault := write_fault(file.parent):
        return of_a_file(fault)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return _MAY_ONLY_READ
    found = _unknown(problem, getattr(driver, "sqlite_errorname", ""))
    return replace(found, mistake=code == sqlite3.SQLITE_CANTOPEN)


def _of_a_server(problem: SQLAlchemyError, waited: float) -> Trouble:
    driver = problem.orig if isinstance(problem, DBAPIError) else None
    state = getattr(driver, "sqlstate", None) or ""
    if state in _BUSY:
        return locked(waited)
    for start, known in _OF_A_SERVER.items():
        if state.startswith(start):
            return known
    if not state or state.startswith("08"):
        return _NO_ANSWER
    return _unknown(problem, state)


def _unknown(problem: SQLAlchemyError, code: str) -> Trouble:
    kind = type(getattr(problem, "orig", None) or problem).__name__
    return Trouble(what=f"the database says {code or kind}", do=_CHECK, mistake=True)
