"""What a named person said of a record counts at once: nothing rests any more on one that is somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.match import Guard, Match
from mash_trawl.sources.again import Delta, Kept, Memory

Stands = Callable[[str, Match], bool]
"""Whether a record of this source may still be taken for that person, by what was said up to now."""


def still_theirs(answers: Iterable[Answer], stands: Stands) -> tuple[Answer, ...]:
    """The answers, each without the records that turned out to be somebody else's, and without what rests on them.

    Something can be said while a trawl is under way, and a source can be silent in the very run that should ask again.
    """
    given = tuple(answers)
    still = _beside_theirs(given, stands)
    return tuple(_without(answer, still) for answer in given)


def before_of_theirs(memory: Memory | None, delta: Delta, stands: Stands) -> tuple[Memory | None, Delta]:
    """What an earlier trawl left, and what of it is not asked again, without what is no longer theirs."""
    before = memory.kept if memory else ()
    still = _beside_theirs([item.answer for item in (*before, *delta.stands)], stands)
    left = replace(memory, kept=tuple(_kept(item, still) for item in before)) if memory else None
    return left, replace(delta, stands=tuple(_kept(item, still) for item in delta.stands))


def taken_before(delta: Delta) -> dict[str, tuple[Match, ...]]:
    """By source, the records that stand for people who are not asked about now."""
    taken: dict[str, tuple[Match, ...]] = {}
    for item in delta.stands:
        taken[item.answer.source] = (*taken.get(item.answer.source, ()), *item.answer.matches)
    return taken


def _beside_theirs(answers: Sequence[Answer], stands: Stands) -> Stands:
    """The same question, and no for a record that was found beside others of which none is theirs any more.

    Also where nobody said that it is somebody else's: that it is theirs can have been taken back.
    """
    held = {
        (answer.source, match.person, match.ref): stands(answer.source, match)
        for answer in answers
        for match in answer.matches
    }

    def still(source: str, match: Match) -> bool:
        beside = [held.get((source, one.person, one.ref), True) for one in match.company]
        alone = match.outcome == "auto" and beside and not any(beside)
        return not alone and stands(source, match)

    return still


def _kept(item: Kept, stands: Stands) -> Kept:
    return replace(item, answer=_without(item.answer, stands))


def _without(answer: Answer, stands: Stands) -> Answer:
    waiting = tuple(match for match in answer.waiting if stands(answer.source, replace(match, outcome="review")))
    matches = tuple(match for match in answer.matches if stands(answer.source, match))
    if (len(waiting), len(matches)) == (len(answer.waiting), len(answer.matches)):
        return answer
    alone = tuple(
        _alone(match) for match in answer.matches if match not in matches and stands(answer.source, _alone(match))
    )
    gone = {match.ref for match in answer.matches} - {match.ref for match in matches}
    refs = None if answer.refs is None else tuple(ref for ref in answer.refs if ref not in gone)
    findings = answer.findings
    if gone:
        theirs = {match.ref for match in matches}
        findings = tuple(item for item in findings if theirs & set(item.about))
    fewer = len(answer.waiting) - len(waiting)
    left = replace(
        answer, matches=matches, findings=findings, refs=refs, waiting=(*waiting, *alone),
        possible=max(0, answer.possible - fewer) + len(alone),
        rejected=answer.rejected + fewer + len(gone) - len(alone),
    )  # fmt: skip
    return _told_again(left)


def _alone(match: Match) -> Match:
    """The record as it is left to a person, once nobody it was found beside is theirs; its weights are as they were."""
    if not match.company:
        return match
    why = "it was found beside records that are no longer held to be those of others of the case"
    return replace(
        match, outcome="review", company=(), guards=(*match.guards, Guard(id="G15", limit="review", reason=why))
    )


def _told_again(answer: Answer) -> Answer:
    """Nobody is known any more, or what is known of them holds nothing that was asked for."""
    if answer.status is Status.AMBIGUOUS_IDENTITY and answer.why is Why.POSSIBLE_MATCHES and not answer.possible:
        return replace(answer, status=Status.NONE_FOUND, why=Why.SEARCHED_ALL_KEYS)
    if answer.status is not Status.FOUND:
        return answer
    if answer.matches:
        nothing = answer.why is Why.MATCHED and not answer.findings
        return replace(answer, why=Why.KNOWN_NOTHING_IN_SCOPE) if nothing else answer
    if answer.possible:
        return replace(answer, status=Status.AMBIGUOUS_IDENTITY, why=Why.POSSIBLE_MATCHES)
    return replace(answer, status=Status.NONE_FOUND, why=Why.SEARCHED_ALL_KEYS)
