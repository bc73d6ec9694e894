"""The tutorial is followed to the letter: what it writes is written, what it runs is run, and a trawl asks both."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from mash_trawl_county.hub_sources import FIRST_SOURCES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tutorial():
    """The command that follows the page and says how long it took."""
    spec = importlib.util.spec_from_file_location("mash_trawl_test_tutorial", ROOT / "tools" / "tutorial.py")
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reader(tutorial, tmp_path_factory):
    made = tutorial.Reader(tmp_path_factory.mktemp("tutorial"))
    made.follow(tutorial.PAGE.read_text("utf-8"))
    return made


def test_both_kits_are_green_each_after_processor_time_that_is_told(reader):
    assert [command for command, _ in reader.green] == [
        "python -m pytest council-asb",
        "mash-trawl connectors test asb-map/asb-map.yaml",
    ]
    (_, of_class), (_, of_both) = reader.green
    assert 0 < of_class < of_both


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
