"""Settings that a driver cannot follow: the source is not connected, nobody else is touched, `check` has the words."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured, Problem, WrongStatement
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import HubFile, RootKeys, SourceSettings, Tls
from mash_trawl.sources.haul import outside_code
from mash_trawl.sources.registry import Registry
from mash_trawl.transports import rights

MAPPING = Path("connectors/housing/mash_trawl_housing/housing.yaml")
CONNECT = {"url": "postgresql://u:hunter2@db.example/housing"}
PINNED = Tls(pin="sha256//" + "A" * 43 + "=")


@pytest.mark.parametrize("isolate", ["process", "thread"])
def test_a_pin_that_no_driver_compares_is_not_a_crash_and_costs_nobody_else(
    world: Any, in_memory: Any, tmp_path: Path, isolate: Any
) -> None:
    (tmp_path / "asb.yaml").write_bytes(MAPPING.read_bytes())
    item = SourceSettings(name="asb", agency="housing", mapping="asb.yaml", connect=CONNECT, isolate=isolate)
    hub = HubFile(version=1, name="test", profiles=("base",), root_keys=RootKeys(paths=("../root",)),
                  reader_keys="../readers", signing_key="../sign", sources=(item,))  # fmt: skip
    world.people, world.settings = ("p1",), {"asb": {"connect": CONNECT, "tls": PINNED}}
    with closing(Registry.build(hub, tmp_path)) as registry:
        world.sources = {"asb": registry.source("asb").connector, "memory": in_memory}
        asb, memory = world.answers()
    assert (asb.status, asb.why) == ("not_connected", "settings_refused")
    assert (memory.status, memory.why, memory.found) == ("found", "matched", 1)
    assert [row["why"] for row in world.rows("source.failed")] == ["settings_refused"]
    with pytest.raises(Misconfigured, match="compares fingerprints"):
        rights.look("sql", CONNECT, PINNED, tmp_path)


def test_a_statement_that_may_not_be_sent_is_its_authors_fault() -> None:
    problem = Problem(where="a connector's statement", what="it writes")
    assert outside_code(Misconfigured(problem)) is Why.SETTINGS_REFUSED
    assert outside_code(WrongStatement(problem)) is Why.CONNECTOR_CRASHED
