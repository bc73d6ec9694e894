"""Compose: a case, its decisions and all answers become one product. Pure: no clock, no order of arrival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC

from mash_trawl.model.answer import Answer
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.hidden import NOTHING_HIDDEN, Hidden
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.product import CaseFacts, LeftOut, Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked
from mash_trawl.product import outcomes, rows
from mash_trawl.product.basis import basis_lines
from mash_trawl.product.chronology import chronology
from mash_trawl.product.contradictions import contradictions
from mash_trawl.product.disputes import Allowed, disputes
from mash_trawl.product.existence import existence_only
from mash_trawl.product.family import family
from mash_trawl.product.gaps import gaps
from mash_trawl.product.gather import gather
from mash_trawl.product.held import people, views
from mash_trawl.product.hidden import find_hidden
from mash_trawl.product.mask import Mask, find_mask
from mash_trawl.product.permitted import permitted_only
from mash_trawl.product.plain import order_key
from mash_trawl.product.restricted import RESTRICTED, without_restricted
from mash_trawl.product.routing import with_ways
from mash_trawl.product.settled import settled
from mash_trawl.product.who import owners, register

MARKING = "OFFICIAL-SENSITIVE: PERSONAL"


def compose(
    case: Case,
    decisions: Decisions,
    answers: Iterable[Answer],
    sources: Sequence[SourceSettings] = (),
    *,
    notes: Sequence[str] = (),
    restricted: Sequence[str] = (),
    hidden: Hidden = NOTHING_HIDDEN,
    profile: Profile | None = None,
    spoken: Sequence[Checked] = (),
) -> Product:
    """The one product of a trawl.

    `notes` are said at the top (for example that statements are not signed); `restricted` names agencies, sources
    or categories whose very existence in a life is sensitive: nothing of them enters, and the same sentence stands in
    every product. `hidden` is what earlier trawls of the case hid (`hidden_places`).
    With `profile` the words of the threshold document that the case cites, the teams that the profile suggests and its
    meetings are shown. What the family or an agency disputes among `spoken` stands beside the claim.
    Hidden addresses are taken out of all input before anything is composed; a flag counts even in an answer that lends
    nothing else.
    """
    decisions, open_answers = without_restricted(decisions, tuple(map(settled, answers)), restricted)
    order = _source_order(decisions, sources)
    came = _in_order(case, open_answers, order)
    mask = find_mask(case, decisions, came, owners(came), hidden)
    given, left_out = permitted_only(came, decisions)
    masked = tuple(mask.apply(answer) for answer in existence_only(given, decisions))
    said = tuple(mask.apply(note) for note in notes)
    hushed = mask.apply(case)
    product = _put_together(hushed, mask.apply(decisions), masked, mask, left_out, order, sources, said)
    now = Allowed(decisions=decisions, answers=masked)
    product = replace(product, disputes=disputes(spoken, product, mask, now))
    return with_ways(product, hushed, profile, decisions.at) if profile else product


def hidden_places(
    case: Case, decisions: Decisions, answers: Iterable[Answer], restricted: Sequence[str] = (),
    known: Hidden = NOTHING_HIDDEN,
) -> Hidden:  # fmt: skip
    """Whose whereabouts this trawl must hide, with all that earlier ones hid: to be handed to the next one."""
    decisions, came = without_restricted(decisions, tuple(map(settled, answers)), restricted)
    now = find_hidden(case, decisions, came, owners(came), known)
    return Hidden(
        people=tuple(sorted({*known.people, *now.people})),
        refs=tuple(sorted({*known.refs, *now.refs})),
        places=tuple(sorted({*known.places, *now.places}, key=order_key)),
        unknown=known.unknown,
    )


def _put_together(
    case: Case, decisions: Decisions, given: tuple[Answer, ...], mask: Mask, left_out: tuple[LeftOut, ...],
    order: dict[str, int], sources: Sequence[SourceSettings], notes: tuple[str, ...],
) -> Product:  # fmt: skip
    """Every part of the product, from input that holds nothing hidden any more."""
    who = register(case, given, owners(given))
    gathered = gather(given, who, order, left_out)
    seen = views(case, who)
    shown = people(case, who, seen, mask)
    ties = rows.relationships(gathered, who)
    as_at = decisions.at.astimezone(UTC).date()
    drawn = family(case, shown, ties, gathered, as_at)
    told = outcomes.outcomes(given, decisions, who.name, sources)
    return Product(
        marking=MARKING,
        audience="full",
        case=_facts(case),
        at=decisions.at.astimezone(UTC).isoformat(),
        notes=notes,
        basis=basis_lines(case, decisions),
        answers=told,
        refusals=outcomes.refusals(told),
        gaps=gaps(told, decisions, case, gathered, who.name, as_at),
        possible=outcomes.possible_matches(told, who.name),
        restricted_services=RESTRICTED,
        people=shown,
        family=drawn,
        chronology=chronology(gathered),
        involvements=rows.involvements(gathered),
        residences=rows.residences(gathered),
        relationships=ties,
        facts=rows.facts(gathered),
        contradictions=contradictions(who, seen, gathered, drawn),
        matches=rows.matches_shown(given, mask),
        decisions=rows.decision_lines(decisions),
        left_out=gathered.left_out,
    )


def _source_order(decisions: Decisions, sources: Sequence[SourceSettings]) -> dict[str, int]:
    """The hub's order of sources, then the decisions'; the order of arrival never counts."""
    names = dict.fromkeys([source.name for source in sources] + [item.source for item in decisions])
    return {name: place for place, name in enumerate(names)}


def _in_order(case: Case, answers: Iterable[Answer], order: dict[str, int]) -> tuple[Answer, ...]:
    """The answers by source and person; the same answer handed in twice counts once."""
    once = {order_key(answer): answer for answer in answers}
    person = {item.id: place for place, item in enumerate(case.people)}

    def rank(key: str) -> tuple[int, str, int, str, str]:
        answer = once[key]
        return (
            order.get(answer.source, len(order)), answer.source,
            person.get(answer.person, len(person)), answer.person, key,
        )  # fmt: skip

    return tuple(once[key] for key in sorted(once, key=rank))


def _facts(case: Case) -> CaseFacts:
    referral = case.referral
    return CaseFacts(
        id=case.id,
        profile=case.profile,
        opened_at=case.opened_at.astimezone(UTC).isoformat(),
        referral_source=referral.source,
        received_at=referral.received_at.astimezone(UTC).isoformat(),
        concerns=referral.concerns,
        level=referral.level,
        rag=referral.rag,
        narrative=referral.narrative,
    )
