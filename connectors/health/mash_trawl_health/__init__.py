"""Health summaries from a FHIR R4 server."""

from mash_trawl_health.connector import Health

__all__ = ["Health"]
