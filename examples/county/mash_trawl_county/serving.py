"""Start the county's systems on free loopback ports and say where they are, in files that a hub refers to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mash_trawl_county.education_server import EducationServer
from mash_trawl_county.fhir_server import FhirServer
from mash_trawl_county.loopback_http import LoopbackServer
from mash_trawl_county.police_server import PoliceServer
from mash_trawl_county.tables import address


@dataclass(frozen=True, kw_only=True)
class Running:
    """The servers of a county that is up."""

    police: PoliceServer
    health: FhirServer
    education: EducationServer

    def servers(self) -> dict[str, LoopbackServer]:
        """Every server by the name of its system."""
        return {"police": self.police, "health": self.health, "education": self.education}


@contextmanager
def served(folder: Path) -> Iterator[Running]:
    """Serve the county in this folder until the block ends; the address files are rewritten at each start."""
    police_data = json.loads((folder / "police.json").read_text("utf-8"))
    health_data = json.loads((folder / "health.json").read_text("utf-8"))
    schools = json.loads((folder / "education.json").read_text("utf-8"))
    running = Running(
        police=PoliceServer(
            police_data["nominals"], police_data["occurrences"], "mash-hub", _secret(folder, "police"), page=20
        ),
        health=FhirServer(health_data, "mash-hub", _secret(folder, "health")),
        education=EducationServer(schools["pupils"], schools["records"], "mash-hub", _secret(folder, "education")),
    )
    with ExitStack() as stack:
        for server in running.servers().values():
            server.start()
            stack.callback(server.stop)
        write_addresses(folder, running.servers())
        yield running


def write_addresses(folder: Path, servers: Mapping[str, LoopbackServer]) -> None:
    """Write the address files that `hub.yaml` names."""
    for name in ("housing", "social_care"):
        (folder / f"{name}.url").write_text(address(folder / f"{name}.db"), "utf-8")
    (folder / "youth_offending.path").write_text(str((folder / "youth_offending.db").resolve()), "utf-8")
    for name, server in servers.items():
        (folder / f"{name}.url").write_text(server.base_url, "utf-8")
        (folder / f"{name}.token-url").write_text(server.token_url, "utf-8")


def _secret(folder: Path, name: str) -> str:
    return (folder / f"{name}.secret").read_text("utf-8").strip()
