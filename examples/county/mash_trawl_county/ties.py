"""How the people of the county belong together, and where they lived when: what the systems tell in parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mash_trawl_county.people import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """`a` is the `kind` of `b` (parent, partner, sibling, carer); `nature` says how.

    Natures: birth, step, adoptive, foster for parents; married, cohabiting, separated, divorced for partners; birth,
    half, step for siblings. `since` and `until` are days; None says that nothing is written down.
    """

    a: str
    b: str
    kind: str
    nature: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A person lived in a home from one day until another (`until` None: still there)."""

    person: str
    home: Home
    since: date
    until: date | None = None
