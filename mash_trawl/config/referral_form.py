"""The filled referral form becomes a case: checked like a case file, every problem with its sheet and cell."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Any

from mash_trawl.config import referral_parts as parts
from mash_trawl.config.case_checks import check_case
from mash_trawl.config.read import validate
from mash_trawl.config.referral_sheets import VERSION, by_title, tables, titles
from mash_trawl.config.referral_table import Answers, Desk, read_lines, read_table, slug
from mash_trawl.config.tree import Tree
from mash_trawl.config.workbook import Limits, Sheet, Workbook, read_workbook
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.case import Case

LIMITS = Limits(rows=2000, columns=100, cells=40_000)
EMPTY_FORM = FilePath(__file__).resolve().parent.parent / "forms" / "referral.xlsx"
"""The form that we ship."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FilledForm:
    """What a form said: the case as a case file's content, and what it says that a case cannot (`left_out`)."""

    case: dict[str, Any]
    left_out: tuple[Problem, ...]


def read_form(path: str | FilePath, *, profile: str = "", now: datetime | None = None) -> dict[str, Any]:
    """The case of a filled form, for `load_case`. As `fill_in`, without what was left out."""
    return fill_in(path, profile=profile, now=now).case


def fill_in(
    source: str | FilePath | bytes,
    *,
    name: str = "",
    profile: str = "",
    now: datetime | None = None,
    token: Callable[[int], str] = secrets.token_hex,
) -> FilledForm:
    """Read a filled form. Raises Misconfigured with every problem at once, `where` being `file:sheet:cell`.

    `profile` stands in where the form names none; `now` (aware) is when the case is opened, where the form does not
    say; a case without a reference gets `MASH-<year>-<six signs>`, made of `token`'s hexadecimal and of nobody's name.
    """
    book = read_workbook(source, name=name, limits=LIMITS, known=titles())
    desk = Desk(book.name)
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    sheets = _sheets(book, desk)
    if len(sheets) < len(tables()):
        raise Misconfigured(*desk.problems)
    referral = read_lines(sheets["Referral"], by_title("Referral"), desk)
    made = _head(referral, desk, profile, now, token)
    made["people"], at = _people(sheets, desk)
    _addresses(sheets, desk, made["people"], at)
    _listed(made, "relationships", sheets, desk)
    _listed(made, "consents", sheets, desk)
    desk.mark((), desk.name)
    tree = Tree(name=desk.name, data=made, marks=desk.marks, faults=tuple(desk.problems))
    validate(Case, tree, check_case(tree))
    return FilledForm(case=made, left_out=tuple(desk.left_out))


def _sheets(book: Workbook, desk: Desk) -> dict[str, Sheet]:
    """The form's sheets by title. A sheet that is not of the form would be lost, so it is a problem."""
    found: dict[str, Sheet] = {}
    for sheet in book.sheets:
        title = next((title for title in titles() if title == sheet.title), "")
        if title:
            found[title] = sheet
        elif next(sheet.rows(), None) is not None:
            do = "Move what it says to `What happened` on the sheet Referral, and remove the sheet."
            desk.complain(sheet.place(), "this sheet is not part of the form, and nothing on it is read", do)
    for table in tables():
        if table.title not in found:
            do = "Use the form that `mash-trawl case form` writes."
            desk.complain(book.name, f"the sheet `{table.title}` is missing", do)
    return {table.title: found[table.title] for table in tables() if table.title in found}


def _head(row: Answers, desk: Desk, profile: str, now: datetime, token: Callable[[int], str]) -> dict[str, Any]:
    """Everything on the sheet Referral."""
    if row.raw("version") != VERSION:
        do = "Use the form that `mash-trawl case form` writes, and copy the answers."
        row.complain("version", "this form is of another version", do)
    named = row.word("profile", ("profile",))
    if not named and not profile:
        do = "Choose one, or say `--profile NAME` when the form is taken in."
        row.complain("profile", "nobody said which kind of referral this is", do)
    opened = now.isoformat()
    if not row.unsaid("opened_day"):
        opened = parts.instant(row, "opened_day", "opened_time", ("opened_at",), late=True) or opened
    ident = row.text("id", ("id",)) or f"MASH-{now.year}-{token(3).upper()}"
    made = {"version": 1, "id": ident, "profile": slug(named) if named else profile or "unknown", "opened_at": opened}
    return made | {"referral": _referral(row, opened)}


def _referral(row: Answers, opened: str) -> dict[str, Any]:
    at = ("referral",)
    made: dict[str, Any] = {"source": row.word("source", (*at, "source")) or "unknown"}
    for day in ("received_day", "received_time"):
        if row.unsaid(day):
            what = "the day and the time of the referral are needed: the clock of the case starts there"
            row.complain(day, what, "Write when it reached the MASH, if nobody knows when it was made.")
    said = not row.unsaid("received_day") and not row.unsaid("received_time")
    received = parts.instant(row, "received_day", "received_time", (*at, "received_at")) if said else None
    made["received_at"] = received or opened
    concerns = [
        word for number in range(1, 6) if (word := row.word(f"concern_{number}", (*at, "concerns", number - 1)))
    ]
    if concerns:
        made["concerns"] = list(dict.fromkeys(slug(word) for word in concerns))
    for key in ("level", "rag"):
        if word := row.word(key, (*at, key)):
            made[key] = word
    if text := row.text("narrative", (*at, "narrative")):
        made["narrative"] = text
    whom = {key: text for key in ("name", "telephone", "email") if (text := row.text(f"referrer_{key}"))}
    return made | ({"referrer": whom} if whom else {})


def _people(sheets: dict[str, Sheet], desk: Desk) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The people, and at which place in the list each id stands (the first of two)."""
    made: list[dict[str, Any]] = []
    at: dict[str, int] = {}
    desk.mark(("people",), sheets["People"].place())
    for row in read_table(sheets["People"], by_title("People"), desk):
        path = ("people", len(made))
        desk.mark(path, row.where)
        made.append(parts.person(row, path))
        at.setdefault(made[-1]["id"], len(made) - 1)
    return made, at


def _addresses(sheets: dict[str, Sheet], desk: Desk, people: list[dict[str, Any]], at: dict[str, int]) -> None:
    """Each address to its person."""
    for row in read_table(sheets["Addresses"], by_title("Addresses"), desk):
        place = at.get(row.raw("person"))
        if place is None:
            do = "Choose one of those on the sheet People."
            row.complain("person", "this address is of nobody on the sheet People", do)
            continue
        mine = people[place].setdefault("addresses", [])
        path = ("people", place, "addresses", len(mine))
        desk.mark(path, row.where)
        mine.append(parts.address(row, path))


def _listed(made: dict[str, Any], key: str, sheets: dict[str, Sheet], desk: Desk) -> None:
    """Relationships or consents; a row with a problem of its own waits for it to be mended."""
    title, build = {"relationships": ("Relationships", parts.tie), "consents": ("Consent", parts.consent)}[key]
    items: list[dict[str, Any]] = []
    for row in read_table(sheets[title], by_title(title), desk):
        before = len(desk.problems)
        path = (key, len(items))
        item = build(row, path)
        if item is not None and len(desk.problems) == before:
            desk.mark(path, row.where)
            items.append(item)
    if items:
        made[key] = items
