"""The case as it counts: what people signed laid over the draft that a file is.

A signed agreement takes the place of the draft's of the same id, and the latest signed that of an earlier one. What
only takes away is never lost in this: refusals stay, whoever wrote them; the earliest withdrawal, the earliest end and
a stated limit of the draft go over to the signed record. A refusal is lifted by a new agreement, never by a withdrawal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Withdrawal

from .household import covered, says_household
from .laid_powers import Backed, laid_powers, signed_powers
from .signed import changed, marks_of, own_record, person_changed, unsigned_consent
from .times import begins, ends
from .vote import Vote


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record(Private):
    """A consent as it counts. `fault`: why it does not; `told`: when it was first signed; `added`: not in the draft."""

    consent: Consent
    fault: Vote | None = None
    told: datetime | None = None
    added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Laid(Private):
    """The case with everything that was said about it, each consent and decision with what it lacks, in order.

    `by_hand` are decisions with a signature that counts. `marks`: who everybody is (empty where nobody said anything).
    """

    case: Case
    records: tuple[Record, ...]
    powers: tuple[Backed, ...]
    by_hand: tuple[tuple[GatewayUse, Checked], ...]
    spoken: tuple[Checked, ...]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Signed(Private):
    """One content of a record and everybody who signed it; `good` are the signatures that count."""

    consent: Consent
    by: tuple[Checked, ...]
    good: tuple[Checked, ...]
    fault: Vote | None

    @property
    def latest(self) -> datetime:
        return max(one.statement.at for one in self.good or self.by)

    @property
    def first(self) -> datetime:
        return min(one.statement.at for one in self.by)


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
    return Laid(case=whole, records=records, powers=powers, by_hand=by_hand, spoken=spoken, marks=marks)


def _records(
    case: Case, backing: Backing, spoken: Sequence[Checked], marks: Mapping[str, str]
) -> Iterator[Record]:  # fmt: skip
    back: dict[str, list[datetime]] = {}
    for one in spoken:
        if isinstance(one.statement.said, Withdrawal):
            back.setdefault(one.statement.said.consent, []).append(one.statement.said.at)
    drafts = {ident: [one for one in case.consents if one.id == ident] for ident in (one.id for one in case.consents)}
    signed = {ident: _of_record(case, ident, backing, spoken, marks) for ident in _signed_ids(spoken)}
    for ident in dict.fromkeys((*drafts, *sorted(signed))):
        for record in _one_id(case, drafts.get(ident, []), signed.get(ident, []), backing):
            if record.consent.kind == "refusal" or ident not in back:
                yield record
            else:
                yield replace(record, consent=_ended(record.consent, back[ident]))


def _signed_ids(spoken: Sequence[Checked]) -> set[str]:
    return {one.statement.said.id for one in spoken if isinstance(one.statement.said, Consent)}


def _of_record(
    case: Case, ident: str, backing: Backing, spoken: Sequence[Checked], marks: Mapping[str, str]
) -> list[_Signed]:
    """Each content that was signed under this id, in an order that does not depend on who came first."""
    contents: list[tuple[Consent, list[Checked]]] = []
    for one in spoken:
        said = one.statement.said
        if isinstance(said, Consent) and said.id == ident:
            same = next((signers for consent, signers in contents if consent == said), None)
            if same is None:
                contents.append((said, [one]))
            else:
                same.append(one)
    contents.sort(key=lambda pair: json.dumps(to_plain(pair[0]), sort_keys=True))
    return [_weighed(case, consent, tuple(signers), backing, marks) for consent, signers in contents]


def _weighed(
    case: Case, consent: Consent, by: tuple[Checked, ...], backing: Backing, marks: Mapping[str, str]
) -> _Signed:
    others = tuple(one for one in by if one.statement.by != backing.runner)
    altered = {id(one): changed(one, _whom(case, consent, one), marks) for one in others}
    good = tuple(one for one in others if not altered[id(one)])
    fault = None
    if not good:
        people = sorted({ident for found in altered.values() for ident in found})
        fault = person_changed(people, f"record {consent.id}") if others else own_record(consent.id)
    whom = {ident for one in good or by for ident in _whom(case, consent, one)}
    named = tuple(ident for ident in covered(case, consent) if ident in whom)
    return _Signed(consent=replace(consent, covers=named), by=by, good=good, fault=fault)


def _whom(case: Case, consent: Consent, one: Checked) -> tuple[str, ...]:
    """Whom the statement is about; with the word household, those of it who were named when it was signed."""
    people = covered(case, consent)
    if not says_household(case, consent):
        return people
    return tuple(ident for ident in people if ident in consent.covers or ident in one.statement.people)


def _one_id(
    case: Case, drafts: Sequence[Consent], signed: Sequence[_Signed], backing: Backing
) -> Iterator[Record]:  # fmt: skip
    """The records that stand under one id."""
    drafts = [_named(case, one) for one in drafts]
    noes = [one for one in drafts if one.kind == "refusal"]
    yeses = [one for one in drafts if one.kind == "agreement"]
    counted = [one for one in signed if one.good and one.consent.kind == "agreement"]
    others = [one for one in signed if not one.good and one.consent.kind == "agreement"]
    for consent in noes:
        told = next((one.first for one in signed if one.consent == consent), None)
        yield Record(consent=consent, told=told)
    for one in signed:
        if one.consent.kind == "refusal" and one.consent not in noes:
            yield Record(consent=one.consent, told=one.first, added=True)
    if counted:
        last = max(one.latest for one in counted)
        for one in counted:
            if one.latest == last:
                yield Record(consent=_less(one.consent, yeses), told=one.first, added=not yeses)
    elif yeses:
        near = others[0].fault if others else None
        for consent in yeses:
            fault = (near or unsigned_consent(consent.id)) if backing.signed_only else None
            yield Record(consent=consent, fault=fault)
    else:
        for one in others:
            yield Record(consent=one.consent, fault=one.fault, told=one.first, added=True)


def _named(case: Case, consent: Consent) -> Consent:
    people = covered(case, consent)
    return consent if people == consent.covers else replace(consent, covers=people)


def _less(signed: Consent, drafts: Sequence[Consent]) -> Consent:
    """The signed record with whatever the drafts of it take away."""
    found = signed
    for draft in drafts:
        found = _ended(found, [draft.withdrawn_at] if draft.withdrawn_at else [])
        over = [moment for moment in (found.expires_at, draft.expires_at) if moment]
        limited = found.limited_by if found.limited_by != "none" else draft.limited_by
        found = replace(found, expires_at=min(over, key=ends, default=None), limited_by=limited)
    return found


def _ended(consent: Consent, moments: Sequence[datetime]) -> Consent:
    """The same record, taken back at the first of these moments or when it was before."""
    known = [moment for moment in (consent.withdrawn_at, *moments) if moment]
    return replace(consent, withdrawn_at=min(known, key=begins, default=None))
