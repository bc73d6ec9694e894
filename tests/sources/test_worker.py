"""Connectors in a process of their own: whatever one does, it costs its own section, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings
from mash_trawl.sources.installed import installed
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.worker_pool import IDLE_EACH

PROGRAM = Path(__file__).parent / "programs" / "council_far.py"
CRASHED = ("unreachable", "connector_crashed")
WELL = ("found", "matched")
ONE_SECOND = Limits(deadline=Duration(seconds=1))


class Far:
    """Installs a connector that is not ours and gives back the class that asks it in a worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registries: list[Registry] = []

    def install(self, extra: str = "") -> None:
        """Write it as an installer would. `extra` is code after the class `Far`; the last class of the name counts."""
        info = self.folder / "council_far-1.2.dist-info"
        info.mkdir(parents=True)
        (self.folder / "council_far.py").write_text(PROGRAM.read_text("utf-8") + extra, "utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: council-far\nVersion: 1.2\n", "utf-8")
        (info / "entry_points.txt").write_text("[mash_trawl]\nfar = council_far:Far\n", "utf-8")

    def __call__(self, extra: str = "", **settings):
        self.install(extra)
        hub = HubFile(
            version=1,
            name="test",
            profiles=("base",),
            root_keys=RootKeys(paths=("../root",)),
            reader_keys="../readers",
            signing_key="../sign",
            approve=tuple(one.approval for one in installed([str(self.folder)])),
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


def gone(pid: int) -> bool:
    """Does the process end within five seconds?"""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except OSError:
            return True
        time.sleep(0.02)
    return False


def told(*how: str) -> str:
    """A `Far` that does this, a line each, before it tells what it holds."""
    lines = "".join(f"        {line}\n" for line in (*how, "yield event(ref)"))
    return f"\n\nclass Told(Far):\n    def told(self, door, ref, grant):\n{lines}\n\nFar = Told\n"


def test_a_connector_in_a_process_answers_as_one_on_a_thread(world, in_memory, far):
    world.sources, world.people = {"far": far(), "memory": in_memory}, ("p1",)
    assert world.said() == {"p1": WELL}
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
    assert both["far"] == both["memory"] and len(both["far"]) == 4


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("os._exit(0)", CRASHED),
        ("ctypes.string_at(0)", CRASHED),
        ("os.kill(os.getpid(), 9)", CRASHED),
        ("raise SystemExit(0)", CRASHED),
        ("raise KeyError('Testfall')", CRASHED),
        ("held = [bytes(50_000_000) for _ in range(100)]", CRASHED),
        ("import mmap; held = [mmap.mmap(-1, 1 << 30) for _ in range(9)]", CRASHED),
        ("raise Unavailable('login_failed')", ("unreachable", "login_failed")),
        ("raise Unavailable('custodian_said_no')", ("refused_by_custodian", "custodian_said_no")),
        ("yield 7", ("partial", "rows_quarantined")),
        ("yield ref, event(ref, text='x' * 50_000_000)", ("partial", "rows_quarantined")),
        ("for number in range(10**9): yield event(ref, kind=str(number))", ("partial", "row_budget")),
        ("while not door.request(page=0): pass\n        while True: door.request()", CRASHED),
        ("[os.write(n, b'\\xff' * 99) for n in os.listdir('/proc/self/fd') for n in [int(n)] if n > 2]", CRASHED),
        ("[os.write(n, b'\\0\\0\\0\\2{}') for n in range(3, 5)]", CRASHED),
        ("os.write(1, b'noise' * 99); print('noise'); ctypes.CDLL(None).puts(b'noise')", WELL),
        ("os.system('echo noise; echo noise >&2')", WELL),
        ("sys.stdin.read(1)", WELL),
    ],
    ids=lambda value: value.split("(")[0][:24] if isinstance(value, str) else value[1],
)
def test_a_fault_costs_its_own_section_only(world, in_memory, far, monkeypatch, how, expected):
    monkeypatch.setattr("mash_trawl.sources.worker_remote.MOST_MESSAGES", 200)
    world.sources, world.people = {"far": far(told(how)), "memory": in_memory}, ("p1",)
    answers = {answer.source: answer for answer in world.answers()}
    assert (answers["far"].status, answers["far"].why) == expected
    assert answers["memory"].status == "found" and answers["memory"].found == 1
    assert far.pid != os.getpid()


HANGS = {
    "sleep": "time.sleep(60)",
    "a driver that keeps the interpreter": "ctypes.PyDLL(None).sleep(60)",
    "a child of its own": "(HERE / 'child').write_text(str(os.fork() or os.getpid())) and time.sleep(60)",
    "signals ignored": "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
    "who does not hear the gate": "exec('while 1:\\n try: door.wait(0.1)\\n except Exception: pass')",
}


@pytest.mark.parametrize("how", HANGS.values(), ids=HANGS)
def test_a_worker_that_hangs_is_killed_at_the_deadline_with_all_that_it_started(world, in_memory, far, how):
    world.sources, world.people = {"far": far(told(how)), "memory": in_memory}, ("p1",)
    world.limits["far"] = ONE_SECOND
    began = time.monotonic()
    answers = {answer.source: answer for answer in world.answers()}
    took = time.monotonic() - began
    assert (answers["far"].status, answers["far"].why, answers["far"].found) == ("timed_out", "deadline", 0)
    assert answers["memory"].status == "found"
    assert took < 2, "a trawl ends within a second after its last deadline"
    assert gone(far.pid)
    child = far.folder / "child"
    assert not child.exists() or gone(int(child.read_text()))


