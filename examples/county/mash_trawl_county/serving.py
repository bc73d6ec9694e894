"""Start the county's systems on free loopback ports and say where they are, in files that a hub refers to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mash_trawl_county.fhir_server import FhirServer
from mash_trawl_county.loopback_http import LoopbackServer
from mash_trawl_county.police_server import PoliceServer


@dataclass(frozen=True, kw_only=True)
class Running:
    """The servers of a county that is up."""

    police: PoliceServer
    health: FhirServer

    def servers(self) -> dict[str, LoopbackServer]:
        """Every server by the name of its system."""
        return {"police": self.police, "health": self.health}


@contextmanager
def served(folder: Path) -> Iterator[Running]:
    """Serve the county in this folder until the block ends; the address files are rewritten at each start."""
    police_data = json.loads((folder / "police.json").read_text("utf-8"))
    health_data = json.loads((folder / "health.json").read_text("utf-8"))
    police = PoliceServer(
        police_data["nominals"], police_data["occurrences"], "mash-hub", _secret(folder, "police"), page=20
    )
    health = FhirServer(health_data, "mash-hub", _secret(folder, "health"))
    police.start()
    try:
        health.start()
        try:
            write_addresses(folder, police, health)
            yield Running(police=police, health=health)
        finally:
            health.stop()
    finally:
        police.stop()


def write_addresses(folder: Path, police: PoliceServer, health: FhirServer) -> None:
    """Write the address files that `hub.yaml` names."""
    (folder / "housing.url").write_text(f"sqlite:///{(folder / 'housing.db').resolve().as_posix()}", "utf-8")
    for name, server in (("police", police), ("health", health)):
        (folder / f"{name}.url").write_text(server.base_url, "utf-8")
        (folder / f"{name}.token-url").write_text(server.token_url, "utf-8")


def _secret(folder: Path, name: str) -> str:
    return (folder / f"{name}.secret").read_text("utf-8").strip()
