"""Sort every (source, person) of the decisions into those to ask and those that already have their answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mash_trawl.model.answer import STATUS_OF, Answer, Status, Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions
from mash_trawl.model.grant import Grant
from mash_trawl.sources.refusals import code, permitted, refusal, withheld
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
    content, known = permitted(about, "content"), permitted(about, "existence")
    if not content and not known:
        return refusal(about)
    if grant is None or not (grant.categories or grant.existence):
        return Why.FORBIDDEN_BY_RULE
    if not (grant.categories <= content and grant.existence <= content | known):
        return Why.FORBIDDEN_BY_RULE
    return source.why


def _pair(case: Case, about: tuple[Decision, ...], source: Source, grant: Grant, consents: set[str]) -> Pair:
    first = about[0]
    basis = {item.basis for item in about if item.category in grant.categories | grant.existence}
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
    answer = Answer(
        source=first.source,
        agency=first.agency,
        person=first.person,
        status=status,
        why=why,
        withheld=withheld(about, permitted(about, "content") if lost else ()),
        coverage=source.settings.coverage if lost and source.settings else None,
        connector=source.version,
    )
    rule = next((item.rule for item in about if code(item) is why), first.rule)
    return Unasked(answer=answer, rule=rule)
