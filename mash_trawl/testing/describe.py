"""The page of a connector, made from its class: what it asks for, by what it searches, how it is reached."""

from __future__ import annotations

import sys
from pathlib import Path

from mash_trawl.sources.kinds import Connector

ROADS = {
    "sql": "a database that SQLAlchemy reaches", "odbc": "an ODBC driver", "http": "a REST interface",
    "fhir": "FHIR R4", "files": "files in a drop folder", "sftp": "files on an SFTP server",
}  # fmt: skip


def page(connector: type[Connector]) -> str:
    """Markdown."""
    doc = " ".join((connector.__doc__ or "").split())
    lag = connector.lag.to_text() if connector.lag else ""
    lines = [
        f"# {connector.name}", "", doc, "",
        f"Agency `{connector.agency}`, over {ROADS.get(connector.kind, connector.kind)}, contract {connector.api}."
        + (f" Its data stands {lag} behind." if lag else "")
        + (" It takes many people in one request." if connector.batches else ""),
        "", "## What it asks for", "",
        *(f"- `{offer}`" for offer in sorted(connector.offers)),
        "", "## What it searches by", "",
        *(f"- {' + '.join(f'`{field}`' for field in key)}" for key in connector.search_keys),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def project_of(connector: type[Connector]) -> Path | None:
    """The folder of the distribution's own project, if the connector is one; a class in a test file has none."""
    name = connector.__module__
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None or name.startswith("mash_trawl.") or Path(file).name.startswith(("test_", "conftest")):
        return None
    for folder in list(Path(file).parents)[:3]:
        if (folder / "pyproject.toml").is_file():
            return folder
    return None
