"""The police connector before the conformance kit; the one who is asked about is the mother."""

from __future__ import annotations

from datetime import date

from mash_trawl.testing import Cast, ConnectorContract, Facts, neighbour, served
from mash_trawl_police import Police


class TestPolice(ConnectorContract):
    connector = Police
    source = served(neighbour("nominals.py").answer, page="cursor")
    cast = Cast(child="N1", twin=None, same_surname="N4", same_birthday=None, sibling="N3")
    facts = Facts(given="Samira", former_names="Malik", born=date(1988, 11, 2), nhs_number=None, upn=None)
