"""Health summaries from a FHIR R4 server."""
