"""What a source of files is told under `connect:`, checked before anything is read, whichever way the files come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.transports.files_read import ENCODINGS

READING = ("encoding", "delimiter", "trailer", "sheet", "header")
"""How a file is read, once it is there."""
KEYS = ("folder", "companion", *READING, "zip_password")
COMPANIONS = {"": "", "done": ".done", "sha256": ".sha256"}
"""What a second file beside the first is called by, which says that the first one is whole."""


def check_settings(source: str, connect: Mapping[str, str]) -> None:
    """Raises Misconfigured with every problem of a source of kind `files`; a value is never repeated."""
    place = f"sources.{source}.connect"
    problems = [unknown(place, key, KEYS, "a source of files") for key in connect if key not in KEYS]
    problems += reading_problems(place, connect)
    if problems:
        raise Misconfigured(*problems)


def reading_problems(place: str, connect: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with how the files are to be read."""
    delimiter, header = connect.get("delimiter", ","), connect.get("header", "1")
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter in '"\r\n':
        do = 'Write ";" or "|", or "\\t" (in double quotes) for a tab.'
        yield Problem(where=f"{place}.delimiter", what="is not one sign that parts columns", do=do)
    if connect.get("encoding", "utf-8").lower() not in ENCODINGS:
        do = f"Write one of: {', '.join(ENCODINGS)}."
        yield Problem(where=f"{place}.encoding", what="is not one that is read here", do=do)
    if not (header.isascii() and header.isdecimal() and 1 <= int(header[:5]) <= 1000):
        yield Problem(where=f"{place}.header", what="is not the number of a row", do="Count from 1, to 1000 at most.")
    if connect.get("companion", "") not in COMPANIONS:
        yield Problem(where=f"{place}.companion", what="is neither done nor sha256")


def unknown(place: str, key: str, known: Collection[str], kind: str) -> Problem:
    """A setting that nobody reads: a misspelt one would be taken for one that was left out."""
    near = get_close_matches(key, known, n=1)
    do = f"Did you mean {near[0]}?" if near else f"Known settings: {', '.join(known)}."
    return Problem(where=place, what=f"holds a setting that {kind} does not have", do=do)
