"""Decisions under a legal power with who signed them: the draft's, and those that were only signed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.profile import Profile
from mash_trawl.model.roles import ACTS
from mash_trawl.model.statement import Checked

from .signed import (
    changed,
    decider_role,
    deciders,
    may_decide,
    own_decision,
    person_changed,
    unsigned_decision,
)  # fmt: skip
from .vote import Vote


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedPower(Private):
    """One decision and everybody who signed it; `good` are the signatures that count, `fault` why none does."""

    use: GatewayUse
    good: tuple[Checked, ...]
    fault: Vote | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Backed(Private):
    """A decision as it counts. `fault`: why it does not. `stays`: it belongs to the effective case."""

    use: GatewayUse
    fault: Vote | None = None
    stays: bool = True


def signed_powers(
    spoken: Sequence[Checked], backing: Backing, profile: Profile | None, marks: Mapping[str, str]
) -> tuple[SignedPower, ...]:
    """Each decision that somebody signed, once, in an order that does not depend on who came first."""
    contents: list[tuple[GatewayUse, list[Checked]]] = []
    for one in spoken:
        said = one.statement.said
        if isinstance(said, GatewayUse):
            same = next((signers for use, signers in contents if use == said), None)
            if same is None:
                contents.append((said, [one]))
            else:
                same.append(one)
    contents.sort(key=lambda pair: json.dumps(to_plain(pair[0]), sort_keys=True))
    return tuple(_weighed(use, signers, backing, profile, marks) for use, signers in contents)


def _weighed(
    use: GatewayUse, by: Sequence[Checked], backing: Backing, profile: Profile | None, marks: Mapping[str, str]
) -> SignedPower:
    roles = _roles(profile, use)
    others = [one for one in by if not backing.runs(one.statement.by)]
    able = [one for one in others if profile is None or may_decide(one, roles)]
    good = tuple(one for one in able if not changed(one, use.covers, marks))
    if good:
        return SignedPower(use=use, good=good, fault=None)
    if able:
        people = sorted({ident for one in able for ident in changed(one, use.covers, marks)})
        return SignedPower(use=use, good=(), fault=person_changed(people, f"the decision under {use.id}"))
    fault = decider_role(use.id, roles) if others else own_decision(use.id, roles)
    return SignedPower(use=use, good=(), fault=fault)


def laid_powers(
    drafts: Sequence[GatewayUse], signed: Sequence[SignedPower], backing: Backing, profile: Profile | None
) -> tuple[Backed, ...]:
    """The draft's decisions in their order, then those that were only signed."""
    return tuple(_laid(drafts, signed, backing, profile))


def _laid(
    drafts: Sequence[GatewayUse], signed: Sequence[SignedPower], backing: Backing, profile: Profile | None
) -> Iterator[Backed]:
    for use in drafts:
        hand = next((one for one in signed if one.use == use), None)
        if hand is not None and hand.good:
            yield Backed(use=use)
        elif backing.signed_only:
            yield Backed(use=use, fault=hand.fault if hand else unsigned_decision(use.id, _roles(profile, use)))
        else:
            own = backing.runs(use.decided_by)
            yield Backed(use=use, fault=own_decision(use.id, _roles(profile, use)) if own else None)
    for hand in signed:
        if hand.use not in drafts:
            known = backing.signed_only or profile is not None
            yield Backed(use=hand.use, fault=hand.fault, stays=bool(hand.good) and known)


def _roles(profile: Profile | None, use: GatewayUse) -> tuple[str, ...]:
    return deciders(profile, use.id) if profile is not None else ACTS["decide"].roles
