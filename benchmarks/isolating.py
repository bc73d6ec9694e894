"""What a process of its own costs a source: to start one, to ask a warm one, and for a whole case."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Cost, Figure, here, in_turns
from benchmarks.place import installed
from mash_trawl.hub import Hub
from mash_trawl.model.base import to_plain
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.model.query import FindAsk, PersonQuery
from mash_trawl.sources.keep import Keep
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.sources.worker_facts import hear, tell
from mash_trawl.sources.worker_far import Handle
from mash_trawl.sources.worker_pool import Pool
from mash_trawl.sources.worker_process import Process
from mash_trawl.sources.worker_remote import remote
from mash_trawl.transports.door import Tally

MAPPING = ROOT / "connectors" / "housing" / "mash_trawl_housing" / "housing.yaml"


class Door:
    """A door that always says yes; it stands for the gate's, whose ledger is measured elsewhere."""

    source, step, base, proxy, limits, tls = "housing", "find", Path(), None, Limits(), Tls()

    def __init__(self, connect: dict[str, str]) -> None:
        self.connect, self.tally = connect, Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Yes."""
        return 20.0

    def row(self) -> bool:
        """Yes."""
        return True

    def wait(self, seconds: float) -> None:
        """Nothing waits here."""


def figures(folder: Path, rounds: int) -> list[Figure]:
    """Starting, one warm ask against the same on a thread, one case against the same on threads."""
    with installed(folder, families=40) as place:
        url = (folder / "county" / "housing.url").read_text("utf-8").strip()
        (start,), (thread, worker) = _start(rounds), asks({"url": url}, rounds)
        on_threads, in_processes = _cases(place.hub, place.case, rounds)
    return [
        Figure(what="start a worker until its connector is loaded: wall", ours=start.wall * 1000, unit="ms"),
        Figure(what="one warm ask of a database in a worker, the floor on a thread: wall", ours=worker.wall * 1000,
               floor=thread.wall * 1000, unit="ms"),
        Figure(what="one case, 3 sources in workers, the floor on threads: wall", ours=in_processes.wall * 1000,
               floor=on_threads.wall * 1000, unit="ms"),
    ]  # fmt: skip


def _order() -> dict[str, Any]:
    made: Any = mapping_class(MAPPING)
    return {"mapping": to_plain(made.mapping)}


def _start(rounds: int) -> list[Cost]:
    order = _order()

    def started() -> None:
        worker = Process(order, os.environ)
        worker.facts()
        worker.kill()

    return in_turns([partial(here, started)], rounds)


def asks(connect: dict[str, str], rounds: int) -> list[Cost]:
    """One warm ask of the housing database: on a thread, and in a worker."""
    own, pool = mapping_class(MAPPING), Pool()
    away = remote("housing", hear(tell(own)), _order(), pool)
    grant: Any = Handle(id="g", source="housing", person="p", categories=frozenset(), existence=frozenset(),
                        since=None, until=None, expires_at=None, periods={})  # fmt: skip
    query = PersonQuery(id="q", person="p", by=("family", "born"), family="Khan", born=date(2014, 5, 17))

    def opener(_: Sequence[Any]) -> Any:
        return Door(connect)

    def asked(connector: Any, keep: Keep) -> None:
        list(connector(opener, keep).find_many([FindAsk(query=query, grant=grant)]))

    keeps = [Keep(), Keep()]
    works = [partial(here, partial(asked, one, keep)) for one, keep in zip((own, away), keeps, strict=True)]
    try:
        return in_turns(works, max(rounds, 25))
    finally:
        for keep in keeps:
            keep.close()
        pool.close()


def _cases(hub: Path, case: Path, rounds: int) -> list[Cost]:
    text = (hub / "hub.yaml").read_text("utf-8")
    with Hub.open(hub) as on_threads:
        for name in ("housing", "police", "health"):
            line = f"    connector: {name}\n"
            if line not in text:
                raise RuntimeError(f"the hub has no source with the connector {name}")
            text = text.replace(line, f"{line}    isolate: process\n")
        (hub / "hub.yaml").write_text(text, "utf-8")
        with Hub.open(hub) as in_processes:
            opened = (on_threads, in_processes)
            return in_turns([partial(here, partial(one.run, case, refresh=("all",))) for one in opened], rounds)
