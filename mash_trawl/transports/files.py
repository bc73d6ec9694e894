"""A drop folder: an agency leaves CSV, JSON or XLSX files, and the newest one is read; never written, never moved.

`connect` holds `folder` and, where needed, `encoding` (`utf-8`, `cp1252` ...), `delimiter`, and `trailer`: the word in
the first cell of a last line whose second cell is the number of rows, which proves that the file is whole; or
`companion`, a second file that says so. For a workbook also `sheet` and `header` (`files_xlsx.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from stat import S_ISREG

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Bound, Step
from mash_trawl.transports.door import Door, Tally
from mash_trawl.transports.files_choice import DIGEST, MOST_FILES, check_digest, check_pattern, digest_of, fits
from mash_trawl.transports.files_compare import passes, tests_of
from mash_trawl.transports.files_read import read_rows, rows_of
from mash_trawl.transports.files_settings import COMPANIONS, check_settings
from mash_trawl.transports.sql_row import Row, places

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
        """Run one step of a mapping in memory: the same comparisons as in a database, in the order of the file.

        A row whose day cannot be read, and of which all else fits, is counted in `tally.quarantined`: it may be meant.
        """
        wanted = {*step.columns, *(item.column for item in step.where)}
        where = places(step.columns)
        tests = tests_of(step.where, values)
        for row in self._file(step.table or "", sorted(wanted)):
            stays = passes(tests, row)
            if stays:
                if not self._counted():
                    return
                yield Row(where, [row[column] for column in step.columns])
            elif stays is None:
                self._door.tally.quarantined += 1

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
    ending = COMPANIONS[door.connect.get("companion", "")]
    path = newest(_folder(door), pattern, ending)
    if ending == ".sha256":
        _check_digest(path)
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0).isoformat()
    return stamp, read_rows(path, door.connect, columns, door.tally)


def newest(folder: Path, pattern: str, ending: str = "") -> Path:
    """The newest finished file in the folder that fits; links that lead elsewhere, and files too large, are refused."""
    check_pattern(pattern)
    try:
        there = {item.name: item for item in islice(folder.iterdir(), MOST_FILES + 1)}
        if len(there) > MOST_FILES:
            raise Malformed("too_many_files")
        found = [item for name, item in there.items() if fits(name, pattern, there, ending) and _inside(item, folder)]
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
    return real.parent == folder and S_ISREG(real.stat().st_mode)


def _check_digest(path: Path) -> None:
    try:
        with path.with_name(f"{path.name}.sha256").open("rb") as companion:
            check_digest(companion.read(DIGEST), digest_of(path.read_bytes()))
    except OSError:
        raise Unavailable(Why.CONNECTION_LOST) from None


def _folder(door: Door) -> Path:
    if not door.connect.get("folder"):
        raise Unavailable(Why.SECRET_MISSING)
    return (door.base / door.connect["folder"]).resolve()


@contextmanager
def open_session(door: Door) -> Iterator[Session]:
    """A session over the door's folder; nothing is open when it ends.

    Raises Misconfigured for settings that cannot be used, and lets what the session raises pass.
    """
    check_settings(door.source, door.connect)
    yield Session(door)
