"""Probation by extract: one suspect in two, grown up, has an order and an assessed risk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.extract import put, uk
from mash_trawl_county.people import TODAY, Human, chance_of
from mash_trawl_county.systems import police
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "probation"
APPROVE = "{distribution: mash-trawl-probation, plugin: probation_file}"
SOURCE = """
  - name: probation
    agency: probation
    connector: probation_file
    connect: {folder: ../county/probation, trailer: TRAILER}
    coverage: {from: 2014-06, area: North Borough}
    contact: {name: Probation performance team, telephone: "01632 960008"}"""
PERSONS = ("crn", "forename", "middle_names", "surname", "alias_surname", "dob", "sex", "address1", "postcode",
           "limited_access")  # fmt: skip
ORDERS = ("event_id", "crn", "order_type", "started", "ended", "active", "officer", "team", "telephone")
CONDITIONS = ("condition_id", "crn", "condition", "imposed")
RISK = ("assessment_id", "crn", "register", "level", "assessed")


def ref(person: Human) -> str:
    """The case reference number of a person."""
    return f"X-{person.id}"


def records(built: Built) -> Sequence[Trace]:
    """An order for one grown-up suspect in two, and the risk that was assessed at its start."""
    made: list[Trace] = []
    people, known = built.people(), set()
    for trace in built.told(police.NAME):
        for ident, part in trace.people:
            adult = (TODAY - people[ident].born).days > 19 * 365
            if part != "suspect" or not adult or ident in known:
                continue
            known.add(ident)
            if chance_of(NAME, ident).random() < 0.5:
                on, told = min(trace.on + timedelta(days=60), TODAY), ((ident, ""),)
                made.append(
                    Trace(system=NAME, category="orders", ref=f"E{ident}", on=on, people=told, kind="CO", words="")
                )
                made.append(
                    Trace(
                        system=NAME, category="risk", ref=f"A{ident}", on=on, people=told, kind="ROSH", words="Medium"
                    )
                )
    return made


def write(folder: Path, built: Built) -> None:
    """The four files of `probation`."""
    people, drop, told = built.people(), folder / NAME, records(built)
    held = sorted(whom(told))
    put(drop, "persons", PERSONS, (_person(people[ident], built) for ident in held))
    put(drop, "orders", ORDERS, (
        {"event_id": trace.ref, "crn": ref(people[trace.people[0][0]]), "order_type": trace.kind,
         "started": uk(trace.on), "active": "Y", "officer": "Lesley Quint", "team": "North court team",
         "telephone": "01632 960701"}
        for trace in told if trace.category == "orders"
    ))  # fmt: skip
    put(drop, "conditions", CONDITIONS, ())
    put(drop, "risk", RISK, (
        {"assessment_id": trace.ref, "crn": ref(people[trace.people[0][0]]), "register": trace.kind,
         "level": trace.words, "assessed": uk(trace.on)}
        for trace in told if trace.category == "risk"
    ))  # fmt: skip


def _person(person: Human, built: Built) -> dict[str, str]:
    own = held_as(person, NAME, built.spelling)
    return {
        "crn": ref(person), "forename": own.given, "middle_names": own.middle, "surname": own.family,
        "alias_surname": own.former, "dob": uk(own.born), "sex": own.sex or "U", "limited_access": "N",
        "address1": own.home.line if own.home else "", "postcode": own.home.postcode if own.home else "",
    }  # fmt: skip
