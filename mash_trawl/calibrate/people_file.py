"""A person table as CSV: one row a person, its columns in the one vocabulary. Read row by row, and never kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Person, Sex

COLUMNS: Final = (
    "given", "family", "former_names", "born", "sex", "address", "postcode", "uprn", "nhs_number", "upn",
)  # fmt: skip
"""Every column that is looked at; others are passed over. `given` and `family` must be there."""
MOST_FIELD = 2_000
"""Characters in one field; longer ones are no names or addresses."""
_SEXES: Final[dict[str, Sex]] = {
    "f": "female",
    "female": "female",
    "2": "female",
    "m": "male",
    "male": "male",
    "1": "male",
}


@dataclass(slots=True)
class Told:
    """How many rows were read, and how many could not be."""

    read: int = 0
    unreadable: int = 0


def people_in(file: Path, told: Told, needs: tuple[str, ...] = ()) -> Iterator[Person]:
    """Each row that can be read, as a person without id; `told` counts the others.

    UTF-8, with or without a byte order mark; comma, semicolon or tab. Raises Misconfigured where the file cannot be
    opened, is no such table, or lacks a column that `needs` names beside `given` and `family`.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline()
            mark = max(",;\t", key=head.count)
            columns = [name.strip().lower() for name in next(csv.reader([head], delimiter=mark), [])]
            _check(columns, ("given", "family", *needs), file)
            for row in csv.reader(stream, delimiter=mark):
                if not row:
                    continue
                person = _person(dict(zip(columns, row, strict=False)))
                told.read += person is not None
                told.unreadable += person is None
                if person is not None:
                    yield person
    except (OSError, UnicodeDecodeError, csv.Error):
        what = "this cannot be read as a table of text in UTF-8."
        raise Misconfigured(Problem(where=file.name, what=what, do="Save it as CSV, UTF-8.")) from None


def _check(columns: list[str], needs: tuple[str, ...], file: Path) -> None:
    missing = [name for name in needs if name not in columns]
    double = sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1})
    if missing or double:
        what = f"it lacks the columns {', '.join(missing)}." if missing else f"it has {', '.join(double)} twice."
        do = f"Name the columns in the first line: {', '.join(COLUMNS)}."
        raise Misconfigured(Problem(where=f"{file.name}:1", what=what, do=do))


def _person(row: dict[str, str]) -> Person | None:
    """The row's person; None for a birth date that is none, or a field that is too long."""
    held = {name: row[name].strip() for name in COLUMNS if row.get(name, "").strip()}
    if any(len(value) > MOST_FIELD for value in held.values()):
        return None
    try:
        born = PartialDate.parse(held["born"]) if "born" in held else None
    except ValueError:
        return None
    given = tuple(held.get("given", "").split())
    former = held.get("former_names")
    names = (Name(given=given, family=held.get("family")),) + ((Name(family=former, use="old"),) if former else ())
    lines = (held["address"],) if "address" in held else ()
    home = Address(lines=lines, postcode=held.get("postcode"), uprn=held.get("uprn"))
    return Person(
        id="", names=names, born=born, sex=_SEXES.get(held.get("sex", "").lower(), "unknown"),
        identifiers={name: held[name] for name in ("nhs_number", "upn") if name in held},
        addresses=(home,) if lines or home.postcode or home.uprn else (),
    )  # fmt: skip
