"""Where an emergency stands: a trawl that somebody ran before a decider could say yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mash_trawl.model.base import Private

EmergencyState = Literal["waiting", "countersigned", "declined", "over"]
"""`over`: the working day ended without a countersignature, and nothing more is asked for the case."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EmergencyNow(Private):
    """One emergency as it stands. `id` is its statement's; `until` the end of its working day; `powers` what it is on.

    `looked` are those who countersigned it, or declined it.
    """

    id: str
    by: str
    at: datetime
    reason: str
    state: EmergencyState
    powers: tuple[str, ...]
    until: datetime | None = None
    looked: tuple[str, ...] = ()
