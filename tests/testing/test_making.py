"""A new connector: made whole but for what only its author knows, red there, and green once it is filled in."""

from __future__ import annotations

import importlib
import sys

import pytest

from mash_trawl.config.mapping import load_mapping
from mash_trawl.errors import Misconfigured
from mash_trawl.testing.kit import run_kit
from mash_trawl.testing.making import KINDS, new_connector
from mash_trawl.testing.target import targets

FILLED = {
    '"people/FILL_IN", "visits/FILL_IN"': '"people/search", "visits/search"',
    '"FILL_IN-*.csv", "FILL_IN-*.csv"': '"people-*.csv", "visits-*.csv"',
    "uprn from FILL_IN": "uprn from person",
    "summary from FILL_IN": "summary from visit",
    '"FILLIN"': '"Encounter"',
    "housing.FILL_IN": "housing.asb",
    "FILL_IN: what it brings, from which system": "Visits, from the visiting system",
    "FILL_IN": "filled in",
}


def fill(folder):
    """Write what an author would write in every place that says so."""
    for file in folder.rglob("*"):
        if file.suffix in (".py", ".md", ".toml"):
            text = file.read_text("utf-8")
            for old, new in FILLED.items():
                text = text.replace(old, new)
            file.write_text(text, "utf-8")


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """Run the kit over a connector that was just made, as its own test does."""
    monkeypatch.syspath_prepend(tmp_path / "new")
    monkeypatch.syspath_prepend(tmp_path / "new" / "tests")

    def run(**how):
        importlib.invalidate_caches()  # the folder was made after Python looked there
        test = importlib.import_module("test_contract")
        (contract,) = (one for name, one in vars(test).items() if name.startswith("Test"))
        return run_kit(contract.connector, contract.source, **how)

    yield run
    for name in [name for name in sys.modules if name.partition(".")[0] in ("new", "test_contract")]:
        del sys.modules[name]


@pytest.mark.parametrize("kind", ["sql", "http", "fhir", "files"])
def test_a_connector_that_is_filled_in_passes_the_kit(tmp_path, kit, kind):
    new_connector("new", kind, tmp_path, agency="housing")
    fill(tmp_path / "new")
    report = kit()
    assert [(one.number, one.findings) for one in report.results if one.outcome == "failed"] == []


def test_a_connector_that_is_not_filled_in_is_red_where_its_author_has_to_write(tmp_path, kit):
    new_connector("new", "sql", tmp_path, agency="housing")
    failed = {one.number for one in kit(only=(1, 2, 8, 10, 12, 14, 15, 23)).results if one.outcome == "failed"}
    assert {1, 2, 8} <= failed and not failed & {10, 12, 14, 15, 23}


def test_the_kit_says_where_a_new_connector_still_has_to_be_filled_in(tmp_path, kit):
    new_connector("new", "sql", tmp_path, agency="housing")
    first, last = kit(only=(1, 24)).results
    assert any("housing.FILL_IN still says" in one for one in first.findings)
    assert [one for one in last.findings if "FILL_IN" in one][:2] == [
        "its docstring still says FILL_IN: what it brings, from which system.", "its README.md still says FILL_IN.",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_mapping_of_every_kind_is_read_without_a_problem(tmp_path, kind):
    made = new_connector("new", kind, tmp_path, agency="housing", yaml=True)
    assert load_mapping(made[0]).kind == kind


@pytest.mark.parametrize("kind", ["files", "sftp"])
def test_a_mapping_of_files_passes_the_kit_over_its_folder_whatever_the_road_to_them(tmp_path, kind):
    file, *_ = new_connector("new", kind, tmp_path, agency="housing", yaml=True)
    text = file.read_text("utf-8").replace(".fill_in", ".asb").replace("FILL_IN-", "people-")
    searching, fetching = text.split("fetch:")
    file.write_text(f"{searching}fetch:{fetching.replace('people-', 'visits-')}", "utf-8")
    (target,) = targets(str(file), None)
    assert target.run(only=(2, 3, 7, 8, 16)).green


def test_a_person_is_not_tested_and_that_is_said(tmp_path):
    file, *_ = new_connector("new", "person", tmp_path, agency="housing", yaml=True)
    with pytest.raises(Misconfigured, match="asked on paper"):
        targets(str(file), None)


def test_nothing_that_is_there_is_written_over(tmp_path):
    new_connector("new", "sql", tmp_path, agency="housing")
    with pytest.raises(Misconfigured, match="already"):
        new_connector("new", "http", tmp_path, agency="housing")


@pytest.mark.parametrize(
    ("name", "agency"), [("../new", "housing"), ("New", "housing"), ("", "housing"), ("n--w", "h"), ("new", "a b")]
)
def test_a_name_that_can_be_none_makes_nothing(tmp_path, name, agency):
    with pytest.raises(Misconfigured):
        new_connector(name, "sql", tmp_path, agency=agency)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["json", "class", "mash-trawl", "mash-trawl-housing", "housing", "test", "pytest"])
def test_a_name_that_would_take_another_s_place_makes_nothing(tmp_path, name):
    with pytest.raises(Misconfigured, match="called this already"):
        new_connector(name, "sql", tmp_path, agency="housing")
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_its_folder_is_not_followed(tmp_path):
    (tmp_path / "new").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Misconfigured, match="there is a folder"):
        new_connector("new", "sql", tmp_path, agency="housing")
    assert not (tmp_path / "elsewhere").exists()
