"""Services whose very existence in a life is sensitive leave no trace for an audience that is not cleared for them.

The same sentence stands in every product, whether such a service was asked, holds something, or does not exist here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.product.permitted import not_asked

RESTRICTED = "Restricted services: not shown to this audience"


def without_restricted(
    decisions: Decisions, answers: Sequence[Answer], restricted: Sequence[str]
) -> tuple[Decisions, tuple[Answer, ...]]:
    """Decisions and answers without the named agencies, sources and categories; nothing of them is counted.

    A pair of which every category is hidden is gone as a whole: its answer, and who was recognised. A pair that was
    asked for hidden categories alone reads as one that was not asked.
    """
    closed = frozenset(restricted)
    if not closed:
        return decisions, tuple(answers)

    def hidden(item: Decision) -> bool:
        return bool(closed & {item.agency, item.source, item.category})

    shown = replace(decisions, items=tuple(item for item in decisions if not hidden(item)))
    kept = (
        _open_part(answer, closed, decisions, shown)
        for answer in answers
        if not closed & {answer.agency, answer.source} and _categories(answer, decisions) - closed
    )
    return shown, tuple(kept)


def restricted_alone(decisions: Decisions, restricted: Sequence[str]) -> frozenset[tuple[str, str]]:
    """The (source, person) of which an audience that is not cleared must not know that they were asked about."""
    closed = frozenset(restricted)
    permits = [item for item in decisions if item.outcome is Outcome.PERMIT]
    shown = {(item.source, item.person) for item in permits if not closed & {item.agency, item.source, item.category}}
    return frozenset((item.source, item.person) for item in permits) - shown


def _categories(answer: Answer, decisions: Decisions) -> set[str]:
    """The categories that the pair is about. Without decisions: those that it brought; if none, the agency itself."""
    found = {item.category for item in decisions.about(answer.source, answer.person)}
    found = found or {item.category for item in (*answer.findings, *answer.withheld)}
    return found or {answer.agency}


def _open_part(answer: Answer, closed: frozenset[str], decisions: Decisions, shown: Decisions) -> Answer:
    about = shown.about(answer.source, answer.person)
    lost = len(about) < len(decisions.about(answer.source, answer.person))
    if lost and not any(item.outcome is Outcome.PERMIT for item in about):
        return not_asked(replace(answer, status=Status.FOUND), about)
    findings = tuple(finding for finding in answer.findings if finding.category not in closed)
    withheld = tuple(item for item in answer.withheld if item.category not in closed)
    emptied = answer.status is Status.FOUND and answer.findings and not findings
    why = Why.KNOWN_NOTHING_IN_SCOPE if emptied else answer.why
    return replace(answer, findings=findings, withheld=withheld, why=why)
