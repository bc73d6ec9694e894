"""A drop folder as a seed: files of the author's, copied, and spoiled where they are CSV or JSON."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.testing.cast import Cast, Facts, told_in
from mash_trawl.testing.seeds import Seed
from mash_trawl.testing.seeds_sql import beside, read
from mash_trawl.testing.seen import STRAIGHT, Asked, Seen, Twist
from mash_trawl.transports import files

MISSING, EMPTY, GARBLED, CUT = "the file is missing", "the file is empty", "the file is garbled", "a column is gone"


class FilesSeed(Seed):
    """A copy of a folder; every run has its own copy of that, as the twist wants it."""

    kinds = frozenset({"files"})
    selects = False
    faults = (MISSING, EMPTY, GARBLED, CUT)

    def __init__(self, folder: Path, connect: Mapping[str, str], cast: Cast | None, facts: Facts | None) -> None:
        self._origin, self._connect = folder, dict(connect)
        told = folder / "cast.txt"
        own = told_in(read(told)) if told.is_file() else (None, None)
        self.cast, self.facts = cast or own[0], facts or own[1]
        self.grows = any(item.suffix.lower() == ".csv" for item in folder.iterdir())  # type: ignore[misc]  # of this seed
        self._here, self._number = Path(), 0

    def start(self, folder: Path) -> None:
        """Copy the files."""
        self._room = folder
        self._here = folder / "drop"
        shutil.copytree(self._origin, self._here, ignore=shutil.ignore_patterns("cast.txt"))
        self._plain = self._here

    def connect(self) -> Mapping[str, str]:
        """The folder, and settings of the author's."""
        return {"folder": str(self._here)} | self._connect

    def state(self) -> str:
        """What the folder holds, and when it was written."""
        held = sorted(self._plain.rglob("*"))
        return " ".join(f"{item.name}:{_digest(item)}" for item in held)

    @contextmanager
    def behind(self, twist: Twist, seen: Seen) -> Iterator[None]:
        """With the files as the twist wants them, and an ear at the reader."""
        module: Any = files
        real = module.read_rows

        def heard(path: Path, connect: Any, columns: Any, tally: Any) -> Iterator[dict[str, str]]:
            seen.asked.append(Asked(text=f"read {path.name}", values=tuple(columns), method="GET"))
            seen.opened += 1
            if twist.fault:
                seen.faults += 1
            for row in real(path, connect, columns, tally):
                seen.drawn += 1
                if twist.total is None:  # what the kit keeps is not the connector's memory
                    seen.row(path.name, {str(name).lower(): value for name, value in row.items()})
                yield row

        module.read_rows = heard
        if twist.fault == MISSING:
            seen.faults += 1
        try:
            yield
        finally:
            module.read_rows = real

    def prepare(self, twist: Twist) -> None:
        """Before a run: its own copy, if the twist wants another than the plain one."""
        if twist == STRAIGHT:
            self._here = self._plain
            return
        self._number += 1
        self._here = self._room / f"drop{self._number}"
        self._here.mkdir()
        for item in sorted(self._plain.iterdir()):
            if twist.fault != MISSING:
                (self._here / item.name).write_bytes(_spoiled(item, twist))


def _digest(item: Path) -> str:
    return hashlib.sha256(item.read_bytes()).hexdigest() if item.is_file() else ""


def _spoiled(item: Path, twist: Twist) -> bytes:
    data = item.read_bytes()
    if twist.fault == EMPTY:
        return b""
    if twist.fault == GARBLED:
        return b"\xff\xfe\x00\x81" + data[: len(data) // 2][::-1]
    if item.suffix.lower() == ".csv":
        return _csv(data, twist)
    return _json(data, twist) if item.suffix.lower() == ".json" else data


def _csv(data: bytes, twist: Twist) -> bytes:
    text = data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head, body = rows[0], [row for row in rows[1:] if row]
    if twist.fault == CUT:
        return _written([head[1:], *(row[1:] for row in body)])
    if twist.total is not None and body:
        body = [body[number % len(body)] for number in range(twist.total)]
    names = [name.strip().lower() for name in head]
    changed = [[twist.values.get(name, value) if value else value for name, value in zip(names, row, strict=False)]
               for row in body]  # fmt: skip
    return _written([head, *changed])


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _json(data: bytes, twist: Twist) -> bytes:
    rows = json.loads(data)
    if not isinstance(rows, list):
        return data
    lower = twist.values
    changed = [{key: lower.get(key.lower(), value) if value else value for key, value in row.items()} for row in rows]
    if twist.fault == CUT:
        changed = [dict(list(row.items())[1:]) for row in changed]
    return json.dumps(changed).encode()


def seeded_files(
    folder: str | Path,
    *,
    connect: Mapping[str, str] | None = None,
    cast: Cast | None = None,
    facts: Facts | None = None,
) -> FilesSeed:
    """A seed for `FilesConnector`: a folder beside the test (a `cast.txt` in it may say cast and facts).

    `connect` holds further settings (`encoding`, `sheet` ...); the password of the kit is not among them. Raises
    Misconfigured when there is no such folder.
    """
    where = folder if isinstance(folder, Path) else beside(folder, sys._getframe(1).f_globals)
    if not where.is_dir():
        raise Misconfigured(
            Problem(where=str(where), what="there is no such folder.", do="Put the seed's files there.")
        )
    return FilesSeed(where, connect or {}, cast, facts)
