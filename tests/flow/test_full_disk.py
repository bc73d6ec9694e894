"""A disk that is full or read-only is told as that, with exit 5; nobody is asked, and nothing is left half-written.

With root's rights the hub lies on a small disk of its own (tmpfs). Without them a full disk is a limit on the size of
files, which ends a write in the same place of the same calls; a read-only mount has no such stand-in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("a small disk is made with mount or a limit of POSIX", allow_module_level=True)
import resource

KILO = 1024


class Disk:
    """The disk that a hub lies on; without mounting, the limit that its commands run under."""

    def __init__(self, folder: Path, home: Path, mounted: bool, here: Callable[..., Any]) -> None:
        self.folder, self.mounted, self._home, self._here, self._limit = folder, mounted, home, here, -1

    def fill(self, leave: int) -> None:
        """Leave so many bytes free."""
        self._limit = leave
        if self.mounted:
            size = shutil.disk_usage(self.folder).free - leave
            (self.folder / "fill").write_bytes(b"x" * size)

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)

    def run(self, *arguments: object) -> Any:
        """A command on the hub: in this process, or in one of its own where only a limit on it makes the disk full."""
        if self.mounted:
            return self._here(*arguments)
        env = dict(os.environ, HOME=str(self._home), XDG_CONFIG_HOME=str(self._home / "config"))
        command = [sys.executable, "-m", "mash_trawl", "--hub", str(self.folder), *map(str, arguments)]
        limited = self._lower if self._limit >= 0 else None
        done = subprocess.run(
            command, capture_output=True, text=True, env=env, timeout=100, check=False, preexec_fn=limited
        )
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)

    def _lower(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._limit, resource.RLIM_INFINITY))

    def files(self) -> dict[str, int]:
        """Every file of the hub but the database's own side files, with its size."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith("hub.db-"))
        return {str(path.relative_to(self.folder)): path.stat().st_size for path in found}


@pytest.fixture
def disk(place, tmp_path, trawl_here) -> Iterator[Disk]:
    aside = tmp_path / "aside"
    place.open().close()  # makes the database
    shutil.copytree(place.hub, aside)
    size = "size=16m,mode=700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place.hub)], capture_output=True, check=False
    )
    mounted = done.returncode == 0
    try:
        if mounted:
            shutil.copytree(aside, place.hub, dirs_exist_ok=True)
        yield Disk(place.hub, tmp_path, mounted, trawl_here)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place.hub)], check=True)


@pytest.mark.parametrize(
    "command", [("check",), ("status", "children-in-need"), ("run", "children-in-need"), ("audit", "verify")]
)
def test_without_a_byte_free_every_command_says_that_the_disk_is_full(disk, county, command):
    disk.fill(0)
    before = disk.files()
    done = disk.run(*command)
    assert done.code == 5, done.err
    assert "the disk is full" in done.err and "Make room" in done.err
    assert "Error" not in done.err
    assert sum(county.police.hits.values()) == 0
    assert disk.files() == before


@pytest.mark.parametrize("free", [64 * KILO, 250 * KILO, 600 * KILO])
def test_a_run_that_could_not_keep_its_product_asks_nobody(disk, county, free):
    disk.fill(free)
    before = disk.files()
    done = disk.run("run", disk.folder / "cases" / "children-in-need.yaml")
    assert done.code == 5, done.err
    assert "the disk is full" in done.err
    assert sum(county.police.hits.values()) == 0
    assert disk.files() == before


@pytest.mark.parametrize("free", [64 * KILO, 250 * KILO])
def test_check_says_that_there_is_no_room_before_a_trawl_finds_out(disk, free):
    disk.fill(free)
    done = disk.run("check")
    assert done.code == 2, done.err
    assert "less than 1 MB can be written" in done.out and "the disk is full" in done.out


def test_check_warns_of_a_disk_that_is_nearly_full(disk):
    if not disk.mounted:
        pytest.skip("mounting needs root: free space is as the machine has it")
    assert "MB are free on its disk" in disk.run("check").out


def test_a_read_only_disk_is_told_as_that(disk, county):
    if not disk.mounted:
        pytest.skip("mounting needs root: nothing is tested on a read-only mount")
    disk.remount("ro")
    for command in (("check",), ("run", disk.folder / "cases" / "children-in-need.yaml")):
        done = disk.run(*command)
        assert done.code == 5
        assert "mounted read-only" in done.err
    assert sum(county.police.hits.values()) == 0


def test_check_tries_to_write_in_a_database_that_can_still_be_read(disk):
    """A process that was killed left its write-ahead file, so the read-only database opens."""
    if not disk.mounted:
        pytest.skip("mounting needs root: nothing is tested on a read-only mount")
    program = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('DELETE FROM breaker')"
    subprocess.run(
        [sys.executable, "-c", f"{program}; c.commit(); os._exit(0)", str(disk.folder / "hub.db")], check=True
    )
    disk.remount("ro")
    done = disk.run("check")
    assert done.code == 2, done.err
    assert "The ledger cannot be written" in done.out and "mounted read-only" in done.out


def test_the_empty_form_is_there_whole_or_not_at_all(disk):
    disk.fill(0)
    done = disk.run("case", "form", disk.folder / "form.xlsx")
    assert done.code == 5
    assert "the disk is full" in done.err
    assert not [name for name in disk.files() if "form" in name]
