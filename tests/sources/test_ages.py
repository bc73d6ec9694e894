"""Whom a system holds: as its mapping says, or as the hub file says instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured
from mash_trawl.model.ages import Ages
from mash_trawl.model.hub import HubFile, RootKeys, SourceSettings
from mash_trawl.sources import worker_facts
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.worker_frames import BadFrame

HOUSING = Path("connectors/housing/mash_trawl_housing/housing.yaml")


@pytest.fixture
def mapping(tmp_path):
    """The housing mapping, with a line about ages."""

    def written(line):
        file = tmp_path / "homes.yaml"
        file.write_text(HOUSING.read_text("utf-8") + line + "\n", "utf-8")
        return file

    return written


def registry(folder, **settings):
    source = SourceSettings(name="homes", agency="housing", mapping="homes.yaml", **settings)
    paths = RootKeys(paths=("../root",))
    hub = HubFile(version=1, name="test", profiles=("base",), root_keys=paths, reader_keys="../r", signing_key="../s",
                  sources=(source,))  # fmt: skip
    return Registry.build(hub, folder)


def ages(folder, **settings):
    (ref,) = registry(folder, **settings).refs(load_profile("base"))
    return ref.ages


def test_a_mapping_says_whom_its_system_holds_and_the_hub_file_may_say_otherwise(mapping, tmp_path):
    mapping("ages: {from: 16}")
    assert ages(tmp_path) == Ages(from_=16)
    assert ages(tmp_path, ages=Ages(from_=18, to=90)) == Ages(from_=18, to=90)
    assert ages(tmp_path, ages=Ages()) == Ages()


def test_a_system_that_says_nothing_holds_everybody(mapping, tmp_path):
    mapping("# nothing")
    assert ages(tmp_path) is None


def test_ages_that_end_before_they_begin_are_refused(mapping, tmp_path):
    mapping("ages: {from: 20, to: 4}")
    with pytest.raises(Misconfigured, match="end before they begin"):
        registry(tmp_path)


def test_ages_come_through_from_a_worker_or_are_refused(mapping):
    told = worker_facts.tell(mapping_class(mapping("ages: {from: 4, to: 20}")))
    assert worker_facts.hear(told)["ages"] == Ages(from_=4, to=20)
    assert worker_facts.hear({**told, "ages": None})["ages"] is None
    for wrong in (4, [4], ["4", None], [4, True], {"from": 4}):
        with pytest.raises(BadFrame):
            worker_facts.hear({**told, "ages": wrong})
