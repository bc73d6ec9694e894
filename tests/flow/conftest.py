"""A whole installation for the flow tests: the synthetic county, its servers, a hub, all in a temporary folder."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mash_trawl.cli.demo_command import PROFILES
from mash_trawl.cli.main import main
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.hub import Hub
from mash_trawl.system import account_name
from mash_trawl_county.agreement import AGREEMENT
from mash_trawl_county.build import draw, write_cases, write_county
from mash_trawl_county.hub_sources import FIRST_APPROVE, FIRST_SOURCES
from mash_trawl_county.serving import Running, served


@dataclass(frozen=True)
class Place:
    """One installation: the folder that holds `county`, `hub` and `keys`."""

    root: Path

    @property
    def hub(self) -> Path:
        return self.root / "hub"

    def case(self, name: str) -> Path:
        return self.hub / "cases" / f"{name}.yaml"

    def edit(self, old: str, new: str) -> None:
        """Change the hub file."""
        file = self.hub / "hub.yaml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    def open(self) -> Hub:
        return Hub.open(self.hub)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation that nobody touches, its database made by a first opening; every test gets a copy."""
    root = tmp_path_factory.mktemp("pattern")
    built = draw(seed=1, families=12)
    write_county(root / "county", built)
    account = account_name()
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=PROFILES, person=account, account=account,
               passphrase=None, approve=FIRST_APPROVE, sources=FIRST_SOURCES, agreement=AGREEMENT)
    )  # fmt: skip
    write_cases(root / "hub" / "cases", built)
    Hub.open(root / "hub").close()
    return root


@pytest.fixture(scope="session")
def copied() -> Callable[[Path, Path], Place]:
    """An installation, copied from one folder to another that is not there yet."""

    def copy(old: Path, new: Path) -> Place:
        shutil.copytree(old, new)
        return Place(new)

    return copy


@pytest.fixture
def place(pattern: Path, copied: Callable[[Path, Path], Place], tmp_path: Path) -> Place:
    return copied(pattern, tmp_path / "north")


@pytest.fixture(scope="session")
def run_once(
    pattern: Path, copied: Callable[[Path, Path], Place], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """An installation that nobody touches, in which one case was run: each case is run once for all tests."""
    made: dict[str, Path] = {}

    def ran(case: str) -> Path:
        if case not in made:
            fresh = copied(pattern, tmp_path_factory.mktemp("ran") / "north")
            with served(fresh.root / "county"), fresh.open() as hub:
                hub.run(fresh.case(case))
            made[case] = fresh.root
        return made[case]

    return ran


@pytest.fixture
def after_run(place: Place, run_once: Callable[[str], Path]) -> Callable[[str], Place]:
    """Make the place one in which this case was run: its hub and its keys are copies of those that ran it."""

    def after(case: str) -> Place:
        for part in ("hub", "keys"):
            shutil.rmtree(place.root / part)
            shutil.copytree(run_once(case) / part, place.root / part)
        return place

    return after


@pytest.fixture
def county(place: Place) -> Iterator[Running]:
    """The county's servers, up."""
    with served(place.root / "county") as running:
        yield running


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def trawl(place: Place, tmp_path: Path) -> Callable[..., Done]:
    """Run the command line on the place's hub, as a person would, in a process of its own."""

    def run(*arguments: object, hub: bool = True, typed: str = "") -> Done:
        command = [
            sys.executable,
            "-m",
            "mash_trawl",
            *(["--hub", str(place.hub)] if hub else []),
            *map(str, arguments),
        ]
        env = dict(os.environ, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / "config"))
        done = subprocess.run(command, input=typed, capture_output=True, text=True, env=env, timeout=100, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def trawl_here(place: Place, tmp_path: Path) -> Callable[..., Done]:
    """The same as `trawl` in this process, where it costs no start of the interpreter: streams that are no terminal."""

    def run(*arguments: object, hub: bool = True, typed: str = "") -> Done:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        mask = os.umask(0o077)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOME", str(tmp_path))
            patch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
            for name, stream in (("stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8")),
                                 ("stdout", out), ("stderr", err)):  # fmt: skip
                patch.setattr(sys, name, stream)
            try:
                code = main([*(["--hub", str(place.hub)] if hub else []), *map(str, arguments)])
            finally:
                os.umask(mask)
        told = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Done(code, *told)

    return run
