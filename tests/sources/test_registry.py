"""The registry: only approved plugins are imported, and every source has a connector or a reason."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured
from mash_trawl.model.hub import Approved, HubFile, RootKeys, SourceSettings
from mash_trawl.sources import plugins as plugins_module
from mash_trawl.sources.installed import OUR_NAMES, OURS, installed
from mash_trawl.sources.registry import Registry

PLUGIN = """
from pathlib import Path
Path({marker!r}).touch()
from mash_trawl.api import SqlConnector

class Made(SqlConnector):
    name, agency = {connector!r}, {agency!r}
    offers = frozenset({offers!r})
    search_keys = {keys!r}
    api = {api!r}

    def find(self, query, grant):
        yield from ()

    def fetch(self, ref, grant):
        yield from ()

class Dull:
    pass

class NotOne:
    @classmethod
    def mash_trawl_connectors(cls):
        return [Dull]
"""


class Plugins:
    """Installs plugins that leave a marker file when they are imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, distribution, plugin, *, where="site", target="Made", broken="", **facts):
        """Write a module and its metadata as an installer would; returns the marker."""
        site = self.folder / where
        module = f"plugin_{distribution.replace('-', '_')}_{where}"
        marker = self.folder / f"{module}.imported"
        info = site / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir(parents=True)
        usual = {
            "connector": plugin,
            "agency": "housing",
            "offers": {"housing.asb"},
            "keys": (("family", "born"),),
            "api": 1,
        }
        text = PLUGIN.format(marker=str(marker), **(usual | facts))
        (site / f"{module}.py").write_text(broken or text, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[mash_trawl]\n{plugin} = {module}:{target}\n", encoding="utf-8")
        return marker


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    """A place for plugins that is on the path."""
    for where in ("site", "other"):
        monkeypatch.syspath_prepend(tmp_path / where)
    yield Plugins(tmp_path)
    for name in [name for name in sys.modules if name.startswith("plugin_")]:
        del sys.modules[name]


def approved(distribution, plugin):
    """Approved as it is installed now, by the digest of its files; by none when it is not there."""
    meant = Approved(distribution=distribution, plugin=plugin)
    digests = [found.sha256 for found in installed() if found.is_meant(meant)]
    return replace(meant, sha256=digests[0] if digests else None)


def hub(*approve, sources=(), **settings):
    """A hub file that approves these `distribution:plugin` and has one source for each connector named."""
    items = tuple(SourceSettings(name=name, agency="housing", connector=name, **settings) for name in sources)
    return HubFile(
        version=1,
        name="test",
        profiles=("base",),
        root_keys=RootKeys(paths=("../root",)),
        reader_keys="../readers",
        signing_key="../sign",
        approve=tuple(approved(*one.split(":")) for one in approve),
        sources=items,
    )


def problems(hub_file, base):
    with pytest.raises(Misconfigured) as caught:
        Registry.build(hub_file, base)
    return str(caught.value)


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


def test_what_is_approved_and_not_there_is_not_installed(tmp_path):
    source = Registry.build(hub("council-damp:damp", sources=["damp"]), tmp_path).source("damp")
    assert (source.connector, source.why) == (None, "not_installed")


def test_a_suspended_source_is_not_connected_whatever_is_installed(plugins, tmp_path):
    plugins.install("council-damp", "damp")
    registry = Registry.build(hub("council-damp:damp", sources=["damp"], suspended="new contract"), tmp_path)
    assert registry.source("damp").why == "suspended"


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


def test_a_source_that_the_hub_does_not_know_is_not_installed(tmp_path):
    assert Registry.build(hub(), tmp_path).source("nowhere").why == "not_installed"


def test_what_this_version_does_not_do_is_told(tmp_path):
    from mash_trawl.config.read import read_value
    from mash_trawl.model.hub import HubFile

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


def spoilt(plugins, how):
    """Change an installed plugin after somebody approved it."""
    site = plugins.folder / "site"
    code = site / "plugin_council_damp_site.py"
    if how == "another byte":
        code.write_text(code.read_text("utf-8") + "\n", "utf-8")
    elif how == "another entry point":
        info = site / "council_damp-1.2.dist-info"
        (info / "entry_points.txt").write_text("[mash_trawl]\ndamp = plugin_council_damp_site:NotOne\n", "utf-8")
    elif how == "a folder before it on the path":
        (plugins.folder / "other").mkdir()
        (plugins.folder / "other" / code.name).write_text(code.read_text("utf-8") + "# another\n", "utf-8")
    else:
        code.unlink()


@pytest.mark.parametrize(
    "how", ["another byte", "another entry point", "a folder before it on the path", "its file is gone"]
)
def test_a_plugin_that_is_not_what_was_approved_is_not_imported(plugins, tmp_path, monkeypatch, how):
    marker = plugins.install("council-damp", "damp")
    named = hub("council-damp:damp", sources=["damp"])
    spoilt(plugins, how)
    monkeypatch.syspath_prepend(tmp_path / "other")
    registry = Registry.build(named, tmp_path)
    assert not marker.exists()
    assert (registry.source("damp").connector, registry.source("damp").why) == (None, "not_approved")
    (warning,) = registry.warnings()
    assert "another sha256" in warning


def test_a_plugin_that_is_not_ours_needs_its_digest_and_is_told_which(plugins, tmp_path):
    marker = plugins.install("council-damp", "damp")
    named = hub("council-damp:damp", sources=["damp"])
    (digest,) = (one.sha256 for one in named.approve)
    registry = Registry.build(replace(named, approve=(replace(named.approve[0], sha256=None),)), tmp_path)
    assert not marker.exists() and registry.source("damp").why == "not_approved"
    assert digest in registry.warnings()[0]


def test_a_package_is_its_every_file_and_bytecode_beside_it_is_never_run(plugins, tmp_path, monkeypatch):
    """What lies in `__pycache__` is in no digest, so a worker compiles what was approved and reads nothing else."""
    site = tmp_path / "site"
    package, info = site / "council_deep", site / "council_deep-1.0.dist-info"
    for folder in (package / "inner", info):
        folder.mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    (package / "inner" / "__init__.py").write_text(PLUGIN.format(
        marker=str(tmp_path / "good"), connector="deep", agency="housing", offers={"housing.asb"},
        keys=(("family", "born"),), api=1), "utf-8")  # fmt: skip
    (package / "codes.yaml").write_text("a: b\n", "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: council-deep\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[mash_trawl]\ndeep = council_deep.inner:Made\n", "utf-8")
    named = hub("council-deep:deep", sources=["deep"])
    compile_bad(package / "inner" / "__init__.py", tmp_path / "bad")
    registry = Registry.build(named, tmp_path)
    assert registry.source("deep").connector and (tmp_path / "good").exists() and not (tmp_path / "bad").exists()
    registry.close()
    (package / "codes.yaml").write_text("a: c\n", "utf-8")
    assert Registry.build(named, tmp_path).source("deep").why == "not_approved"


def test_bytecode_of_a_part_that_is_imported_only_later_is_not_run_either(tmp_path):
    """A connector may import more of its package at its first ask, long after it was loaded."""
    package = tmp_path / "council_late"
    package.mkdir()
    (package / "__init__.py").write_text("def ask():\n    import council_late.more\n", "utf-8")
    (package / "more.py").write_text(f"from pathlib import Path; Path({str(tmp_path / 'good')!r}).touch()" + " " * 60)
    compile_bad(package / "more.py", tmp_path / "bad")
    say = (
        "from mash_trawl.sources.from_source import only_from_source as only; import sys; sys.path.append(sys.argv[1]);"
    )
    say += "only(frozenset({'council_late'})); import council_late; council_late.ask()"
    subprocess.run([sys.executable, "-I", "-c", say, str(tmp_path)], check=True)
    assert (tmp_path / "good").exists() and not (tmp_path / "bad").exists()


def compile_bad(source, marker):
    """Bytecode that Python would take for that of `source`, and that does something else."""
    kept, stamp = source.read_bytes(), source.stat()
    evil = f"from pathlib import Path; Path({str(marker)!r}).touch(); raise SystemExit"
    source.write_bytes(evil.encode().ljust(len(kept), b"#"))
    os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    py_compile.compile(str(source))
    source.write_bytes(kept)
    os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
