"""Many cases in one go: what an open hub can do about a list of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from mash_trawl.batch.listing import Listed
from mash_trawl.batch.night import Desk
from mash_trawl.batch.summary import Summary
from mash_trawl.batch.turn import Foreseen, foresee, in_flight, work_through
from mash_trawl.config.case import load_case
from mash_trawl.model.actor import Actor
from mash_trawl.model.case import Case
from mash_trawl.model.hub import HubFile
from mash_trawl.model.profile import Profile
from mash_trawl.running import Plan, Run
from mash_trawl.store.engine import Store
from mash_trawl.vault.custody import Custody, no_passphrase
from mash_trawl.vault.opening import Unlock


class House(Protocol):
    """An open hub, as far as a batch works in it."""

    actor: Actor
    clock: Callable[[], datetime]
    custody: Custody
    settings: HubFile
    store: Store

    @property
    def records(self) -> Path: ...
    def require(self, act: str) -> None: ...
    def readers_at_seal(self) -> Sequence[str]: ...
    def profile_of(self, case: Case) -> Profile: ...
    def plan(self, case: Case) -> Plan: ...
    def start(self, case: Case, *, unlock: Unlock = ...) -> Run: ...
    def _desk(self, unlock: Unlock = ...) -> Desk: ...


class Batching:
    """What an open hub can do about many cases."""

    def batch(
        self: House, listed: Sequence[Listed], *, resume: bool = False, at_once: int | None = None,
        stop: threading.Event | None = None, told: Callable[[int, int], None] | None = None,
        unlock: Unlock = no_passphrase,
    ) -> Summary:  # fmt: skip
        """Work through a list of cases, several at once, and wait for the end; see docs/batch.md.

        Refused("batch_busy") beside another batch of this hub. Trouble of the hub itself is raised too.
        """
        self.require("batch")
        self.require("read")
        self.custody.check_ready("", self.readers_at_seal(), self.records)
        return work_through(
            self._desk(unlock), self.store, self.actor.id, listed, at_once=at_once or in_flight(self.settings),
            resume=resume, stop=stop, told=told,
        )  # fmt: skip

    def foresee_batch(self: House, listed: Sequence[Listed]) -> Iterator[Foreseen]:
        """What a batch would do with each case, and why. Nothing is sent, nothing is written."""
        return foresee(self._desk(), listed)

    def _desk(self: House, unlock: Unlock = no_passphrase) -> Desk:
        return Desk(
            load=load_case, profile=self.profile_of, newest=self.custody.newest, clock=self.clock,
            start=lambda case: self.start(case, unlock=unlock), asks=lambda case: self.plan(case).asks,
        )  # fmt: skip
