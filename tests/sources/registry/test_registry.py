"""The registry: every source of the hub file has a connector or a reason, and consent hears what it offers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured
from mash_trawl.model.hub import HubFile, SourceSettings
from mash_trawl.sources.registry import Registry
from tests.sources.registry.conftest import approved, hub, problems


def test_what_is_approved_and_not_there_is_not_installed(tmp_path):
    source = Registry.build(hub("council-damp:damp", sources=["damp"]), tmp_path).source("damp")
    assert (source.connector, source.why) == (None, "not_installed")


def test_a_suspended_source_is_not_connected_whatever_is_installed(plugins, tmp_path):
    plugins.install("council-damp", "damp")
    registry = Registry.build(hub("council-damp:damp", sources=["damp"], suspended="new contract"), tmp_path)
    assert registry.source("damp").why == "suspended"


def test_every_wrong_source_is_told_at_once(plugins, tmp_path):
    plugins.install("council-damp", "damp", api=2)
    plugins.install("council-wet", "wet", api=3)
    text = problems(hub("council-damp:damp", "council-wet:wet", sources=["damp", "wet"]), tmp_path)
    assert "api 2" in text and "api 3" in text


def test_consent_hears_of_each_source_what_it_offers_or_the_hub_narrows(plugins, tmp_path):
    plugins.install("council-damp", "damp", offers={"housing.asb", "housing.tenancy"})
    profile = load_profile("base")
    whole = Registry.build(hub("council-damp:damp", sources=["damp"]), tmp_path).refs(profile)
    assert [(one.name, one.agency, one.categories) for one in whole] == [
        ("damp", "housing", ("housing.asb", "housing.tenancy"))
    ]
    narrowed = hub("council-damp:damp", sources=["damp"], categories=("asb",))
    assert Registry.build(narrowed, tmp_path).refs(profile)[0].categories == ("housing.asb",)


def test_a_source_that_is_not_there_still_has_the_categories_of_its_agency(tmp_path):
    profile = load_profile("base")
    (ref,) = Registry.build(hub(sources=["damp"]), tmp_path).refs(profile)
    assert set(ref.categories) == {f"housing.{name}" for name in profile.agencies["housing"].categories}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"agency": "huosing"}, "Did you mean `housing`?"),
        ({"categories": ("asbo",)}, "Did you mean `housing.asb`?"),
        ({"categories": ("housing.tenancy",)}, "does not offer `housing.tenancy`"),
    ],
)
def test_what_the_profile_or_the_connector_does_not_know_is_refused_with_the_nearest_name(
    plugins, tmp_path, changes, told
):
    plugins.install("council-damp", "damp")
    named = hub("council-damp:damp", sources=["damp"])
    if "agency" in changes:
        named = replace(named, approve=())
    wrong = replace(named, sources=(replace(named.sources[0], **changes),))
    with pytest.raises(Misconfigured) as caught:
        Registry.build(wrong, tmp_path).refs(load_profile("base"))
    assert told in str(caught.value) and "source damp" in str(caught.value)


def test_a_mapping_is_a_source_without_any_package(tmp_path):
    source = Path("connectors/housing/mash_trawl_housing/housing.yaml").read_text(encoding="utf-8")
    (tmp_path / "asb.yaml").write_text(source, encoding="utf-8")
    item = SourceSettings(name="asb", agency="housing", mapping="asb.yaml")
    registry = Registry.build(replace(hub(), sources=(item,)), tmp_path)
    (row,) = registry.describe()
    assert (row.name, row.connector, row.kind, row.why) == ("asb", "asb.yaml", "sql", "")
    assert "housing.asb" in row.offers and row.search_keys


def test_our_own_connectors_come_by_the_same_road_as_anybodys(tmp_path):
    own = ("housing", "police", "health")
    items = tuple(SourceSettings(name=name, agency=name, connector=name) for name in own)
    approve = tuple(approved(f"mash-trawl-{name}", name) for name in own)
    registry = Registry.build(replace(hub(), sources=items, approve=approve), tmp_path)
    assert [(row.name, row.kind, row.why) for row in registry.describe()] == [
        ("housing", "sql", ""),
        ("police", "http", ""),
        ("health", "fhir", ""),
    ]
    assert registry.warnings() == ()
    assert [one.name for one in registry.refs(load_profile("base"))] == list(own)


def test_a_source_that_the_hub_does_not_know_is_not_installed(tmp_path):
    assert Registry.build(hub(), tmp_path).source("nowhere").why == "not_installed"


def test_what_this_version_does_not_do_is_told(tmp_path):
    from mash_trawl.config.read import read_value

    settings = {
        "version": 1, "name": "north", "profiles": ["front_door"], "reader_keys": "../k", "signing_key": "../s",
        "root_keys": {"paths": ["../a", "../b"]},
        "sources": [
            {"name": "yos", "agency": "youth_offending", "connector": "yos",
             "limits": {"quiet_hours": "01:00-03:00"}},
        ],
    }  # fmt: skip
    told = Registry.build(read_value(HubFile, settings), tmp_path).warnings()
    assert any("quiet hours" in sentence for sentence in told)
