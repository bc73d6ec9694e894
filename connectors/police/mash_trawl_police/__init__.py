"""Safeguarding occurrences from a police records system over OAuth2 REST."""

from mash_trawl_police.connector import Police

__all__ = ["Police"]
