"""What a named person answered to a REVIEW. A yes opens that one question; a no closes it; the latest word counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private
from mash_trawl.model.decision import Outcome
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Reply

from .signed import changed, deciders, may_decide
from .times import ends, show_day
from .vote import Vote, deny, earliest

Replies = Mapping[tuple[str, str, str], tuple[Checked, ...]]
"""By person, category and rule: the replies that count, whatever they said."""


def replies_of(
    spoken: Sequence[Checked], backing: Backing, profile: Profile, marks: Mapping[str, str]
) -> Replies:  # fmt: skip
    """Those of somebody who may decide here and does not run the trawl. Where nobody decides, nobody's counts."""
    found: dict[tuple[str, str, str], tuple[Checked, ...]] = {}
    roles = deciders(profile)
    for one in spoken if profile.decides else ():
        said = one.statement.said
        if not isinstance(said, Reply) or one.statement.by == backing.runner or not may_decide(one, roles):
            continue
        if not changed(one, (said.person,), marks):
            key = (said.person, said.category, said.rule)
            found[key] = (*found.get(key, ()), one)
    return found


class Answer(Private):
    """The word that counts on one REVIEW: who said it, whether it is a yes, and until when."""

    __slots__ = ("by", "reason", "said", "until")

    def __init__(self, one: Checked, said: Reply) -> None:
        self.by = one.statement.by
        self.said = said
        self.reason = f"{one.statement.by} decided on {show_day(one.statement.at)}"
        self.until = ends(said.until) if said.until else None


def answered(replies: Replies, now: datetime, person: str, category: str, vote: Vote) -> Vote:
    """The vote of an opener after the reply to it, if there is one; anything but a REVIEW stays as it is."""
    if not replies or vote.outcome is not Outcome.REVIEW:
        return vote
    answer = latest(replies, now, (person, category, vote.rule), vote.basis, vote.stands_since)
    if answer is None:
        return vote
    if not answer.said.yes:
        return declined(answer, vote)
    return replace(
        vote,
        outcome=Outcome.PERMIT,
        rule="review.agreed",
        reason=f"{answer.reason} that it may be asked. {vote.reason}",
        unlock="",
        why="",
        obligations=tuple(name for name in vote.obligations if name != "human_review"),
        expires_at=earliest(vote.expires_at, answer.until),
    )


def declined(answer: Answer, vote: Vote) -> Vote:
    """A named person said no."""
    return deny("review.declined", f"{answer.reason} that it is not asked. {vote.reason}",
                f"Only if {answer.by}, or another who may decide, decides otherwise.")  # fmt: skip


def latest(
    replies: Replies, now: datetime, key: tuple[str, str, str], basis: str | None, since: datetime | None
) -> Answer | None:
    """The latest reply to this very question, given since it stands; at the same moment a no counts.

    A yes whose end has passed leaves the question open, and no earlier yes comes back.
    """
    words = [
        (one.statement.at, not one.statement.said.yes, one.statement.by, one, one.statement.said)
        for one in replies.get(key, ())
        if isinstance(one.statement.said, Reply)
        and one.statement.said.basis == basis
        and (since is None or one.statement.at >= since)
    ]
    if not words:
        return None
    *_, one, said = max(words, key=lambda word: (word[0], word[1], _short(word[4]), word[2]))
    answer = Answer(one, said)
    return None if said.yes and answer.until is not None and now >= answer.until else answer


def _short(said: Reply) -> float:
    """Of two yeses at the same moment the one that ends first counts."""
    return -(ends(said.until).timestamp() if said.until else float("inf"))
