"""From approved names to connector classes. What is not approved is never imported, however it is installed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pluggy

from mash_trawl import hookspecs
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.ages import Ages
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Approved, SourceSettings
from mash_trawl.model.query import QUERY_FIELDS
from mash_trawl.sources.from_source import only_from_source
from mash_trawl.sources.installed import OUR_NAMES, OURS, Found, installed, mistrust, plain
from mash_trawl.sources.kinds import API, Connector
from mash_trawl.sources.person import KIND as PERSON
from mash_trawl.sources.worker_facts import Order
from mash_trawl.sources.worker_pool import Pool
from mash_trawl.sources.worker_process import Gone, NotLoaded, Process

LOADING = 20.0
"""Seconds that a worker may take to load a plugin and to say what it offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A connector and where it comes from, or why there is none.

    One of ours is here as a class, `connector`; another's only as its `facts`, told by the `worker` that loaded it.
    `order` is how a worker loads it. `sha256`, of a mapping: the digest of the very bytes that it was read from.
    """

    connector: type[Connector] | None = None
    facts: Mapping[str, Any] | None = None
    order: Order = field(default_factory=dict)
    worker: Process | None = None
    version: str = ""
    why: Why | None = None
    sha256: str = ""


def load_approved(approve: Sequence[Approved], where: str, pool: Pool) -> tuple[dict[str, Offered], tuple[str, ...]]:
    """Connectors by name, and warnings. `where` is the hub file; workers of `pool` load what is not ours.

    Raises Misconfigured when two installed distributions, or two connectors, claim one name: which of them ran would
    hang on the order of folders.
    """
    _refuse_our_names(approve, where)
    everything = tuple(installed())
    _refuse_twins(approve, everything, where)
    found, offered, warnings = _chosen(approve, everything)
    away = {one: _begin(pool, one) for one in found.values() if not one.ours}
    try:
        for item, one in found.items():
            try:
                own = _described(one, away[one]) if one in away else _imported(one)
            except Misconfigured:
                raise
            except Exception as error:  # a plugin that cannot be loaded costs only the sources that name it
                offered[item.plugin] = Offered(why=_why(error))
                kind = error.kind if isinstance(error, NotLoaded) else type(error).__name__
                warnings.append(f"The plugin {item.plugin} of {item.distribution} failed to load ({kind}).")
                continue
            if one in away:
                own, more = _approved(own, one, approve)
                warnings += [f"The plugin {item.plugin} of {item.distribution} {what}" for what in more]
            _add(offered, own, where)
    except BaseException:
        for worker in away.values():
            if worker is not None:
                worker.kill()
        raise
    return offered, tuple(warnings)


def _chosen(
    approve: Sequence[Approved], everything: Sequence[Found]
) -> tuple[dict[Approved, Found], dict[str, Offered], list[str]]:
    """What of the approved is installed and has the approved digest; what is refused for its digest; what to say."""
    chosen: dict[Approved, Found] = {}
    refused: dict[str, Offered] = {}
    warnings: list[str] = []
    for item in approve:
        one = next((one for one in everything if one.is_meant(item)), None)
        if one is None:
            continue
        if what := mistrust(item, one):
            warnings.append(f"The plugin {item.plugin} of {item.distribution} {what}")
        if what and not (one.ours and item.sha256 is None):
            refused[item.plugin] = Offered(why=Why.NOT_APPROVED)
            continue
        chosen[item] = one
    return chosen, refused, warnings


def _approved(
    own: Mapping[str, Offered], found: Found, approve: Sequence[Approved]
) -> tuple[dict[str, Offered], tuple[str, ...]]:
    """What somebody else's plugin offers under names that the hub file approves for it, and what to say of the rest."""
    names = {item.plugin for item in approve if plain(item.distribution) == found.distribution}
    kept = {name: one for name, one in own.items() if name in names}
    if not kept:
        for one in own.values():
            if one.worker is not None:
                one.worker.kill()
    more = len(own) - len(kept)
    return kept, (f"offers {more} more under names that hub.yaml does not approve: not used.",) if more else ()


def _add(offered: dict[str, Offered], own: Mapping[str, Offered], where: str) -> None:
    for name, one in own.items():
        if name in offered:
            raise Misconfigured(Problem(where=where, what=f"two approved plugins offer a connector `{name}`."))
        offered[name] = one


def _why(error: Exception) -> Why:
    if isinstance(error, NotLoaded):
        return Why(error.why)
    return Why.DRIVER_MISSING if isinstance(error, ImportError) else Why.NOT_INSTALLED


def _begin(pool: Pool, found: Found) -> Process | None:
    """A worker that loads the plugin while others load theirs; None when it cannot be started."""
    try:
        return pool.start(found.order)
    except Gone:
        return None


def _described(found: Found, worker: Process | None) -> dict[str, Offered]:
    """What a plugin that is not ours offers, as its worker says. Raises Gone, NotLoaded or Misconfigured."""
    if worker is None:
        raise Gone("not started")
    late = threading.Timer(LOADING, worker.kill)
    late.daemon = True
    late.start()
    try:
        facts = worker.facts()
    except BaseException:
        worker.kill()
        raise
    finally:
        late.cancel()
    version = f"{found.distribution} {found.version}"
    return {one["name"]: Offered(facts=one, order=found.order, worker=worker, version=version) for one in facts}


