"""Occurrences from a police records system: over OAuth2 REST, or from the files that a force sends."""

from mash_trawl.api import mapping_connector
from mash_trawl_police.connector import Police

PoliceFile = mapping_connector("police_file.yaml")

__all__ = ["Police", "PoliceFile"]
