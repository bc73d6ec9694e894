"""What a named person answered to a REVIEW. A yes opens that one question; a no closes it; the latest word counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private
from mash_trawl.model.decision import Decision, Outcome
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Reply, Statement

from .signed import changed, deciders, may_decide, vouches
from .times import ends, show_day
from .vote import OTHERWISE, Vote, deny, earliest

Replies = Mapping[tuple[str, str, str], tuple[tuple[Statement, Reply], ...]]
"""By person, category and rule: the replies that count, whatever they said."""
_NEVER = datetime.max.replace(tzinfo=UTC)


def question_mark(asked: Decision | Vote) -> str:
    """A fingerprint of what a REVIEW asks: its rule and reason. A yes that carries it answers only what reads the same.

    Of a restriction on a person it is the restriction's own reason, whatever would have opened the question otherwise.
    """
    reason = asked.reason
    if asked.rule.startswith("restriction."):
        reason = reason.partition(OTHERWISE)[0]
    return hashlib.sha256(json.dumps([asked.rule, reason]).encode()).hexdigest()[:32]


def replies_of(
    spoken: Sequence[Checked], backing: Backing, profile: Profile, marks: Mapping[str, str]
) -> Replies:  # fmt: skip
    """The yeses of those who may decide here and do not run the trawl, and every no, whoever said it.

    Where nobody decides, nobody's counts.
    """
    found: dict[tuple[str, str, str], tuple[tuple[Statement, Reply], ...]] = {}
    roles = deciders(profile)
    for one in spoken if profile.decides else ():
        said = one.statement.said
        if isinstance(said, Reply) and (not said.yes or _may_agree(one, said, backing, roles, marks)):
            key = (said.person, said.category, said.rule)
            found[key] = (*found.get(key, ()), (one.statement, said))
    return found


def _may_agree(
    one: Checked, said: Reply, backing: Backing, roles: Sequence[str], marks: Mapping[str, str]
) -> bool:  # fmt: skip
    return vouches(one, backing) and may_decide(one, roles) and not changed(one, (said.person,), marks)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer(Private):
    """The word that counts on one REVIEW: who said it and when, whether it is a yes, and until when."""

    by: str
    at: datetime
    yes: bool
    until: datetime | None


def answered(replies: Replies, now: datetime, person: str, category: str, vote: Vote) -> Vote:
    """The vote of an opener after the reply to it, if there is one; anything but a REVIEW stays as it is."""
    if vote.outcome is not Outcome.REVIEW:
        return vote
    answer = latest(replies, now, (person, category), vote)
    if answer is None:
        return vote
    if not answer.yes:
        return declined(answer, vote)
    return agreed(answer, vote, vote.reason)


def agreed(answer: Answer, vote: Vote, reason: str) -> Vote:
    """A named person said yes."""
    return replace(
        vote,
        outcome=Outcome.PERMIT,
        rule="review.agreed",
        reason=f"{answer.by} decided on {show_day(answer.at)} that it may be asked. {reason}",
        unlock="",
        why="",
        obligations=tuple(name for name in vote.obligations if name != "human_review"),
        expires_at=earliest(vote.expires_at, answer.until),
    )


def declined(answer: Answer, vote: Vote) -> Vote:
    """A named person said no."""
    return deny("review.declined", f"{answer.by} decided on {show_day(answer.at)} that it is not asked. {vote.reason}",
                f"Only if {answer.by}, or another who may decide, decides otherwise.")  # fmt: skip


def latest(
    replies: Replies, now: datetime, about: tuple[str, str], asked: Vote
) -> Answer | None:  # fmt: skip
    """The latest reply to this REVIEW about person and category; at the same moment a no counts.

    A yes counts if it was given since the question stands, and while it reads as it was answered. One whose end has
    passed leaves the question open, and no earlier yes comes back. A no counts until somebody says yes after it.
    """
    words = [
        Answer(by=one.by, at=one.at, yes=said.yes, until=ends(said.until) if said.until else None)
        for one, said in replies.get((*about, asked.rule), ())
        if said.basis == asked.basis and (not said.yes or _fits(one, said, asked))
    ]
    answer = max(words, key=_later, default=None)
    over = answer is not None and answer.yes and answer.until is not None and now >= answer.until
    return None if over else answer


def _fits(one: Statement, said: Reply, asked: Vote) -> bool:
    known = asked.stands_since is None or one.at >= asked.stands_since
    return known and said.question in ("", question_mark(asked))


def _later(word: Answer) -> tuple[datetime, bool, float, str]:
    """Of two yeses at the same moment the one that ends first counts."""
    return word.at, not word.yes, -(word.until or _NEVER).timestamp(), word.by
