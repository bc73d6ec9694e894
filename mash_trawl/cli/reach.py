"""Whether a source could be asked now: its references resolve, its settings make sense, its address answers."""

from __future__ import annotations

from pathlib import Path

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.hub import HubFile, SourceSettings


def cannot_reach(settings: SourceSettings, hub: HubFile, kind: str, folder: Path) -> str:
    """The reason why the source cannot be asked; empty when it can. `kind` is the connector's road (sql, http ...)."""
    from mash_trawl.transports.http_settings import read_settings
    from mash_trawl.transports.reach import reach
    from mash_trawl.transports.sftp_settings import read_settings as read_sftp

    if kind == "person":
        named = settings.contact is not None and settings.contact.name
        return "" if named else "hub.yaml names nobody to ask: say `contact:` with name and telephone."
    try:
        connect = resolved(settings, folder)
        if kind in ("http", "fhir"):
            tls, proxy = settings.tls or hub.tls, settings.proxy or hub.proxy
            read_settings(settings.name, connect, tls, proxy, folder)
        elif kind == "sftp":
            read_sftp(settings.name, connect)
        reach(connect, folder)
    except Unavailable as problem:
        return str(problem.why).replace("_", " ") + "."
    except Misconfigured as problem:
        return " ".join(f"{item.what} {item.do}".strip() for item in problem.problems)
    return ""


def resolved(settings: SourceSettings, folder: Path) -> dict[str, str]:
    """A source's `connect` with its secrets. Raises Unavailable(`secret_missing`)."""
    from mash_trawl.config.secrets import resolve

    return {name: resolve(text, folder).reveal() for name, text in settings.connect.items()}
