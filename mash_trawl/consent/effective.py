"""The case as it counts: what people signed laid over the draft that a file is.

A signed agreement takes the place of the draft's of the same id, and the latest signed that of an earlier one. What
only takes away is never lost in this: refusals stay, whoever wrote them; what was withdrawn stays so, even where the
record is gone (noes.py); the earliest withdrawal, the earliest end and a stated limit of the draft go over to the
signed record, and so does what a later one leaves out. A refusal is lifted by a new agreement, never by a withdrawal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Withdrawal

from .household import covered
from .laid_powers import Backed, laid_powers, signed_powers
from .noes import same_words, taken_back, without_object
from .signed import marks_of, own_record, unsigned_consent
from .signed_records import SignedRecord, left_out, less_ends, signed_records
from .times import begins, earliest_of
from .vote import Vote


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record(Private):
    """A consent as it counts. `fault`: why it does not; `told`: when it was first signed; `added`: not a draft.

    `firm`: a no that stands as it was signed, so nobody asks any more whether its giver may speak.
    """

    consent: Consent
    fault: Vote | None = None
    told: datetime | None = None
    added: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Laid(Private):
    """The case with everything that was said about it, each consent and decision with what it lacks, in order.

    `by_hand` are decisions with a signature that counts. `marks`: who everybody is (empty where nobody said anything).
    `stop`: a signed no speaks of somebody or something that the case does not have any more.
    """

    case: Case
    records: tuple[Record, ...]
    powers: tuple[Backed, ...]
    by_hand: tuple[tuple[GatewayUse, Checked], ...]
    spoken: tuple[Checked, ...]
    marks: Mapping[str, str]
    stop: Vote | None


def effective(case: Case, backing: Backing, profile: Profile | None = None) -> Case:
    """The case to compose a product from and to decide about: `decide` gives the same for it as for the draft.

    Drafts stay in it, also where they do not count; what was signed is in it only where it counts or takes away. Under
    `from_file` a signed decision that the draft does not hold needs the profile, which says who may decide it.
    """
    laid = lay(case, backing, profile)
    consents = tuple(one.consent for one in laid.records if not (one.added and one.fault))
    return replace(laid.case, consents=consents, gateways=tuple(one.use for one in laid.powers if one.stays))


def lay(case: Case, backing: Backing, profile: Profile | None) -> Laid:
    """Everything at once, for `decide`."""
    spoken = tuple(one for one in backing.spoken if one.statement.case == case.id)
    marks = marks_of(case) if spoken else {}
    records = tuple(_records(case, backing, spoken, marks))
    signed = signed_powers(spoken, backing, profile, marks)
    powers = laid_powers(case.gateways, signed, backing, profile)
    whole = replace(
        case, consents=tuple(one.consent for one in records), gateways=tuple(one.use for one in powers)
    )  # fmt: skip
    by_hand = tuple((power.use, one) for power in signed for one in power.good)
    return Laid(
        case=whole, records=records, powers=powers, by_hand=by_hand, spoken=spoken, marks=marks,
        stop=without_object(case, spoken, marks),
    )  # fmt: skip


def _records(
    case: Case, backing: Backing, spoken: Sequence[Checked], marks: Mapping[str, str]
) -> Iterator[Record]:  # fmt: skip
    ended = _ended_at(spoken)
    back = taken_back(case, spoken)
    drafts: dict[str, list[Consent]] = {}
    for consent in case.consents:
        drafts.setdefault(consent.id, []).append(_named(case, consent))
    signed = signed_records(case, backing, spoken, marks)
    for ident in dict.fromkeys((*drafts, *sorted({*signed, *back}))):
        gone = [_ended(one, ended[ident]) for one in back.get(ident, ())]
        own = [one for one in drafts.get(ident, ()) if one not in gone]
        records = list(_one_id(own, signed.get(ident, ()), backing))
        for record in records:
            no = record.consent.kind == "refusal" or ident not in ended
            yield record if no else replace(record, consent=_ended(record.consent, ended[ident]))
        for one in gone:
            if not any(record.consent.kind == "agreement" and same_words(record.consent, one) for record in records):
                yield Record(consent=one, firm=True)


def _ended_at(spoken: Sequence[Checked]) -> Mapping[str, list[datetime]]:
    """By id of the record: when it was withdrawn."""
    ended: dict[str, list[datetime]] = {}
    for one in spoken:
        if isinstance(one.statement.said, Withdrawal):
            ended.setdefault(one.statement.said.consent, []).append(one.statement.said.at)
    return ended


def _one_id(drafts: Sequence[Consent], signed: Sequence[SignedRecord], backing: Backing) -> Iterator[Record]:
    """The records that stand under one id."""
    noes = [one for one in drafts if one.kind == "refusal"]
    hands = [one for one in signed if one.consent.kind == "refusal"]
    for consent in noes:
        hand = next((one for one in hands if one.consent == consent), None)
        yield Record(consent=consent, told=hand.first, firm=hand.other_giver) if hand else Record(consent=consent)
    for hand in hands:
        if hand.consent not in noes:
            yield Record(consent=hand.consent, told=hand.first, firm=hand.other_giver)
    yield from _agreements(
        [one for one in drafts if one.kind == "agreement"],
        [one for one in signed if one.consent.kind == "agreement"],
        backing,
    )


def _agreements(
    drafts: Sequence[Consent], signed: Sequence[SignedRecord], backing: Backing
) -> Iterator[Record]:  # fmt: skip
    """The latest that counts, or else the draft; less what others leave out that were signed since."""
    last = max((one.latest for one in signed if one.good), default=None)
    chosen = [one for one in signed if one.good and one.latest == last]
    rest = [one for one in signed if one not in chosen and (last is None or one.heard_last >= last)]
    for one in chosen:
        found = _less(one.consent, drafts)
        yield _narrowed(Record(consent=found, told=one.first, added=not drafts), rest)
    for consent in drafts if not chosen else ():
        near = rest[0].fault if rest else None
        fault = (near or unsigned_consent(consent.id)) if backing.signed_only else None
        yield _narrowed(Record(consent=consent, fault=fault), rest)
    for one in rest if chosen else [one for one in rest if one.consent not in drafts]:
        yield Record(consent=one.consent, fault=one.fault or own_record(one.consent.id), added=True)


def _narrowed(record: Record, others: Sequence[SignedRecord]) -> Record:
    """The record without what the others leave out; it does not count where they say anything else differently."""
    for one in others:
        less = left_out(record.consent, one.consent)
        if less is None:
            return replace(record, fault=record.fault or one.fault or own_record(record.consent.id))
        record = replace(record, consent=less)
    return record


def _named(case: Case, consent: Consent) -> Consent:
    return replace(consent, covers=covered(case, consent))


def _less(signed: Consent, drafts: Sequence[Consent]) -> Consent:
    """The signed record with whatever the drafts of it take away."""
    found = signed
    for draft in drafts:
        found = less_ends(found, draft)
    return found


def _ended(consent: Consent, moments: Sequence[datetime]) -> Consent:
    """The same record, taken back at the first of these moments or when it was before."""
    return replace(consent, withdrawn_at=earliest_of(begins, consent.withdrawn_at, *moments))
