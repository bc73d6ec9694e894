"""A drop folder with one extract: CSV with a last line that counts its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from mash_trawl_county.people import TODAY

TRAILER = "TRAILER"


def put(folder: Path, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write `NAME-2026-11-02.csv`; what a row does not say stays blank."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}-{TODAY.isoformat()}.csv").open("w", encoding="utf-8", newline="") as out:
        file, count = csv.writer(out, lineterminator="\n"), 0
        file.writerow(columns)
        for row in rows:
            file.writerow([row.get(column, "") for column in columns])
            count += 1
        file.writerow([TRAILER, count])


def uk(day: date | None) -> str:
    """A day as people write it; blank for none."""
    return day.strftime("%d/%m/%Y") if day else ""


def iso(day: date | None) -> str:
    """A day as a cell of a workbook gives it; blank for none."""
    return day.isoformat() if day else ""
