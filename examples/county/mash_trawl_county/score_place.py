"""A hub of its own for the scorer, on a county that is served: everything real, in one folder, on loopback."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.build import Built, write_county
from mash_trawl_county.hub_sources import CONNECTORS, SOURCES, approvals
from mash_trawl_county.serving import Running, served
from mash_trawl_county.situations import ASKED, LOCAL_PROFILE

if TYPE_CHECKING:
    from mash_trawl.hub import Hub

PROFILES = ("early_help", "children_in_need", "front_door", "north_front_door")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A served county and an open hub that asks it."""

    county: Path
    running: Running
    hub: Hub

    def databases(self) -> dict[str, Path]:
        """The systems that are read as SQLite files in this process."""
        return {name: self.county / f"{name}.db" for name in ("housing", "social_care") if name in CONNECTORS}

    def traces(self) -> dict[str, Path]:
        """The systems whose own driver writes down what it is asked, in whatever process it runs."""
        return {name: trace_of(self.county, name) for name in ("youth_offending",) if name in CONNECTORS}


def trace_of(county: Path, name: str) -> Path:
    """Where a driver notes what it is asked."""
    return county / f"{name}.trace"


def _traced(county: Path) -> str:
    """The county's sources, the ODBC driver told to keep a trace of its statements and their values.

    One worker at a time asks it: two would write their lines into one file, one between the other's.
    """
    path = "file:../county/youth_offending.path"
    told = f"{path}, TraceFile: {trace_of(county, 'youth_offending').as_posix()}}}\n    limits: {{parallel: 1"
    return SOURCES.replace(path, told)


def clock_from(start: datetime) -> Callable[[], datetime]:
    """A clock that stands at the county's own day and goes on as time does: consents lapse by it, not by today."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


@contextmanager
def place(root: Path, built: Built) -> Iterator[Place]:
    """Write and serve the county under `root`, and open a new hub beside it."""
    from mash_trawl.cli.new_hub import NewHub, create_hub
    from mash_trawl.hub import Hub
    from mash_trawl.system import account_name

    county, folder = root / "county", root / "hub"
    write_county(county, built)
    account = account_name()
    create_hub(
        NewHub(folder=folder, keys=root / "keys", profiles=PROFILES[:3], person=account, account=account,
               passphrase=None, approve=approvals(), sources=_traced(county), agreement=AGREEMENT)
    )  # fmt: skip
    (folder / "profiles").mkdir(mode=0o700)
    (folder / "profiles" / "north_front_door.yaml").write_text(LOCAL_PROFILE, "utf-8")
    file = folder / "hub.yaml"
    file.write_text(
        file.read_text("utf-8").replace(f"[{', '.join(PROFILES[:3])}]", f"[{', '.join(PROFILES)}]"), "utf-8"
    )
    with served(county) as running, Hub.at(folder, clock=clock_from(ASKED)) as hub:
        yield Place(county=county, running=running, hub=hub)
