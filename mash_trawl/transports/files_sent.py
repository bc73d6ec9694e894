"""A file that somebody sent: out of its zip, read through once, its names of columns and its total looked at."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.base import Private
from mash_trawl.transports.door import Tally
from mash_trawl.transports.files import MOST_BYTES
from mash_trawl.transports.files_read import header_of, rows_of

SUFFIXES = (".csv", ".json", ".xlsx")
_READ = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sent(Private):
    """A file as it came. `name` is its own, which may say whose data it holds: it is compared and never kept."""

    name: str
    content: bytes
    seen: tuple[int, ...] = ()
    """Which file on the disk was read, and as it then was."""

    @property
    def suffix(self) -> str:
        """Its kind, `.csv`."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was seen in it: rows, rows that could not be read, and the digest of the columns' names in order."""

    rows: int
    quarantined: int
    header: str


def read_sent(path: Path, password: Callable[[], str]) -> Sent:
    """The file at `path`, or the one file in it when it is a zip; `password` is asked for only where it is locked.

    Raises Malformed with a code: `not_a_file`, `file_too_large`, `still_being_written`, `zip_of_several_files`,
    `wrong_password`, `broken_zip`, `a_file_outside_the_folder`; Unavailable(`driver_missing`) when the library for
    locked zips is not there.
    """
    content, seen = _read(path)
    sent = Sent(name=path.name, content=content) if path.suffix.lower() != ".zip" else _unzipped(content, password)
    return replace(sent, seen=seen)


def deleted(path: Path, sent: Sent) -> bool:
    """Delete the clear copy; False when some of it is still there.

    What was saved under its name since it was read is nobody's to delete: it was never taken in.
    """
    try:
        now = path.lstat()
        if _mark(now) != sent.seen:
            return False
        path.unlink()
    except OSError:
        return False
    return now.st_nlink < 2


def _read(path: Path) -> tuple[bytes, tuple[int, ...]]:
    """The bytes of one ordinary file; no link and no pipe is opened, even one that takes its place now."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Malformed("not_a_file")
        with os.fdopen(os.open(path, _READ), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise Malformed("not_a_file")
            content = file.read(MOST_BYTES + 1)
            after = os.fstat(file.fileno())
    except OSError:
        raise Malformed("not_a_file") from None
    if len(content) > MOST_BYTES:
        raise Malformed("file_too_large")
    if _mark(before) != _mark(after) or len(content) != after.st_size:
        raise Malformed("still_being_written")
    return content, _mark(after)


def _mark(seen: os.stat_result) -> tuple[int, ...]:
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns


def look(sent: Sent, settings: Mapping[str, str], columns: Sequence[str]) -> Looked:
    """Read every row once, as it will be read when somebody may be asked about. Raises Malformed.

    `breaks_off` when the file is not proven to be whole: a trailer or count that does not fit, a last line cut short.
    """
    if sent.suffix not in SUFFIXES:
        raise Malformed("unknown_kind_of_file")
    tally, rows = Tally(), 0
    names: tuple[str, ...] = ()
    for row in rows_of(sent.content, sent.suffix, settings, columns, tally):
        if not names and sent.suffix == ".xlsx":
            names = tuple(row)
        rows += 1
    if not tally.complete:
        raise Malformed("breaks_off")
    if sent.suffix == ".csv":
        names = header_of(sent.content, settings)
    digest = hashlib.sha256(json.dumps(names).encode()).hexdigest() if names else ""
    return Looked(rows=rows, quarantined=tally.quarantined, header=digest)


def _unzipped(content: bytes, password: Callable[[], str]) -> Sent:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as plain:
            inside = [item for item in plain.infolist() if not item.is_dir()]
            locked = any(item.flag_bits & 1 for item in inside)
            if not locked:
                return _member(plain, inside)
    except _BROKEN:
        raise Malformed("broken_zip") from None
    try:
        import pyzipper  # type: ignore[import-untyped]  # it ships no marker that it is typed
    except ImportError:
        raise Unavailable(Why.DRIVER_MISSING) from None
    key = password().encode()
    try:
        with pyzipper.AESZipFile(io.BytesIO(content)) as closed:
            closed.setpassword(key)
            return _member(closed, [item for item in closed.infolist() if not item.is_dir()])
    except RuntimeError:
        raise Malformed("wrong_password") from None
    except _BROKEN:
        raise Malformed("broken_zip") from None


def _member(archive: Any, inside: Sequence[zipfile.ZipInfo]) -> Sent:
    """The one file in an archive, its check sum proved by reading it to its end; never written anywhere."""
    if len(inside) != 1:
        raise Malformed("zip_of_several_files")
    name = inside[0].filename
    if PurePosixPath(name).name != name or "\\" in name:
        raise Malformed("a_file_outside_the_folder")
    with archive.open(inside[0]) as file:
        content: bytes = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Malformed("file_too_large")
    return Sent(name=name, content=content)
