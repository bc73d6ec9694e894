"""What an open hub is made of: each room built from the hub file, and the policy by which a case is decided."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.config.agreements import Paper
from mash_trawl.config.approvals import HUB_FILE, Document, Policy, documents, read_policy
from mash_trawl.config.secrets import resolve
from mash_trawl.consent import problems
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.case import Case
from mash_trawl.model.hub import HubFile
from mash_trawl.model.moments import local
from mash_trawl.model.profile import Profile
from mash_trawl.model.roles import holders
from mash_trawl.sources.breaker import Breakers
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.registry import Registry
from mash_trawl.store.engine import Store
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.outbox import outbox_of
from mash_trawl.vault.readers import enrolled_readers

Clock = Callable[[], datetime]


def records_of(folder: Path) -> Path:
    """Where sealed products go unless a run names another place."""
    return folder / "records"


def custody_of(settings: HubFile, folder: Path, store: Store, ledger: Ledger, signer: Signer, clock: Clock) -> Custody:
    """The hub's custody; touches nothing yet."""
    roots = [folder / path for path in settings.root_keys.paths]
    return Custody.build(
        store, ledger, signer, roots, folder / settings.reader_keys, settings.name, clock,
        root_kind=settings.root_keys.kind, disk_images_kept=settings.root_keys.disk_images_kept,
        records=records_of(folder), outbox=outbox_of(folder),
    )  # fmt: skip


def extracts_of(folder: Path) -> Path:
    """Where the extracts that agencies sent lie sealed."""
    return folder / "received"


def gate_of(
    settings: HubFile, folder: Path, store: Store, ledger: Ledger, clock: Clock, actor: str, custody: Custody
) -> Gate:
    """The hub's gate, which all its trawls share."""
    return Gate.build(
        ledger, settings, resolve=lambda text: resolve(text, folder), clock=clock, monotonic=time.monotonic,
        actor=actor, base=folder, breakers=Breakers.of(store, clock),
        extract=custody.extracts(extracts_of(folder)).read,
    )  # fmt: skip


def papers_of(
    settings: HubFile, folder: Path, sha256: str, agreements: Sequence[Paper], registry: Registry
) -> tuple[Document, ...]:
    """The files that an open hub rests on beside its profiles. `sha256` is that of the hub.yaml that was parsed.

    Misconfigured when one of them is no longer what the hub was made of: only what was parsed can be approved.
    """
    read = ((paper.name, paper.tree.sha256) for paper in agreements)
    return documents(settings, folder, (), [(HUB_FILE, sha256), *read, *registry.parsed])


def policy_of(case: Case, settings: HubFile, folder: Path, now: datetime) -> Policy:
    """The case's profile and its files; Misconfigured when the hub does not list it, or it lacks what the case names.

    A profile that cannot be read whole is Misconfigured too: then nothing is decided, and nothing asked. A threshold
    lowered by labels that do not count on this day is the built-in one: that stops no trawl, and `check` tells it.
    """
    if case.profile not in settings.profiles:
        raise Misconfigured(
            Problem(
                where="case: profile",
                what="the case names a profile that this hub does not list.",
                do=f"Use one of: {', '.join(settings.profiles)}; or add it under `profiles:` in hub.yaml.",
            )
        )
    policy = read_policy(case.profile, folder)
    unknown = problems(case, policy.profile)
    if unknown:
        raise Misconfigured(*unknown)
    return replace(policy, profile=_on(policy.profile, local(now).date()))


def _on(profile: Profile, today: date) -> Profile:
    return replace(profile, matching=profile.matching.on(today)) if profile.matching else profile


def readers_at_seal(settings: HubFile, reader_folder: Path) -> Sequence[str]:
    """The enrolled people whose roles let them read and who have a reader key here; Misconfigured without any."""
    with_key = enrolled_readers(reader_folder)
    readers = [person.id for person in holders("read", settings) if person.id in with_key]
    if not readers:
        raise Misconfigured(
            Problem(
                where="hub.yaml: people",
                what="nobody enrolled here who may read has a reader key.",
                do="Give somebody one: see docs/vault.md.",
            )
        )
    return readers
