"""A batch killed (-9) at random moments and resumed: one product for every case, and no finished case asked again."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter

import pytest

from mash_trawl.audit.verify import verify

KILLS = int(os.environ.get("MASH_TRAWL_BATCH_KILLS", "2"))
"""How often it is killed; `MASH_TRAWL_BATCH_KILLS=10 MASH_TRAWL_BATCH_CASES=100` for a long run."""


def _killed(nights, county, moment, chance):
    """Start or go on, and kill the process a random while after its first request; False if it had ended by itself."""
    before = len(county.police.journal)
    running = nights.begin(nights.folder, "--resume", "--at-once", 4)
    while len(county.police.journal) == before and running.poll() is None:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, moment))
    running.kill()
    running.communicate(timeout=60)
    return running.returncode == -signal.SIGKILL


@pytest.mark.timeout(600)
def test_killed_and_resumed_every_case_has_one_product_and_no_finished_one_is_asked_again(nights, county, about):
    county.police.journal = []
    reply, chance = county.police.reply, random.Random(11)
    county.police.reply = lambda request: (time.sleep(0.03), reply(request))[1]
    cases = {f"NIGHT-2026-{n:04}" for n in range(1, len(list(nights.write().iterdir())) + 1)}
    seen, in_flight, killed = [], Counter(), 0
    for _ in range(KILLS):
        killed += _killed(nights, county, 0.2 * len(cases) / KILLS, chance)
        seen.append((len(county.police.journal), nights.in_state("done")))
        in_flight.update(nights.in_state("running"))
    assert killed, "it was always done before it could be killed"
    last = nights.begin(nights.folder, "--resume", "--json")
    _, err = last.communicate(timeout=300)
    assert last.returncode in (0, 3), err
    assert nights.products() == dict.fromkeys(cases, 1)
    assert nights.in_state("done") == cases
    asked = [about(request) for request in county.police.journal]
    for position, finished in seen:
        assert not finished & set(asked[position:]), "a finished case was asked again"
    often = Counter(case for case in asked if case)
    assert set(often) == cases
    once = min(often.values())
    for case in cases:
        assert often[case] <= once * (1 + in_flight[case]), "asked again though it was not in flight"
    _whole(nights, cases)


def _whole(nights, cases):
    """The hub is as if nothing had happened: each product opens, no half file lies about, the ledger is whole."""
    with nights.place.open() as hub:
        for case in cases:
            known = hub.custody.newest(case)
            assert known.version == 1
            assert hub.open(known.path, reason="test").people
        assert {file.suffix for file in hub.records.iterdir()} == {".mtr"}
        assert len(list(hub.records.iterdir())) == len(cases)
        assert not verify(hub.store, hub.signer.verifier).problems
