"""What came and was not yet read when its permit was taken back: it is thrown away, and counted.

An answer that a product already carries was lawful when it was read and stays as it is; this is for what a trawl
brings in, before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mash_trawl.model.answer import STATUS_OF, Answer, Status, Why
from mash_trawl.model.base import Private
from mash_trawl.model.decision import Decision, Decisions
from mash_trawl.sources.gate import Row
from mash_trawl.sources.refusals import EXISTENCE_ONLY, permitted, taken_back, withheld

_NEVER_ASKED = (Status.NOT_PERMITTED, Status.CONSENT_MISSING, Status.PENDING_PERSON, Status.NOT_CONNECTED)
_CAME = (Status.FOUND, Status.PARTIAL, Status.NONE_FOUND, Status.AMBIGUOUS_IDENTITY)
"""Statuses that say something of the person."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Cleared(Private):
    """The answers that may be read, in the same order, and the rows for the ledger: counts, and no content."""

    answers: tuple[Answer, ...]
    rows: tuple[Row, ...]


def quarantine(answers: Iterable[Answer], now: Decisions, *, trawl: str = "") -> Cleared:
    """Take from each answer of this trawl what nothing permits any more.

    Without any permit left for what was asked, nothing of the answer stays, not even whether somebody was found.
    """
    kept: list[Answer] = []
    gone: dict[tuple[str, Why], list[tuple[str, int]]] = {}
    for answer in answers:
        left, why = _read(answer, now.about(answer.source, answer.person))
        if why is not None and answer.status in _CAME:
            gone.setdefault((answer.source, why), []).append((answer.person, answer.found - left.found))
        kept.append(left)
    return Cleared(answers=tuple(kept), rows=tuple(_row(*about, lost, trawl) for about, lost in gone.items()))


def _read(answer: Answer, about: Sequence[Decision]) -> tuple[Answer, Why | None]:
    """What may be read of it; why that is less than came (None: it is not)."""
    if answer.carried_from is not None or (answer.status in _NEVER_ASKED and not answer.findings):
        return answer, None
    never = {item.category for item in answer.withheld if item.why != EXISTENCE_ONLY}
    asked = [item for item in about if item.category not in never]
    content, known = permitted(asked, "content"), permitted(asked, "existence")
    if not content and not known:
        return _nothing(answer, about, taken_back(asked)), taken_back(asked)
    told = {item.category for item in answer.withheld}
    lost = [item for item in asked if item.category not in told and item.category not in content]
    findings = tuple(item for item in answer.findings if item.category in content)
    if not lost and len(findings) == answer.found:
        return answer, None
    why = answer.why
    if answer.status is Status.FOUND and not findings:
        why = Why.KNOWN_NOTHING_IN_SCOPE if content else Why.KNOWN_EXISTENCE_ONLY
    missing = answer.withheld + withheld(lost, ())
    return replace(answer, findings=findings, why=why, withheld=missing), taken_back(lost)


def _nothing(answer: Answer, about: Sequence[Decision], why: Why) -> Answer:
    """The same pair, without a word of what came."""
    return Answer(
        source=answer.source, agency=answer.agency, person=answer.person, status=STATUS_OF[why], why=why,
        withheld=withheld(about, ()), connector=answer.connector, asked_at=answer.asked_at,
        attempts=answer.attempts, milliseconds=answer.milliseconds,
    )  # fmt: skip


def _row(source: str, why: Why, lost: Sequence[tuple[str, int]], trawl: str) -> Row:
    public = {"source": source, "why": why.value, "people": len(lost), "findings": sum(count for _, count in lost)}
    public |= {"trawl": trawl} if trawl else {}
    return Row(kind="answers.quarantined", public=public, people=tuple(person for person, _ in lost))
