"""The health connector before the conformance kit."""

from __future__ import annotations

from mash_trawl.testing import Cast, ConnectorContract, Facts, neighbour, served_fhir
from mash_trawl_health import Health


class TestHealth(ConnectorContract):
    connector = Health
    source = served_fhir(neighbour("health_people.py").RESOURCES)
    cast = Cast(child="p1", twin="p2", same_surname="p3", same_birthday="p4", sibling="p5")
    facts = Facts(nhs_number="9434765919", upn=None, uprn=None, house_number=None)
