"""Services whose very existence in a life is sensitive leave no trace for an audience that is not cleared for them.

The same sentence stands in every product, whether such a service was asked, holds something, or does not exist here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.decision import Decision, Decisions

RESTRICTED = "Restricted services: not shown to this audience"


def without_restricted(
    decisions: Decisions, answers: Sequence[Answer], restricted: Sequence[str]
) -> tuple[Decisions, tuple[Answer, ...]]:
    """Decisions and answers without the named agencies, sources and categories; nothing of them is counted.

    An answer of which nothing is left reads as one that held nothing in scope.
    """
    closed = frozenset(restricted)
    if not closed:
        return decisions, tuple(answers)

    def hidden(item: Decision) -> bool:
        return bool(closed & {item.agency, item.source, item.category})

    items = tuple(item for item in decisions if not hidden(item))
    shown = tuple(_open_part(answer, closed) for answer in answers if not closed & {answer.agency, answer.source})
    return replace(decisions, items=items), shown


def _open_part(answer: Answer, closed: frozenset[str]) -> Answer:
    findings = tuple(finding for finding in answer.findings if finding.category not in closed)
    withheld = tuple(item for item in answer.withheld if item.category not in closed)
    emptied = answer.status is Status.FOUND and answer.findings and not findings
    why = Why.KNOWN_NOTHING_IN_SCOPE if emptied else answer.why
    return replace(answer, findings=findings, withheld=withheld, why=why)
