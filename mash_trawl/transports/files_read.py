"""One CSV, JSON or XLSX file as rows of text: header checked, size and nesting bounded, a cut-off file noticed.

A cell is text, whatever a spreadsheet would make of it: a formula stays the characters that it is.
"""

from __future__ import annotations

import csv
import json
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TextIO

from mash_trawl.errors import Malformed
from mash_trawl.transports.door import Tally

MOST_JSON = 16 * 1024 * 1024
MOST_VALUES = 400_000
"""Commas and brackets of a JSON file, which is read whole: a bigger extract should come as CSV."""
_PART = 64 * 1024
MOST_LINE = 1024 * 1024
MOST_COLUMNS = 500
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "cp1252": "cp1252",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
}
_ONE_BYTE = ("cp1252", "iso-8859-1", "iso-8859-15")


def read_rows(
    path: Path, settings: Mapping[str, str], columns: Sequence[str], tally: Tally
) -> Iterator[dict[str, str]]:
    """The rows of a file that must have `columns`. Raises Malformed.

    `tally.complete` becomes False when the file is not proven to be whole: a trailer that is missing or counts
    differently, a last line that breaks off, a file that changed while it was read.
    """
    before = path.stat()
    yield from rows_of(path, path.suffix, settings, columns, tally)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
        tally.complete = False


def rows_of(
    source: Path | bytes, suffix: str, settings: Mapping[str, str], columns: Sequence[str], tally: Tally
) -> Iterator[dict[str, str]]:
    """The same of a file, or of a file's bytes, of the kind that `suffix` says (`.csv`, `.json`, `.xlsx`)."""
    if suffix.lower() == ".xlsx":
        from mash_trawl.transports.files_xlsx import xlsx_rows

        yield from xlsx_rows(source, settings, columns, tally)
    else:
        yield from _text_rows(source, suffix, settings, columns, tally)


def header_of(content: bytes, settings: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of a table of text whose rows were read already; it says them even when it holds nobody."""
    with TextIOWrapper(BytesIO(content), encoding=_encoding(settings), newline="") as file:
        first = next(csv.reader(file, delimiter=settings.get("delimiter", ","), strict=True), [])
    return tuple(cell.strip() for cell in first)


def _encoding(settings: Mapping[str, str]) -> str:
    return ENCODINGS[settings.get("encoding", "utf-8").lower()]


def _text_rows(
    source: Path | bytes, suffix: str, settings: Mapping[str, str], columns: Sequence[str], tally: Tally
) -> Iterator[dict[str, str]]:
    encoding = _encoding(settings)
    if encoding in _ONE_BYTE and _is_utf8(source):
        raise Malformed("wrong_encoding")
    try:
        with TextIOWrapper(_opened(source), encoding=encoding, newline="") as file:
            if suffix.lower() == ".json":
                yield from _json(file, columns, tally)
            else:
                yield from _csv(file, settings, columns, tally)
    except UnicodeError:
        raise Malformed("wrong_encoding") from None


def _is_utf8(source: Path | bytes) -> bool:
    """Is it UTF-8 with letters that ASCII has not? In a one-byte encoding each of them would read as two other signs.

    Text in such an encoding is, but by the rarest chance, no UTF-8: it stops at its first such letter.
    """
    decoder, plain = getincrementaldecoder("utf-8")(), True
    with _opened(source) as file:
        try:
            while part := file.read(_PART):
                plain = plain and part.isascii()
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return not plain


def _opened(source: Path | bytes) -> BytesIO | BufferedReader:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _csv(file: TextIO, settings: Mapping[str, str], columns: Sequence[str], tally: Tally) -> Iterator[dict[str, str]]:
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=settings.get("delimiter", ","), strict=True)
    trailer, good, broken_off = settings.get("trailer"), 0, False
    try:
        names = _header(next(reader, []), columns)
        for cells in reader:
            if trailer and cells[:1] == [trailer]:
                tally.complete = tally.complete and cells[1:2] == [str(good)] and next(reader, None) is None
                return
            good += 1
            broken_off = len(cells) != len(names)
            if not cells:
                good -= 1
                broken_off = False
            elif broken_off:
                tally.quarantined += 1
            else:
                yield dict(zip(names, cells, strict=True))
    except csv.Error:
        raise Malformed("not_csv") from None
    if trailer or (broken_off and not lines.ended):
        tally.complete = False


def _header(cells: Sequence[str], columns: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if not names or not all(names) or len(set(names)) != len(names) or len(names) > MOST_COLUMNS:
        raise Malformed("not_a_header")
    if not set(columns) <= set(names):
        raise Malformed("a_column_is_missing")
    return names


class _Lines:
    """Lines of a bounded length; `ended` tells whether the last one had its line end."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MOST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= MOST_LINE:
            raise Malformed("line_too_long")
        if "\0" in line:
            raise Malformed("not_csv")
        self.ended = line.endswith(("\n", "\r"))
        return line


def _json(file: TextIO, columns: Sequence[str], tally: Tally) -> Iterator[dict[str, str]]:
    """A list of objects, or an object with `rows` and perhaps `count`; a file that breaks off is no JSON at all."""
    text = file.read(MOST_JSON + 1)
    if len(text) > MOST_JSON:
        raise Malformed("file_too_large")
    if sum(text.count(sign) for sign in ",[{") > MOST_VALUES:
        raise Malformed("too_many_parts")
    keep: Callable[[str], str] = str
    try:
        data = json.loads(text, parse_int=keep, parse_float=keep, parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise Malformed("not_json") from None
    rows = data.get("rows") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise Malformed("not_a_list_of_rows")
    if isinstance(data, dict) and "count" in data and data["count"] != str(len(rows)):
        tally.complete = False
    for row in rows:
        if not isinstance(row, dict) or not set(columns) <= set(row):
            tally.quarantined += 1
        else:
            yield {name: _cell(value) for name, value in row.items()}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError
    return made


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
