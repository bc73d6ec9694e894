"""The second lock: an answer lends nothing that no decision permits, no status vouches for, or no period reaches.

The engine asks for nothing else; a connector or a caller that sends more changes nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from mash_trawl.model.answer import SAID_FIRST, STATUS_OF, Answer, Status, Why, Withheld
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.finding import Event, Fact, Finding, Relationship
from mash_trawl.model.product import LeftOut
from mash_trawl.model.shown import day_words

_SHOWN = (Status.FOUND, Status.PARTIAL)
_NEVER_ASKED = (Status.NOT_PERMITTED, Status.CONSENT_MISSING, Status.PENDING_PERSON, Status.NOT_CONNECTED)


def permitted_only(answers: Iterable[Answer], decisions: Decisions) -> tuple[tuple[Answer, ...], tuple[LeftOut, ...]]:
    """The answers as far as decisions and statuses carry them; what went is counted.

    Without any permit for a pair nothing of its answer stays, not even who was recognised.
    """
    kept: list[Answer] = []
    gone: list[LeftOut] = []
    for answer in answers:
        about = decisions.about(answer.source, answer.person)
        if not any(item.outcome is Outcome.PERMIT for item in about):
            why = "nothing was permitted here" if about else "no decision was taken here"
            gone += _left_out(answer, answer.found, why)
            kept.append(not_asked(answer, about))
        elif answer.status not in _SHOWN and answer.carried_from is None and answer.by_person is None:
            why = f"the answer counts as {answer.status.value.replace('_', ' ')}, so its rows are not used"
            gone += _left_out(answer, answer.found, why)
            matches = () if answer.status in (*_NEVER_ASKED, Status.REFUSED_BY_CUSTODIAN) else answer.matches
            kept.append(replace(answer, findings=(), matches=matches))
        else:
            good, missing = _reached(answer, about)
            gone += missing
            kept.append(replace(answer, findings=good))
    return tuple(kept), tuple(gone)


def _left_out(answer: Answer, count: int, why: str) -> list[LeftOut]:
    return [LeftOut(source=answer.source, person=answer.person, count=count, why=why)] if count else []


def not_asked(answer: Answer, about: Sequence[Decision]) -> Answer:
    """What a pair without a permit reads as, whatever came for it: the decisions say why, and nothing else is said."""
    told = answer.status in _NEVER_ASKED and answer.why is not Why.RETURN_OWED and bool(about)
    why = answer.why if told else _refusal(about)
    withheld = tuple(Withheld(category=item.category, rule=item.rule, why=_code(item).value) for item in about)
    return Answer(
        source=answer.source, agency=answer.agency, person=answer.person, status=STATUS_OF[why], why=why,
        withheld=withheld, connector=answer.connector, asked_before=answer.asked_before,
    )  # fmt: skip


def _refusal(about: Sequence[Decision]) -> Why:
    """An open question goes first, then what somebody said, that nobody asked, then the rest."""
    whys = [_code(item) for item in about] or [Why.OUT_OF_SCOPE]
    return next((why for why in (Why.REVIEW_UNANSWERED, *SAID_FIRST) if why in whys), whys[0])


def _code(item: Decision) -> Why:
    if item.outcome is Outcome.REVIEW:
        return Why.REVIEW_UNANSWERED
    known = item.why in Why.__members__.values() and STATUS_OF[Why(item.why)]
    refusals = (Status.NOT_PERMITTED, Status.CONSENT_MISSING, Status.NOT_CONNECTED)
    return Why(item.why) if known in refusals else Why.NO_RULE


def _reached(answer: Answer, about: Sequence[Decision]) -> tuple[tuple[Finding, ...], list[LeftOut]]:
    """The findings of categories whose content is permitted, less what is wholly older than the period of theirs."""
    permits = [item for item in about if item.outcome is Outcome.PERMIT and item.mode == "content"]
    begin = {
        category: None if None in days else min(day for day in days if day)
        for category in {item.category for item in permits}
        for days in ([item.since for item in permits if item.category == category],)
    }
    allowed = [item for item in answer.findings if item.category in begin]
    gone = _left_out(answer, answer.found - len(allowed), "no decision permits this category")
    good = tuple(item for item in allowed if not _older(item, begin[item.category]))
    for day in sorted({day for day in begin.values() if day}):
        old = [item for item in allowed if begin[item.category] == day and _older(item, day)]
        gone += _left_out(answer, len(old), f"older than what may be asked for, from {day_words(day.isoformat())} on")
    return good, gone


def _older(finding: Finding, since: date | None) -> bool:
    last = _last(finding)
    return since is not None and last is not None and last.latest is not None and last.latest < since


def _last(finding: Finding) -> PartialDate | None:
    """The end of what it speaks of. A stay or a service without an end, and what has no date, is never too old."""
    if isinstance(finding, Event):
        return finding.until or finding.when
    if isinstance(finding, Fact):
        return finding.when
    return finding.until if isinstance(finding, Relationship) else finding.to
