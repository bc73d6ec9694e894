"""Which sources this hub can ask: the approved plugins and mappings, and for every other source why not.

Names are read from the metadata of installed distributions. Only what `hub.yaml` approves, by distribution and name,
is imported: installing a package gives it no say. pluggy registers what was imported; it never runs a source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.ages import Ages
from mash_trawl.model.answer import Why
from mash_trawl.model.base import to_plain
from mash_trawl.model.decision import SourceRef
from mash_trawl.model.hub import HubFile, SourceSettings
from mash_trawl.model.profile import Profile
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.plugins import Offered, connectors_at, isolation, load_approved, problems_of
from mash_trawl.sources.shelf import Listed, shelf
from mash_trawl.sources.worker_facts import hear, tell
from mash_trawl.sources.worker_pool import Pool
from mash_trawl.sources.worker_remote import remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of the hub file, with its connector or with the reason why it cannot be asked.

    `sha256`, of one that is asked by a mapping: the digest of the bytes that the mapping was read from.
    """

    name: str
    settings: SourceSettings | None = None
    connector: type[Connector] | None = None
    version: str = ""
    why: Why | None = None
    isolate: str = "thread"
    foreign: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What `connectors list` and `check` show of a source. `why` is empty when it can be asked.

    `shows`, of a person who is asked on paper: what says who is meant.
    """

    name: str
    agency: str
    connector: str
    version: str
    kind: str
    offers: tuple[str, ...]
    search_keys: tuple[tuple[str, ...], ...]
    isolate: str
    why: str = ""
    shows: tuple[str, ...] = ()


class Registry:
    """The sources of one hub, in the order of its file."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        warnings: tuple[str, ...],
        place: str,
        pool: Pool | None = None,
        shelf: Callable[[], tuple[Listed, ...]] = shelf,
    ) -> None:
        self._sources, self._warnings, self._place, self._pool = dict(sources), warnings, place, pool
        self.shelf = shelf
        """Every installed connector: `connectors list` shows them."""

    @classmethod
    def build(cls, hub_file: HubFile, base: Path) -> Registry:
        """Load what is approved and named. `base` is the hub's directory.

        Raises Misconfigured: a connector that breaks the contract, a name that two plugins claim, a wrong mapping. A
        plugin that is not there, or fails to load, costs only the sources that name it.
        """
        pool = Pool()
        try:
            return cls._built(hub_file, base, pool)
        except BaseException:
            pool.close()
            raise

    @classmethod
    def _built(cls, hub_file: HubFile, base: Path, pool: Pool) -> Registry:
        place = str(base / "hub.yaml")
        offered, warnings = load_approved(hub_file.approve, place, pool)
        try:
            sources = {item.name: _source(item, hub_file, offered, base, pool) for item in hub_file.sources}
        finally:
            for one in offered.values():
                if one.worker is not None and not one.worker.waited:
                    one.worker.kill()
        problems = [
            problem
            for source in sources.values()
            if source.connector and source.settings
            for problem in problems_of(source.connector, source.settings, f"{place}: source {source.name}")
        ]
        if problems:
            raise Misconfigured(*problems)
        stand = partial(shelf, hub_file.approve, hub_file.sources, offered)
        return cls(sources, (*warnings, *_remarks(sources.values())), place, pool, stand)

    def closing(self, closed: Mapping[str, Why]) -> Registry:
        """The same sources, some of which are not to be asked for now, and why. The workers stay this one's."""
        sources = {name: replace(source, why=closed.get(name) or source.why) for name, source in self._sources.items()}
        return Registry(sources, self._warnings, self._place, shelf=self.shelf)

    def close(self) -> None:
        """End the workers that wait."""
        if self._pool is not None:
            self._pool.close()

    def __del__(self) -> None:
        """A registry that nobody closed leaves no worker waiting."""
        self.close()

    @property
    def names(self) -> tuple[str, ...]:
        """All sources, in the order of the hub file."""
        return tuple(self._sources)

    @property
    def parsed(self) -> tuple[tuple[str, str], ...]:
        """Every mapping file that was read, once for each source, with the digest of the bytes that were read."""
        of = ((source.settings.mapping, source.sha256) for source in self._sources.values() if source.settings)
        return tuple((mapping, sha256) for mapping, sha256 in of if mapping)

    def source(self, name: str) -> Source:
        """The source with this name; one that the hub file does not know is `not_installed`."""
        return self._sources.get(name) or Source(name=name, why=Why.NOT_INSTALLED)

    def refs(self, profile: Profile) -> tuple[SourceRef, ...]:
        """What consent needs to know of each source. Raises Misconfigured for what the profile does not know."""
        refs: list[SourceRef] = []
        problems: list[Problem] = []
        for source in self._sources.values():
            categories = _categories(source, profile)
            problems += _unknown(source, categories, profile, f"{self._place}: source {source.name}")
            agency = source.settings.agency if source.settings else ""
            ages = _ages(source)
            refs.append(SourceRef(name=source.name, agency=agency, categories=categories, ages=ages))
        if problems:
            raise Misconfigured(*problems)
        return tuple(refs)

    def describe(self) -> tuple[Described, ...]:
        """Every source as it stands now."""
        return tuple(_described(source) for source in self._sources.values())

    def warnings(self) -> tuple[str, ...]:
        """What an operator should know, one sentence each."""
        return self._warnings


