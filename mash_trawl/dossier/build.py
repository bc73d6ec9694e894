"""Gathers the dossier from what the hub runs with at this moment. The same files and moment give the same dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from mash_trawl.config.approvals import Document, Policy
from mash_trawl.dossier import changes, points
from mash_trawl.dossier.openers import by_consent, by_powers, powers
from mash_trawl.dossier.places import places
from mash_trawl.model.agreement import Agreement
from mash_trawl.model.base import to_plain
from mash_trawl.model.decision import SourceRef
from mash_trawl.model.dossier import (
    AgreementFacts,
    CategoryFacts,
    Dossier,
    PersonFacts,
    ProfileFacts,
    RetentionFacts,
    SourceFacts,
)
from mash_trawl.model.hub import HubFile, SourceSettings
from mash_trawl.model.moments import LONDON
from mash_trawl.model.profile import Profile
from mash_trawl.model.roles import ACTS, expanded, who_may
from mash_trawl.model.statement import Checked, Suspension
from mash_trawl.product.notes import hidden_categories
from mash_trawl.sources.registry import Described
from mash_trawl.store.copies import Copies

SIGNED_BY = ("Data protection officer", "Caldicott Guardian")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the hub is now. `refs` are the sources by profile id; `spoken` the checked statements about the hub.

    `suspended`: source to the suspension in force. `remarks`: what `profile lint` says; `faults`: statements that do
    not count; a sentence each.
    """

    settings: HubFile
    policies: tuple[Policy, ...]
    documents: tuple[Document, ...]
    agreements: tuple[Agreement, ...]
    described: tuple[Described, ...]
    refs: Mapping[str, tuple[SourceRef, ...]]
    spoken: tuple[Checked, ...]
    suspended: Mapping[str, Checked]
    remarks: tuple[str, ...]
    faults: tuple[str, ...]
    readers: frozenset[str]
    kept: changes.KeptText
    counted: Copies
    drafts: int
    signing_key: str
    program: str
    actor: str
    now: datetime


def dossier(live: Live) -> Dossier:
    """The facts, in the order of the files."""
    settings, today = live.settings, live.now.astimezone(LONDON).date()
    made = Dossier(
        version=1, hub=settings.name, hub_kinds=_kinds(live.policies), program=live.program,
        made_at=live.now.astimezone(UTC), made_by=live.actor, statements=settings.statements,
        signing_key=live.signing_key,
        profiles=tuple(_profile(policy, written, live, today)
                       for policy, written in zip(live.policies, settings.profiles, strict=True)),
        agreements=tuple(_agreement(agreement, today) for agreement in live.agreements),
        sources=tuple(_source(item, live) for item in live.described),
        copies=places(settings, live.counted, live.drafts),
        people=tuple(_people(settings, live.readers)),
        acts={act: who_may(act, settings.roles) for act in ACTS},
        files=changes.files(live.documents, live.spoken, live.kept), open_points=(), signed_by=SIGNED_BY,
    )  # fmt: skip
    return points.with_points(made, settings, live.remarks, live.faults)


def _kinds(policies: Iterable[Policy]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(policy.profile.hub_kind for policy in policies))


def _profile(policy: Policy, written: str, live: Live, today: date) -> ProfileFacts:
    profile = policy.profile
    return ProfileFacts(
        id=profile.id, written=written, version=profile.version, title=profile.title, sha256=policy.sha256,
        files=tuple(document.name for document in policy.documents), decides=profile.decides,
        deciders=profile.deciders, categories=tuple(_categories(profile, live, today)),
        powers=powers(profile, today),
        retention=tuple(RetentionFacts(id=name, title=kept.title, days=kept.keep.seconds // 86400, from_=kept.from_,
                                       source=kept.source) for name, kept in profile.retention.items()),
    )  # fmt: skip


def _categories(profile: Profile, live: Live, today: date) -> Iterable[CategoryFacts]:
    """Every category of every agency, also of those that this hub has no source for."""
    hidden = hidden_categories(profile)
    for agency, body in profile.agencies.items():
        for name, kind in body.categories.items():
            full = f"{agency}.{name}"
            yield CategoryFacts(
                category=full, title=kind.title, agency=agency, agency_title=body.title,
                consent=by_consent(profile, full, hidden), powers=by_powers(profile, full, hidden, today),
                agreements=tuple(one.id for one in live.agreements if one.covers(agency, name, profile.id, today)),
                sources=tuple(ref.name for ref in live.refs[profile.id] if full in ref.categories),
                obligations=tuple(dict.fromkeys((*profile.obligations, *kind.obligations))),
            )  # fmt: skip


def _agreement(one: Agreement, today: date) -> AgreementFacts:
    signed = tuple(
        party for party in one.parties if any(by.party == party and by.on <= today for by in one.signatories)
    )
    state: Literal["in_force", "starts_later", "lapsed"]
    state = "starts_later" if today < one.from_ else "in_force" if today < one.to else "lapsed"
    return AgreementFacts(
        id=one.id, edition=one.edition, title=one.title, parties=one.parties, purposes=one.purposes, from_=one.from_,
        to=one.to, state=state, signed=signed, unsigned=tuple(party for party in one.parties if party not in signed),
        review_on=one.review_on,
    )  # fmt: skip


def _source(item: Described, live: Live) -> SourceFacts:
    settings = live.settings.source(item.name)
    suspension = live.suspended.get(item.name)
    said = suspension.statement.said if suspension else None
    paper = (item.shows,) if item.shows else ()
    return SourceFacts(
        name=item.name, agency=item.agency, connector=f"{item.connector} {item.version}".strip(), kind=item.kind,
        sends=(*(" + ".join(key) for key in item.search_keys), *(f"on paper: {' + '.join(shown)}" for shown in paper)),
        brings=item.offers, isolate=item.isolate,
        certificate=_certificate(settings, live.settings), why="suspended" if suspension else item.why,
        suspended_by=suspension.statement.by if suspension else "hub.yaml" if settings.suspended else "",
        reason=said.reason if isinstance(said, Suspension) else settings.suspended or "",
    )  # fmt: skip


def _certificate(source: SourceSettings, settings: HubFile) -> str:
    """How the other end proves who it is, and the one exception with whom, why and until when."""
    tls = source.tls or settings.tls
    if tls.unverified:
        wrong = tls.unverified
        return f"NOT CHECKED until {wrong.until}: {wrong.reason} (approved by {wrong.approved_by})"
    ca = "the system's authorities" if tls.ca == "system" else "authorities of a file of the hub"
    return f"checked against {ca}{', and the key is pinned' if tls.pin else ''}"


def _people(settings: HubFile, readers: frozenset[str]) -> Iterable[PersonFacts]:
    for person in settings.people:
        held = expanded(person.roles, settings.roles)
        may: Sequence[str] = [act for act in ACTS if not held.isdisjoint(who_may(act, settings.roles))]
        yield PersonFacts(id=person.id, roles=person.roles, may=() if person.left else tuple(may),
                          reader_key=person.id in readers, left=person.left)  # fmt: skip


def plain(made: Dossier) -> dict[str, object]:
    """The published JSON shape."""
    value: dict[str, object] = to_plain(made)
    return value
