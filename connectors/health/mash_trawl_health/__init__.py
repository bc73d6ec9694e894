"""Health summaries from a FHIR R4 server, and the return of a general practice."""

from mash_trawl.api import mapping_connector
from mash_trawl_health.connector import Health

GpReturn = mapping_connector("gp_return.yaml")

__all__ = ["GpReturn", "Health"]
