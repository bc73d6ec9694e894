"""The social care connector before the conformance kit."""

from __future__ import annotations

from mash_trawl.testing import Cast, ConnectorContract, Facts, neighbour, seeded_sql
from mash_trawl_social_care import SocialCare


class TestSocialCare(ConnectorContract):
    connector = SocialCare
    source = seeded_sql(neighbour("people.py").filled)
    cast = Cast(child="L2", twin="L3", same_surname="L4", same_birthday="L5", sibling=None)
    facts = Facts(nhs_number="9434765919", upn="A123456789012", uprn=None)
