"""How one decision came about, step by step: what `explain` tells and the sheets for the case file show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mash_trawl.model.base import Private
from mash_trawl.model.decision import Decision

StepName = Literal[
    "case", "approval", "source", "statements", "scope", "agreement", "consent", "power", "reply", "emergency",
    "restriction", "decision", "obligation", "period", "expiry", "unlock",
]  # fmt: skip
"""Which rules speak, in the order in which they are asked."""
StepMark = Literal["passes", "counts", "does_not_count", "stops", "tells"]
STEP_WORDS: Final[dict[StepName, str]] = {
    "case": "the case", "approval": "approval", "source": "the source", "statements": "what was signed",
    "scope": "scope", "agreement": "agreement",
    "consent": "consent", "power": "legal power", "reply": "reply", "emergency": "emergency",
    "restriction": "restriction", "decision": "decision", "obligation": "bound to", "period": "period",
    "expiry": "expiry", "unlock": "to unlock",
}  # fmt: skip
MARK_WORDS: Final[dict[StepMark, str]] = {
    "passes": "passes", "counts": "counts", "does_not_count": "does not count", "stops": "stops here", "tells": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Step(Private):
    """One sentence of a derivation; people stand in it by their ids. `mark` says what it did to the decision."""

    step: StepName
    says: str
    mark: StepMark = "tells"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Derivation(Private):
    """One decision and everything that led to it, in order."""

    decision: Decision
    steps: tuple[Step, ...]
