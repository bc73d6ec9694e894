"""What may be asked, decided with all that stands behind a case; and once more when something was said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mash_trawl.consent import decide
from mash_trawl.consent.meanwhile import never_higher
from mash_trawl.consent.unshown import without_unshown
from mash_trawl.errors import Refused
from mash_trawl.model.answer import Answer
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.profile import Profile
from mash_trawl.product.notes import hidden_categories
from mash_trawl.sources.gate import Row
from mash_trawl.sources.quarantine import quarantine
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.watch import Watch


def may_ask(case: Case, profile: Profile, registry: Registry, now: datetime, backing: Backing) -> Decisions:
    """Every decision for this case at this instant, with what stands behind it."""
    decisions = decide(case, profile, now, registry.refs(profile), backing=backing)
    return without_unshown(decisions, hidden_categories(profile))


def refuse_unapproved(backing: Backing) -> None:
    """Refused("not_approved") while a file that every decision rests on is not approved: no version replaces another.

    A source that is suspended, or whose mapping is not approved, is none of the law's business: what may be asked is
    decided without regard to that, and the source counts as one that cannot be reached.
    """
    if backing.unapproved:
        files = ", ".join(backing.unapproved)
        do = "A data-protection officer looks at what changed: `mash-trawl approve`."
        raise Refused("not_approved", f"nothing is asked while these are not approved as they stand: {files}", do)


class SaidMeanwhile(Refused):
    """Something was said about the case between the last look and the seal: look once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came and by which decisions it may be read, with everything that was said up to `revision`."""

    came: Sequence[Answer]
    decisions: Decisions
    backing: Backing
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A case that is being asked about, and how it is decided at any moment."""

    case: Case
    profile: Profile
    registry: Registry
    clock: Callable[[], datetime]
    backing: Callable[[], Backing]
    revision: Callable[[], int]

    def decisions(self, behind: Backing) -> Decisions:
        """Everything, as it stands now."""
        return may_ask(self.case, self.profile, self.registry, self.clock(), behind)

    def watch(self, since: int) -> Watch:
        """What the gate looks at before every request."""
        return Watch(since=since, revision=self.revision, still=lambda: self.decisions(self.backing()))


def unread(heard: Heard, again: Again, trawl: str) -> tuple[Heard, tuple[Row, ...]]:
    """What came, without what somebody took back since; and rows for the ledger about what was thrown away.

    What was permitted only meanwhile waits for the next run: nobody asked for it.
    """
    number = again.revision()
    if number == heard.revision:
        return heard, ()
    behind = again.backing()
    now = never_higher(heard.decisions, again.decisions(behind))
    cleared = quarantine(heard.came, now, trawl=trawl)
    return Heard(came=cleared.answers, decisions=now, backing=behind, revision=number), cleared.rows
