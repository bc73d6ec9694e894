"""Where only whether a service knows somebody was permitted, nothing of what it sent about them is shown.

To know whether, the service had to be searched, and a search brings names, dates and addresses back. They go as soon as
hidden addresses were looked for in them: what stays is that it knows the person, and how sure the match is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mash_trawl.model.answer import Answer, Why
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.finding import Relationship
from mash_trawl.model.match import Match
from mash_trawl.model.query import Candidate

Key = tuple[str, str]


def existence_only(answers: Iterable[Answer], decisions: Decisions) -> tuple[Answer, ...]:
    """The answers; of a pair without content only that it matched, and by how many bits.

    The field by field explanation goes too, and why somebody confirmed it: that an address agrees is what the service
    holds. The source's key of the
    person becomes a numbered stand-in, unless a record that is shown about somebody else names it.
    """
    given = tuple(answers)
    bare = [_bare(answer, decisions) for answer in given]
    shown = {key for answer, without in zip(given, bare, strict=True) if not without for key in _keys(answer)}
    gone = {(one.source, match.ref) for one, without in zip(given, bare, strict=True) if without
            for match in one.matches} - shown  # fmt: skip
    stand_in = {key: f"known-{number}" for number, key in enumerate(sorted(gone), 1)}
    return tuple(
        replace(one, matches=tuple(_only_matched(one.source, match, stand_in) for match in one.matches))
        if without else one
        for one, without in zip(given, bare, strict=True)
    )  # fmt: skip


def _bare(answer: Answer, decisions: Decisions) -> bool:
    about = decisions.about(answer.source, answer.person)
    content = any(item.outcome is Outcome.PERMIT and item.mode == "content" for item in about)
    return answer.why is Why.KNOWN_EXISTENCE_ONLY or not content


def _only_matched(source: str, match: Match, stand_in: dict[Key, str]) -> Match:
    ref = stand_in.get((source, match.ref), match.ref)
    verdict = replace(match.verdict, reason="") if match.verdict else None
    return replace(match, candidate=Candidate(ref=ref), lines=(), guards=(), gap=None, verdict=verdict)


def _keys(answer: Answer) -> Iterable[Key]:
    """Everybody's key that stands in what this answer shows."""
    for match in answer.matches:
        yield answer.source, match.ref
    for finding in answer.findings:
        refs = {*finding.about, *(one.ref for one in finding.mentions)}
        if isinstance(finding, Relationship):
            refs |= {finding.from_, finding.to}
        yield from ((answer.source, ref) for ref in refs)
