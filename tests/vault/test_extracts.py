"""Extracts that an agency sent, on SQLite and on PostgreSQL: two at once, a medium that is away, two sweeps."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.audit.ledger import Ledger
from mash_trawl.errors import Refused
from mash_trawl.store.engine import Store
from mash_trawl.vault import extracts as module
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.extracts import Extracts, NewExtract
from mash_trawl.vault.root import create_root

LONG = timedelta(days=36)


@pytest.fixture
def hub(tmp_path: Path, any_store: Store, any_ledger: Ledger, signer: Any, clock: Any) -> Callable[[], Extracts]:
    """Open the extracts of a hub whose keys lie in two places, as often as there are commands at once."""
    roots = [tmp_path / "keys" / "root.a", tmp_path / "media" / "root.b"]
    create_root(roots)
    custody = Custody.build(any_store, any_ledger, signer, roots, tmp_path / "readers", "test-borough", clock)
    return lambda: custody.extracts(tmp_path / "received")


def new(clock: Any, day: str = "2026-11-01") -> NewExtract:
    return NewExtract(source="asb", pattern="asb-*.csv", suffix=".csv", as_of=day, rows=1, header="a,b",
                      expires_at=clock().astimezone(UTC) + timedelta(days=35))  # fmt: skip


def sealed(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "received").iterdir())


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except Refused as refused:
        return refused.why
    return "taken"


def test_of_two_that_come_in_at_once_one_is_kept_and_the_other_is_told(
    hub: Callable[[], Extracts], any_ledger: Ledger, tmp_path: Path, clock: Any
) -> None:
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda number: outcome(lambda: hub().take(new(clock), b"%d" % number, "ann")), range(4)))
    assert sorted(said) == ["extract_came_in"] * 3 + ["taken"]
    assert len(sealed(tmp_path)) == 1 and len(list(any_ledger.rows("extract.received"))) == 1
    found = hub().read("asb", "asb-*.csv")
    assert found is not None and found.content == b"%d" % said.index("taken")


@pytest.mark.parametrize("away", ["keys", "media"])
def test_with_one_replica_of_the_root_away_the_other_is_enough(
    hub: Callable[[], Extracts], tmp_path: Path, clock: Any, away: str
) -> None:
    shutil.move(tmp_path / away, tmp_path / "away")
    assert outcome(lambda: hub().take(new(clock), b"first", "ann")) == "taken"
    found = hub().read("asb", "asb-*.csv")
    assert found is not None and found.content == b"first"
    assert not (tmp_path / away).exists(), "no replica is written where its medium should be"
    shutil.move(tmp_path / "away", tmp_path / away)
    back = hub().read("asb", "asb-*.csv")
    assert back is not None and back.content == b"first"


def test_with_every_replica_away_nothing_is_kept_or_half_kept(
    hub: Callable[[], Extracts], any_ledger: Ledger, tmp_path: Path, clock: Any
) -> None:
    held = hub().take(new(clock), b"first", "ann")
    before = sealed(tmp_path)
    for place in ("keys", "media"):
        shutil.move(tmp_path / place, tmp_path / f"{place} away")
    second = new(clock, "2026-11-02")
    assert outcome(lambda: hub().take(second, b"second", "ann", instead_of=held.id)) == "root_missing"
    assert outcome(lambda: hub().read("asb", "asb-*.csv")) == "root_missing"
    assert sealed(tmp_path) == before and [row.id for row in hub().held()] == [held.id]
    assert len(list(any_ledger.rows("extract.received"))) == 1
    for place in ("keys", "media"):
        shutil.move(tmp_path / f"{place} away", tmp_path / place)
    assert outcome(lambda: hub().take(second, b"second", "ann", instead_of=held.id)) == "taken"


def test_two_sweeps_at_once_destroy_an_extract_and_tell_it_once(
    hub: Callable[[], Extracts], any_ledger: Ledger, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub().take(new(clock), b"first", "ann")
    clock.move(days=LONG.days)
    both, looked, real = threading.Barrier(2, timeout=10), threading.local(), module.extracts

    def seen(*args: Any) -> Any:
        rows = real(*args)
        if not hasattr(looked, "once"):
            looked.once = True
            both.wait()
        return rows

    monkeypatch.setattr(module, "extracts", seen)
    with ThreadPoolExecutor(2) as pool:
        gone = list(pool.map(lambda actor: hub().sweep(actor), ("ann", "bob")))
    assert sorted(gone) == [0, 1] and sealed(tmp_path) == []
    assert [row.public["why"] for row in any_ledger.rows("extract.destroyed")] == ["expired"]
