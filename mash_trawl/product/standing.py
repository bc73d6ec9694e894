"""Where a case stands: the clock, who owes an answer and whom to ring, what waits for a person, what lapses soon.

Pure: the case, the decisions of this moment and the newest product go in. Nothing of what agencies hold comes out, only
who answered, how many records wait to be confirmed, and what could still be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from mash_trawl.model.answer import Status, Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.moments import earliest_reading
from mash_trawl.model.product import AgencyOutcome, Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.standing import AskAgain, Lapsing, PairStanding, PairState, Standing, Version, Waiting
from mash_trawl.model.unlocks import answering, opens_of, pairs_of, unlocks, with_people, without_names
from mash_trawl.product.due import clock, local_midnight
from mash_trawl.product.plain import agency_name
from mash_trawl.product.routing import ways

_STATES: dict[Status, PairState] = {
    Status.FOUND: "answered",
    Status.NONE_FOUND: "answered",
    Status.REFUSED_BY_CUSTODIAN: "said_no",
    Status.PENDING_PERSON: "owed",
    Status.TIMED_OUT: "owed",
    Status.UNREACHABLE: "owed",
    Status.PARTIAL: "owed",
    Status.NOT_CONNECTED: "owed",
}
_NOT_SENT = (Status.NOT_PERMITTED, Status.CONSENT_MISSING)


def standing(
    case: Case, profile: Profile, decisions: Decisions, product: Product | None, settings: Sequence[SourceSettings],
    now: datetime, *, version: Version | None = None, again: Sequence[AskAgain] = (),
) -> Standing:  # fmt: skip
    """The case at `now`. `decisions` are those of this moment, not of the product; `product` is the newest, if opened.

    `version` without `product` means that there is one and that nobody looked into it. `again` is what a run would ask.
    """
    looked_up = product is not None or version is None
    by_name = {source.name: source for source in settings}
    told = {(item.source, item.person): item for item in product.answers} if product else {}
    referral = case.referral
    return Standing(
        case=case.id,
        profile=profile.id,
        at=now,
        clock=clock(referral.received_at, referral.rag, profile, now, version.sealings if version else ()),
        pairs=tuple(
            _pair(decisions.about(*pair), told.get(pair), by_name.get(pair[0]), looked_up) for pair in decisions.pairs
        ),
        waiting=_waiting(decisions, profile),
        unlocks=unlocks((item for item in decisions if item.outcome is Outcome.DENY), profile),
        lapsing=tuple(_lapsing(case, decisions, profile, now)),
        again=tuple(again),
        version=version,
        looked_up=looked_up,
        to_weigh=sum(item.found for item in product.answers) if product else 0,
        ways=ways(case, profile, now),
    )


def _pair(
    about: Sequence[Decision], told: AgencyOutcome | None, settings: SourceSettings | None, looked_up: bool
) -> PairStanding:
    """The state of one pair: the law first, then what came."""
    first, state = about[0], _state(about, told, looked_up)
    came = told if told and told.status not in _NOT_SENT else None
    return PairStanding(
        source=first.source,
        agency=first.agency,
        agency_name=agency_name(first.agency),
        person=first.person,
        state=state,
        status=told.status.value if told else None,
        why=told.why.value if told else "",
        sentence=came.sentence if came and state != "not_asked" else "",
        since=_moment(came.asked_at) if came else None,
        earlier=_moment(came.carried_at) if came and came.carried_at != came.asked_at else None,
        possible=came.possible if came else 0,
        ring=settings.contact if settings else None,
        due=_moment(came.due) if came else None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _state(about: Sequence[Decision], told: AgencyOutcome | None, looked_up: bool) -> PairState:
    outcomes = {item.outcome for item in about}
    if Outcome.PERMIT not in outcomes:
        return "to_decide" if Outcome.REVIEW in outcomes else "closed"
    if not looked_up:
        return "not_looked_up"
    if told is None or told.status in _NOT_SENT or told.why is Why.REVIEW_UNANSWERED:
        return "not_asked"
    if told.status is Status.AMBIGUOUS_IDENTITY:
        return "to_confirm" if told.possible else "facts_needed"
    return _STATES[told.status]


def _waiting(decisions: Decisions, profile: Profile) -> tuple[Waiting, ...]:
    """Questions to a named person, like ones together."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Decision]] = {}
    for item in decisions:
        if item.outcome is Outcome.REVIEW:
            reason, unlock = (without_names(text, item, profile) for text in (item.reason, item.unlock))
            groups.setdefault((reason, unlock, _deciders(item, profile)), []).append(item)
    return tuple(
        Waiting(
            reason=with_people(reason, items), unlock=with_people(unlock, items), roles=roles, pairs=pairs_of(items),
            categories=tuple(dict.fromkeys(item.category for item in items)), asks=opens_of(items, profile),
            commands=answering(profile),
        )
        for (reason, unlock, roles), items in groups.items()
    )  # fmt: skip


def _deciders(item: Decision, profile: Profile) -> tuple[str, ...]:
    """Who may decide: the roles of the power that the question rests on, else the profile's deciders.

    Empty where the question goes to a professional whom the reason describes, and who is no role of this hub.
    """
    if item.rule.endswith((".named_person", ".own_only")):
        return ()
    name = item.rule.split(".")[1] if item.rule.startswith("gateway.") and item.rule.count(".") else item.basis or ""
    gateway = profile.gateways.get(name)
    return gateway.deciders if gateway and gateway.deciders else profile.deciders


def _lapsing(case: Case, decisions: Decisions, profile: Profile, now: datetime) -> Iterator[Lapsing]:
    """Permits that end within the profile's notice, consents that ended lately, and powers whose review is due."""
    notice = timedelta(seconds=profile.warn_before.seconds)
    ends: dict[tuple[str, datetime], list[Decision]] = {}
    for item in decisions:
        if item.outcome is Outcome.PERMIT and item.expires_at and item.expires_at <= now + notice:
            ends.setdefault((item.basis or "", item.expires_at), []).append(item)
    consents = {consent.id for consent in case.consents}
    for (basis, at), items in sorted(ends.items(), key=lambda end: (end[0][1], end[0][0])):
        yield Lapsing(kind="consent" if basis in consents else "power", basis=basis, at=at, pairs=pairs_of(items))
    for consent in case.consents:
        end = earliest_reading(consent.expires_at) if consent.expires_at else None
        if consent.kind == "agreement" and not consent.withdrawn_at and end and now - notice <= end <= now:
            yield Lapsing(kind="consent", basis=consent.id, at=end, over=True)
    for use in case.gateways:
        due = local_midnight(use.review_on) if use.review_on else None
        if due and due <= now + notice:
            yield Lapsing(kind="review", basis=use.id, at=due, over=due <= now)
