"""Twins of a connector over a drop folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from mash_trawl.api import Candidate, Event, FilesConnector, Finding, Grant, PartialDate, PersonQuery, name, uk_date
from mash_trawl.testing import seeded_files
from twins.planting import Family

FOLDER = Path(__file__).parent / "drop"


class Centres(FilesConnector):
    """Attendance and concerns from the weekly extract of the children's centres."""

    name, agency, api = "childrens_centres", "early_help", 1
    offers = frozenset({"early_help.attendance", "early_help.concerns"})
    search_keys = (("family", "born"), ("given", "born"))
    files = {"early_help.attendance": "attendance-*.csv", "early_help.concerns": "concerns-*.csv"}

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Members who agree with every field of the key."""
        with self.open(grant) as session:
            for row in session.read("members-*.csv"):
                if self.agrees(row, query):
                    yield self.member(row)

    def agrees(self, row: Any, query: PersonQuery) -> bool:
        """Whether a row is the person."""
        held = {"family": row["surname"], "given": row["forename"]}
        names = all(
            held[field].casefold() == str(getattr(query, field)).casefold() for field in query.by if field in held
        )
        return names and ("born" not in query.by or uk_date(row["dob"]).earliest == query.born)

    def member(self, row: Any) -> Candidate:
        """A member."""
        return Candidate(ref=row["member"], names=(name(row["forename"], row["surname"]),), born=uk_date(row["dob"]))

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The granted categories of one member."""
        with self.open(grant) as session:
            for category in sorted(grant.categories & self.offers):
                for row in session.read(self.files[category]):
                    if row["member"] == ref and self.inside(row, category, grant):
                        yield self.entry(category, row)

    def inside(self, row: Any, category: str, grant: Grant) -> bool:
        """Whether the day is in the period; what has no day is."""
        since, until = grant.period(category)
        day = self.day(row["day"]).earliest
        return day is None or ((since is None or day >= since) and (until is None or day <= until))

    def day(self, text: str) -> PartialDate:
        """A day."""
        return uk_date(text)

    def entry(self, category: str, row: Any) -> Finding:
        """A visit or concern."""
        return Event(ref=row["entry"], about=(row["member"],), category=category, when=self.day(row["day"]),
                     headline=row["note"], kind=row["kind"])  # fmt: skip


FILES = Family("drop folder", Centres, lambda: seeded_files(FOLDER))
plant = FILES.plant


@plant("reads month and day the wrong way round", "`%m/%d/%Y`, as the author's own computer writes.", "dates", 20, 6)
class American(Centres):
    def day(self, text: str) -> PartialDate:
        parts = text.split("/")
        return uk_date("/".join([parts[1], parts[0], parts[2]]) if len(parts) == 3 and int(parts[1]) > 0 and
                       int(parts[0]) <= 12 else text)  # fmt: skip


@plant("takes a missing file for nothing to report", "No extract this week reads as nobody came.", "faults", 16)
class MissingIsNothing(Centres):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        try:
            yield from super().fetch(ref, grant)
        except Exception:  # the fault
            return


@plant("opens the file by itself", "`open(folder / name)`, around size limit, encoding and end proof.", "row budget", 7, 15,
       16, 12)  # fmt: skip
class OpensItself(Centres):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            folder = Path(session._door.connect["folder"])
            for category in sorted(grant.categories & self.offers):
                for path in sorted(folder.glob(self.files[category])):
                    with path.open(encoding="utf-8", errors="replace") as held:
                        for row in csv.DictReader(held):
                            if row["member"] == ref and self.inside(row, category, grant):
                                yield self.entry(category, row)


@plant("moves the file when it is read", "To a folder `done`, so that it is not read twice.", "read only", 10)
class Moves(Centres):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        yield from super().fetch(ref, grant)
        with self.open(grant) as session:
            folder = Path(session._door.connect["folder"])
            done = folder / "done"
            done.mkdir(exist_ok=True)
            for path in sorted(folder.glob("attendance-*.csv")):
                shutil.copy(path, done / path.name)


@plant(
    "leaves a marker beside the file", "`attendance.read`, an empty file in the agency's folder.", "read only", 10, 13
)
class Marks(Centres):
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        with self.open(grant) as session:
            (Path(session._door.connect["folder"]) / "attendance.read").touch()
        yield from super().find(query, grant)


@plant("numbers the lines", "The key is the place in this week's file.", "references", 3, 21)
class Lines(Centres):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        for number, found in enumerate(super().fetch(ref, grant)):
            yield Event(ref=str(number), about=found.about, category=found.category, when=found.when,
                        headline=found.headline, kind=found.kind)  # fmt: skip


@plant("reads concerns for everybody", "The concerns file is read whatever was granted.", "granted categories", 5)
class ReadsAll(Centres):
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        with self.open(grant) as session:
            for category in sorted(self.offers):
                rows = list(session.read(self.files[category]))
                for row in rows:
                    if category in grant.categories and row["member"] == ref and self.inside(row, category, grant):
                        yield self.entry(category, row)


@plant("leaves rows out that have no day", "`if not day: continue`.", "dates", 20)
class NoDay(Centres):
    def inside(self, row: Any, category: str, grant: Grant) -> bool:
        return self.day(row["day"]).earliest is not None and super().inside(row, category, grant)


@plant("takes a surname that begins so", "`startswith`: Kha is Khan.", "only this person", 8, 9)
class Begins(Centres):
    def agrees(self, row: Any, query: PersonQuery) -> bool:
        return super().agrees({**row, "surname": (query.family or "") if row["surname"][:1] == (query.family or "K")[:1]
                               else row["surname"]}, query)  # fmt: skip


@plant("shows today where there is no day", "A default that looks like a visit.", "dates", 20)
class TodayInstead(Centres):
    def day(self, text: str) -> PartialDate:
        found = super().day(text)
        return found if found.earliest else PartialDate.of(date(2026, 11, 3))
