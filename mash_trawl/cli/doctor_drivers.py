"""What `check` sees of databases: which drivers are here, what is missing and how to get it, what a login could do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.cli.doctor import Seen

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.hub import SourceSettings

DATABASES = ("sql", "odbc")
"""The roads that a driver leads along."""


def look_at_drivers(hub: Hub) -> Iterator[Seen]:
    """The ODBC drivers of this machine, where a source may need one."""
    from mash_trawl.errors import Unavailable
    from mash_trawl.sources.plugins import over_odbc
    from mash_trawl.system.machine import bits
    from mash_trawl.transports import odbc_drivers, odbc_missing

    if not any(over_odbc(_kind(hub, source.name), source) for source in hub.settings.sources):
        return
    where = "drivers"
    try:
        found = ", ".join(odbc_drivers.installed())
    except Unavailable:
        what = "nothing can be read over ODBC here: pyodbc does not find the machine's ODBC driver manager."
        yield Seen(level="warning", where=where, what=what, do=odbc_missing.how("manager"))
        return
    yield Seen(level="ok", where=where, what=f"Python of {bits()} bits; ODBC drivers: {found or 'none'}")


def logs_in(source: SourceSettings, kind: str, folder: Path) -> bool:
    """Is there a login to ask about? An SQLite file is opened to read only, whoever could write it."""
    from mash_trawl.cli.reach import resolved
    from mash_trawl.transports.odbc_string import kind_of

    if kind not in DATABASES:
        return False
    connect = resolved(source, folder)
    return not (connect.get("url", "").startswith("sqlite") or kind_of(connect.get("driver", "")) == "file")


def what_to_do(why: str, source: SourceSettings) -> str:
    """How to get the driver that is missing; empty for any other reason."""
    from mash_trawl.transports import odbc_missing

    return odbc_missing.for_source(source.connect) if why.startswith("driver missing") else ""


def look_at_received(hub: Hub, source: SourceSettings) -> Seen:
    """A source that is sent files: what is held of it, and whether the password of its zips is there."""
    from mash_trawl.cli.reach import lacks

    held = hub.received(source.name)
    if not held:
        do = f"`mash-trawl receive {source.name} FILE` takes in what is sent."
        return Seen(level="warning", where=source.name, what="files are sent for it, and none is held.", do=do)
    what = f"files are sent for it; held as of {max(row.as_of for row in held)}"
    if "zip_password" in source.connect and (lacking := lacks(source, hub.folder)):
        return Seen(level="warning", where=source.name, what=f"{what}. A locked zip would be refused: {lacking}")
    return Seen(level="ok", where=source.name, what=what)


def look_at_login(hub: Hub, source: SourceSettings, kind: str) -> Seen:
    """Log in to one database and say what the login could do. Nothing about anybody is asked."""
    from mash_trawl.cli.reach import resolved
    from mash_trawl.errors import Malformed, Misconfigured, Unavailable
    from mash_trawl.sources.gate import tls_now
    from mash_trawl.transports import rights

    try:
        tls = tls_now(source.tls or hub.settings.tls, hub.clock())
        found = rights.look(kind, resolved(source, hub.folder), tls, hub.folder)
    except Misconfigured as problem:
        what = " ".join(str(item) for item in problem.problems)
        return Seen(level="cannot be asked", where=source.name, what=what)
    except (Unavailable, Malformed) as problem:
        contact = f"Ring {source.contact.name}, {source.contact.telephone}." if source.contact else ""
        what = f"{str(problem.why).replace('_', ' ')}."
        return Seen(level="cannot be asked", where=source.name, what=what, do=what_to_do(what, source) or contact)
    if found.could == "writes":
        what = f"its login works, and could write: {', '.join(found.held)}."
        do = "Give the hub a login that may only select, on a read replica where there is one."
        return Seen(level="warning", where=source.name, what=what, do=do)
    if found.could == "unknown":
        what = f"its login works ({found.database}); whether it could write could not be found out."
        return Seen(level="warning", where=source.name, what=what, do="Ask who keeps the database.")
    return Seen(level="ok", where=source.name, what=f"its login works and may only read ({found.database})")


def _kind(hub: Hub, name: str) -> str:
    connector = hub.registry.source(name).connector
    return connector.kind if connector else ""
