"""Databases as seeds: an SQLite file, reached by SQLAlchemy or through SQLite's own ODBC driver."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.testing.cast import Cast, Facts, told_in
from mash_trawl.testing.seeds import SECRET, Seed
from mash_trawl.testing.seen import Seen, Twist
from mash_trawl.testing.spared import Spared
from mash_trawl.testing.tap import FAULTS, tapped

Fill = Callable[[sqlite3.Connection], object]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """To write into a file that nobody needs after this process: nothing waits for the disk."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma synchronous = off")
        with db:
            yield db


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
    return [name for (name,) in found]


def _turn(db: sqlite3.Connection, table: str) -> None:
    """The rows of a table in the other order; one that has no order of its own stays as it is."""
    name = _quoted(table)
    try:
        rows = db.execute(f"select * from {name} order by rowid desc").fetchall()  # noqa: S608
        db.execute("savepoint turned")
        db.execute(f"delete from {name}")  # noqa: S608
        if rows:
            db.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608
        db.execute("release turned")
    except sqlite3.OperationalError:
        if db.in_transaction:
            db.execute("rollback to turned")


class SqlSeed(Seed):
    """An SQLite file with what a script, or a function that is handed the open database, puts into it."""

    kinds = frozenset({"sql"})
    faults = FAULTS
    turns = True
    twice = True

    def __init__(self, fill: str | Fill, cast: Cast | None, facts: Facts | None, where: str = "the seed") -> None:
        own_cast, own_facts = told_in(fill) if isinstance(fill, str) else (None, None)
        self._where = where
        self._fill, self.cast, self.facts = fill, cast or own_cast, facts or own_facts
        self.path = Path("kit.db")

    def start(self, folder: Path) -> None:
        """Write the file."""
        self.path, self._spared = folder / "kit.db", Spared()
        self._held: dict[str, dict[str, list[Any]]] = {}
        with _opened(self.path) as db:
            self._filled(db)
        self._plain = self.path
        self._copies = folder / "other"
        self._copies.mkdir()

    def _filled(self, db: sqlite3.Connection) -> None:
        """What SQLite does not take is told with its line."""
        if not isinstance(self._fill, str):
            self._fill(db)
            return
        try:
            db.executescript(self._fill)
        except sqlite3.Error as error:
            what, do = f"SQLite says: {error}.", "Write the seed in SQLite's SQL, whatever the real database speaks."
            where = f"{self._where}:{_wrong_line(self._fill)}"
            raise Misconfigured(Problem(where=where, what=what, do=do)) from None

    def prepare(self, twist: Twist) -> None:
        """The plain file, or a copy as the twist wants it."""
        self.path = self._plain
        if not (twist.rewritten or twist.stored):
            return
        copies = self._copies / str(os.getpid())  # each process that asks has its own
        copies.mkdir(exist_ok=True)
        turned = twist.rewritten and not twist.stored
        self.path = copies / ("turned.db" if turned else "kit.db")
        if turned and self.path.exists():
            return
        shutil.copyfile(self._plain, self.path)
        with _opened(self.path) as db:
            for table in _tables(db) if twist.rewritten else ():
                _turn(db, table)
            for place, value in twist.stored.items():
                table, _, column = (_quoted(part) for part in place.partition("."))
                db.execute(f"update {table} set {column} = ? where trim({column}) <> ''", (value,))  # noqa: S608

    def column(self, table: str, column: str) -> list[Any]:
        """What the file holds in one column, blanks left out."""
        if table not in self._held:
            self._held[table] = self._columns(table)
        return self._held[table].get(column.lower(), [])

    def _columns(self, table: str) -> dict[str, list[Any]]:
        with closing(sqlite3.connect(self._plain)) as db:
            try:
                rows = db.execute(f"select * from {_quoted(table)}")  # noqa: S608
            except sqlite3.Error:
                return {}
            names = [str(item[0]).lower() for item in rows.description]
            values = list(zip(*rows, strict=True)) or [()] * len(names)
        return {name: [one for one in held if one not in (None, "")]
                for name, held in zip(names, values, strict=True)}  # fmt: skip

    def connect(self) -> Mapping[str, str]:
        """A URL, and a password that SQLite does not need and nobody may show."""
        return {"url": f"sqlite:///{self.path}", "password": SECRET}

    @contextmanager
    def behind(self, twist: Twist, seen: Seen) -> Iterator[None]:
        """With a tap on the driver."""
        with tapped(twist, seen), self._spared.work():
            yield

    def state(self) -> str:
        """The file's own digest, and what lies beside it."""
        beside = sorted(item.name for item in self._plain.parent.iterdir())
        return hashlib.sha256(self._plain.read_bytes()).hexdigest() + " ".join(beside)


def seeded_sql(seed: str | Path | Fill, *, cast: Cast | None = None, facts: Facts | None = None) -> SqlSeed:
    """A seed for `SqlConnector`: an SQL file beside the test, SQL text, or a function that fills an open database.

    A `Path` is a file wherever it lies. Raises Misconfigured when it cannot be read.

    What the script says in `-- cast:` and `-- facts:` lines counts unless it is given here.
    """
    return SqlSeed(*_script(seed, sys._getframe(1).f_globals, cast, facts))


def seeded_odbc(seed: str | Path | Fill, *, cast: Cast | None = None, facts: Facts | None = None) -> SqlSeed:
    """The same for `OdbcConnector`, through the driver `SQLite3`; where it is missing every check says so."""
    from mash_trawl.testing.seeds_odbc import OdbcSeed

    return OdbcSeed(*_script(seed, sys._getframe(1).f_globals, cast, facts))


def _script(
    seed: str | Path | Fill, caller: Mapping[str, object], cast: Cast | None, facts: Facts | None
) -> tuple[str | Fill, Cast | None, Facts | None, str]:
    """What a seed is made of: its text is a file's name if it is one word that ends in `.sql`; and where it stands."""
    if isinstance(seed, str) and seed.endswith(".sql") and "\n" not in seed:
        seed = beside(seed, caller)
    if isinstance(seed, Path):
        return read(seed), cast, facts, str(seed)
    return seed, cast, facts, "the seed"


def _wrong_line(script: str) -> int:
    """On which line the first statement begins that SQLite does not take."""
    statement, began = "", 1
    with closing(sqlite3.connect(":memory:")) as db:
        for number, line in enumerate(script.splitlines(keepends=True), start=1):
            began = began if statement.strip() else number
            statement += line
            if sqlite3.complete_statement(statement):
                try:
                    db.executescript(statement)
                except sqlite3.Error:
                    break
                statement = ""
    return began


def read(file: Path) -> str:
    """The text of an author's file. Misconfigured when there is none, or it is not UTF-8."""
    try:
        data = file.read_bytes()
    except OSError as error:
        what = f"it cannot be read ({type(error).__name__})."
        raise Misconfigured(Problem(where=str(file), what=what, do="Write it there, or name another file.")) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{file}:{data[: error.start].count(10) + 1}"
        raise Misconfigured(Problem(where=where, what="it is not UTF-8.", do="Save it as UTF-8.")) from None


def beside(file: str, caller: Mapping[str, object]) -> Path:
    """A file beside the module that named it."""
    return Path(str(caller.get("__file__", "."))).parent / file
