"""Connectors in a process of their own: what each does to itself, and that it costs its own section only."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from mash_trawl.model.hub import Approved, HubFile, RootKeys, SourceSettings
from mash_trawl.sources.registry import Registry

MODULE = """
import os, sys, time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from mash_trawl.api import *

HERE = Path({folder!r})

class Far(Connector):
    name, agency = "far", "housing"
    offers = frozenset({{"housing.asb", "housing.tenancy"}})
    search_keys = (("given", "family", "born"),)

    @contextmanager
    def session(self, door):
        yield door

    def find(self, query, grant):
        with self.open(grant) as door:
            door.request()
            yield from self.held(door, query)

    def held(self, door, query):
        own = {{"nhs_number": "943 476 5919"}} if query.person == "p1" else {{}}
        given, born = ("Synthetica", date(2014, 5, 17)) if own else ("Fictia", date(1988, 11, 2))
        yield Candidate(ref="r-" + query.person, names=(name(given, "Testfall"),), born=PartialDate.of(born),
                        identifiers=own)

    def fetch(self, ref, grant):
        with self.open(grant) as door:
            door.request()
            yield from self.told(door, ref, grant)

    def told(self, door, ref, grant):
        yield event(ref)

def event(ref, **changes):
    given = dict(ref="e-" + ref, about=(ref,), category="housing.asb", when=PartialDate.of(date(2025, 3, 4)),
                 headline="Noise reported")
    return Event(**(given | changes))

(HERE / "pid").write_text(str(os.getpid()))
"""


class Far:
    """Installs a connector that is not ours and gives back the class that asks it in a worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registries: list[Registry] = []

    def __call__(self, extra: str = "", **settings):
        """`extra` is code after the class `Far`; the last class of the name counts."""
        info = self.folder / "council_far-1.2.dist-info"
        info.mkdir(parents=True)
        (self.folder / "council_far.py").write_text(MODULE.format(folder=str(self.folder)) + extra, encoding="utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: council-far\nVersion: 1.2\n", encoding="utf-8")
        (info / "entry_points.txt").write_text("[mash_trawl]\nfar = council_far:Far\n", encoding="utf-8")
        hub = HubFile(
            version=1,
            name="test",
            profiles=("base",),
            root_keys=RootKeys(paths=("../root",)),
            reader_keys="../readers",
            signing_key="../sign",
            approve=(Approved(distribution="council-far", plugin="far"),),
            sources=(SourceSettings(name="far", agency="housing", connector="far", **settings),),
        )
        self.registries.append(Registry.build(hub, self.folder))
        return self.registries[-1].source("far").connector

    @property
    def pid(self) -> int:
        """The process that imported the connector last."""
        return int((self.folder / "pid").read_text())


@pytest.fixture
def far(tmp_path, monkeypatch):
    """Connectors in a worker; every worker is ended after the test."""
    monkeypatch.syspath_prepend(tmp_path / "site")
    made = Far(tmp_path / "site")
    yield made
    for registry in made.registries:
        registry.close()


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Does the process end within so many seconds?"""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def spoilt(how: str, method: str = "told(self, door, ref, grant)") -> str:
    """A `Far` whose method does this."""
    return f"\nclass Spoilt(Far):\n    def {method}:\n        {how}\n        yield event(ref)\nFar = Spoilt\n"


def test_a_connector_in_a_process_answers_as_one_on_a_thread(world, in_memory, far):
    world.sources = {"far": far(), "memory": in_memory}
    assert world.said("far") == {"p1": ("found", "matched"), "p2": ("found", "matched")}
    assert far.pid != os.getpid() and "council_far" not in sys.modules
    counted = ("step", "people", "requests", "pages", "retries", "rows", "quarantined", "other_people", "not_granted")
    both = {
        source: sorted(
            [str(row.get(name)) for name in counted]
            for kind in ("source.asked", "source.answered")
            for row in world.rows(kind)
            if row["source"] == source
        )
        for source in world.sources
    }
    assert both["far"] == both["memory"] and len(both["far"]) == 8


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("os._exit(0)", ("unreachable", "connector_crashed")),
        ("import ctypes; ctypes.string_at(0)", ("unreachable", "connector_crashed")),
        ("os.abort()", ("unreachable", "connector_crashed")),
        ("os.kill(os.getpid(), 9)", ("unreachable", "connector_crashed")),
        ("raise SystemExit(0)", ("unreachable", "connector_crashed")),
        ("raise KeyError('Testfall')", ("unreachable", "connector_crashed")),
        ("held = [b'x' * 100_000_000 for _ in range(100)]", ("unreachable", "connector_crashed")),
        ("raise Unavailable('login_failed')", ("unreachable", "login_failed")),
        ("raise Unavailable('custodian_said_no')", ("refused_by_custodian", "custodian_said_no")),
        ("raise Malformed('not_json')", ("unreachable", "unreadable_answer")),
        ("raise Unavailable('made up')", ("unreachable", "connector_crashed")),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else value[1],
)
def test_a_fault_costs_its_own_section_only(world, in_memory, far, how, expected):
    world.sources, world.people = {"far": far(spoilt(how)), "memory": in_memory}, ("p1",)
    answers = {answer.source: answer for answer in world.answers()}
    assert (answers["far"].status, answers["far"].why) == expected
    assert answers["memory"].status == "found" and answers["memory"].found == 1