def _imported(found: Found) -> dict[str, Offered]:
    """What a plugin of ours offers, imported here."""
    version = f"{found.distribution} {found.version}"
    offers = _connectors(found)
    return {one.name: Offered(connector=one, order=found.order, version=version) for one in offers}


def connectors_at(place: str, distribution: str, plugin: str, sha256: str) -> list[type[Connector]]:
    """The connectors of one plugin, imported in this process. `place` is the folder of its distribution's metadata.

    Raises LookupError when it is not there or its files have another digest by now, TypeError when it offers something
    else, and whatever importing it raises.
    """
    for found in installed([place]):
        if (found.distribution, found.entry.name, found.sha256) == (distribution, plugin, sha256):
            if not found.ours:
                only_from_source(found.tops)
            return _connectors(found)
    raise LookupError("no such plugin")


def _connectors(found: Found) -> list[type[Connector]]:
    """Import one approved plugin, register it, and ask it what it offers."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(found.entry.load(), name=f"{found.distribution}:{found.entry.name}")
    own = [one for answer in manager.hook.mash_trawl_connectors() for one in answer]
    if not all(isinstance(one, type) and issubclass(one, Connector) for one in own):
        raise TypeError("not a connector")
    return own


def _refuse_our_names(approve: Sequence[Approved], where: str) -> None:
    problems = [
        Problem(
            where=where,
            what=f"`{item.plugin}` is what one of our connectors is called; {item.distribution} may not bring another.",
            do="Give the plugin and its connector a name of their own.",
        )
        for item in approve
        if item.plugin in OUR_NAMES and plain(item.distribution) not in OURS
    ]
    if problems:
        raise Misconfigured(*problems)


def _refuse_twins(approve: Sequence[Approved], installed: Iterable[Found], where: str) -> None:
    by_name: dict[str, list[Found]] = {}
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


def isolation(settings: SourceSettings, found: Offered) -> str:
    """Where its connector runs: as the hub file says, else in a process what is not ours or goes over ODBC."""
    kind = found.connector.kind if found.connector else (found.facts or {}).get("kind", "")
    if settings.isolate is not None:
        return settings.isolate
    return "process" if found.facts is not None or over_odbc(kind, settings) else "thread"


def over_odbc(kind: str, settings: SourceSettings) -> bool:
    """Does the source go through an ODBC driver, as far as the hub file shows it?"""
    backend, _, library = settings.connect.get("url", "").partition(":")[0].partition("+")
    over = library == "pyodbc" or (backend in ("mssql", "mariadb", "mysql") and not library)
    return kind == "odbc" or (kind == "sql" and (over or bool({"driver", "dsn", "string"} & set(settings.connect))))


def problems_of(connector: type[Connector], settings: SourceSettings, where: str) -> Iterator[Problem]:
    """Every way in which a connector's facts break the contract or do not fit the source."""
    facts = ("name", "agency", "offers", *(() if connector.kind == PERSON else ("search_keys",)))
    missing = [fact for fact in facts if not getattr(connector, fact, None)]
    if missing:
        yield Problem(where=where, what=f"its connector does not say its {' and '.join(missing)}.")
        return
    if connector.api != API:
        yield Problem(where=where, what=f"its connector speaks api {connector.api}, this engine api {API}.")
    if connector.agency != settings.agency:
        what = f"its connector is for the agency `{connector.agency}`, the hub file says `{settings.agency}`."
        yield Problem(where=where, what=what, do="Write the connector's agency, or choose another connector.")
    if settings.isolate == "thread" and over_odbc(connector.kind, settings):
        what = "it is read over ODBC, whose drivers can hang for ever: it may not run on a thread of the engine."
        yield Problem(where=where, what=what, do="Leave `isolate` out, or write `isolate: process`.")
    if settings.received is not None and (connector.kind != "files" or settings.isolate == "process"):
        what = "files that are sent are read by a mapping of kind `files`, on a thread of the engine."
        yield Problem(where=where, what=what, do="Leave `received` out, or give it such a mapping.")
    ages = settings.ages or connector.ages
    if ages is not None and (not isinstance(ages, Ages) or (ages.to is not None and (ages.from_ or 0) > ages.to)):
        what = "the ages that it is asked about end before they begin, or are no `Ages`."
        yield Problem(
            where=where, what=what, do="In YAML `ages: {from: 4, to: 20}`, in a class `ages = Ages(from_=4)`."
        )
    for category in sorted(connector.offers):
        if not category.startswith(f"{connector.agency}."):
            yield Problem(where=where, what=f"its connector offers `{category}`, which is not of its agency.")
    for key in connector.search_keys:
        yield from _key_problems(key, where)


def _key_problems(key: object, where: str) -> Iterator[Problem]:
    if not isinstance(key, tuple) or not key:
        yield Problem(where=where, what="its connector has a search key that is not a tuple of fields.")
        return
    for name in key:
        if name not in QUERY_FIELDS:
            do = f"Fields are: {', '.join(QUERY_FIELDS)}."
            yield Problem(where=where, what=f"its connector searches by `{name}`, which is no query field.", do=do)
