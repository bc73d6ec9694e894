"""What other partners hold of the county, in the shape of real systems: extracts, lists, and a nightly copy.

They stand beside `systems` and `further`: the score, the demo and their figures keep to theirs. The extract and the
lists of MARAC and of missing people retell the police's own records; probation holds some of the suspects, the district
council whoever rents.

A module offers `records(built)` and `write(folder, built)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from mash_trawl_county.elsewhere import district_council, marac, missing_people, police_extract, probation

if TYPE_CHECKING:
    from mash_trawl_county.build import Built
    from mash_trawl_county.traces import Trace


class Elsewhere(Protocol):
    """What a module of this package offers."""

    def records(self, built: Built) -> Sequence[Trace]:
        """Every record that it holds: the ground truth."""

    def write(self, folder: Path, built: Built) -> None:
        """Write the system's data into the county's folder."""


ELSEWHERE: Mapping[str, Elsewhere] = {
    "police_extract": cast("Elsewhere", police_extract),
    "probation": cast("Elsewhere", probation),
    "district_council": cast("Elsewhere", district_council),
    "marac": cast("Elsewhere", marac),
    "missing_people": cast("Elsewhere", missing_people),
}
"""By the name of the hub's source."""
ELSEWHERE_APPROVE = ", ".join(
    f"{{distribution: mash-trawl-{distribution}, plugin: {plugin}}}"
    for distribution, plugin in (
        ("police", "police_file"), ("probation", "probation_file"), ("district-council", "district_council"),
        ("specialist", "domestic_abuse"), ("specialist", "missing_people"),
    )
)  # fmt: skip
ELSEWHERE_SOURCES = """
  - name: police_extract
    agency: police
    connector: police_file
    connect: {folder: ../county/police_extract, trailer: TRAILER}
    limits: {rows: 2000}
    coverage: {from: 2015-01, area: North Borough}
    contact: {name: Police disclosure desk, telephone: "01632 960002"}
  - name: probation
    agency: probation
    connector: probation_file
    connect: {folder: ../county/probation, trailer: TRAILER}
    coverage: {from: 2014-06, area: North Borough}
    contact: {name: Probation performance team, telephone: "01632 960008"}
  - name: district_council
    agency: district_council
    connector: district_council
    connect: {url: file:../county/district_council.url}
    coverage: {from: 2009-04, area: South District}
    contact: {name: Revenues and benefits, telephone: "01632 960009"}
  - name: marac
    agency: domestic_abuse_service
    connector: domestic_abuse
    connect: {folder: ../county/marac, trailer: TRAILER}
    limits: {rows: 5000}
    contact: {name: MARAC co-ordinator, telephone: "01632 960803"}
  - name: missing_people
    agency: exploitation_team
    connector: missing_people
    connect: {folder: ../county/missing_people, trailer: TRAILER}
    contact: {name: Missing and exploitation team, telephone: "01632 960804"}"""


def write_elsewhere(folder: Path, built: Built) -> None:
    """Write all of them beside the county's other systems."""
    folder.mkdir(parents=True, exist_ok=True)
    for system in ELSEWHERE.values():
        system.write(folder, built)
