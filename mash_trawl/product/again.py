"""What a second `run` would ask: what was never asked, failed, went stale, or is permitted only now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from mash_trawl.model.answer import Status, Why
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.product import AgencyOutcome, Product
from mash_trawl.model.standing import AgainWhy, AskAgain

ANSWERED = (Status.FOUND, Status.NONE_FOUND)
FAILED = (Status.TIMED_OUT, Status.UNREACHABLE, Status.PARTIAL, Status.NOT_CONNECTED, Status.AMBIGUOUS_IDENTITY)
"""An ambiguous identity is asked again too: the case may have learnt the fact that tells the people apart."""


def would_ask(
    decisions: Decisions, product: Product | None, sources: Iterable[SourceSettings], now: datetime
) -> tuple[AskAgain, ...]:
    """Every permitted pair that `run` would ask at `now`, in the order of the decisions. Sends nothing."""
    settings = {source.name: source for source in sources}
    told = {(item.source, item.person): item for item in product.answers} if product else {}
    before = _permitted_before(product)
    found = []
    for source, person in decisions.pairs:
        permitted = {item.category for item in decisions.about(source, person) if item.outcome is Outcome.PERMIT}
        why = _why(
            told.get((source, person)), permitted, before.get((source, person), set()), settings.get(source), now
        )
        if permitted and why:
            found.append(AskAgain(source=source, person=person, why=why))
    return tuple(found)


def _permitted_before(product: Product | None) -> dict[tuple[str, str], set[str]]:
    held: dict[tuple[str, str], set[str]] = {}
    for item in product.decisions if product else ():
        if item.outcome == Outcome.PERMIT.value:
            held.setdefault((item.source, item.person), set()).add(item.category)
    return held


def _why(
    told: AgencyOutcome | None, permitted: set[str], before: set[str], settings: SourceSettings | None, now: datetime
) -> AgainWhy | None:
    if told is None:
        return "never_asked"
    if permitted - before:
        return "newly_permitted"
    if told.status in FAILED:
        return "failed"
    if told.status in ANSWERED:
        return "stale" if _stale(told, settings, now) else None
    return None if told.status is Status.REFUSED_BY_CUSTODIAN or told.why is Why.RETURN_OWED else "newly_permitted"


def _stale(told: AgencyOutcome, settings: SourceSettings | None, now: datetime) -> bool:
    """Asked longer ago than the source's `fresh_for`; without one nothing goes stale by itself."""
    limit = settings.limits.fresh_for if settings else None
    asked = instant(told.asked_at)
    return limit is not None and asked is not None and now - asked > timedelta(seconds=limit.seconds)


def instant(text: str | None) -> datetime | None:
    """An ISO instant as products hold it; without a zone it is UTC. None when there is none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
