"""Plugins that leave a mark when they are imported, and hub files that approve them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.model.hub import Approved, HubFile, RootKeys, SourceSettings
from mash_trawl.sources.installed import installed
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
