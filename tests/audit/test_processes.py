"""Several processes on one ledger, and processes that are killed while they write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mash_trawl.audit.signing import Signer
from mash_trawl.audit.verify import verify
from mash_trawl.store.engine import Store

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A signing key in a file that other processes can load."""
    Signer.create(tmp_path / "hub.sign", "test-borough/mash-trawl")
    return tmp_path / "hub.sign"


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    words = [sys.executable, str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_and_threads_with_rollbacks_leave_no_gap(any_url: str, any_store: Store, key: Path) -> None:
    running = [started("write_many.py", any_url, key, 100) for _ in range(2)]
    told = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0], told
    assert sorted(int(word) for out, _ in told for word in out.split()) == list(range(200))
    outcome = verify(any_store, Signer.load(key).verifier)
    assert (outcome.size, outcome.problems) == (200, ())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_writers_killed_at_random_moments_lose_nothing_they_were_promised(
    any_url: str, any_store: Store, key: Path
) -> None:
    kills = 20 if any_url.startswith("sqlite") else 4
    process = started("be_killed.py", any_url, key, kills)
    out, problems = process.communicate(timeout=60)
    assert process.returncode == 0, problems
    outcome = verify(any_store, Signer.load(key).verifier)
    assert outcome.problems == ()
    assert outcome.size > int(out) >= kills - 1
