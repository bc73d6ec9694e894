"""Who acts: an enrolled person, bound to an operating-system account or vouched for by an embedding program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person on whose behalf something is done. `id` is the enrolled id (opaque, for example a staff number)."""

    id: str
    roles: tuple[str, ...] = ()
    vouched_by: str = "operating system"
