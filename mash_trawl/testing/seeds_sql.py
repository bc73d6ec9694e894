"""Databases as seeds: an SQLite file, reached by SQLAlchemy or through SQLite's own ODBC driver."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from mash_trawl.testing.cast import Cast, Facts, told_in
from mash_trawl.testing.seeds import SECRET, Seed
from mash_trawl.testing.seen import Seen, Twist
from mash_trawl.testing.tap import FAULTS, tapped

Fill = Callable[[sqlite3.Connection], object]


class SqlSeed(Seed):
    """An SQLite file with what a script, or a function that is handed the open database, puts into it."""

    kinds = frozenset({"sql"})
    faults = FAULTS

    def __init__(self, fill: str | Fill, cast: Cast | None, facts: Facts | None) -> None:
        own_cast, own_facts = told_in(fill) if isinstance(fill, str) else (None, None)
        self._fill, self.cast, self.facts = fill, cast or own_cast, facts or own_facts
        self.path = Path("kit.db")

    def start(self, folder: Path) -> None:
        """Write the file."""
        self.path = folder / "kit.db"
        with closing(sqlite3.connect(self.path)) as db, db:
            if isinstance(self._fill, str):
                db.executescript(self._fill)
            else:
                self._fill(db)

    def connect(self) -> Mapping[str, str]:
        """A URL, and a password that SQLite does not need and nobody may show."""
        return {"url": f"sqlite:///{self.path}", "password": SECRET}

    @contextmanager
    def behind(self, twist: Twist, seen: Seen) -> Iterator[None]:
        """With a tap on the driver."""
        with tapped(twist, seen):
            yield

    def state(self) -> str:
        """The file's own digest, and what lies beside it."""
        beside = sorted(item.name for item in self.path.parent.iterdir())
        return hashlib.sha256(self.path.read_bytes()).hexdigest() + " ".join(beside)


def seeded_sql(seed: str | Fill, *, cast: Cast | None = None, facts: Facts | None = None) -> SqlSeed:
    """A seed for `SqlConnector`: an SQL file beside the test, SQL text, or a function that fills an open database.

    What the script says in `-- cast:` and `-- facts:` lines counts unless it is given here.
    """
    return SqlSeed(_script(seed, sys._getframe(1).f_globals), cast, facts)


def seeded_odbc(seed: str | Fill, *, cast: Cast | None = None, facts: Facts | None = None) -> SqlSeed:
    """The same for `OdbcConnector`, through the driver `SQLite3`; where it is missing every check says so."""
    from mash_trawl.testing.seeds_odbc import OdbcSeed

    return OdbcSeed(_script(seed, sys._getframe(1).f_globals), cast, facts)


def _script(seed: str | Fill, caller: Mapping[str, object]) -> str | Fill:
    """The text of a script: it is a file's name if it is one word that ends in `.sql`."""
    if not isinstance(seed, str) or not seed.endswith(".sql") or "\n" in seed:
        return seed
    return beside(seed, caller).read_text(encoding="utf-8")


def beside(file: str, caller: Mapping[str, object]) -> Path:
    """A file beside the module that named it."""
    return Path(str(caller.get("__file__", "."))).parent / file
