"""The list of missing episodes: every missing report that the police told, with what became of the return interview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.extract import iso, put
from mash_trawl_county.systems import police
from mash_trawl_county.traces import Trace

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "missing_people"
APPROVE = "{distribution: mash-trawl-specialist, plugin: missing_people}"
SOURCE = """
  - name: missing_people
    agency: exploitation_team
    connector: missing_people
    connect: {folder: ../county/missing_people, trailer: TRAILER}
    contact: {name: Missing and exploitation team, telephone: "01632 960804"}"""
COLUMNS = (
    "child_ref", "episode_ref", "forename", "surname", "dob", "address", "postcode", "sensitive", "episode_type",
    "missing_from", "missing_to", "interview", "interview_summary",
)  # fmt: skip


def records(built: Built) -> Sequence[Trace]:
    """One episode for each report."""
    return [
        replace(trace, system=NAME, category="return_interviews", ref=f"M-{trace.ref}")
        for trace in built.told(police.NAME) if trace.category == "missing"
    ]  # fmt: skip


def write(folder: Path, built: Built) -> None:
    """One file."""
    people = built.people()
    rows = []
    for trace in records(built):
        child = people[trace.people[0][0]]
        rows.append({
            "child_ref": f"C-{child.id}", "episode_ref": trace.ref, "forename": child.given, "surname": child.family,
            "dob": iso(child.born), "address": child.home.line if child.home else "", "sensitive": "N",
            "postcode": child.home.postcode if child.home else "", "episode_type": "M", "missing_from": iso(trace.on),
            "missing_to": iso(trace.on), "interview": "OFFERED", "interview_summary": "",
        })  # fmt: skip
    put(folder / NAME, "missing", COLUMNS, rows)
