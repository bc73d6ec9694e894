"""Carrying over: the answers of the last trawl and those of this one become one answer for every (source, person)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions
from mash_trawl.model.finding import Finding
from mash_trawl.sources.again import FAILED, NOTHING_SAID, Asked, Delta, Kept, Memory, Pair, facts_of, permits
from mash_trawl.sources.claims import Claims, Settled
from mash_trawl.sources.periods import outside
from mash_trawl.sources.refusals import withheld
from mash_trawl.sources.sieve import once

_SAID_NOTHING = (Status.TIMED_OUT, Status.UNREACHABLE, Status.NOT_CONNECTED)
_TAKEN_BACK = (Status.NOT_PERMITTED, Status.CONSENT_MISSING, Status.PENDING_PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Every answer in the order of the decisions; records that two people would share, by source."""

    answers: tuple[Answer, ...]
    disputed: tuple[tuple[str, Settled], ...] = ()


def together(fresh: Iterable[Answer], delta: Delta, memory: Memory | None, decisions: Decisions) -> Together:
    """Join what came now with what stands. A record that would be two people's is nobody's, whenever it came."""
    came = {(answer.source, answer.person): answer for answer in fresh}
    stands = {(kept.answer.source, kept.answer.person): kept for kept in delta.stands}
    answers: list[Answer] = []
    for pair in decisions.pairs:
        about = decisions.about(*pair)
        kept = memory.of(pair) if memory else None
        why = delta.why(*pair)
        if pair in stands and memory:
            answers.append(_carried(stands[pair], about, memory.version))
        elif kept is not None and memory and why not in (None, "new", "changed"):
            narrow = why == "newly_permitted" and bool(kept.categories)
            answers.append(_joined(came[pair], kept, about, memory.version, narrow=narrow))
        else:
            answers.append(_no_longer(came[pair], kept, permits(delta.decisions.about(*pair))))
    return _settled(answers)


def _no_longer(fresh: Answer, kept: Kept | None, now: Collection[str]) -> Answer:
    """With what had been asked for of what is refused now: by an earlier version, or by this one until taken back."""
    if fresh.status not in _TAKEN_BACK or fresh.by_person is not None:
        return fresh
    asked = set(now) if fresh.attempts else set()
    if kept is not None:
        before = kept.answer
        stood = before.carried_from is not None or before.status not in (*_TAKEN_BACK, Status.NOT_CONNECTED)
        asked |= set(kept.categories if stood else before.asked_before)
    return replace(fresh, asked_before=tuple(sorted(asked)))


def remember(
    case: Case,
    decisions: Decisions,
    answers: Iterable[Answer],
    before: Memory | None,
    delta: Delta,
    sources: Mapping[str, Asked],
    said: Mapping[Pair, str] = NOTHING_SAID,
) -> tuple[Kept, ...]:
    """What the next trawl needs of these answers.

    `said`: digests of what named people had said of the records of each pair when this trawl began.
    """
    kept = []
    for answer in answers:
        pair = (answer.source, answer.person)
        why, wanted = delta.why(*pair), permits(decisions.about(*pair))
        old = before.of(pair) if before else None
        if old is not None and (why is None or _stands_alone(answer)):
            categories, facts, source, heard = _days(old, wanted), old.facts, old.source, old.said
        else:
            joined = old is not None and why == "newly_permitted" and answer.carried_from is not None
            categories = {**wanted, **(_days(old, wanted) if old and joined else {})}
            if why == "newly_permitted" and not joined:
                categories = {item: day for item, day in wanted.items() if not old or item not in old.categories}
            facts, source = facts_of(case.person(answer.person)), sources.get(answer.source, Asked()).digest
            heard = said.get(pair, "")
        kept.append(Kept(answer=answer, categories=categories, facts=facts, source=source, said=heard))
    return tuple(kept)


def _stands_alone(answer: Answer) -> bool:
    """Carried over whole, although something was to be asked: that was taken back before it came."""
    return answer.carried_from is not None and not answer.attempts and answer.status not in FAILED


def _days(old: Kept, wanted: Mapping[str, str]) -> dict[str, str]:
    """From which day on each category is held now: what lies before today's first day was not carried over."""
    return {name: max(day, wanted[name]) for name, day in old.categories.items() if name in wanted}


def _carried(kept: Kept, about: Sequence[Decision], version: int) -> Answer:
    """The answer as it came, as far as it is permitted today; nothing was sent for it now."""
    answer = _stamped(kept.answer, version)
    findings = _permitted(answer.findings, about)
    why = answer.why
    if answer.status is Status.FOUND:
        why = _known(findings, about)
    missing = withheld(about, frozenset(permits(about)))
    return replace(answer, findings=findings, why=why, attempts=0, milliseconds=0, withheld=missing)


