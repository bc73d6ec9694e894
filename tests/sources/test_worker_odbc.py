"""A real driver that hangs: MariaDB's waits for a greeting for ever, whatever time-out it is given."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings
from mash_trawl.sources.registry import Registry

DRIVER = "MariaDB Unicode"
MAPPING = Path("connectors/housing/mash_trawl_housing/housing.yaml")


@pytest.fixture
def driver() -> str:
    """MariaDB's ODBC driver, which Debian's odbc-mariadb brings."""
    try:
        import pyodbc

        found = DRIVER in pyodbc.drivers()
    except ImportError:
        found = False
    if not found:
        if os.environ.get("CI") == "true":
            raise RuntimeError(
                "odbc-mariadb is not installed, and in CI the test of a hanging driver may not be skipped"
            )
        pytest.skip("NO HANGING DRIVER IS TESTED: the package odbc-mariadb is not installed")
    return DRIVER


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        yield listener


def workers() -> set[int]:
    """The worker processes that this process has started and that still live."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if (
                fields[0] != "Z"
                and int(fields[1]) == os.getpid()
                and b"sources.worker" in (folder / "cmdline").read_bytes()
            ):
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def test_a_driver_that_hangs_in_the_handshake_is_killed_at_the_deadline(world, in_memory, tmp_path, driver, silent):
    (tmp_path / "asb.yaml").write_text(MAPPING.read_text("utf-8").replace("kind: sql", "kind: odbc", 1), "utf-8")
    connect = {"driver": driver, "server": "127.0.0.1", "port": str(silent.getsockname()[1]), "database": "housing"}
    item = SourceSettings(name="asb", agency="housing", mapping="asb.yaml", connect=connect)
    hub = HubFile(version=1, name="test", profiles=("base",), root_keys=RootKeys(paths=("../root",)),
                  reader_keys="../readers", signing_key="../sign", sources=(item,))  # fmt: skip
    before = workers()
    with closing(Registry.build(hub, tmp_path)) as registry:
        world.sources, world.people = {"asb": registry.source("asb").connector, "memory": in_memory}, ("p1",)
        world.limits["asb"] = Limits(deadline=Duration(seconds=3))
        world.settings["asb"] = {"connect": connect}
        began = time.monotonic()
        answers = {answer.source: answer for answer in world.answers()}
        took = time.monotonic() - began
        assert workers() <= before | {process.pid for _, process in registry._pool._idle}
    assert (answers["asb"].status, answers["asb"].why) == ("timed_out", "deadline")
    assert answers["memory"].status == "found"
    assert 3 <= took < 4, "a trawl ends within a second after its last deadline"
    with silent.accept()[0] as line:
        line.settimeout(5)
        assert line.recv(1) == b"", "the driver had connected, and its end of the line is closed"
    assert workers() <= before
