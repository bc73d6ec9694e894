"""What `check` sees of mappings: words that mean something else than they seem to, and what a database lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mash_trawl.cli.doctor import Seen
from mash_trawl.cli.doctor_drivers import DATABASES

if TYPE_CHECKING:
    from mash_trawl.config.mapping_remarks import Remark
    from mash_trawl.hub import Hub
    from mash_trawl.model.hub import SourceSettings
    from mash_trawl.model.mapping import FetchStep, MappingFile, Step
    from mash_trawl.transports.statements import Looked

    Named = tuple[str, Step, FetchStep | None]
_SQL_SERVER = ("microsoft", "microsoft_old", "freetds")


def look_at_mapping(hub: Hub, source: SourceSettings) -> Iterator[Seen]:
    """What shows without its system: constants that look like columns, words that its database does not know."""
    from mash_trawl.config.mapping_remarks import not_before_2025, remarks

    mapping = _mapping(hub, source)
    if mapping is not None:
        found = [*remarks(mapping), *(not_before_2025(mapping) if _sql_server(source) else ())]
        yield from (_warned(source, item) for item in dict.fromkeys(found))


def look_at_statements(hub: Hub, source: SourceSettings, kind: str) -> Iterator[Seen]:
    """Whether a database has every table and column that the source's mapping names. Nothing about anybody is asked."""
    from mash_trawl.cli.reach import resolved
    from mash_trawl.errors import Malformed, Misconfigured, Unavailable
    from mash_trawl.sources.gate import tls_now
    from mash_trawl.sources.mapping_steps import named_steps
    from mash_trawl.transports import statements

    mapping = _mapping(hub, source)
    if mapping is None or kind not in DATABASES:
        what = "its statements were not looked at: only a database that is read by a mapping can be compared with it."
        yield Seen(level="ok", where=source.name, what=what)
        return
    steps = list(named_steps(mapping))
    try:
        tls = tls_now(source.tls or hub.settings.tls, hub.clock())
        found = statements.look(kind, resolved(source, hub.folder), tls, hub.folder, [step for _, step, _ in steps])
    except Misconfigured as problem:
        what = " ".join(str(item) for item in problem.problems)
        yield Seen(level="cannot be asked", where=source.name, what=what)
        return
    except (Unavailable, Malformed) as problem:
        what = f"its statements could not be looked at: {str(problem.why).replace('_', ' ')}."
        yield Seen(level="cannot be asked", where=source.name, what=what)
        return
    yield from _told(source, steps, found)


def _told(source: SourceSettings, steps: Sequence[Named], found: Looked) -> Iterator[Seen]:
    """Each fault once; then constants that have the name of a column of their table."""
    from mash_trawl.config.mapping_remarks import named_like_columns

    for words in dict.fromkeys(f"{steps[number][0]}: {words}." for number, words in found.faults):
        do = "Mend the mapping, or ask who keeps the database whether it has changed."
        yield Seen(level="cannot be asked", where=source.name, what=words, do=do)
    if not found.faults:
        what = f"the database has every table and column that its {len(steps)} statements name"
        yield Seen(level="ok", where=source.name, what=what)
    alike = [
        remark
        for number, (_, _, step) in enumerate(steps)
        if step is not None
        for remark in named_like_columns(step, found.columns.get(number, ()))
    ]
    yield from (_warned(source, item) for item in dict.fromkeys(alike))


def _warned(source: SourceSettings, item: Remark) -> Seen:
    return Seen(level="warning", where=source.name, what=f"{item.step}: {item.what}", do=item.do)


def _mapping(hub: Hub, source: SourceSettings) -> MappingFile | None:
    """The mapping that a source is read by: the hub's own, or that of an approved connector that runs here."""
    from mash_trawl.config.mapping import load_mapping

    if source.mapping is not None:
        return load_mapping(hub.folder / source.mapping)
    return getattr(hub.registry.source(source.name).connector, "mapping", None)


def _sql_server(source: SourceSettings) -> bool:
    from mash_trawl.transports.odbc_string import kind_of

    return source.connect.get("url", "").startswith("mssql") or kind_of(source.connect.get("driver", "")) in _SQL_SERVER
