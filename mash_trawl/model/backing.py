"""What stands behind a case beyond its file: who signed what, who runs, which agreements, what is approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mash_trawl.model.agreement import Agreement
from mash_trawl.model.answer import Why
from mash_trawl.model.base import Private
from mash_trawl.model.statement import Checked


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Backing(Private):
    """What `decide` takes beside case, profile and moment. Nothing of it is what a case file says of itself.

    `signed_only`: the hub counts only signed consents and decisions. `runner`: who starts the trawl (empty: nobody
    does, it is only asked about); `runs_as`: other enrolled people who are behind the same run, such as the account of
    a program that vouches for the runner. `spoken`: the checked statements about this case, oldest first.
    `countersign_by`: emergency statement to the end of the working day within which it must be countersigned.
    `agreements` None: nobody looked (a library call). `closed`: sources that are not to be asked now, and why.
    `unapproved`: files that every decision rests on and that nobody approved as they are; `approvals`: they were held
    against what was approved at all.
    """

    signed_only: bool = False
    runner: str = ""
    runs_as: frozenset[str] = frozenset()
    spoken: tuple[Checked, ...] = ()
    countersign_by: Mapping[str, datetime] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] | None = None
    closed: Mapping[str, Why] = field(default_factory=dict)
    unapproved: tuple[str, ...] = ()
    approvals: bool = False

    def runs(self, person: str) -> bool:
        """Whether this person is behind the run: what they alone decided or recorded opens nothing in it."""
        return bool(person) and (person == self.runner or person in self.runs_as)


UNBACKED = Backing()
"""For whoever asks about a case by itself: what its file says, and no agreement looked at."""
