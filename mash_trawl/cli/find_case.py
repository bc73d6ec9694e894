"""CASE, as people name it: a file, or the id of a case whose draft the hub keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem

FOLDER = "cases"
"""Where a hub keeps the drafts, one file for each case."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ENDINGS = (".yaml", ".yml", ".json")


def find_case(hub_folder: Path, text: str) -> Path:
    """The file of this name; or the hub's draft whose `id:` is this. Misconfigured when there is none, or two.

    The file that bears the id as its name is looked at first. One that cannot be read is given back too, so that
    reading it tells what is wrong with it.
    """
    if is_file(text):
        return Path(text)
    if not _ID.fullmatch(text):
        raise Misconfigured(_none())
    folder = hub_folder / FOLDER
    for ending in _ENDINGS:
        own = folder / f"{text}{ending}"
        if own.is_file() and case_id(own) in (text, None):
            return own
    others = [file for file in drafts(hub_folder) if _holds(file, text) and case_id(file) == text]
    if len(others) > 1:
        what = f"{len(others)} files bear this case id."
        raise Misconfigured(Problem(where=str(folder), what=what, do="Give each its own id, or name the file."))
    if not others:
        raise Misconfigured(_none())
    return others[0]


def is_case_id(text: str) -> bool:
    """Whether this could be the id of a case at all."""
    return _ID.fullmatch(text) is not None


def drafts(hub_folder: Path) -> Iterator[Path]:
    """Every draft of the hub, by file name."""
    folder = hub_folder / FOLDER
    if folder.is_dir():
        yield from sorted(file for file in folder.iterdir() if file.suffix in _ENDINGS and file.name[0] != ".")


def case_id(file: Path) -> str | None:
    """The `id:` that the file states; None when it cannot be read or states none."""
    from mash_trawl.config.files import read_tree

    try:
        data = read_tree(file).data
    except Misconfigured:
        return None
    ident = data.get("id") if isinstance(data, Mapping) else None
    return ident if isinstance(ident, str) else None


def _holds(file: Path, text: str) -> bool:
    """Whether the text stands in the file at all: a quick look, so that thousands of drafts need no parsing."""
    try:
        return text.encode() in file.read_bytes()
    except OSError:
        return False


def is_file(text: str) -> bool:
    """Whether a typed text names a file; one that cannot be a name does not."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _none() -> Problem:
    what = "there is no such file, and no case of this id has a draft in the hub."
    return Problem(where="CASE", what=what, do="Name a case file or a case id; the command `case list` shows them.")
