"""Further systems of the county, in the shape of real ones, fed by the same people.

They stand beside `systems` and not among them: the score and the demo keep to their six, which were measured. The same
social care records stand once in the shape of the Standard Safeguarding Dataset and once in the shape of Mosaic; early
help, children's centres and adult social care hold records of their own, drawn from the family's id alone.

A module offers `ref(person)`, `held(built)`, `records(built)` and `write(folder, built)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from mash_trawl_county.further import adult_social_care, childrens_centres, early_help, mosaic, ssd

if TYPE_CHECKING:
    from mash_trawl_county.build import Built
    from mash_trawl_county.people import Human
    from mash_trawl_county.traces import Trace


class Further(Protocol):
    """What a module of this package offers."""

    def ref(self, person: Human) -> str:
        """The system's own key of this person."""

    def held(self, built: Built) -> Set[str]:
        """The ids of the people whom the system knows."""

    def records(self, built: Built) -> Sequence[Trace]:
        """Every record that it holds: the ground truth."""

    def write(self, folder: Path, built: Built) -> None:
        """Write the system's data into the county's folder, and where it is."""


FURTHER: Mapping[str, Further] = {
    "ssd": cast("Further", ssd),
    "mosaic": cast("Further", mosaic),
    "early_help": cast("Further", early_help),
    "childrens_centres": cast("Further", childrens_centres),
    "adult_social_care": cast("Further", adult_social_care),
}
"""By the name of the hub's source."""
FURTHER_APPROVE = ", ".join(
    f"{{distribution: mash-trawl-{distribution}, plugin: {plugin}}}"
    for distribution, plugin in (
        ("social-care", "ssd"), ("social-care", "mosaic"), ("early-help", "early_help"),
        ("childrens-centres", "childrens_centres"), ("adult-social-care", "adult_social_care"),
    )
)  # fmt: skip
FURTHER_SOURCES = """
  - name: ssd
    agency: childrens_social_care
    connector: ssd
    connect: {url: file:../county/ssd.url}
    coverage: {from: 2008-04, area: North Borough}
    contact: {name: Social care systems team, telephone: "01632 960004"}
  - name: mosaic
    agency: childrens_social_care
    connector: mosaic
    connect: {url: file:../county/mosaic.url}
    coverage: {from: 2008-04, area: South Borough}
    contact: {name: Social care systems team, telephone: "01632 960024"}
  - name: early_help
    agency: early_help
    connector: early_help
    connect: {url: file:../county/early_help.url}
    coverage: {from: 2015-09, area: North Borough}
    contact: {name: Early help systems team, telephone: "01632 960021"}
  - name: childrens_centres
    agency: childrens_centres
    connector: childrens_centres
    connect: {folder: file:../county/centres.path, trailer: TRAILER}
    coverage: {from: 2014-04, area: North Borough}
    contact: {name: Family hubs office, telephone: "01632 960022"}
  - name: adult_social_care
    agency: adult_social_care
    connector: adult_social_care
    connect: {url: file:../county/adult_social_care.url}
    coverage: {from: 2012-04, area: North Borough}
    contact: {name: Adult care systems team, telephone: "01632 960023"}"""


def write_further(folder: Path, built: Built) -> None:
    """Write all of them beside the county's six."""
    folder.mkdir(parents=True, exist_ok=True)
    for system in FURTHER.values():
        system.write(folder, built)
