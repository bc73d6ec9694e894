"""A hub that counts only signed statements permits nothing on the word of a case file."""

from __future__ import annotations

from dataclasses import replace

from mash_trawl.model.answer import Why
from mash_trawl.model.decision import Decision, Decisions, Outcome


def unsigned(decisions: Decisions) -> Decisions:
    """The same decisions with every PERMIT and REVIEW turned into DENY: what they rest on is not signed."""
    return replace(decisions, items=tuple(_unsigned(item) for item in decisions))


def _unsigned(item: Decision) -> Decision:
    if item.outcome is Outcome.DENY:
        return item
    return replace(
        item,
        outcome=Outcome.DENY,
        rule="statements.signed",
        reason="This hub counts only signed statements, and the case file's consents and decisions are not signed.",
        unlock="Have the statement signed by somebody whose role may make it.",
        why=Why.NOT_SIGNED.value,
        basis=None,
        obligations=(),
        expires_at=None,
        since=None,
    )
