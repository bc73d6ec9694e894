"""What the family or an agency says is wrong: beside the claim, in every version, with how it was settled.

Nothing is deleted, and nothing is decided here. What is said of a claim that is no longer shown may repeat it, so it is
shown only where that claim may still be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mash_trawl.errors import Refused
from mash_trawl.model.answer import Answer
from mash_trawl.model.base import Private
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.product import Product
from mash_trawl.model.rows import DisputeShown
from mash_trawl.model.statement import Checked, Dispute, Identified, Said
from mash_trawl.product.claims import claims
from mash_trawl.product.items import ITEM, same_record
from mash_trawl.product.mask import Mask

LONGEST = 2000
"""Signs in which somebody must say what they say instead; a page is read by people."""
LONGEST_NAME = 200
Open = tuple[str, str, str]
"""Item, by and who: what one dispute is told from another by."""


@dataclass(slots=True, kw_only=True, repr=False)
class Told(Private):
    """One dispute and what became of it."""

    said: Dispute
    at: datetime
    settled: tuple[Dispute, datetime] | None = None

    @property
    def key(self) -> Open:
        """What it is told from others by."""
        return self.said.item, self.said.by, self.said.who


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Allowed(Private):
    """What may be shown now: the decisions, and the answers with whatever they carry."""

    decisions: Decisions
    answers: Sequence[Answer] = field(default_factory=tuple)

    def of(self, said: Dispute) -> bool:
        """Whether the claim could be shown if it came: a kind that is permitted without a first day, of a record that
        is still taken for this person's. A claim that grew too old, or somebody else's, is not told again this way."""
        return any(
            answer.source == said.source
            and answer.person in said.about
            and any(match.outcome in ("auto", "confirmed") for match in answer.matches)
            and self._permitted(answer, said.category)
            for answer in self.answers
        )

    def _permitted(self, answer: Answer, category: str) -> bool:
        return any(
            item.outcome is Outcome.PERMIT and item.mode == "content" and item.since is None
            and category in ("", item.category)
            for item in self.decisions.about(answer.source, answer.person)
        )  # fmt: skip


def told(spoken: Iterable[Checked]) -> tuple[Told, ...]:
    """The disputes of a case, oldest first. What is said twice in the same words counts once."""
    found: list[Told] = []
    for item in spoken:
        said = item.statement.said
        if not isinstance(said, Dispute):
            continue
        open_ = [one for one in found if one.settled is None and one.key == (said.item, said.by, said.who)]
        if said.stands and all(one.said.says != said.says for one in open_):
            found.append(Told(said=said, at=item.statement.at))
        for one in open_ if not said.stands else ():
            one.settled = (said, item.statement.at)
    return tuple(found)


def shape_of(spoken: Iterable[Checked]) -> list[object]:
    """What of all that was said shapes a product here: another dispute is another version, and so is one with items."""
    said = [(item.statement.said, item.statement.at) for item in spoken if isinstance(item.statement.said, Dispute)]
    return ["claims have items", *said]


def disputes(spoken: Iterable[Checked], product: Product, mask: Mask, allowed: Allowed) -> tuple[DisputeShown, ...]:
    """Every dispute as it is shown, beside its claim where that is in the product; oldest first."""
    spoken = tuple(spoken)
    found = told(spoken)
    held = claims(product) if found else {}
    return tuple(
        _shown(one, _row(one.said.item, held), mask, in_words=allowed.of(one.said) and not _somebody_elses(one, spoken))
        for one in found
    )


def _somebody_elses(one: Told, spoken: Iterable[Checked]) -> bool:
    """Whether it was signed later that a record of this source is not that person's: the claim may have been of it."""
    return any(
        isinstance(said, Identified) and not said.same and said.source == one.said.source
        and said.person in one.said.about and item.statement.at >= one.at
        for item in spoken
        for said in (item.statement.said,)
    )  # fmt: skip


def _row(item: str, held: Mapping[str, object]) -> str | None:
    """The claim itself, or else the only one that the same record makes now."""
    if item in held:
        return item
    later = [other for other in held if same_record(other, item)]
    return later[0] if len(later) == 1 else None


def _shown(one: Told, row: str | None, mask: Mask, *, in_words: bool) -> DisputeShown:
    """`in_words`: whether what is said may stand without its claim; beside it, it always does."""
    said, (how, when) = one.said, one.settled or (None, None)
    in_words = in_words or row is not None
    who, says = mask.apply((said.who, said.says)) if in_words else (None, None)
    return DisputeShown(
        item=said.item, row=row, by=said.by, who=who, says=says, at=one.at.astimezone(UTC).isoformat(),
        settled=(mask.apply((how.says,))[0] if in_words else "") if how else None,
        settled_at=when.astimezone(UTC).isoformat() if when else None,
    )  # fmt: skip


def check_dispute(said: Said, spoken: Iterable[Checked]) -> None:
    """Refuse what could stand beside no claim: `bad_dispute`; `no_such_dispute` for settling what nobody disputes."""
    if not isinstance(said, Dispute):
        return
    if not ITEM.fullmatch(said.item):
        raise Refused("bad_dispute", "this is no item of a product", "The ids stand in the product beside each claim.")
    for text, most in ((said.who, LONGEST_NAME), (said.says, LONGEST)):
        if not text.strip() or len(text) > most:
            what = f"a dispute says who disputes it (up to {LONGEST_NAME} signs) and what they say (up to {LONGEST})"
            raise Refused("bad_dispute", what, "Say both, in short.")
    key = (said.item, said.by, said.who)
    if not said.stands and not any(one.settled is None and one.key == key for one in told(spoken)):
        what = "nobody disputes this so, or it is settled already"
        raise Refused("no_such_dispute", what, "`open --text` lists the disputes.")
