"""A drop folder: an agency leaves CSV, JSON or XLSX files, and the newest one is read; never written, never moved.

`connect` holds `folder` and, where needed, `encoding` (`utf-8`, `cp1252` ...), `delimiter`, and `trailer`: the word in
the first cell of a last line whose second cell is the number of rows, which proves that the file is whole. For a
workbook also `sheet` and `header` (`files_xlsx.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from stat import S_ISREG

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Bound, Step
from mash_trawl.transports.door import Door, Tally
from mash_trawl.transports.files_compare import passes
from mash_trawl.transports.files_read import read_rows, rows_of
from mash_trawl.transports.sql_row import Row, places

_LOCK = "~$"
"""How Excel begins the name of the small file beside a workbook that somebody has open."""
MOST_FILES = 10_000
MOST_BYTES = 64 * 1024 * 1024


class Session:
    """Reads of one ask over one folder."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @property
    def tally(self) -> Tally:
        """Where a connector counts rows that it cannot read."""
        return self._door.tally

    def read(self, name: str, *columns: str) -> Iterator[dict[str, str]]:
        """Every row of the newest file whose name fits the pattern `name` (`tenants-*.csv`), as text by column.

        Raises Unavailable(`server_error`) when there is none, Malformed when it cannot be read as what it is, or lacks
        one of `columns`: name those that you read.
        """
        for row in self._file(name, columns):
            if not self._counted():
                return
            yield row

    def select(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        """Run one step of a mapping in memory: the same comparisons as in a database, in the order of the file."""
        wanted = {*step.columns, *(item.column for item in step.where)}
        where = places(step.columns)
        for row in self._file(step.table or "", sorted(wanted)):
            if all(passes(item, row[item.column], values.get(item.key)) for item in step.where):
                if not self._counted():
                    return
                yield Row(where, [row[column] for column in step.columns])

    def answers(self, step: Step) -> bool:
        """True: a folder compares by itself, soundex included."""
        return True

    def _counted(self) -> bool:
        if self._door.row():
            return True
        self._door.tally.truncated = True
        return False

    def _file(self, pattern: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
        end = time.monotonic() + self._door.request()
        stamp, rows = _opened(self._door, pattern, columns)
        known = self._door.tally.as_of
        self._door.tally.as_of = min(known, stamp) if known else stamp
        try:
            for number, row in enumerate(rows):
                if number % 1000 == 0 and time.monotonic() > end:
                    raise Unavailable(Why.DEADLINE)
                yield row
        except OSError:
            raise Unavailable(Why.CONNECTION_LOST) from None


def _opened(door: Door, pattern: str, columns: Sequence[str]) -> tuple[str, Iterator[dict[str, str]]]:
    """When the data stood (ISO), and the rows: of the newest file in the folder, or of what was sent to the hub."""
    if door.extracts is not None:
        extract = door.extracts(pattern)
        if extract is None:
            raise Unavailable(Why.NOTHING_RECEIVED)
        return extract.as_of, rows_of(extract.content, extract.suffix, door.connect, columns, door.tally)
    path = newest(_folder(door), pattern)
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0).isoformat()
    return stamp, read_rows(path, door.connect, columns, door.tally)


def newest(folder: Path, pattern: str) -> Path:
    """The newest file in the folder that fits; links that lead elsewhere, and files too large, are refused."""
    if not pattern or "/" in pattern or "\\" in pattern:
        raise Malformed("a_file_outside_the_folder")
    try:
        entries = sorted(item for item in folder.iterdir() if fnmatchcase(item.name, pattern))[:MOST_FILES]
        found = [item for item in entries if _inside(item, folder)]
        best = max(found, key=lambda item: (item.stat().st_mtime_ns, item.name), default=None)
        if best is None:
            raise Unavailable(Why.SERVER_ERROR)
        if best.stat().st_size > MOST_BYTES:
            raise Malformed("file_too_large")
    except PermissionError:
        raise Unavailable(Why.LOGIN_FAILED) from None
    except OSError:
        raise Unavailable(Why.CONNECTION_REFUSED) from None
    return best


def _inside(item: Path, folder: Path) -> bool:
    real = item.resolve()
    return not item.name.startswith(_LOCK) and real.parent == folder and S_ISREG(real.stat().st_mode)


def _folder(door: Door) -> Path:
    if not door.connect.get("folder"):
        raise Unavailable(Why.SECRET_MISSING)
    return (door.base / door.connect["folder"]).resolve()


@contextmanager
def open_session(door: Door) -> Iterator[Session]:
    """A session over the door's folder; nothing is open when it ends."""
    yield Session(door)
