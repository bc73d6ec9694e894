"""Which file of a folder is read, here or on another machine: the newest that fits and is finished."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from fnmatch import fnmatchcase

from mash_trawl.errors import Malformed

UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp")
"""Endings under which programs write a file that they will give its name when it is whole."""
MOST_FILES = 10_000
DIGEST = 4096
"""Bytes of a companion that may hold a digest, and the file's name beside it."""


def check_pattern(pattern: str) -> None:
    """A pattern names files of the folder itself. Raises Malformed."""
    if not pattern or "/" in pattern or "\\" in pattern:
        raise Malformed("a_file_outside_the_folder")


def fits(name: str, pattern: str, there: Collection[str], ending: str) -> bool:
    """Is it one that is meant and finished? `there` are all names; `ending` that of the companion, if one is wanted.

    Hidden files, those with control characters in their name and what Excel lays beside an open workbook (`~$`) are no
    files of an agency's.
    """
    plain = name.isprintable() and not name.startswith((".", "~$")) and not name.lower().endswith(UNFINISHED)
    if not (plain and fnmatchcase(name, pattern)):
        return False
    return not ending or (not name.endswith(ending) and name + ending in there)


def check_digest(said: bytes, digest: str) -> None:
    """The companion's own digest is the file's. Raises Malformed."""
    if said.lower().split()[:1] != [digest.encode()]:
        raise Malformed("not_the_digest")


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
