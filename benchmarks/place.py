"""A county with its servers in a process of their own, a hub, and the calls that one trawl makes there."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.measure import ROOT
from mash_trawl.cli.demo_command import PROFILES
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.hub import Hub
from mash_trawl.system import account_name
from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.build import draw, write_cases, write_county
from mash_trawl_county.hub_sources import FIRST_APPROVE, FIRST_SOURCES
from mash_trawl_county.serving import served


@dataclass(frozen=True, kw_only=True)
class Place:
    """A hub, a case, and the file of the floor's plan."""

    hub: Path
    case: Path
    plan_file: Path
    plan: dict[str, Any]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def another(self) -> Path:
        """The same case under an id of its own: run again, a case is asked only for what is new."""
        text = self.case.read_text("utf-8")
        known = next(line for line in text.splitlines() if line.startswith("id: "))
        file = self.case.with_name(f"bench-{next(self.numbers)}.yaml")
        file.write_text(text.replace(known, f"id: {file.stem}", 1), "utf-8")
        return file


@contextmanager
def installed(folder: Path, families: int = 200) -> Iterator[Place]:
    """Build everything under `folder`; the county's servers run in another process until the block ends."""
    county, hub = folder / "county", folder / "hub"
    built = draw(seed=1, families=families)
    write_county(county, built)
    account = account_name()
    create_hub(
        NewHub(folder=hub, keys=folder / "keys", profiles=PROFILES, person=account, account=account, passphrase=None,
               approve=FIRST_APPROVE, sources=FIRST_SOURCES, agreement=AGREEMENT)
    )  # fmt: skip
    write_cases(hub / "cases", built)
    case = hub / "cases" / "children-in-need.yaml"
    plan = {"county": str(county.resolve()), "calls": _calls(county, hub, case)}
    plan_file = folder / "plan.json"
    plan_file.write_text(json.dumps(plan), "utf-8")
    with _serving(county):
        yield Place(hub=hub, case=case, plan_file=plan_file, plan=plan)


def _calls(county: Path, hub: Path, case: Path) -> dict[str, list[dict[str, Any]]]:
    """Trawl once, and note every statement and request that the county's systems got (logins are not calls)."""
    noted: dict[str, list[dict[str, Any]]] = {"housing": [], "police": [], "health": []}

    def statement(_connection: Any, _cursor: Any, text: str, values: Any, context: Any, _many: bool) -> None:
        if context.engine.logging_name == "mash_trawl_source" and "sqlite_master" not in text and "PRAGMA" not in text:
            noted["housing"].append({"statement": text, "values": list(values)})

    with served(county) as running:
        for name, server in (("police", running.police), ("health", running.health)):
            _note(server, noted[name])
        event.listen(Engine, "before_cursor_execute", statement)
        try:
            with Hub.open(hub) as opened:
                opened.run(case)
        finally:
            event.remove(Engine, "before_cursor_execute", statement)
    if not all(noted.values()):
        raise RuntimeError("a source was not asked at all")
    return noted


def _note(server: Any, calls: list[dict[str, Any]]) -> None:
    answer = server.answer

    def noted(request: Any) -> Any:
        if request.method == "POST" and request.path != "/oauth2/token":
            kind = request.headers.get("content-type", "")
            calls.append({"path": request.path, "body": request.body.decode(), "kind": kind})
        return answer(request)

    server.answer = noted


@contextmanager
def _serving(county: Path) -> Iterator[None]:
    before = (county / "health.url").read_text("utf-8")
    command = [sys.executable, "-m", "mash_trawl_county", "serve", str(county)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while (county / "health.url").read_text("utf-8") == before:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the county does not come up")
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(10)
