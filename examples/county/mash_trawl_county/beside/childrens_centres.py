"""Children's centres: two files with a trailer each, who is registered and who came to which session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.extract import put, uk
from mash_trawl_county.people import TODAY, Human, chance_of
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "childrens_centres"
APPROVE = "{distribution: mash-trawl-childrens-centres, plugin: childrens_centres}"
SOURCE = """
  - name: childrens_centres
    agency: childrens_centres
    connector: childrens_centres
    connect: {folder: ../county/childrens_centres, trailer: TRAILER}
    coverage: {from: 2014-04, area: North Borough}
    contact: {name: Family hubs office, telephone: "01632 960022"}"""
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
    """Both files of `childrens_centres`."""
    people, drop, told = built.people(), folder / NAME, records(built)
    registered = [trace for trace in told if trace.kind == "registration"]
    put(drop, "registrations", _REGISTRATION, (_registered(trace, people, built) for trace in registered))
    put(drop, "attendance", _ATTENDANCE, (
        {"member_id": ref(people[trace.people[0][0]]), "attendance_id": trace.ref, "attended_on": uk(trace.on),
         "session": trace.words, "centre": trace.details["centre"]}
        for trace in told if trace.kind == "session"
    ))  # fmt: skip


def _registered(trace: Trace, people: dict[str, Human], built: Built) -> dict[str, str]:
    child = people[trace.people[0][0]]
    own = held_as(child, NAME, built.spelling)
    return {
        "member_id": ref(child), "registration_id": trace.ref, "forename": own.given, "surname": own.family,
        "date_of_birth": uk(own.born), "sex": own.sex, "member_type": "child", "centre": trace.words,
        "registered_on": uk(trace.on), "last_seen": uk(trace.until), "state": "Active",
        "address": own.home.line if own.home else "", "postcode": own.home.postcode if own.home else "",
    }  # fmt: skip