def _source(item: SourceSettings, hub_file: HubFile, offered: Mapping[str, Offered], base: Path, pool: Pool) -> Source:
    found = _mapped(item.mapping, base) if item.mapping is not None else offered.get(item.connector or "")
    if found is None:
        approved = any(entry.plugin == item.connector for entry in hub_file.approve)
        found = Offered(why=Why.NOT_INSTALLED if approved else Why.NOT_APPROVED)
    isolate = isolation(item, found)
    return Source(
        name=item.name,
        settings=item,
        connector=_placed(item, found, isolate, pool),
        version=found.version,
        why=Why.SUSPENDED if item.suspended is not None else found.why,
        isolate=isolate,
        foreign=found.facts is not None,
        sha256=found.sha256,
    )


def _mapped(mapping: str, base: Path) -> Offered:
    """A mapping is read here, since it holds no code; a worker is handed what was read, not the file."""
    from mash_trawl.config.mapping import read_mapping
    from mash_trawl.sources.mapping import class_of

    read, sha256 = read_mapping(base / mapping)
    order = {"mapping": to_plain(read)}
    return Offered(connector=class_of(read), order=order, version=f"mapping {mapping}", sha256=sha256)


def _placed(item: SourceSettings, found: Offered, isolate: str, pool: Pool) -> type[Connector] | None:
    """The connector where it is to run: its class here, or one that stands for it and asks a worker."""
    if found.connector is None and found.facts is None:
        return None
    if isolate == "process":
        if found.worker is not None and not found.worker.waited and item.suspended is None:
            pool.keep(item.name, found.worker)
        facts = found.facts if found.connector is None else hear(tell(found.connector))
        return remote(item.name, facts or {}, found.order, pool)
    if found.connector is None:
        return next(one for one in connectors_at(**found.order) if one.name == item.connector)
    return found.connector


def _categories(source: Source, profile: Profile) -> tuple[str, ...]:
    """What the hub file says, else what the connector offers, else all that the profile knows of the agency."""
    settings = source.settings
    if settings is not None and settings.categories is not None:
        agency = settings.agency
        return tuple(name if "." in name else f"{agency}.{name}" for name in settings.categories)
    if source.connector is not None:
        return tuple(sorted(source.connector.offers))
    agency = settings.agency if settings else ""
    known = profile.agencies.get(agency)
    return tuple(f"{agency}.{name}" for name in known.categories) if known else ()


def _ages(source: Source) -> Ages | None:
    """Whom the system holds: as the hub file says, else as the connector says."""
    here = source.settings.ages if source.settings else None
    return here or (source.connector.ages if source.connector is not None else None)


def _unknown(source: Source, categories: tuple[str, ...], profile: Profile, where: str) -> Iterator[Problem]:
    agency = source.settings.agency if source.settings else ""
    if agency not in profile.agencies:
        do = _did_you_mean(agency, list(profile.agencies))
        yield Problem(where=where, what=f"the profile {profile.id} knows no agency `{agency}`.", do=do)
        return
    own = [f"{agency}.{name}" for name in profile.agencies[agency].categories]
    for category in categories:
        if category not in own:
            what = f"the profile {profile.id} knows no category `{category}` of {agency}."
            yield Problem(where=where, what=what, do=_did_you_mean(category, own))
        elif source.connector is not None and category not in source.connector.offers:
            offers = ", ".join(sorted(source.connector.offers))
            yield Problem(where=where, what=f"the connector does not offer `{category}`.", do=f"It offers {offers}.")


def _did_you_mean(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Did you mean `{near[0]}`?" if near else f"Use one of: {', '.join(known)}."


def _described(source: Source) -> Described:
    settings, connector = source.settings, source.connector
    return Described(
        name=source.name,
        agency=settings.agency if settings else "",
        connector=(settings.connector or settings.mapping or "") if settings else "",
        version=source.version,
        kind=connector.kind if connector else "",
        offers=tuple(sorted(connector.offers)) if connector else (),
        search_keys=connector.search_keys if connector else (),
        isolate=source.isolate,
        why=source.why.value if source.why else "",
        shows=getattr(connector, "shows", ()),
    )


def _remarks(sources: Iterable[Source]) -> Iterator[str]:
    """What an operator chose that is not the safe way, and what this version does not do."""
    for source in sources:
        settings = source.settings
        if source.foreign and source.isolate == "thread":
            yield (
                f"The connector of the source {source.name} is not one of ours and runs inside the engine, because "
                "hub.yaml says `isolate: thread`: it can read whatever the engine can read, and it cannot be killed."
            )
        if settings and settings.limits.quiet_hours:
            yield f"The quiet hours of the source {source.name} are not kept yet: it is asked at any time."
