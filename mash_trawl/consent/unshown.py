"""Services whose very existence is a disclosure: what nobody may be shown is not asked for either."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mash_trawl.model.answer import Why
from mash_trawl.model.decision import Decision, Decisions, Outcome


def without_unshown(decisions: Decisions, hidden: Collection[str]) -> Decisions:
    """The same decisions with every category of `hidden` denied.

    Asking tells a service that a family is being asked about; doing so for an answer that no reader is cleared for
    would disclose without purpose. The decision reads the same for everybody, so it tells nobody anything.
    """
    return replace(decisions, items=tuple(_denied(item) if item.category in hidden else item for item in decisions))


def _denied(item: Decision) -> Decision:
    return replace(
        item,
        outcome=Outcome.DENY,
        rule="scope.shown_to_nobody",
        reason="Nobody here is cleared to see what this service holds, so it is not asked.",
        unlock="Speak to the named professional of this service.",
        why=Why.FORBIDDEN_BY_RULE.value,
        basis=None,
        obligations=(),
        expires_at=None,
        since=None,
    )
