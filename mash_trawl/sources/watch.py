"""Noticing while a trawl runs that something it may ask was taken back: a consent, a power, a whole source.

What was said about a case has a number that grows with every statement. The gate reads it before every request; when
it has grown, everything is decided once more, and a grant that would not be minted as it stands opens nothing from then
on.
A grant never grows and never comes back in the same trawl.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from mash_trawl.log import StandingUnread, log
from mash_trawl.model.answer import Why
from mash_trawl.model.decision import Decision, Decisions
from mash_trawl.model.grant import Grant
from mash_trawl.sources.refusals import permitted, taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a trawl hands in with its grants.

    `revision` is the number now: cheap, because it is read before every request, and from any thread. `since` is what
    it was *before* the grants were decided. `still` decides the whole case again, for this moment.
    """

    since: int
    revision: Callable[[], int]
    still: Callable[[], Decisions]


class Watched:
    """The grants of one trawl under its watch. Safe in threads: while one decides again, the others wait for it."""

    def __init__(self, watch: Watch, grants: Iterable[Grant]) -> None:
        self._watch, self._grants = watch, tuple(grants)
        self._seen = watch.since
        self._taken: dict[str, Why] = {}
        self._ends: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def look(self) -> None:
        """Decide again if something was said. What cannot be read or decided takes everything back."""
        with self._lock:
            left = [grant for grant in self._grants if grant.id not in self._taken]
            if not left:
                return
            try:
                revision = self._watch.revision()
                if revision != self._seen:
                    self._compare(left, self._watch.still())
                    self._seen = revision
            except Exception as error:
                log(StandingUnread(kind=type(error).__name__))
                self._taken |= dict.fromkeys((grant.id for grant in left), Why.PERMIT_WITHDRAWN)

    def taken(self, grant: Grant) -> Why | None:
        """Why it was taken back; None while it stands, as far as was looked."""
        return self._taken.get(grant.id)

    def end(self, grant: Grant) -> datetime | None:
        """An end that was learnt of since it was minted."""
        return self._ends.get(grant.id)

    def _compare(self, grants: Iterable[Grant], now: Decisions) -> None:
        for grant in grants:
            about = now.about(grant.source, grant.person)
            why = _lost(grant, about)
            if why is not None:
                self._taken[grant.id] = why
            ends = [item.expires_at for item in about if item.category in _all(grant) and item.expires_at is not None]
            if ends:
                self._ends[grant.id] = min(ends)


def _all(grant: Grant) -> frozenset[str]:
    return grant.categories | grant.existence


def _lost(grant: Grant, about: Iterable[Decision]) -> Why | None:
    """Why the grant may not go on; None when each of its categories is still permitted, and as far as it was."""
    items = tuple(about)
    content, known = permitted(items, "content"), permitted(items, "existence")
    lost = (grant.categories - content) | (grant.existence - content - known)
    return taken_back(item for item in items if item.category in lost) if lost else None
