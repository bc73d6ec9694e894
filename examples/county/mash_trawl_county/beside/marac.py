"""The MARAC list: every domestic incident that the police told was heard three weeks later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.extract import iso, put, uk
from mash_trawl_county.people import TODAY, Human
from mash_trawl_county.systems import police
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "marac"
APPROVE = "{distribution: mash-trawl-specialist, plugin: domestic_abuse}"
SOURCE = """
  - name: marac
    agency: domestic_abuse_service
    connector: domestic_abuse
    connect: {folder: ../county/marac, trailer: TRAILER}
    limits: {rows: 5000}
    contact: {name: MARAC co-ordinator, telephone: "01632 960803"}"""
COLUMNS = (
    "marac_ref", "meeting_date", "reason", "dash_score", "repeat", "address_confidential", "safe_contact", "children",
    "summary", "actions", "victim_forename", "victim_surname", "victim_dob", "victim_postcode", "perpetrator_forename",
    "perpetrator_surname", "perpetrator_dob", "perpetrator_postcode",
)  # fmt: skip


def records(built: Built) -> Sequence[Trace]:
    """One case for each domestic incident; its parts are victim, perpetrator and children."""
    parts = {"victim": "victim", "suspect": "perpetrator"}
    return [
        Trace(system=NAME, category="risk_conference", ref=f"MA-{trace.ref}", kind="DASH", words=trace.words,
              on=min(trace.on + timedelta(days=21), TODAY),
              people=tuple((ident, parts.get(part, "child")) for ident, part in trace.people))
        for trace in built.told(police.NAME) if trace.category == "domestic_abuse"
    ]  # fmt: skip


def write(folder: Path, built: Built) -> None:
    """One file."""
    people = built.people()
    put(folder / NAME, NAME, COLUMNS, (_row(trace, people) for trace in records(built)))


def _row(trace: Trace, people: dict[str, Human]) -> dict[str, str]:
    children = [people[ident] for ident, part in trace.people if part == "child"]
    row = {
        "marac_ref": trace.ref, "meeting_date": iso(trace.on), "reason": trace.kind, "dash_score": "15", "repeat": "N",
        "address_confidential": "N", "safe_contact": "Ring in the morning only", "summary": trace.words,
        "children": "; ".join(f"{child.given} {child.family} {uk(child.born)}" for child in children),
        "actions": "Agencies mark their records",
    }  # fmt: skip
    for ident, part in trace.people:
        if part != "child":
            one = people[ident]
            row |= {
                f"{part}_forename": one.given, f"{part}_surname": one.family, f"{part}_dob": iso(one.born),
                f"{part}_postcode": one.home.postcode if one.home else "",
            }  # fmt: skip
    return row
