"""The systems of the county, one module each, named as the hub names its source.

A module offers three functions: `ref(person)` is the system's own key of a person; `held(built)` the ids of the people
whom it knows; `write(folder, built)` writes its data into the county's folder, and the secret that its server needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from mash_trawl_county.systems import education, health, housing, police, social_care, youth_offending

if TYPE_CHECKING:
    from mash_trawl_county.build import Built
    from mash_trawl_county.people import Human


class System(Protocol):
    """What a module of this package offers."""

    def ref(self, person: Human) -> str:
        """The system's own key of this person."""

    def held(self, built: Built) -> Set[str]:
        """The ids of the people whom the system knows."""

    def write(self, folder: Path, built: Built) -> None:
        """Write the system's data into the county's folder."""


SYSTEMS: Mapping[str, System] = {
    "housing": cast("System", housing),
    "police": cast("System", police),
    "health": cast("System", health),
    "social_care": cast("System", social_care),
    "education": cast("System", education),
    "youth_offending": cast("System", youth_offending),
}
"""By the name of the hub's source."""
