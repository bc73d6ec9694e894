"""Whether matching still goes as it went: what the ledger counted of it, before a day and since.

Counts alone: no name, no case. A share has moved where its 95 % interval before the day and the one since do not touch.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

SURE = 1.959964
"""Of a 95 % interval, on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted at one source: searches, and in how many of them which outcome came.

    `certain`: a record was taken by rule; `asked`: somebody was left for a person to decide; `nobody`: neither.
    `confirmed` and `rejected` are the records that people had decided about; `taken_back` those that were taken and
    turned out to be somebody else's.
    """

    searches: int = 0
    certain: int = 0
    asked: int = 0
    nobody: int = 0
    confirmed: int = 0
    rejected: int = 0
    taken_back: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many, with the 95 % interval of Wilson (1927); an empty one is anything."""

    part: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        share, spread = self.part / self.of, SURE**2 / self.of
        middle = (share + spread / 2) / (1 + spread)
        width = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
        return middle - width, middle + width


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One share at one source, before and since. `moved`: more than chance explains."""

    source: str
    what: str
    before: Share
    since: Share

    @property
    def moved(self) -> bool:
        (low, high), (least, most) = self.before.interval, self.since.interval
        return bool(self.before.of and self.since.of) and (most < low or least > high)


SHARES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "taken by rule": ("certain", ("searches",)),
    "left to a person": ("asked", ("searches",)),
    "nobody found": ("nobody", ("searches",)),
    "rejected by a person": ("rejected", ("confirmed", "rejected")),
    "taken back later": ("taken_back", ("searches",)),
}
"""Which share is which count, out of which."""


def tallies(rows: Iterable[tuple[datetime, Mapping[str, Any]]], day: datetime) -> dict[str, tuple[Tally, Tally]]:
    """Source to what was counted before the day and since, from the open parts of `match.decided` and of incidents.

    A record that a person decided about is counted in each search that meets it again, so shares compare and numbers
    of people do not.
    """
    found: dict[str, tuple[Tally, Tally]] = {}
    for at, public in rows:
        one = _tally(public)
        source = str(public.get("source", ""))
        if one is not None and source:
            before, since = found.get(source, (Tally(), Tally()))
            found[source] = (before, since + one) if at >= day else (before + one, since)
    return found


def _tally(public: Mapping[str, Any]) -> Tally | None:
    if "discovered_at" in public:
        return Tally(taken_back=1)
    if "outcomes" not in public:
        return None
    many = Counter(public["outcomes"])
    certain, asked = many["auto"] > 0, many["review"] > 0
    return Tally(
        searches=1, certain=certain, asked=asked, nobody=not (certain or asked or many["confirmed"]),
        confirmed=many["confirmed"], rejected=many["rejected"],
    )  # fmt: skip


def drift(found: Mapping[str, tuple[Tally, Tally]]) -> tuple[Moved, ...]:
    """Every share of every source, by name of the source."""
    return tuple(
        Moved(source=source, what=what, before=_share(before, part, whole), since=_share(since, part, whole))
        for source, (before, since) in sorted(found.items())
        for what, (part, whole) in SHARES.items()
    )


def _share(tally: Tally, part: str, whole: tuple[str, ...]) -> Share:
    return Share(part=getattr(tally, part), of=sum(getattr(tally, name) for name in whole))
