"""May this case be asked about now? Once, always; again only if its profile says why, and when it says so.

What is then asked again is for the trawl to say: only what is new, failed, stale or newly permitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mash_trawl.model.case import Case
from mash_trawl.model.profile import Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest version of a case's record: its number, when it was sealed, and whether it was destroyed since."""

    version: int
    sealed_at: datetime
    destroyed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the case is trawled, a stable code for why, and when it will be due if it is not yet."""

    run: bool
    why: str
    due_at: datetime | None = None
    purpose: str = ""


def verdict(case: Case, repeat: Repeat | None, newest: Newest | None, now: datetime) -> Verdict:
    """`never_asked` and `interval_over` run; `asked_before`, `purpose_over`, `not_yet`, `case_destroyed` do not.

    A clock that was put back makes nothing due: the interval counts from the seal of the newest version.
    """
    if newest is None:
        return Verdict(run=True, why="never_asked")
    if newest.destroyed:
        return Verdict(run=False, why="case_destroyed")
    if repeat is None:
        return Verdict(run=False, why="asked_before")
    if now >= case.opened_at + timedelta(seconds=repeat.until.seconds):
        return Verdict(run=False, why="purpose_over", purpose=repeat.purpose)
    due_at = newest.sealed_at + timedelta(seconds=repeat.interval.seconds)
    if now < due_at:
        return Verdict(run=False, why="not_yet", due_at=due_at, purpose=repeat.purpose)
    return Verdict(run=True, why="interval_over", purpose=repeat.purpose)
