"""Further systems of the county, in the shape of real ones, fed by the same people.

They stand beside `systems` and not among them: the score and the demo keep to their six, which were measured. Some hold
records of the six once more in another shape; the others have records of their own, drawn from the id of a family or a
person alone, so that nothing else in the county moves.

A module is named as the hub names its source, and offers what `Beside` says; `NAMES` is the one list of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from mash_trawl_county.build import Built
    from mash_trawl_county.traces import Trace


class Beside(Protocol):
    """What a module of this package offers."""

    APPROVE: str
    """Its entry in a hub file's list of approved connectors."""
    SOURCE: str
    """Its entry in `sources:`, on lines of its own."""

    def records(self, built: Built) -> Sequence[Trace]:
        """Every record that it holds: the ground truth."""

    def write(self, folder: Path, built: Built) -> None:
        """Write the system's data into the county's folder, and where it is."""


NAMES = (
    "ssd",
    "mosaic",
    "early_help",
    "childrens_centres",
    "adult_social_care",
    "police_extract",
    "probation",
    "district_council",
    "marac",
    "missing_people",
)
BESIDE: Mapping[str, Beside] = {name: cast("Beside", import_module(f"{__name__}.{name}")) for name in NAMES}
APPROVE = ", ".join(system.APPROVE for system in BESIDE.values())
SOURCES = "".join(system.SOURCE for system in BESIDE.values())
"""What a hub file says about all of them."""


def write_beside(folder: Path, built: Built) -> None:
    """Write all of them beside the county's six."""
    folder.mkdir(parents=True, exist_ok=True)
    for system in BESIDE.values():
        system.write(folder, built)
