"""What a batch came to: counts, and the cases somebody has to look at, with what to do. No names, no paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mash_trawl.batch.journal import Journal
from mash_trawl.batch.listing import Listed
from mash_trawl.store.batch import CaseRow

OUTCOMES = ("complete", "incomplete", "nothing_permitted", "unchanged", "not_known", "skipped", "failed", "left")
TROUBLES = 200
"""Cases that a summary lists one by one; the counts tell of all."""

WHAT_TO_DO = {
    "case_unreadable": "Mend the case file, then run the batch again.",
    "bad_row": "Mend the row of the list, then run the batch again.",
    "listed_twice": "Two files have this case id: give one another id, or take it off the list.",
    "asked_before": "Nothing: it has a product, and its profile gives no purpose for asking again.",
    "not_yet": "Nothing: its profile's interval is not over.",
    "purpose_over": "Nothing: the time in which its profile asks again is over.",
    "case_destroyed": "Take it off the list: its records were destroyed.",
    "case_busy": "Nothing, if a colleague is at it; else run the batch again.",
    "not_listed_any_more": "Nothing: the file is gone from the list.",
    "sealed_unseen": "Open the product: the batch was killed before it noted whether every source had answered.",
    "answers_missing": "Open the product: a person has to answer what waits for one; ring, or run again, for the rest.",
    "last_version_not_readable": "Give the account of the batch a reader key that it can use (docs/batch.md).",
    "reading_over": "Let somebody who still reads this case run it, or give the account of the batch a grant again.",
    "crashed": "Report it with the batch's number; the case can be run alone with `run`.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One batch: its number, whether it `ended`, was `stopped` or is `running`; cases by outcome and by why.

    `places` tells where a case whose file could not be read stands in the list; only whoever gave the list knows.
    """

    batch: int
    state: str
    began: str
    ended: str | None
    counts: Mapping[str, int]
    whys: Mapping[str, int]
    troubles: tuple[CaseRow, ...]
    places: Mapping[int, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many cases it has."""
        return sum(self.counts.values())

    @property
    def something_is_missing(self) -> bool:
        """Whether a case failed, is incomplete, or was not reached."""
        return any(self.counts[name] for name in ("incomplete", "not_known", "failed", "left"))

    @property
    def nothing_permitted(self) -> bool:
        """Whether cases were trawled and none of them had a permit."""
        asked = ("complete", "unchanged", "incomplete", "not_known", "failed")
        return bool(self.counts["nothing_permitted"]) and not any(self.counts[name] for name in asked)


def summary(journal: Journal, listed: Sequence[Listed] = ()) -> Summary:
    """The batch as the journal knows it now."""
    counts = dict.fromkeys(OUTCOMES, 0)
    whys: dict[str, int] = {}
    for (state, outcome, why), number in journal.counts().items():
        name = {"done": outcome, "queued": "left", "running": "left"}.get(state, state)
        counts[name] += number
        if why and name != "left":
            whys[why] = whys.get(why, 0) + number
    run = journal.run()
    troubles = journal.troubles(TROUBLES)
    unread = {row.file: row.n for row in troubles if row.case_id is None}
    digests = ((journal.digest(item.key), item.where) for item in listed) if unread else ()
    return Summary(
        batch=journal.number, state=run.state, began=run.began, ended=run.ended, counts=counts, whys=whys,
        troubles=troubles,
        places={unread[digest]: where for digest, where in digests if digest in unread},
    )  # fmt: skip
