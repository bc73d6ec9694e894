"""One open hub: short methods over the wired rooms. Thread-safe; leaves signals, logging and limits to its host."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, overload

from mash_trawl import trawl
from mash_trawl.audit.acting import reads_as, require
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.batching import Batching
from mash_trawl.before import delta_now, read_last, sources_now
from mash_trawl.config.actors import acting
from mash_trawl.config.agreements import read_agreements
from mash_trawl.config.approvals import Policy
from mash_trawl.config.case import load_case
from mash_trawl.config.hubfile import read_hub_file
from mash_trawl.config.place import check_place
from mash_trawl.config.read import read_value
from mash_trawl.deciding import may_ask
from mash_trawl.disputing import Disputing
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.identifying import Identifying
from mash_trawl.model.actor import Actor
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.hub import HubFile
from mash_trawl.model.product import Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Said, Statement
from mash_trawl.paper.requesting import Requesting
from mash_trawl.paper.returning import Returning
from mash_trawl.receiving import Receiving
from mash_trawl.running import Plan, Run
from mash_trawl.said import backing, spoken_so_far
from mash_trawl.saying import say
from mash_trawl.sources.again import ALL, Ask
from mash_trawl.sources.registry import Registry
from mash_trawl.store.engine import Store
from mash_trawl.taking_back import TakingBack
from mash_trawl.urgent import Waiting, declare, tell, waiting
from mash_trawl.vault.custody import Opened, no_passphrase
from mash_trawl.vault.opening import Unlock
from mash_trawl.vault.readers import ReaderKey, key_path, read_key
from mash_trawl.wiring import custody_of, gate_of, papers_of, policy_of, readers_at_seal, records_of

Clock = Callable[[], datetime]
CaseLike = Case | str | Path | Mapping[str, Any]
"""A case, its file, or the content of its file."""


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class _Open:
    """`Hub.open(folder)` opens a hub; `hub.open(path, ...)` opens a sealed product of it."""

    @overload
    def __get__(self, hub: None, owner: type[Hub]) -> Callable[..., Hub]: ...
    @overload
    def __get__(self, hub: Hub, owner: type[Hub]) -> Callable[..., Product]: ...
    def __get__(self, hub: Hub | None, owner: type[Hub]) -> Callable[..., Any]:
        return owner.at if hub is None else hub.read_product


class Hub(Batching, Disputing, Identifying, Receiving, Requesting, Returning, TakingBack):
    """One installation. Use it as a context manager: `with Hub.open("county-hub") as hub: ...`."""

    open = _Open()

    def __init__(self, folder: Path, settings: HubFile, sha256: str, actor: Actor, clock: Clock) -> None:
        self.folder, self.settings, self.actor, self.clock = folder, settings, actor, clock
        self.agreements = read_agreements(settings, folder)
        self.store = Store.open(settings.database, folder)
        try:
            self.signer = Signer.load(folder / settings.signing_key)
            self.ledger = Ledger.build(self.store, self.signer, f"{settings.name}/mash-trawl", clock)
            self.reader_folder = folder / settings.reader_keys
            self.custody = custody_of(settings, folder, self.store, self.ledger, self.signer, clock)
            self.custody.recover()
            self.registry = Registry.build(settings, folder)
            self.papers = papers_of(settings, folder, sha256, self.agreements, self.registry)
            self.gate = gate_of(settings, folder, self.store, self.ledger, clock, actor.id, self.custody)
        except BaseException:
            self.store.close()
            raise

    @classmethod
    def at(cls, folder: str | Path, *, actor: Actor | None = None, clock: Clock = system_clock) -> Hub:
        """Open the hub in this folder as `actor` (absent: the person whose account runs this process).

        Raises Misconfigured for a wrong hub file, a folder that others may change or an unreachable database, Refused
        when nobody is enrolled for the account or the hub does not believe who vouches for the actor.
        """
        place = Path(folder).resolve()
        check_place(place)
        settings, sha256 = read_hub_file(place / "hub.yaml")
        return cls(place, settings, sha256, acting(settings, actor), clock)

    def acting_as(self, actor: Actor) -> Hub:
        """The same open hub for another person, as a program with many users needs it: all but the actor is shared.

        Sources stay within their limits over everybody. Refused when the hub does not believe who vouches. Close the
        hub that was opened, not these.
        """
        other = copy.copy(self)
        other.actor = acting(self.settings, actor)
        other.gate = self.gate.acting_as(other.actor.id)
        return other

    @property
    def records(self) -> Path:
        """Where sealed products go unless a run names another place."""
        return records_of(self.folder)

    def policy_of(self, case: Case) -> Policy:
        """The case's profile with the files behind it; Misconfigured when this hub cannot decide by it."""
        return policy_of(case, self.settings, self.folder, self.clock())

    def profile_of(self, case: Case) -> Profile:
        """The case's profile; Misconfigured when this hub does not list it, or it does not know what the case names."""
        return self.policy_of(case).profile

    def backing(self, case: Case, policy: Policy | None = None) -> Backing:
        """What stands behind a case now: signed statements, who runs, agreements, what is approved and suspended."""
        return backing(self, case.id, policy or self.policy_of(case))

    def say(
        self, said: Said, case: CaseLike | None = None, *, unlock: Unlock = no_passphrase, key: Path | None = None
    ) -> Statement:
        """Sign a statement about a case, or about the hub, as the actor; docs/statements.md says which."""
        about = case if isinstance(case, Case | None) else load_case(case)
        return say(self, said, self._own_key(unlock, key), case=about)

    def _own_key(self, unlock: Unlock, key: Path | None) -> Callable[[], ReaderKey]:
        place = key or key_path(self.reader_folder, self.actor.id)
        return lambda: read_key(place, unlock())

    def waiting(self) -> tuple[Waiting, ...]:
        """The emergencies that wait for a countersignature, or that waited in vain."""
        return waiting(self)

    def plan(self, case: CaseLike) -> Plan:
        """Every (person, source, category) with its decision. No request leaves, nothing is written."""
        case = case if isinstance(case, Case) else load_case(case)
        policy = self.policy_of(case)
        behind = self.backing(case, policy)
        decisions = may_ask(case, policy.profile, self.registry, self.clock(), behind)
        return Plan(case=case.id, decisions=decisions, policy=policy.name, backing=behind)

    def start(
        self,
        case: CaseLike,
        out: Path | None = None,
        *,
        refresh: Sequence[str] = (),
        unlock: Unlock = no_passphrase,
        key: Path | None = None,
        emergency: str | None = None,
    ) -> Run:
        """Begin the trawl on a thread of its own. A wrong case raises Misconfigured here, before anything starts.

        Trawled before, a case is asked only for what is new, failed, stale or newly permitted; `refresh` names sources
        (or `all`) to ask again on purpose. The last version is opened with the actor's reader key: `unlock` gives its
        passphrase, `key` its file. As a run gives its product out, it takes the role to read (`role_missing`), and
        nobody runs a case that was taken away from them (`reading_over`). `emergency` is the reason why a decider
        cannot be waited for: it is signed with the same key first, and deciders are told.
        """
        case = case if isinstance(case, Case) else load_case(case)
        self.require("trawl")
        parts = self._parts(case, out, refresh, unlock, key)
        self.registry.refs(parts.profile)
        if emergency is not None:
            declare(self, case, parts.policy, parts.backing(), emergency, self._own_key(unlock, key))
        tell(self)
        self.sweep_received()
        return Run(lambda progress, stop: trawl.run(case, parts, progress=progress, stop=stop))

    def run(
        self,
        case: CaseLike,
        out: Path | None = None,
        *,
        refresh: Sequence[str] = (),
        unlock: Unlock = no_passphrase,
        key: Path | None = None,
        emergency: str | None = None,
    ) -> trawl.Result:
        """The trawl, waited for."""
        return self.start(case, out, refresh=refresh, unlock=unlock, key=key, emergency=emergency).result()

    def would_ask(
        self,
        case: CaseLike,
        *,
        refresh: Sequence[str] = (),
        unlock: Unlock = no_passphrase,
        key: Path | None = None,
    ) -> tuple[Ask, ...]:
        """What a run would ask now, and why. Nothing is sent; the last version is opened, and the ledger says so."""
        case = case if isinstance(case, Case) else load_case(case)
        parts = self._parts(case, None, refresh, unlock, key)
        behind, last = parts.backing(), parts.last(case.id)
        decisions = may_ask(case, parts.profile, parts.registry, parts.clock(), behind)
        memory = last.memory if last else None
        sources = sources_now(self.settings, self.registry, parts.profile)
        return delta_now(case, decisions, behind.spoken, memory, sources, parts.refresh).asks

    def _walk(self, case: Case, parts: trawl.Parts) -> trawl.Result:
        """The trawl, for what a person returned; nobody is asked."""
        return trawl.run(case, parts)

    def _parts(
        self, case: Case, out: Path | None, refresh: Sequence[str], unlock: Unlock, key: Path | None
    ) -> trawl.Parts:
        self.require("read")
        self._check_refresh(refresh)
        self.custody.refuse_over(case.id, self.actor.id)
        policy = self.policy_of(case)
        return trawl.Parts(
            settings=self.settings, policy=policy, registry=self.registry, ledger=self.ledger,
            custody=self.custody, gate=self.gate, actor=self.actor, clock=self.clock,
            new_id=lambda: secrets.token_hex(8), readers=self.readers_at_seal(), records=self.records, out=out,
            store=self.store, refresh=tuple(refresh),
            last=lambda case_id: read_last(self.custody, case_id, self.actor.id, unlock, key, refresh),
            backing=lambda: self.backing(case, policy), revision=lambda: spoken_so_far(self, case.id),
        )  # fmt: skip

    def _check_refresh(self, refresh: Sequence[str]) -> None:
        if any(name != ALL and name not in self.registry.names for name in refresh):
            do = f"Use one of: {', '.join(self.registry.names)}; or {ALL}."
            raise Misconfigured(Problem(where="refresh", what="it names a source that this hub does not have.", do=do))

    def readers_at_seal(self) -> Sequence[str]:
        """The enrolled people who may read and have a reader key here; Misconfigured without any."""
        return readers_at_seal(self.settings, self.reader_folder)

    def unseal(
        self,
        path: str | Path,
        *,
        reason: str,
        reader: str | None = None,
        key: Path | None = None,
        unlock: Callable[[], bytes | None] = lambda: None,
    ) -> Opened:
        """Open a sealed file: its manifest and body, after the ledger has the reading. Raises Refused."""
        self.require("read")
        reader = reads_as(self.ledger, self.actor, reader, key)
        return self.custody.open(Path(path), reader, unlock, reason, self.actor.id, key=key)

    def read_product(self, path: str | Path, *, reason: str, **how: Any) -> Product:
        """Open a sealed file and give back the product in it. Raises Refused."""
        return read_value(Product, self.unseal(path, reason=reason, **how).body, "product")

    def require(self, act: str) -> None:
        """Refused("role_missing") unless the actor may do this (model/roles.py); the ledger has the refusal."""
        require(self.ledger, self.actor, act, self.settings)

    def close(self) -> None:
        """Let go of the database, and end the workers that wait."""
        self.registry.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
