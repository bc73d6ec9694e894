"""Who acts: an enrolled person, bound to an operating-system account or vouched for by an embedding program."""

from __future__ import annotations

from dataclasses import dataclass

BY_SYSTEM = "operating system"
"""How an actor is known who is the person of the account that runs this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person on whose behalf something is done. `id` is the enrolled id (opaque, for example a staff number).

    A host program gives its own name as `vouched_by`; what the hub then believes is in docs/people-and-roles.md.
    """

    id: str
    roles: tuple[str, ...] = ()
    vouched_by: str = BY_SYSTEM