def test_a_stop_kills_the_worker_at_once(world, far):
    world.sources, world.people = {"far": far(told("time.sleep(60)"))}, ("p1",)
    threading.Timer(0.7, world.stop.set).start()
    assert world.said() == {"p1": ("timed_out", "stopped")}
    assert gone(far.pid)


def test_a_sound_worker_serves_the_next_trawl_and_one_that_crashed_does_not(world, far):
    extra = told("yield event(ref, headline=str(os.getpid()))", "if (HERE / 'crash').exists(): os._exit(1)")
    world.sources, world.people = {"far": far(extra)}, ("p1",)
    first, second = (world.answers()[0].findings[0].headline for _ in range(2))
    assert first == second == str(far.pid)
    (far.folder / "crash").touch()
    assert world.said() == {"p1": CRASHED}
    (far.folder / "crash").unlink()
    assert world.answers()[0].findings[0].headline != first


def test_a_worker_that_died_while_it_waited_is_replaced_unnoticed(world, far):
    world.sources, world.people = {"far": far()}, ("p1",)
    assert world.said() == {"p1": WELL}
    waiting = far.pid
    os.kill(waiting, signal.SIGKILL)
    assert gone(waiting) and world.said() == {"p1": WELL} and far.pid != waiting


def test_closing_the_registry_ends_every_worker(world, far):
    world.sources = {"far": far()}
    assert world.sources["far"].warm(99) == IDLE_EACH - 1
    world.said()
    held = [process.pid for _, process in far.registries[0]._pool._idle]
    assert len(held) == IDLE_EACH
    far.registries[0].close()
    assert all(gone(pid) for pid in held)
    assert world.said()["p1"] == CRASHED, "a closed hub lends no worker any more"


ENGINE = """
import sys, time
from mash_trawl.sources.installed import installed
from mash_trawl.sources.worker_process import Process
sys.path.append(sys.argv[1])
(found,) = installed([sys.argv[1]])
worker = Process(found.order, {})
time.sleep(60)
"""


@pytest.mark.parametrize("how", ["time.sleep(60)", "ctypes.PyDLL(None).sleep(60)"])
def test_no_worker_outlives_an_engine_that_was_killed(far, how):
    if "PyDLL" in how and sys.platform != "linux":
        pytest.skip("NOT TESTED: only Linux ends a worker whose driver keeps the interpreter when the engine is killed")
    far.install(f"\n\n{how}\n")
    engine = subprocess.Popen([sys.executable, "-c", ENGINE, str(far.folder)])
    end = time.monotonic() + 20
    while not (far.folder / "pid").exists() or not (far.folder / "pid").read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    engine.kill()
    engine.wait()
    assert gone(far.pid)


def test_a_worker_gets_no_secret_but_its_own_and_only_after_the_gate_agreed(world, far, monkeypatch):
    monkeypatch.setenv("HOUSING_PASSWORD", "Sikkretissimo")
    monkeypatch.setenv("ODBCINI", "/etc/odbc.ini")
    how = "yield event(ref, text=repr((dict(os.environ), sys.argv, sys.path, os.getcwd(), dict(door.connect))))"
    world.sources, world.people = {"far": far(told(how))}, ("p1",)
    world.settings["far"] = {"connect": {"password": "file:far"}}
    (answer,) = world.answers()
    seen = next(finding.text for finding in answer.findings if finding.text)
    assert "file:far" in seen and "ODBCINI" in seen
    assert "HOUSING_PASSWORD" not in seen and "Sikkretissimo" not in seen and "'HOME'" not in seen
    assert set(world.resolved) == {"file:far"}


def test_a_worker_cannot_open_with_the_grant_of_another_ask(world, far):
    extra = (
        "\n\nclass Told(Far):\n    def fetch(self, ref, grant):\n        from dataclasses import replace\n"
        "        with self.open(replace(grant, id='g1' if grant.id == 'g0' else 'g0')) as door:\n"
        "            yield event(ref)\n\nFar = Told\n"
    )
    world.sources = {"far": far(extra)}
    world.settings["far"] = {"connect": {"password": "file:far"}}
    assert set(world.said().values()) == {CRASHED}


def test_without_an_open_no_secret_is_ever_resolved(world, far):
    extra = "\n\nclass Told(Far):\n    def find(self, query, grant):\n        yield from ()\n\nFar = Told\n"
    world.sources, world.people = {"far": far(extra)}, ("p1",)
    world.settings["far"] = {"connect": {"password": "file:far"}}
    assert world.said() == {"p1": ("partial", "no_end_proof")} and world.resolved == []


def test_a_retry_in_a_worker_is_a_row_of_the_ledger_before_it_is_sent(world, far):
    world.sources, world.people = {"far": far(told("door.request(attempt=2)"))}, ("p1",)
    assert world.said() == {"p1": WELL}
    (row,) = world.rows("source.retried")
    assert (row["step"], row["attempt"]) == ("fetch", 2)


def test_a_worker_cannot_say_how_old_its_data_is_in_words_of_its_own(world, far):
    world.sources, world.people = {"far": far(told("door.tally.as_of = '<b>Aisha Testfall</b>'"))}, ("p1",)
    (answer,) = world.answers()
    assert (answer.coverage, answer.status, answer.why) == (None, "partial", "rows_quarantined")


def test_a_worker_that_retries_without_end_is_a_crash_and_leaves_no_more_rows_than_an_honest_one(world, far):
    flood = ("for attempt in range(2, 9000):", "    door.request(attempt=attempt)")
    world.sources, world.people = {"far": far(told(*flood))}, ("p1",)
    assert world.said() == {"p1": CRASHED}
    assert len(world.rows("source.retried")) == 3 * Limits().attempts - 1
