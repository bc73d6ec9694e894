"""Follow docs/first-connector.md to the letter, in a temporary folder, and say how much processor time it took.

    python tools/tutorial.py

What the page writes is written, what it runs is run, and what it says is red or green has to be so. The test of the
page goes on from here: it asks both connectors in a trawl. It ends with 1 when a promise of the page is not kept, or
when it takes more than 60 seconds of processor time from `connectors new` to the second green kit.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "first-connector.md"
BLOCK = re.compile(r"((?:^<!-- .*? -->\n)*)^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
REMARK = re.compile(r"<!-- (\w+):?\s*(.*?) -->")
QUIET = ("-q", "--no-deps", "--no-build-isolation", "--no-index")
MOST = 60.0


def used() -> float:
    """Processor time of this process and of those that it started and that have ended, in seconds.

    Windows does not tell that of others: there it is the time on the wall, which is more.
    """
    if sys.platform == "win32":
        return time.monotonic()
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    home: Path
    hub: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    green: list[tuple[str, float]] = field(default_factory=list)
    digest: str = ""

    def follow(self, text: str) -> None:
        """Every block, from the first to the last."""
        began = used()
        for remarks, language, content in BLOCK.findall(text):
            told = dict(REMARK.findall(remarks))
            if "copy" in told:
                old, new = told["copy"].split()
                (self.home / new).write_bytes((self.home / old).read_bytes())
            if "write" in told:
                (self.home / told["write"]).write_text(content, "utf-8")
                self.written[told["write"]] = content
            elif "hub" in told:
                self.hub[told["hub"]] = content
            elif language == "console":
                for command in re.findall(r"^\$ (.*)$", content, re.MULTILINE):
                    self.run(command, red="red" in told, install="install" in told)
                    if "green" in told:
                        self.green.append((command, used() - began))

    def run(self, command: str, *, red: bool, install: bool) -> None:
        """One command of the page; it must end as the page says."""
        words = command.split()
        if install and words[:4] == ["python", "-m", "pip", "install"]:
            words[4:4] = [*QUIET, "--target", str(self.home / "site")]
            words[-1] = str(self.home / words[-1])
        program = [sys.executable, "-m", "mash_trawl"] if words[0] == "mash-trawl" else [sys.executable]
        env = os.environ | {"PYTHONPATH": str(self.home / "site")}
        env |= {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home), "PYTEST_ADDOPTS": "-p no:cacheprovider"}
        done = subprocess.run(
            [*program, *words[1:]], cwd=self.home, env=env, capture_output=True, text=True, timeout=100, check=False
        )
        if (done.returncode != 0) is not red:
            raise AssertionError(f"{command}\n{done.stdout}\n{done.stderr}")
        if words[1:] == ["connectors", "list"]:
            listed = re.search(r"council-asb .*?sha256: ([0-9a-f]{64})", done.stdout, re.DOTALL)
            self.digest = listed[1] if listed else ""


def main() -> int:
    """Follow the page and print when each kit was green."""
    with tempfile.TemporaryDirectory(prefix="mash-trawl-tutorial-") as folder:
        reader = Reader(Path(folder).resolve())
        reader.follow(PAGE.read_text("utf-8"))
    for command, seconds in reader.green:
        print(f"{seconds:5.1f} s from the first command until green: {command}")
    return 0 if reader.green and reader.green[-1][1] <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
