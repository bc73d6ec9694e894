"""A filled request as it came back: the signed request that it holds, and what stands in its cells or fields.

Two roads, one shape: the workbook, and the file that the page makes. Nothing of either is believed before the request
in it was found genuine; then every printed cell must stand as it was printed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mash_trawl.config import return_sheets as sheets
from mash_trawl.config.files import read_tree
from mash_trawl.config.referral_sheets import Table
from mash_trawl.config.referral_table import Answers, Desk, read_lines, read_table
from mash_trawl.config.tree import unfit
from mash_trawl.config.workbook import Limits, Sheet, Workbook, read_workbook
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.base import Private
from mash_trawl.model.request import Request

LIMITS = Limits(rows=3000, columns=60, cells=60_000)
MOST_TEXT = 20_000
Genuine = Callable[[bytes, bytes], Request]
"""The request of these bytes and their signature; raises Refused for one that this hub did not write."""
_AGAIN = "Fill in the file that was sent to you, and send that back."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Came(Private):
    """What came back. `people` and `answers` by the printed id of their row; `records` in their order.

    `printed`: the printed cells came back too, as a workbook's do.
    """

    request: Request
    desk: Desk
    who: Answers
    people: Mapping[str, Answers] = field(default_factory=dict)
    answers: Mapping[str, Answers] = field(default_factory=dict)
    records: tuple[Answers, ...] = ()
    printed: bool = True


def open_return(path: Path, genuine: Genuine) -> Came:
    """Read a filled workbook (.xlsx) or the page's file (.json).

    Raises Misconfigured for a file that cannot be read as one, and what `genuine` raises. Problems of single cells are
    collected in `desk`, for whoever reads on.
    """
    if path.suffix.lower() == ".json":
        return _from_page(path, genuine)
    if path.suffix.lower() != ".xlsx":
        do = f"Take the workbook (.xlsx), or the file (.json) that the page's button makes. {_AGAIN}"
        raise Misconfigured(Problem(where=str(path), what="this is no file that a request comes back as.", do=do))
    return _from_book(read_workbook(path, limits=LIMITS, known=sheets.titles()), genuine)


def _from_book(book: Workbook, genuine: Genuine) -> Came:
    request = genuine(*_sealed(_seal_parts(book), book.name))
    desk = Desk(book.name)
    found = {table.title: book.sheet(table.title) for table in sheets.tables()}
    for title, sheet in found.items():
        if sheet is None:
            desk.complain(book.name, f"the sheet `{title}` is missing", _AGAIN)
    for sheet in book.sheets:
        if sheet.title not in sheets.titles() and next(sheet.rows(), None) is not None:
            what = "this sheet is not part of the request, and nothing on it is read"
            desk.complain(sheet.place(), what, "Move what it says to the sheet Records, and remove the sheet.")
    if desk.problems:
        raise Misconfigured(*desk.problems)
    here = {title: sheet for title, sheet in found.items() if sheet is not None}
    return Came(
        request=request,
        desk=desk,
        who=read_lines(here[sheets.WHO], sheets.who(), desk),
        people=_by_id(read_table(here[sheets.PEOPLE], sheets.people(), desk), here[sheets.PEOPLE], desk),
        answers=_by_id(read_table(here[sheets.ANSWERS], sheets.answers(), desk), here[sheets.ANSWERS], desk),
        records=tuple(read_table(here[sheets.RECORDS], sheets.records(), desk)),
    )


def _seal_parts(book: Workbook) -> dict[str, str]:
    """The parts of the signed request, each over as many rows as it needs: a word in column A, text in column B."""
    sheet = book.sheet(sheets.SEAL)
    parts = dict.fromkeys(sheets.SEAL_PARTS, "")
    for row in sheet.rows() if sheet else ():
        if len(row.cells) > 1 and row.cells[0] in parts:
            parts[row.cells[0]] += row.cells[1]
    return parts


def _sealed(parts: Mapping[str, str], name: str) -> tuple[bytes, bytes]:
    try:
        content, signature = (base64.b64decode(parts[part], validate=True) for part in ("request", "signature"))
    except (binascii.Error, ValueError):
        content = signature = b""
    if not content or not signature:
        what = "this holds no request of a hub: what was asked cannot be told."
        raise Misconfigured(Problem(where=name, what=what, do=_AGAIN))
    return content, signature


def _by_id(rows: Iterator[Answers], sheet: Sheet, desk: Desk) -> dict[str, Answers]:
    found: dict[str, Answers] = {}
    for row in rows:
        if row.raw("id") in found:
            row.complain("id", "this row stands here twice", "Remove one of them.")
        found.setdefault(row.raw("id"), row)
    if not found and not desk.problems:
        desk.complain(sheet.place(), "every row is gone", _AGAIN)
    return found


def _from_page(path: Path, genuine: Genuine) -> Came:
    plain = read_tree(path).data
    name, desk = str(path), Desk(str(path))
    parts = plain if isinstance(plain, dict) else {}
    if parts.get("form") != str(sheets.FORM) or not all(
        isinstance(parts.get(part), str) for part in ("request", "signature")
    ):
        what = "this is not the file that the page's button makes."
        raise Misconfigured(
            Problem(where=name, what=what, do="Press the button again, and send the file that it saves.")
        )
    request = genuine(*_sealed(parts, name))
    listed = parts.get("records")
    records = listed if isinstance(listed, list) else []
    if len(records) > sheets.MOST_RECORDS:
        desk.complain(name, f"there are more than {sheets.MOST_RECORDS} records", "Send the most important ones.")
    return Came(
        request=request,
        desk=desk,
        who=_fields(parts.get("who"), sheets.who(), f"{name}:{sheets.WHO}", desk),
        people=_rows(parts.get("people"), sheets.people(), name, desk),
        answers=_rows(parts.get("answers"), sheets.answers(), name, desk),
        records=tuple(
            row for number, item in enumerate(records[: sheets.MOST_RECORDS], start=1)
            if not (row := _fields(item, sheets.records(), f"{name}:{sheets.RECORDS}:{number}", desk)).empty
        ),
        printed=False,
    )  # fmt: skip


def _rows(plain: Any, table: Table, name: str, desk: Desk) -> dict[str, Answers]:
    found = plain if isinstance(plain, dict) else {}
    return {str(key): _fields(item, table, f"{name}:{table.title}:{number}", desk, {"id": str(key)})
            for number, (key, item) in enumerate(found.items(), start=1)}  # fmt: skip


def _fields(plain: Any, table: Table, where: str, desk: Desk, more: Mapping[str, str] | None = None) -> Answers:
    """One group of fields; a name that the page does not have, or what is no text, is a problem."""
    given = {**(plain if isinstance(plain, dict) else {}), **(more or {})}
    keys = {ask.key for ask in table.asks}
    cells: dict[str, tuple[str, str]] = {key: ("", f"{where}:{key}") for key in keys}
    if not isinstance(plain, dict):
        desk.complain(where, "this part is missing or damaged", "Press the page's button again.")
    for key, value in given.items():
        if key not in keys or not isinstance(value, str):
            desk.complain(where, "this holds a field that the page does not have", "Press the page's button again.")
            continue
        fault = f"this is longer than {MOST_TEXT} characters" if len(value) > MOST_TEXT else unfit(value)
        if fault:
            desk.complain(f"{where}:{key}", fault, "Write it anew.")
        cells[key] = ("" if fault else value.strip(), f"{where}:{key}")
    return Answers(desk, table, cells, where)
