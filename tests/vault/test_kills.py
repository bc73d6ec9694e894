"""kill -9 at every step of a seal and of a destruction: the old product, the whole new one, or none; never half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SERVER = Path(__file__).with_name("kill_server.py")
MEMORY = Path("/dev/shm")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def killed_everywhere(workload: str) -> dict:
    """A process killed by a signal loses no written byte, so a disk in memory serves and is fast."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        command = [sys.executable, str(SERVER), folder, workload]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("workload", "at_least"), [("seal", 14), ("destroy", 30)])
def test_killed_before_any_step_it_recovers(workload, at_least):
    outcome = killed_everywhere(workload)
    assert outcome["problems"] == []
    assert outcome["points"] >= at_least


def test_the_check_finds_fault_with_a_seal_that_names_its_file_too_early():
    assert killed_everywhere("naive")["problems"]