def _known(findings: Sequence[Finding], about: Sequence[Decision]) -> Why:
    """Why somebody who is known to the source counts as found."""
    if not permits(about):
        return Why.KNOWN_EXISTENCE_ONLY
    return Why.MATCHED if findings else Why.KNOWN_NOTHING_IN_SCOPE


def _joined(fresh: Answer, kept: Kept, about: Sequence[Decision], version: int, *, narrow: bool) -> Answer:
    """What came now, with what came before where today's answer cannot replace it.

    `narrow`: only what is newly permitted was asked for now, so the earlier answer still stands for the rest; it
    stands alone if what is new was taken back before it came. Nothing is joined that rests on a record which today's
    search, if it ended, does not recognise as this person's.
    """
    if narrow and fresh.status in _TAKEN_BACK and kept.categories.keys() & permits(about).keys():
        return _carried(kept, about, version)
    fresh = replace(fresh, withheld=withheld(about, frozenset(permits(about))))
    old = _recognised(_stamped(kept.answer, version), fresh.refs)
    earlier = _permitted(old.findings, about)
    silent = fresh.status in _SAID_NOTHING or (narrow and fresh.status is Status.REFUSED_BY_CUSTODIAN)
    if silent and fresh.refs is None:
        waiting = fresh.waiting or old.waiting
        fresh = replace(fresh, possible=max(fresh.possible, old.possible), waiting=waiting)
    if not earlier and not old.matches:
        return fresh
    if silent:
        joined = replace(fresh, findings=earlier, matches=old.matches)
    elif fresh.status is Status.PARTIAL or (narrow and fresh.status in (Status.FOUND, Status.NONE_FOUND)):
        joined = _union(fresh, old, earlier)
    else:
        return fresh
    return replace(joined, carried_from=old.carried_from, carried_at=old.carried_at)


def _recognised(old: Answer, refs: Collection[str] | None) -> Answer:
    """What of the earlier answer rests on records that are still this person's; all of it when nobody could look."""
    if refs is None:
        return old
    findings = tuple(item for item in old.findings if set(item.about) & set(refs))
    return replace(old, findings=findings, matches=tuple(match for match in old.matches if match.ref in refs))


def _union(fresh: Answer, old: Answer, earlier: Sequence[Finding]) -> Answer:
    """Both together; a record that came again is as it came last."""
    known = {(type(item), item.ref, item.category) for item in fresh.findings}
    rest = [item for item in earlier if (type(item), item.ref, item.category) not in known]
    matches = {match.ref: match for match in (*old.matches, *fresh.matches)}
    findings = once((*fresh.findings, *rest))
    whole = replace(fresh, findings=findings, matches=tuple(matches[ref] for ref in sorted(matches)))
    if fresh.status is Status.PARTIAL:
        return whole
    return replace(whole, status=Status.FOUND, why=Why.MATCHED if findings else Why.KNOWN_NOTHING_IN_SCOPE)


def _stamped(answer: Answer, version: int) -> Answer:
    """The answer with the version and the moment that it comes from."""
    if answer.carried_from is not None:
        return answer
    return replace(answer, carried_from=version, carried_at=answer.asked_at)


def _permitted(findings: Iterable[Finding], about: Sequence[Decision]) -> tuple[Finding, ...]:
    days = permits(about)
    return tuple(
        item for item in findings if item.category in days and not outside(item, (_day(days[item.category]), None))
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _settled(answers: Sequence[Answer]) -> Together:
    """Across both trawls: nothing rests on a record that is taken for two people of the case."""
    settled: dict[str, Settled] = {}
    for source in dict.fromkeys(answer.source for answer in answers):
        mine = [answer for answer in answers if answer.source == source]
        claims = Claims()
        for answer in mine:
            if answer.matches:
                claims.make({match.ref for match in answer.matches}, _for_review(answer))
        settled[source] = claims.settle(mine)
    final = {(item.source, item.person): item for one in settled.values() for item in one.answers}
    disputed = tuple((source, one) for source, one in settled.items() if one.people)
    return Together(answers=tuple(final[answer.source, answer.person] for answer in answers), disputed=disputed)


def _for_review(answer: Answer) -> Answer:
    """The answer if a person has to say whose the matched records are."""
    possible = answer.possible + len({match.ref for match in answer.matches})
    return replace(
        answer, status=Status.AMBIGUOUS_IDENTITY, why=Why.POSSIBLE_MATCHES, findings=(), matches=(), possible=possible,
        waiting=(*answer.waiting, *answer.matches), carried_from=None, carried_at=None,
    )  # fmt: skip
