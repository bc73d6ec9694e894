"""The social care connector before the conformance kit."""

from __future__ import annotations

from typing import Any

import pytest

from mash_trawl.testing import Cast, ConnectorContract, Facts, seeded_sql
from mash_trawl_social_care import SocialCare


class TestSocialCare(ConnectorContract):
    connector = SocialCare
    cast = Cast(child="L2", twin="L3", same_surname="L4", same_birthday="L5", sibling=None)
    facts = Facts(nhs_number="9434765919", upn="A123456789012", uprn=None)

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def seed(cls, kit_seed: Any) -> None:
        """From the people of the other tests."""
        cls.source = seeded_sql(kit_seed)
