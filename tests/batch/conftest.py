"""A batch without a county: cases that are files of three lines, and a world in which a process can die at any step."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mash_trawl.batch.journal import Journal
from mash_trawl.batch.listing import Listed
from mash_trawl.batch.night import Desk, Night
from mash_trawl.errors import Refused
from mash_trawl.store.engine import Store

NOW = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)


class Dead(BaseException):
    """The process was killed here; whatever it still does counts for nothing."""


class Mortal:
    """A store that dies, with everything around it, at a given step. Steps lie before and after each commit."""

    def __init__(self, store: Store) -> None:
        self._store, self._lock = store, threading.Lock()
        self.steps, self.dies_at = 0, -1

    def step(self) -> None:
        """One step of the process; from `dies_at` on every step is the death."""
        with self._lock:
            self.steps += 1
            if 0 <= self.dies_at < self.steps:
                raise Dead

    def live(self, dies_at: int = -1) -> None:
        """A new process, which will die at that step (-1: never)."""
        self.steps, self.dies_at = 0, dies_at

    @contextmanager
    def begin(self, wait: float = 2.0) -> Iterator[Any]:
        self.step()
        with self._store.begin(wait) as connection:
            yield connection
        self.step()

    def read(self) -> Any:
        return self._store.read()


@dataclass
class World:
    """What lasts over the deaths: the database, the products, and who was asked how often."""

    store: Mortal
    cases: list[str]
    products: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    spoil: Callable[[str], None] = lambda _: None

    def listed(self) -> list[Listed]:
        """Each case in a file of its own."""
        return [Listed(where=f"cases/{n}", file=Path(f"/cases/{n}")) for n, _ in enumerate(self.cases)]

    def known(self, case_id: str) -> Any:
        if not self.products[case_id]:
            raise Refused("unknown_case")
        return SimpleNamespace(version=self.products[case_id], sealed_at=NOW, state="live")

    def start(self, case: Any) -> Any:
        def result() -> Any:
            self.store.step()
            self.spoil(case.id)
            self.asked[case.id] += 1
            self.store.step()
            self.products[case.id] += 1
            self.store.step()
            sealed = SimpleNamespace(version=self.products[case.id])
            return SimpleNamespace(sealed=sealed, unchanged=False, decisions=(), answers=())

        return SimpleNamespace(done=lambda _=None: True, cancel=lambda: None, result=result)

    def night(self, *, resume: bool = True, at_once: int = 2, stop: threading.Event | None = None) -> Journal:
        """One process that works through the list."""
        desk: Any = Desk(
            load=lambda path: SimpleNamespace(id=self.cases[int(path.name)]), newest=self.known, start=self.start,
            profile=lambda _: SimpleNamespace(repeat=None), clock=lambda: NOW, asks=lambda _: (),
        )  # fmt: skip
        journal = Journal.open(self.store, lambda: NOW, resume=resume)  # type: ignore[arg-type]
        Night(desk, journal, self.listed(), at_once=at_once, stop=stop or threading.Event()).work()
        return journal


@pytest.fixture
def world(store: Store) -> World:
    """Four cases."""
    return World(store=Mortal(store), cases=["A", "B", "C", "D"])


@pytest.fixture
def make_world(tmp_path: Path, empty_store: Path) -> Callable[[list[str]], World]:
    """A world with a database of its own, as often as it is called."""
    made: list[int] = []

    def make(cases: list[str]) -> World:
        made.append(1)
        shutil.copy(empty_store, tmp_path / f"{len(made)}.db")
        opened = Store.open(f"sqlite:///{tmp_path / f'{len(made)}.db'}", tmp_path)
        return World(store=Mortal(opened), cases=cases)

    return make
