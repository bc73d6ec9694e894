"""The spine: the whole way through, readable in a minute.

case -> decide -> ask (find, match, fetch) -> compose -> seal; every step is in the ledger before its effect.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.consent import decide
from mash_trawl.consent.grants import mint_grants
from mash_trawl.consent.statements import unsigned
from mash_trawl.consent.unshown import without_unshown
from mash_trawl.errors import TrawlError
from mash_trawl.identity import match
from mash_trawl.identity.plan import plan_queries
from mash_trawl.model.actor import Actor
from mash_trawl.model.answer import Answer
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.hub import HubFile
from mash_trawl.model.product import Gap, Product
from mash_trawl.model.profile import Profile
from mash_trawl.product import compose
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.lanes import Progress, ask
from mash_trawl.sources.registry import Registry
from mash_trawl.vault.custody import Custody, Sealed


class Stopped(TrawlError):
    """The user stopped the trawl; the ledger says so and nothing was sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The wired rooms that a trawl walks through. `out` is where the product goes (None: the hub's own folder)."""

    settings: HubFile
    profile: Profile
    registry: Registry
    ledger: Ledger
    custody: Custody
    gate: Gate
    actor: Actor
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    readers: Sequence[str]
    records: Path
    out: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a trawl ended with: the decisions, one answer for every (source, person), the product, the sealed file."""

    decisions: Decisions
    answers: tuple[Answer, ...]
    product: Product
    sealed: Sealed

    @property
    def path(self) -> Path:
        """Where the sealed product lies."""
        return self.sealed.path

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What nobody could say: not asked, not answered, not covered."""
        return self.product.gaps


def may_ask(case: Case, profile: Profile, registry: Registry, settings: HubFile, now: datetime) -> Decisions:
    """Every decision for this case at this instant; a hub that wants signed statements permits nothing yet."""
    decisions = without_unshown(decide(case, profile, now, registry.refs(profile)), hidden_categories(profile))
    return unsigned(decisions) if settings.statements == "signed" else decisions


def run(case: Case, parts: Parts, *, progress: Progress | None = None, stop: threading.Event | None = None) -> Result:
    """Walk the whole way; raises Stopped when `stop` was set, Refused when the ledger or custody says no."""
    stop = stop or threading.Event()
    parts.custody.check_ready(case.id, parts.readers, parts.records, parts.out)
    decisions = may_ask(case, parts.profile, parts.registry, parts.settings, parts.clock())
    trawl = parts.new_id()
    _begin(case, decisions, parts, trawl)
    try:
        grants = mint_grants(decisions, decisions.at, parts.new_id)
        answers = ask(
            case, decisions, grants, registry=parts.registry, gate=parts.gate, plan=plan_queries,
            match=partial(match, policy=parts.profile.matching),
            clock=parts.clock, progress=progress, stop=stop, trawl=trawl,
        )  # fmt: skip
        if stop.is_set():
            raise Stopped("stopped: nothing was sealed")
        hidden = hidden_categories(parts.profile)
        told = notes(parts.settings, _hidden_sources(parts, hidden))
        product = compose(case, decisions, answers, parts.settings.sources, notes=told, restricted=hidden)
        sealed = _seal(case, decisions, product, parts)
    except BaseException as problem:
        why = "stopped" if isinstance(problem, Stopped | KeyboardInterrupt) else type(problem).__name__
        _write(parts, "trawl.stopped", {"trawl": trawl, "why": why}, case)
        raise
    _write(parts, "trawl.finished", {"trawl": trawl, "record": sealed.record, "version": sealed.version}, case)
    return Result(decisions=decisions, answers=answers, product=product, sealed=sealed)


def notes(settings: HubFile, hidden: Collection[str] = ()) -> tuple[str, ...]:
    """What a reader must know of how this hub was set up, in words; sources in `hidden` are not named."""
    told = []
    if settings.statements == "from_file":
        told.append("Consents and gateway decisions were taken from the case file. They are not signed.")
    if settings.agreements:
        told.append("The information-sharing agreements that this hub names were not checked.")
    else:
        told.append("No information-sharing agreement was checked: this hub names none.")
    told.append("The approval of profile, mappings and hub file was not checked.")
    exceptions = ((source.name, (source.tls or settings.tls).unverified) for source in settings.sources)
    told.extend(
        f"The certificate of {name} is not checked until {exception.until}: {exception.reason} "
        f"(approved by {exception.approved_by})."
        for name, exception in exceptions
        if exception and name not in hidden
    )
    return tuple(told)


def _hidden_sources(parts: Parts, hidden: Collection[str]) -> frozenset[str]:
    """Sources that hold nothing but what is hidden: to name one would disclose it."""
    return frozenset(ref.name for ref in parts.registry.refs(parts.profile) if set(ref.categories) <= set(hidden))


def hidden_categories(profile: Profile) -> tuple[str, ...]:
    """Categories whose very existence is sensitive: until readers can be cleared for them, nobody is shown any."""
    return tuple(
        f"{agency}.{category}"
        for agency, held in profile.agencies.items()
        for category, facts in held.categories.items()
        if facts.hidden_existence
    )


def _begin(case: Case, decisions: Decisions, parts: Parts, trawl: str) -> None:
    """Write the request, and what was decided for every (source, person), before anything is asked."""
    rows = [
        _entry(parts, "trawl.requested", {"trawl": trawl, "profile": case.profile, "people": len(case.people)}, case)
    ]
    for source, person in decisions.pairs:
        about = decisions.about(source, person)
        public: dict[str, Any] = {
            "trawl": trawl,
            "source": source,
            "permitted": [item.category for item in about if item.outcome is Outcome.PERMIT],
            "review": [item.category for item in about if item.outcome is Outcome.REVIEW],
            "denied": [item.category for item in about if item.outcome is Outcome.DENY],
            "rules": sorted({item.rule for item in about}),
            "basis": sorted({item.basis for item in about if item.basis}),
        }
        rows.append(_entry(parts, "consent.checked", public, case, person=person))
    rows.append(_entry(parts, "trawl.started", {"trawl": trawl}, case))
    parts.ledger.write(*rows)


def _seal(case: Case, decisions: Decisions, product: Product, parts: Parts) -> Sealed:
    """Seal the product to its readers."""
    permitted = [item for item in decisions if item.outcome is Outcome.PERMIT]
    facts = {
        "audience": "full",
        "profile": case.profile,
        "basis": sorted({item.basis for item in permitted if item.basis}),
    }
    return parts.custody.seal(
        case.id, to_plain(product), readers=parts.readers, facts=facts, folder=parts.records, out=parts.out,
        actor=parts.actor.id,
    )  # fmt: skip


def _entry(parts: Parts, kind: str, public: Mapping[str, Any], case: Case, **private: str) -> Entry:
    """An entry; ids of the case and its people may mean something, so they stand in the part that can be erased."""
    return Entry(kind=kind, actor=parts.actor.id, public=public, private={"case": case.id, **private})


def _write(parts: Parts, kind: str, public: Mapping[str, Any], case: Case) -> None:
    parts.ledger.write(_entry(parts, kind, public, case))
