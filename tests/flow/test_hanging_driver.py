"""A whole trawl by the command line while one agency's database says nothing and its driver waits for ever."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

DRIVER = "MariaDB Unicode"
DEADLINE = 4
MAPPING = Path("connectors/housing/mash_trawl_housing/housing.yaml")


def installed() -> bool:
    """Is MariaDB's ODBC driver there?"""
    try:
        import pyodbc
    except ImportError:
        return False
    return DRIVER in pyodbc.drivers()


def test_a_hanging_driver_costs_its_section_and_the_command_ends_in_time(place, county):
    if not installed():
        if os.environ.get("CI") == "true":
            raise RuntimeError(
                "odbc-mariadb is not installed, and in CI the test of a hanging driver may not be skipped"
            )
        pytest.skip("NO HANGING DRIVER IS TESTED: the package odbc-mariadb is not installed")
    (place.hub / "sources").mkdir(exist_ok=True)
    text = MAPPING.read_text("utf-8").replace("kind: sql", "kind: odbc", 1)
    (place.hub / "sources" / "asb.yaml").write_text(text, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        port = silent.getsockname()[1]
        place.edit(
            "    connector: housing\n    connect: {url: file:../county/housing.url}\n",
            "    mapping: sources/asb.yaml\n"
            f"    limits: {{deadline: {DEADLINE}s, parallel: 1}}\n"
            f'    connect: {{driver: {DRIVER}, server: 127.0.0.1, port: "{port}", database: housing}}\n',
        )
        case = place.case("children-in-need")
        command = [sys.executable, "-m", "mash_trawl", "--hub", str(place.hub), "run", str(case), "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            line, _ = silent.accept()
            began = time.monotonic()
            out, err = running.communicate(timeout=60)
            took = time.monotonic() - began
        with line:
            line.settimeout(5)
            assert line.recv(1) == b"", "no worker is left that holds the connection"
    assert running.returncode == 3, err
    told = json.loads(out)
    statuses = {answer["source"]: set() for answer in told["answers"]}
    for answer in told["answers"]:
        statuses[answer["source"]].add(answer["status"])
    assert "timed_out" in statuses["housing"] and "found" not in statuses["housing"]
    assert "found" in statuses["police"] and Path(told["product"]).exists()
    assert took < DEADLINE + 1.5, "a second for the trawl and half a second for the command"
