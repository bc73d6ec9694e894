"""The education connector before the conformance kit."""

from __future__ import annotations

from mash_trawl.testing import Cast, ConnectorContract, Facts, neighbour, served
from mash_trawl_education import Education
from mash_trawl_education.connector import PAGES


class TestEducation(ConnectorContract):
    connector = Education
    source = served(neighbour("pupils.py").answer, page="offset", envelope=PAGES)
    cast = Cast(child="PU1", twin="PU2", same_surname="PU3", same_birthday="PU4", sibling=None)
    facts = Facts(nhs_number=None, upn="A123456789012")
