"""The gate forgets a grant twice without a fault, and an exception for certificates ends at London's midnight."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mash_trawl.model.hub import Tls, Unverified
from mash_trawl.sources.gate import tls_now


@pytest.mark.parametrize(("moment", "holds"), [("2026-06-30T22:59:59", True), ("2026-06-30T23:00:00", False)])
def test_an_exception_for_certificates_ends_with_the_day_before_in_london(moment, holds):
    tls = Tls(unverified=Unverified(approved_by="dpo", reason="Synthetic.", until="2026-07-01"))
    found = tls_now(tls, datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert (found.unverified is not None) is holds


def test_forgetting_what_was_never_admitted_or_is_forgotten_already_is_no_fault(world, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.answers()
    gate, grant = world.gate, world.grants[0]
    gate.admit([grant])
    for _ in range(2):
        gate.dismiss([grant])
        assert gate.objection(grant, "memory") == "grant_unknown"
