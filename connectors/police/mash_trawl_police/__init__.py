"""Occurrences from a police records system: over OAuth2 REST, from the files that a force sends, or from its desk."""

from mash_trawl.api import mapping_connector
from mash_trawl_police.connector import Police

PoliceFile = mapping_connector("police_file.yaml")
PoliceDesk = mapping_connector("police_desk.yaml")

__all__ = ["Police", "PoliceDesk", "PoliceFile"]
