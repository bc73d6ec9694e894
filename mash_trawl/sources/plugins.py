"""From approved names to connector classes. What is not approved is never imported, however it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path

import pluggy

from mash_trawl import hookspecs
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Approved, SourceSettings
from mash_trawl.model.query import QUERY_FIELDS
from mash_trawl.sources.kinds import API, Connector

GROUP = "mash_trawl"
"""The entry-point group of plugins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A connector and where it comes from, or why there is none."""

    connector: type[Connector] | None = None
    version: str = ""
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One entry point of an installed distribution; nothing of it is imported yet."""

    distribution: str
    version: str
    entry: EntryPoint

    def is_meant(self, item: Approved) -> bool:
        """Is it what the hub file approves, by distribution and by name?"""
        return self.distribution == _plain(item.distribution) and self.entry.name == item.plugin


def load_approved(approve: Sequence[Approved], where: str) -> tuple[dict[str, Offered], tuple[str, ...]]:
    """Connectors by name, and warnings. `where` is the hub file.

    Raises Misconfigured when two installed distributions, or two connectors, claim one name: which of them ran would
    hang on the order of folders.
    """
    installed = tuple(_installed())
    _refuse_twins(approve, installed, where)
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    offered: dict[str, Offered] = {}
    warnings: list[str] = []
    for item in approve:
        found = next((one for one in installed if one.is_meant(item)), None)
        if found is None:
            continue
        try:
            own = _connectors(manager, found)
        except Misconfigured:
            raise
        except Exception as error:  # a plugin that cannot be loaded costs only the sources that name it
            why = Why.DRIVER_MISSING if isinstance(error, ImportError) else Why.NOT_INSTALLED
            offered[item.plugin] = Offered(why=why)
            warnings.append(f"The plugin {item.plugin} of {item.distribution} failed to load ({type(error).__name__}).")
            continue
        for name, one in own.items():
            if name in offered:
                raise Misconfigured(Problem(where=where, what=f"two approved plugins offer a connector `{name}`."))
            offered[name] = one
    return offered, tuple(warnings)


def _connectors(manager: pluggy.PluginManager, found: _Found) -> dict[str, Offered]:
    """Import one approved plugin, register it, and ask that plugin alone what it offers."""
    plugin = found.entry.load()
    manager.register(plugin, name=f"{found.distribution}:{found.entry.name}")
    others = [one for one in manager.get_plugins() if one is not plugin]
    hook = manager.subset_hook_caller("mash_trawl_connectors", remove_plugins=others)
    version = f"{found.distribution} {found.version}"
    own: dict[str, Offered] = {}
    for connector in (one for answer in hook() for one in answer):
        if not (isinstance(connector, type) and issubclass(connector, Connector)):
            raise TypeError("not a connector")
        own[connector.name] = Offered(connector=connector, version=version)
    return own


def _installed() -> Iterator[_Found]:
    """Every entry point of the group, from metadata only; the same folder listed twice counts once."""
    seen: set[tuple[str, str]] = set()
    for one in distributions():
        name, place = _plain(one.metadata["Name"] or ""), _place(one)
        if (name, place) in seen:
            continue
        seen.add((name, place))
        for entry in one.entry_points:
            if entry.group == GROUP:
                yield _Found(distribution=name, version=one.version, entry=entry)


def _place(one: Distribution) -> str:
    return str(Path(str(one.locate_file(""))).resolve())


def _plain(name: str) -> str:
    """A distribution's name as installers compare it: small letters, one dash for any run of `-`, `_`, `.`."""
    return "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)


def _refuse_twins(approve: Sequence[Approved], installed: Iterable[_Found], where: str) -> None:
    by_name: dict[str, list[_Found]] = {}
    for found in installed:
        by_name.setdefault(found.entry.name, []).append(found)
    problems = [
        Problem(
            where=where,
            what=f"more than one installed distribution has a plugin `{name}`: "
            f"{', '.join(sorted({one.distribution for one in by_name[name]}))}.",
            do="Uninstall the one that you do not mean.",
        )
        for name in dict.fromkeys(item.plugin for item in approve)
        if len(by_name.get(name, ())) > 1
    ]
    if problems:
        raise Misconfigured(*problems)


def problems_of(connector: type[Connector], settings: SourceSettings, where: str) -> Iterator[Problem]:
    """Every way in which a connector's facts break the contract or do not fit the source."""
    missing = [fact for fact in ("name", "agency", "offers", "search_keys") if not getattr(connector, fact, None)]
    if missing:
        yield Problem(where=where, what=f"its connector does not say its {' and '.join(missing)}.")
        return
    if connector.api != API:
        yield Problem(where=where, what=f"its connector speaks api {connector.api}, this engine api {API}.")
    if connector.agency != settings.agency:
        what = f"its connector is for the agency `{connector.agency}`, the hub file says `{settings.agency}`."
        yield Problem(where=where, what=what, do="Write the connector's agency, or choose another connector.")
    for category in sorted(connector.offers):
        if not category.startswith(f"{connector.agency}."):
            yield Problem(where=where, what=f"its connector offers `{category}`, which is not of its agency.")
    for key in connector.search_keys:
        yield from _key_problems(key, where)


def _key_problems(key: object, where: str) -> Iterator[Problem]:
    if not isinstance(key, tuple) or not key:
        yield Problem(where=where, what="its connector has a search key that is not a tuple of fields.")
        return
    for field in key:
        if field not in QUERY_FIELDS:
            do = f"Fields are: {', '.join(QUERY_FIELDS)}."
            yield Problem(where=where, what=f"its connector searches by `{field}`, which is no query field.", do=do)
