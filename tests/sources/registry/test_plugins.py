"""Plugins: only approved ones are imported, what is not ours in a process, and one that is wrong costs its source."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mash_trawl.model.hub import SourceSettings
from mash_trawl.sources import plugins as plugins_module
from mash_trawl.sources.installed import OUR_NAMES, OURS, installed
from mash_trawl.sources.registry import Registry
from tests.sources.registry.conftest import approved, hub, problems


def test_only_what_is_approved_is_imported(plugins, tmp_path):
    wanted = plugins.install("council-damp", "damp")
    unwanted = plugins.install("council-spy", "spy")
    registry = Registry.build(hub("council-damp:damp", sources=["damp", "spy"]), tmp_path)
    assert wanted.exists() and not unwanted.exists()
    assert registry.source("damp").connector.name == "damp"
    assert registry.source("damp").version == "council-damp 1.2"
    assert registry.source("spy").connector is None and registry.source("spy").why == "not_approved"


@pytest.mark.parametrize("approved", ["council-other:damp", "council-damp:spy", "council-damp:Damp"])
def test_approval_counts_for_distribution_and_name_together(plugins, tmp_path, approved):
    marker = plugins.install("council-damp", "damp")
    registry = Registry.build(hub(approved, sources=["damp"]), tmp_path)
    assert not marker.exists() and registry.source("damp").connector is None


def test_names_of_distributions_are_compared_as_installers_do(plugins, tmp_path):
    plugins.install("council-damp", "damp")
    assert Registry.build(hub("Council_Damp:damp", sources=["damp"]), tmp_path).source("damp").connector


@pytest.mark.parametrize("where", ["site", "other"])
def test_two_distributions_with_one_name_are_refused_and_neither_is_imported(plugins, tmp_path, where):
    first = plugins.install("council-damp", "damp")
    second = plugins.install("council-damp" if where == "other" else "council-twin", "damp", where=where)
    assert "more than one installed distribution has a plugin `damp`" in problems(hub("council-damp:damp"), tmp_path)
    assert not first.exists() and not second.exists()


def test_two_plugins_that_offer_one_connector_are_refused(plugins, tmp_path):
    plugins.install("council-damp", "damp")
    plugins.install("council-wet", "wet", connector="damp")
    text = problems(hub("council-damp:damp", "council-wet:wet", "council-wet:damp"), tmp_path)
    assert "two approved plugins offer a connector `damp`" in text


@pytest.mark.parametrize("name", ["education", "social_care", "dry"])
def test_a_plugin_offers_only_under_names_that_are_approved_for_its_distribution(plugins, tmp_path, name):
    """A source that names a connector of ours, which is not approved, is not asked through somebody else's."""
    plugins.install("council-damp", "damp", connector=name)
    named = hub("council-damp:damp", sources=[name, "damp"], connect={"token": "env:OURS"})
    with closing(Registry.build(named, tmp_path)) as registry:
        assert (registry.source(name).connector, registry.source(name).why) == (None, "not_approved")
        assert registry.source("damp").connector is None
        (warning,) = registry.warnings()
        assert (
            warning
            == "The plugin damp of council-damp offers 1 more under names that hub.yaml does not approve: not used."
        )
    with closing(Registry.build(hub("council-damp:damp", "council-damp:dry", sources=["dry"]), tmp_path)) as registry:
        assert (registry.source("dry").connector is None) is (name != "dry")


def test_nobody_else_may_bring_a_connector_called_like_one_of_ours(plugins, tmp_path):
    marker = plugins.install("council-damp", "education")
    text = problems(hub("Council_Damp:education", "mash-trawl-education:education"), tmp_path)
    assert "`education` is what one of our connectors is called; Council_Damp" in text and not marker.exists()


def test_the_names_of_our_connectors_are_known(tmp_path):
    for distribution, names in OURS.items():
        found = {one for one in installed() if one.distribution == distribution}
        assert {one.entry.name for one in found} == names <= OUR_NAMES
        for one in found:
            assert {offered.name for offered in plugins_module._connectors(one)} == {one.entry.name}


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("import a_driver_that_is_not_here", "driver_missing"),
        ("raise RuntimeError('Testfall')", "not_installed"),
        ("x = (", "not_installed"),
    ],
)
def test_a_plugin_that_does_not_load_costs_only_its_source_and_is_told(plugins, tmp_path, broken, why):
    plugins.install("council-damp", "damp", broken=broken)
    plugins.install("council-good", "good")
    registry = Registry.build(hub("council-damp:damp", "council-good:good", sources=["damp", "good"]), tmp_path)
    assert registry.source("damp").why == why and registry.source("good").connector
    (warning,) = registry.warnings()
    assert "damp" in warning and "Testfall" not in warning


