"""Households that nobody here wrote: the sample population of pseudopeople, as two censuses wrote it down.

The two are drawn with different seeds, so that each has errors of its own; a third of the households is taken out of
the source, so that many who are asked about are not held there. Asked about is everybody in a household with a child.

The sample is of one place: all live in one city and under one ZIP code, which is left out. An address is a house
number, a street, a unit and the city as it was written down. There is no UPRN and no identifier; in place of a postcode
with the house number, the source is searched by the house number with either name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.matching_table import Row, Table, Tally, ask_all
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person, Sex
from mash_trawl.model.query import Candidate

KEYS = (
    ("family_soundex", "born"), ("given_soundex", "born"), ("family_soundex", "given_soundex"),
    ("family_soundex", "house_number"), ("given_soundex", "house_number"),
)  # fmt: skip
SEXES: dict[str | None, Sex] = {"Female": "female", "Male": "male"}
Entry = dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Census:
    """One year's census as one seed wrote it down."""

    year: int
    seed: int

    @property
    def file(self) -> str:
        """The name of its file of JSON lines."""
        return f"census-{self.year}-{self.seed}.jsonl"


def read(folder: Path, census: Census) -> list[Entry]:
    """Its entries, in the order of the file."""
    with (folder / census.file).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def households(asked: Sequence[Entry], source: Sequence[Entry]) -> Tally:
    """Everybody who lives with a child in the one, asked about at the other."""
    table = Table(_rows(entry for entry in source if not _taken_out(entry)), KEYS)
    cases: dict[str | None, list[tuple[str, Person]]] = {}
    for entry in with_children(asked):
        cases.setdefault(entry["household_id"], []).append((str(entry["simulant_id"]), _person(entry)))
    return ask_all(table, cases.values(), MatchPolicy(population=len(table.rows)))


def with_children(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Everybody whose household has somebody under eighteen in it; no institutions."""
    homes = {
        entry["household_id"] for entry in entries if (entry["age"] or "").isdigit() and int(str(entry["age"])) < 18
    }
    for entry in entries:
        if entry["household_id"] in homes and entry["housing_type"] == "Household":
            yield entry


def _taken_out(entry: Entry) -> bool:
    """A third of the households, the same ones in every year."""
    return hashlib.sha256(str(entry["household_id"]).encode()).digest()[0] % 3 == 0


def _rows(entries: Iterable[Entry]) -> Iterator[Row]:
    for number, entry in enumerate(entries):
        yield Row(whose=str(entry["simulant_id"]), candidate=Candidate(ref=f"r{number}", **_facts(entry)))


def _person(entry: Entry) -> Person:
    return Person(id=str(entry["simulant_id"]), **_facts(entry))


def _facts(entry: Entry) -> dict[str, Any]:
    given = tuple(part for part in (entry["first_name"], entry["middle_initial"]) if part)
    given = given if entry["first_name"] else ()
    house = " ".join(part for part in (entry["street_number"], entry["street_name"]) if part)
    unit = entry["unit_number"]
    lines = tuple(part for part in (house, f"Unit {unit}" if unit else "", entry["city"]) if part)
    return {
        "names": (Name(given=given, family=entry["last_name"]),),
        "born": _born(entry["date_of_birth"]),
        "sex": SEXES.get(entry["sex"], "unknown"),
        "addresses": (Address(lines=lines),) if house else (),
    }


def _born(text: str | None) -> PartialDate | None:
    """Month, day and year; what is no day of the calendar is not known."""
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text or "")
    try:
        return PartialDate.parse(f"{found[3]}-{found[1]}-{found[2]}") if found else None
    except ValueError:
        return None
