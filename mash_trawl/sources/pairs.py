"""Sort every (source, person) of the decisions into those to ask and those that already have their answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mash_trawl.model.answer import STATUS_OF, Answer, Status, Why, Withheld
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.grant import Grant
from mash_trawl.sources.registry import Registry, Source
from mash_trawl.sources.section import Pair


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unasked:
    """An answer that needs no ask, and the rule behind it for the ledger."""

    answer: Answer
    rule: str


def sort_pairs(
    case: Case, decisions: Decisions, grants: Iterable[Grant], registry: Registry
) -> tuple[list[Pair], list[Unasked]]:
    """Every pair once, in one of the two lists. A permit without a grant that fits it is not a permit."""
    held = {(grant.source, grant.person): grant for grant in grants}
    consents = {consent.id for consent in case.consents}
    ask: list[Pair] = []
    unasked: list[Unasked] = []
    for name, person in decisions.pairs:
        about = decisions.about(name, person)
        source = registry.source(name)
        grant = held.get((name, person))
        why = _why_not(about, source, grant)
        if why is None and grant is not None:
            ask.append(_pair(case, about, source, grant, consents))
        else:
            unasked.append(_unasked(about, source, why or Why.FORBIDDEN_BY_RULE))
    return ask, unasked


def _why_not(about: tuple[Decision, ...], source: Source, grant: Grant | None) -> Why | None:
    """Why the pair is not asked: the law first, then the connection. None when it is asked."""
    permitted = {item.category for item in about if item.outcome is Outcome.PERMIT}
    if not permitted:
        return _refusal(about)
    if grant is None or not grant.categories or not grant.categories <= permitted:
        return Why.FORBIDDEN_BY_RULE
    return source.why


def _refusal(about: tuple[Decision, ...]) -> Why:
    """A question still open goes first, then what an agreement would unlock, then the rest."""
    if any(item.outcome is Outcome.REVIEW for item in about):
        return Why.REVIEW_UNANSWERED
    whys = [_code(item) for item in about]
    return next((why for why in whys if STATUS_OF[why] is Status.CONSENT_MISSING), whys[0])


def _code(item: Decision) -> Why:
    """The decision's own code if it is one of a refusal, else the general one."""
    if item.outcome is Outcome.REVIEW:
        return Why.REVIEW_UNANSWERED
    known = item.why in Why.__members__.values()
    refusals = {Status.NOT_PERMITTED, Status.CONSENT_MISSING}
    return Why(item.why) if known and STATUS_OF[Why(item.why)] in refusals else Why.NO_RULE


def withheld(about: Sequence[Decision], asked: frozenset[str]) -> tuple[Withheld, ...]:
    """The categories of a pair that were not asked for, each with its rule and why."""
    rest = [item for item in about if item.category not in asked]
    return tuple(
        Withheld(
            category=item.category,
            rule=item.rule,
            why=Why.FORBIDDEN_BY_RULE.value if item.outcome is Outcome.PERMIT else _code(item).value,
        )
        for item in rest
    )


def _pair(case: Case, about: tuple[Decision, ...], source: Source, grant: Grant, consents: set[str]) -> Pair:
    first = about[0]
    basis = {item.basis for item in about if item.category in grant.categories}
    settings = source.settings
    return Pair(
        source=first.source,
        agency=first.agency,
        person=case.person(first.person),
        grant=grant,
        by_consent=bool(basis & consents),
        withheld=withheld(about, grant.categories),
        coverage=settings.coverage if settings else None,
        fresh_for=settings.limits.fresh_for if settings else None,
        connector=source.version,
    )


def _unasked(about: tuple[Decision, ...], source: Source, why: Why) -> Unasked:
    first = about[0]
    status = STATUS_OF[why]
    lost = status is Status.NOT_CONNECTED
    permitted = frozenset(item.category for item in about if item.outcome is Outcome.PERMIT) if lost else frozenset()
    answer = Answer(
        source=first.source,
        agency=first.agency,
        person=first.person,
        status=status,
        why=why,
        withheld=withheld(about, permitted),
        coverage=source.settings.coverage if lost and source.settings else None,
        connector=source.version,
    )
    rule = next((item.rule for item in about if _code(item) is why), first.rule)
    return Unasked(answer=answer, rule=rule)
