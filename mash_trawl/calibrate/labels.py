"""Decisions that two people labelled, as CSV: `bits,first,second`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from mash_trawl.calibrate.proof import Labelled
from mash_trawl.errors import Misconfigured, Problem

_BITS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,3})?")
_SAID = {"yes": True, "no": False}


def labelled(file: Path) -> Iterator[Labelled]:
    """Each line as a decision: its bits, and whether each of two people says yes, it is the same person.

    Raises Misconfigured at file:line for anything else.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.reader(stream), 1):
                if number > 1 or row != ["bits", "first", "second"]:
                    yield _one(row, file, number)
    except (OSError, UnicodeDecodeError, csv.Error):
        what = "this cannot be read as a table of text in UTF-8."
        raise Misconfigured(Problem(where=file.name, what=what, do="Save it as CSV, UTF-8.")) from None


def _one(row: list[str], file: Path, number: int) -> Labelled:
    cells = [cell.strip().lower() for cell in row]
    if len(cells) != 3 or number == 1 or not _BITS.fullmatch(cells[0]) or not {*cells[1:]} <= _SAID.keys():
        what = "this is not the bits of a decision and two labels of yes or no."
        do = "Write a first line `bits,first,second`, then lines such as `31.4,yes,yes`."
        raise Misconfigured(Problem(where=f"{file.name}:{number}", what=what, do=do))
    return Labelled(millibits=round(float(cells[0]) * 1000), first=_SAID[cells[1]], second=_SAID[cells[2]])
