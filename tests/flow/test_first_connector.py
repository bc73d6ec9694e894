"""The tutorial is followed to the letter: what it writes is written, what it runs is run, and a trawl asks both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mash_trawl_county.hub_sources import FIRST_SOURCES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "first-connector.md"
BLOCK = re.compile(r"((?:^<!-- .*? -->\n)*)^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
REMARK = re.compile(r"<!-- (\w+):?\s*(.*?) -->")


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    home: Path
    hub: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def follow(self, text: str) -> None:
        """Every block, from the first to the last."""
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

    def run(self, command: str, *, red: bool, install: bool) -> None:
        words = command.split()
        if install and words[:4] == ["python", "-m", "pip", "install"]:
            words[4:4] = ["-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(self.home / "site")]
            words[-1] = str(self.home / words[-1])
        program = [sys.executable, "-m", "mash_trawl"] if words[0] == "mash-trawl" else [sys.executable]
        env = os.environ | {"PYTHONPATH": str(self.home / "site")}
        env |= {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home), "PYTEST_ADDOPTS": "-p no:cacheprovider"}
        done = subprocess.run(
            [*program, *words[1:]], cwd=self.home, env=env, capture_output=True, text=True, timeout=100, check=False
        )
        assert (done.returncode != 0) is red, f"{command}\n{done.stdout}\n{done.stderr}"
        if words[1:] == ["connectors", "list"]:
            self.digest = re.search(r"council-asb .*?sha256: ([0-9a-f]{64})", done.stdout, re.DOTALL)[1]


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    made = Reader(tmp_path_factory.mktemp("tutorial"))
    made.follow(PAGE.read_text("utf-8"))
    return made


def lines_of(text):
    """Lines beyond constants, remarks, docstrings, imports and empty ones."""
    text = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    text = re.sub(r"^[A-Z_]+ = (\{.*?^\}|\(.*?^\)|[^\n]*)", "", text, flags=re.DOTALL | re.MULTILINE)
    kept = [
        line for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", "from ", "import "))
    ]
    return len(kept)


def test_a_class_takes_thirty_lines_at_most_and_a_mapping_twenty(reader):
    assert lines_of(reader.written["council-asb/council_asb/connector.py"]) <= 30
    mapping = [line for line in reader.written["asb-map/asb-map.yaml"].splitlines() if not line.startswith("#")]
    shape = [line for line in mapping if line.partition(":")[0] not in ("version", "name", "agency", "kind")]
    assert len(shape) <= 20


def test_both_answer_a_trawl_of_the_county(reader, place, county, trawl_here, monkeypatch):
    """The class as an approved plugin that is not ours, in a worker; the mapping beside the hub file."""
    monkeypatch.syspath_prepend(reader.home / "site")
    approve, _, of_class = reader.hub["council-asb"].partition("sources:\n")
    _, _, of_mapping = reader.hub["asb-map"].partition("sources:\n")
    line = approve.splitlines()[1].strip().removeprefix("- ").replace("0" * 64, reader.digest)
    place.edit("approve: [", f"approve: [{line}, ")
    place.edit(FIRST_SOURCES, f"{FIRST_SOURCES}\n{of_class}{of_mapping}")
    (place.hub / "asb-map.yaml").write_text(reader.written["asb-map/asb-map.yaml"], "utf-8")
    answers = trawl_here("run", place.case("children-in-need"), "--json").json()["answers"]
    by_source = {
        name: {row["person"]: (row["status"], row["found"]) for row in answers if row["source"] == name}
        for name in ("council-asb", "asb-map")
    }
    assert by_source["council-asb"] == by_source["asb-map"]
    assert ("found", 2) in by_source["council-asb"].values() or ("found", 1) in by_source["council-asb"].values()
