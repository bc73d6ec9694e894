"""What must stay hidden of where people live: kept from one trawl of a case to the next, and only ever growing."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import Private
from mash_trawl.model.person import Address


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hidden(Private):
    """Case people (ids), sources' keys of people (source, key), and places. Empty: nothing is hidden.

    `unknown`: what an earlier version of the case had hidden could not be read, so that more should be.
    """

    people: tuple[str, ...] = ()
    refs: tuple[tuple[str, str], ...] = ()
    places: tuple[Address, ...] = ()
    unknown: bool = False


NOTHING_HIDDEN = Hidden()
