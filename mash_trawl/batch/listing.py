"""From what stands on the command line to a list of case files: folders, CSV lists, single files, case ids.

A wrong row of a list costs that row; a list that cannot be read as a whole costs the batch, before anything is asked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mash_trawl.config.files import read_start
from mash_trawl.errors import Misconfigured, Problem

ENDINGS = (".yaml", ".yml", ".json")
COLUMN = "case"
MOST_BYTES = 32 * 1024 * 1024
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

Find = Callable[[str], Path]
"""From a case id to its file; raises Misconfigured when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One case of the list: its file, or what is wrong with the row. `where` is for people: file, or list and line."""

    where: str
    file: Path | None = None
    problem: Problem | None = None

    @property
    def key(self) -> str:
        """What tells it from the others of the list, whatever the current folder is."""
        return self.where if self.file is None else str(self.file)


def no_ids(_text: str) -> Path:
    """For lists of paths only."""
    raise Misconfigured(Problem(where="CASES", what="there is no such file or folder."))


def list_cases(given: Iterable[str], find: Find = no_ids) -> tuple[Listed, ...]:
    """Every case once, in the order given, a folder's files by name. Misconfigured with everything unusable at once."""
    listed: dict[str, Listed] = {}
    problems: list[Problem] = []
    for text in given:
        try:
            for item in _one(text, find):
                listed.setdefault(item.key, item)
        except Misconfigured as problem:
            problems += problem.problems
    if not problems and not listed:
        problems = [Problem(where="CASES", what="there is no case in it.", do="Name a folder of case files or a list.")]
    if problems:
        raise Misconfigured(*problems)
    return tuple(listed.values())


def _one(text: str, find: Find) -> Iterator[Listed]:
    path = Path(text)
    if path.is_dir():
        yield from _folder(path)
    elif path.suffix.lower() == ".csv":
        yield from _rows(path, find)
    else:
        file = path if path.is_file() else find(text)
        yield Listed(where=str(file), file=file.resolve())


def _folder(folder: Path) -> Iterator[Listed]:
    """The case files right in the folder; hidden files and drafts under way (`.name`) are nobody's case.

    What is called like a case and is neither file nor folder, such as a link that leads nowhere, is a case that cannot
    be read: somebody put it there.
    """
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS and not file.is_dir())
    except OSError as problem:
        what = f"the folder cannot be read ({problem.strerror})."
        raise Misconfigured(Problem(where=str(folder), what=what)) from None
    for file in files:
        if file.name.startswith("."):
            continue
        if file.is_file():
            yield Listed(where=str(file), file=file.resolve())
            continue
        what = "it is a link that leads nowhere." if file.is_symlink() else "it is no file that can be read."
        yield Listed(where=str(file), problem=Problem(where=str(file), what=what, do="Mend it or take it away."))


def _rows(path: Path, find: Find) -> Iterator[Listed]:
    """A CSV list: UTF-8, comma, a header with one column `case` that holds paths (from the list's folder) or ids."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if header.count(COLUMN) != 1:
            do = "Write a first line with the names of the columns, separated by commas."
            what = f"the list has no column `{COLUMN}`." if COLUMN not in header else f"`{COLUMN}` stands twice."
            raise Misconfigured(Problem(where=f"{path}:1", what=what, do=do))
        seen: dict[str, int] = {}
        begins = reader.line_num + 1
        for row in reader:
            line, begins = begins, reader.line_num + 1
            if row:
                yield _row(path, line, row, header, seen, find)
    except csv.Error:
        what = "from here on the list is no CSV: quotation marks do not pair."
        raise Misconfigured(Problem(where=f"{path}:{reader.line_num}", what=what, do="Mend the list.")) from None


def _row(path: Path, line: int, row: list[str], header: list[str], seen: dict[str, int], find: Find) -> Listed:
    where = f"{path}:{line}"
    if len(row) != len(header):
        return _bad(where, f"the row has {len(row)} cells, the first line {len(header)}.")
    text = row[header.index(COLUMN)].strip()
    if not text:
        return _bad(where, "the cell is empty.")
    if _UNFIT.search(text):
        return _bad(where, "the cell holds control characters.")
    if text in seen:
        return _bad(where, f"the case stands in line {seen[text]} already.")
    seen[text] = line
    try:
        beside = path.parent / text
        file = beside if beside.is_file() else find(text)
    except Misconfigured as problem:
        return _bad(where, problem.problems[0].what)
    except (OSError, ValueError):
        return _bad(where, "the cell is no path and no case id.")
    return Listed(where=where, file=file.resolve())


def _bad(where: str, what: str) -> Listed:
    return Listed(where=where, problem=Problem(where=where, what=what, do="Mend the row."))


def _text(path: Path) -> str:
    try:
        data = read_start(path, MOST_BYTES + 1)
    except OSError as problem:
        what = f"the list cannot be read ({problem.strerror})."
        raise Misconfigured(Problem(where=str(path), what=what)) from None
    what, do = "", "Save it as CSV UTF-8."
    if len(data) > MOST_BYTES:
        what, do = "the list is larger than 32 MB.", "Split it."
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        what = "the list is UTF-16."
    elif b"\x00" in data:
        what = "the list is no text."
    if not what:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = data[: fault.start].count(b"\n") + 1
            raise Misconfigured(Problem(where=f"{path}:{line}", what="the list is not UTF-8.", do=do)) from None
    raise Misconfigured(Problem(where=str(path), what=what, do=do))
