"""Children's centres: two files with a trailer each, who is registered and who came to which session."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence, Set
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.further.tables import chance_of
from mash_trawl_county.people import TODAY, Human
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "childrens_centres"
_CENTRES = ("Beacon children's centre", "Quarry family hub")
_SESSIONS = ("Stay and play", "Speech and language", "Baby massage")
_REGISTRATION = (
    "member_id", "registration_id", "forename", "surname", "date_of_birth", "sex", "member_type", "centre",
    "registered_on", "closed_on", "last_seen", "state", "address", "postcode",
)  # fmt: skip
_ATTENDANCE = ("member_id", "attendance_id", "attended_on", "session", "centre")


def ref(person: Human) -> str:
    """The number of a member."""
    return f"C-{person.id}"


def held(built: Built) -> Set[str]:
    """Everybody registered."""
    return {ident for trace in records(built) for ident, _ in trace.people}


def records(built: Built) -> Sequence[Trace]:
    """In two of three families the children born since 2014 are registered; some came to a session."""
    made: list[Trace] = []
    for family in built.families:
        chance = chance_of(NAME, family.id)
        if chance.random() > 0.66:
            continue
        centre = chance.choice(_CENTRES)
        for child in family.children:
            on = child.born + timedelta(days=chance.randrange(20, 200))
            if child.due or child.born.year < 2014 or on >= TODAY:
                continue
            last = min(on + timedelta(days=chance.randrange(30, 900)), TODAY - timedelta(days=1))
            told = ((child.id, ""),)
            made.append(
                Trace(system=NAME, category="attendance", ref=f"R{child.id}", on=on, people=told, kind="registration",
                      words=centre, until=last)
            )  # fmt: skip
            if chance.random() < 0.7:
                made.append(
                    Trace(system=NAME, category="attendance", ref=f"A{child.id}", on=last, people=told, kind="session",
                          words=chance.choice(_SESSIONS), details={"centre": centre})
                )  # fmt: skip
    return made


def write(folder: Path, built: Built) -> None:
    """A new folder `centres` with both files, and where it is."""
    drop = folder / "centres"
    drop.mkdir(exist_ok=True)
    (folder / "centres.path").write_text(str(drop.resolve()), "utf-8")
    people = built.people()
    registered, came = [], []
    for trace in records(built):
        child = people[trace.people[0][0]]
        if trace.kind == "session":
            came.append((ref(child), trace.ref, _day(trace.on), trace.words, trace.details["centre"]))
            continue
        own = held_as(child, NAME, built.spelling)
        registered.append((
            ref(child), trace.ref, own.given, own.family, _day(own.born), own.sex, "child", trace.words,
            _day(trace.on), "", _day(trace.until), "Active", own.home.line if own.home else "",
            own.home.postcode if own.home else "",
        ))  # fmt: skip
    _file(drop / f"registrations-{TODAY.isoformat()}.csv", _REGISTRATION, registered)
    _file(drop / f"attendance-{TODAY.isoformat()}.csv", _ATTENDANCE, came)


def _file(file: Path, head: Sequence[str], rows: Sequence[Iterable[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *rows, ("TRAILER", str(len(rows)))])


def _day(value: date | None) -> str:
    return value.strftime("%d/%m/%Y") if value else ""
