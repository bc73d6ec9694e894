"""Involvements, residences, facts and relationships as rows, and the decisions and matches beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from mash_trawl.model.answer import Answer
from mash_trawl.model.decision import Decisions
from mash_trawl.model.product import DecisionLine, MatchLine, MatchShown
from mash_trawl.model.rows import FactRow, InvolvementRow, RelationshipRow, ResidenceRow
from mash_trawl.model.shown import when
from mash_trawl.product.confirmed import confirmed_words
from mash_trawl.product.gather import Gathered
from mash_trawl.product.mask import Mask, mask_lines
from mash_trawl.product.plain import address_words, agency_name, order_key
from mash_trawl.product.who import Who


def involvements(gathered: Gathered) -> tuple[InvolvementRow, ...]:
    """Services, in the order of `gather`."""
    return tuple(
        InvolvementRow(
            people=record.people,
            service=item.service,
            status=item.status,
            since=when(item.from_),
            until=when(item.to),
            last_contact=when(item.last_contact),
            practitioner=item.practitioner,
            role=item.role,
            contact=item.contact,
            origin=record.origin,
        )
        for item, record in gathered.involvements
    )


def residences(gathered: Gathered) -> tuple[ResidenceRow, ...]:
    """Who lives or lived where; hidden places were taken out before."""
    return tuple(
        ResidenceRow(
            people=record.people,
            address=address_words(item.address),
            since=when(item.from_),
            until=when(item.to),
            tenure=item.tenure,
            origin=record.origin,
        )
        for item, record in gathered.residences
    )


def facts(gathered: Gathered) -> tuple[FactRow, ...]:
    """Single values."""
    return tuple(
        FactRow(people=record.people, name=item.name, value=item.value, when=when(item.when), origin=record.origin)
        for item, record in gathered.facts
    )


def relationships(gathered: Gathered, who: Who) -> tuple[RelationshipRow, ...]:
    """Ties as the agencies state them."""
    return tuple(
        RelationshipRow(
            from_=who.ids(record.origin.source, (item.from_,)),
            to=who.ids(record.origin.source, (item.to,)),
            people=record.people,
            kind=item.kind,
            nature=item.nature,
            parental_responsibility=item.parental_responsibility,
            since=when(item.since),
            until=when(item.until),
            origin=record.origin,
        )
        for item, record in gathered.relationships
    )


def decision_lines(decisions: Decisions) -> tuple[DecisionLine, ...]:
    """Every decision, in the order in which they were handed in."""
    return tuple(
        DecisionLine(
            person=item.person,
            source=item.source,
            agency=item.agency,
            category=item.category,
            outcome=item.outcome.value,
            rule=item.rule,
            reason=item.reason,
            unlock=item.unlock,
            basis=item.basis,
            obligations=item.obligations,
            expires_at=item.expires_at.astimezone(UTC).isoformat() if item.expires_at else None,
        )
        for item in decisions
    )


def matches_shown(answers: Iterable[Answer], mask: Mask) -> tuple[MatchShown, ...]:
    """The explanation of every accepted match, and who confirmed it; of others not a word."""
    shown = []
    for answer in answers:
        for match in sorted(answer.matches, key=order_key):
            if match.outcome not in ("auto", "confirmed"):
                continue
            lines = mask_lines(match.lines, hidden=answer.person in mask.people)
            shown.append(
                MatchShown(
                    source=answer.source,
                    agency=answer.agency,
                    agency_name=agency_name(answer.agency),
                    person=answer.person,
                    ref=match.ref,
                    outcome=match.outcome,
                    millibits=match.millibits,
                    prior=match.prior,
                    lines=tuple(
                        MatchLine(
                            field=line.field, here=line.here, there=line.there, level=line.level,
                            millibits=line.millibits, running=line.running,
                        )
                        for line in lines
                    ),
                    guards=tuple(f"{guard.id}: {guard.reason}" for guard in match.guards),
                    confirmed=confirmed_words(match),
                )
            )  # fmt: skip
    return tuple(shown)