def test_a_plugin_that_offers_something_else_than_connectors_is_not_used(plugins, tmp_path):
    plugins.install("council-damp", "damp", target="NotOne")
    registry = Registry.build(hub("council-damp:damp", sources=["damp"]), tmp_path)
    assert registry.source("damp").connector is None


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"keys": (("family", "shoe_size"),)}, "`shoe_size`, which is no query field"),
        ({"keys": ("family",)}, "not a tuple of fields"),
        ({"keys": ()}, "does not say its search_keys"),
        ({"offers": set()}, "does not say its offers"),
        ({"api": 2}, "speaks api 2"),
        ({"agency": "police", "offers": {"police.arrest"}}, "for the agency `police`"),
        ({"offers": {"police.arrest"}}, "`police.arrest`, which is not of its agency"),
    ],
)
def test_a_connector_that_breaks_the_contract_is_refused_before_anything_is_asked(plugins, tmp_path, facts, told):
    plugins.install("council-damp", "damp", **facts)
    text = problems(hub("council-damp:damp", sources=["damp"]), tmp_path)
    assert told in text and "hub.yaml: source damp" in text


def test_what_is_not_ours_is_loaded_in_a_process_and_never_imported_here(plugins, tmp_path):
    marker = plugins.install("council-damp", "damp")
    with closing(Registry.build(hub("council-damp:damp", sources=["damp"]), tmp_path)) as registry:
        (row,) = registry.describe()
    assert (row.isolate, row.why, row.kind, row.offers) == ("process", "", "sql", ("housing.asb",))
    assert marker.exists() and "plugin_council_damp_site" not in sys.modules
    assert registry.warnings() == ()


def test_a_plugin_that_hangs_while_it_is_loaded_costs_only_its_source(plugins, tmp_path, monkeypatch):
    monkeypatch.setattr("mash_trawl.sources.plugins.LOADING", 1.0)
    plugins.install("council-damp", "damp", broken="import time; time.sleep(60)")
    with closing(Registry.build(hub("council-damp:damp", sources=["damp"]), tmp_path)) as registry:
        assert registry.source("damp").why == "not_installed" and "damp" in registry.warnings()[0]


def test_a_mistake_in_a_foreign_mapping_is_told_with_its_line(plugins, tmp_path):
    line = "from mash_trawl.api import mapping_connector; Made = mapping_connector('wrong.yaml')"
    plugins.install("council-damp", "damp", broken=line)
    (tmp_path / "site" / "wrong.yaml").write_text("version: 1\nname: damp\nagency: housing\nkind: sqll\n", "utf-8")
    assert "wrong.yaml:4" in problems(hub("council-damp:damp", sources=["damp"]), tmp_path)


def test_a_hub_may_take_a_foreign_connector_into_the_engine_and_is_told_what_that_means(plugins, tmp_path):
    plugins.install("council-damp", "damp")
    registry = Registry.build(hub("council-damp:damp", sources=["damp"], isolate="thread"), tmp_path)
    (warning,) = registry.warnings()
    assert "damp" in warning and "cannot be killed" in warning
    assert registry.describe()[0].isolate == "thread" and "plugin_council_damp_site" in sys.modules


@pytest.mark.parametrize("isolate", [None, "process"])
def test_our_own_connector_runs_in_a_process_when_the_hub_says_so(tmp_path, isolate):
    item = SourceSettings(name="homes", agency="housing", connector="housing", isolate=isolate)
    approve = (approved("mash-trawl-housing", "housing"),)
    (row,) = Registry.build(replace(hub(), sources=(item,), approve=approve), tmp_path).describe()
    assert (row.isolate, row.kind, row.why) == (isolate or "thread", "sql", "")


def odbc_mapping(tmp_path, kind="odbc"):
    text = Path("connectors/housing/mash_trawl_housing/housing.yaml").read_text(encoding="utf-8")
    (tmp_path / "asb.yaml").write_text(text.replace("kind: sql", f"kind: {kind}"), encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "connect", "expected"),
    [
        ("odbc", {}, "process"),
        ("sql", {"driver": "ODBC Driver 18 for SQL Server"}, "process"),
        ("sql", {"url": "mssql+pyodbc://reader@sql01/lcs"}, "process"),
        ("sql", {"url": "mariadb://reader@db01/lcs"}, "process"),
        ("sql", {"dsn": "LCS"}, "process"),
        ("sql", {"url": "postgresql://reader@db01/lcs"}, "thread"),
        ("sql", {"url": "oracle://reader@db01/?service_name=lcs"}, "thread"),
        ("sql", {"url": "env:HOUSING_URL"}, "thread"),
    ],
)
def test_what_goes_over_odbc_runs_in_a_process(tmp_path, kind, connect, expected):
    odbc_mapping(tmp_path, kind)
    item = SourceSettings(name="asb", agency="housing", mapping="asb.yaml", connect=connect)
    (row,) = Registry.build(replace(hub(), sources=(item,)), tmp_path).describe()
    assert (row.kind, row.isolate) == (kind, expected)


def test_odbc_on_a_thread_of_the_engine_is_refused(tmp_path):
    odbc_mapping(tmp_path)
    item = SourceSettings(name="asb", agency="housing", mapping="asb.yaml", isolate="thread")
    assert "may not run on a thread" in problems(replace(hub(), sources=(item,)), tmp_path)
