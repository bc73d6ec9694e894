"""XML of a workbook, piece by piece: no DTD, no entity, UTF-8 only; depth, elements and lengths have bounds.

Expat alone decides what stands in a part, so that no second reader can see something else in it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

PIECE = 64 * 1024
MOST_DEPTH = 40
MOST_NAMES = 5000
"""Different names of elements and attributes in a part; expat keeps each for good. Workbooks have a few hundred."""
MOST_TOKEN = 1024 * 1024
"""Bytes of one tag or of one run of text; expat keeps that much in memory."""


class Bad(Exception):
    """A part that will not be read; `what` is a fixed sentence, `cell` where it stands if that is known."""

    def __init__(self, what: str, do: str = "", cell: str = "") -> None:
        self.what, self.do, self.cell = what, do, cell
        super().__init__(what)


DAMAGED = "the workbook is damaged, or was not written by a spreadsheet program"


class Purse:
    """How many more elements of a workbook will be read; shared by all its parts (a million take about a second)."""

    __slots__ = ("left",)

    def __init__(self, elements: int = 1_200_000) -> None:
        self.left = elements


class Part:
    """One part being read; a subclass gives `start`, `end` and `text` and gathers what it wants.

    Names come without their namespace.
    """

    def start(self, name: str, values: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Some text inside the innermost element."""


def parse(archive: zipfile.ZipFile, name: str, part: Part, purse: Purse) -> None:
    """Read a whole part. Raises Bad."""
    for _ in pieces(archive, name, part, purse):
        pass


def pieces(archive: zipfile.ZipFile, name: str, part: Part, purse: Purse) -> Iterator[None]:
    """Read a part; gives way after every piece, so that what was gathered can be taken. Raises Bad."""
    reader = _reader(part, purse)
    fed = 0
    for data in _read(archive, name):
        _feed(reader, data, False)
        fed += len(data)
        if fed - max(reader.CurrentByteIndex, 0) > MOST_TOKEN:
            raise Bad("a text in the workbook is far too long")
        yield
    _feed(reader, b"", True)
    yield


def _read(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The unpacked bytes; the archive's own sizes and check sums are held against them."""
    try:
        with archive.open(name) as file:
            yield from _chunks(file)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):
        raise Bad("the file is cut off or damaged", "Send it again.") from None


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while data := file.read(PIECE):
        yield data


def _feed(reader: Any, data: bytes, last: bool) -> None:
    try:
        reader.Parse(data, last)
    except (expat.ExpatError, ValueError):
        raise Bad(DAMAGED) from None


def _reader(part: Part, purse: Purse) -> Any:
    names: dict[str, str] = {}
    reader = expat.ParserCreate(encoding="UTF-8", namespace_separator=" ", intern=names)
    reader.buffer_text = True
    depth = 0

    def start(name: str, values: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        purse.left -= 1
        if depth > MOST_DEPTH or purse.left < 0 or len(values) > 100 or len(names) > MOST_NAMES:
            raise Bad("the workbook holds far more parts than can be read")
        part.start(name.rpartition(" ")[2], values)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        part.end(name.rpartition(" ")[2])

    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.CharacterDataHandler = part.text
    reader.XmlDeclHandler = _declared
    reader.StartDoctypeDeclHandler = reader.EntityDeclHandler = _refuse
    return reader


def _declared(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Bad("a part of the workbook is not UTF-8")


def _refuse(*_: object) -> None:
    raise Bad("a part of the workbook declares a document type (DTD) or entities", "Do not open it; ask who sent it.")
