"""The command line in processes of their own that start at once: forked from one that has everything imported.

For tests whose point is another process (its kill, its signals, its locks), not the start of an interpreter. Where
nothing can be forked, an interpreter starts after all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import os, sys
for number, name in enumerate(streams, start=1):
    os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
os.environ.clear()
os.environ.update(environment)
if largest is not None:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
from mash_trawl.cli.main import main
sys.exit(main(arguments))
"""
IMPORTED = ("pytest", "mash_trawl.cli.main", "mash_trawl.hub", "mash_trawl.cli.run_command", "mash_trawl_county")


@dataclass
class Child:
    """One of them, used as `subprocess.Popen` is."""

    process: BaseProcess
    streams: tuple[Path, Path]

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def poll(self) -> int | None:
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it wrote on its two streams, once it ended."""
        self.process.join(timeout)
        assert self.process.exitcode is not None, "it has not ended in time"
        out, err = (file.read_text("utf-8") if file.exists() else "" for file in self.streams)
        return out, err


Begin = Callable[..., Child]


@pytest.fixture(scope="session")
def forking() -> Any:
    """What begins processes: a server that forks, which has imported what a trawl needs."""
    able = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if able else "spawn")
    if able:
        context.set_forkserver_preload([*IMPORTED])
    return context


@pytest.fixture
def begin(forking: Any, tmp_path: Path) -> Iterator[Begin]:
    """Begin a command: `begin("--hub", folder, "run", case)`; `largest` is how many bytes a file of it may have."""
    begun: list[Child] = []

    def start(*arguments: object, largest: int | None = None, **environment: str) -> Child:
        streams = (tmp_path / f"{len(begun)}.out", tmp_path / f"{len(begun)}.err")
        given: Mapping[str, Any] = {
            "arguments": [str(one) for one in arguments], "streams": [str(one) for one in streams],
            "environment": {**os.environ, **environment}, "largest": largest,
        }  # fmt: skip
        child = Child(forking.Process(target=exec, args=(PROGRAM, dict(given))), streams)
        begun.append(child)
        child.process.start()
        return child

    yield start
    for child in begun:
        child.process.kill()
        child.process.join()
        child.process.close()
