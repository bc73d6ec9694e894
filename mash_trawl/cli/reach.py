"""Whether a source could be asked now: its references resolve, its settings make sense, its address answers."""

from __future__ import annotations

from pathlib import Path

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import HubFile, SourceSettings


def cannot_reach(settings: SourceSettings, hub: HubFile, kind: str, folder: Path) -> str:
    """The reason why the source cannot be asked; empty when it can. `kind` is the connector's road (sql, http ...)."""
    from mash_trawl.transports.files_settings import check_settings
    from mash_trawl.transports.http_settings import read_settings
    from mash_trawl.transports.reach import reach
    from mash_trawl.transports.sftp_settings import read_settings as read_sftp

    if kind == "person":
        named = settings.contact is not None and settings.contact.name
        return "" if named else "hub.yaml names nobody to ask: say `contact:` with name and telephone."
    try:
        if settings.received:
            check_settings(settings.name, settings.connect)
            return ""
        connect = resolved(settings, folder)
        if kind in ("http", "fhir"):
            tls, proxy = settings.tls or hub.tls, settings.proxy or hub.proxy
            read_settings(settings.name, connect, tls, proxy, folder)
        elif kind == "sftp":
            read_sftp(settings.name, connect)
        elif kind == "files":
            check_settings(settings.name, connect)
        if kind == "files" and "folder" in connect and not (folder / connect["folder"]).is_dir():
            return "`folder` under `connect:` is no folder that this account can see."
        reach(connect, folder)
    except Unavailable as problem:
        if problem.why == Why.SECRET_MISSING:
            return lacks(settings, folder)
        return str(problem.why).replace("_", " ") + "."
    except Misconfigured as problem:
        return " ".join(f"{item.where}: {item.what.rstrip('.')}. {item.do}".strip() for item in problem.problems)
    return ""


def lacks(settings: SourceSettings, folder: Path) -> str:
    """Which reference under `connect:` leads to nothing, or what else is missing there; never what it holds."""
    from mash_trawl.config.secrets import resolve

    for name, text in settings.connect.items():
        try:
            resolve(text, folder)
        except Unavailable:
            do = "Set it for the account that runs this, or mend the reference."
            return f"secret missing: `{name}: {text}` under `connect:` leads to nothing. {do}"
    if settings.received:
        return ""
    do = "Give a `url`, `folder`, `host`, `dsn` or `driver`."
    return f"secret missing: `connect:` does not say where the source is, or what it says is no address. {do}"


def resolved(settings: SourceSettings, folder: Path) -> dict[str, str]:
    """A source's `connect` with its secrets. Raises Unavailable(`secret_missing`)."""
    from mash_trawl.config.secrets import resolve

    return {name: resolve(text, folder).reveal() for name, text in settings.connect.items()}
