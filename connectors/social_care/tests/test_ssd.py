"""The Standard Safeguarding Dataset before the conformance kit, and the traps of its tables."""

from __future__ import annotations

from mash_trawl.testing import ConnectorContract, mapping, seeded_sql


class TestSsd(ConnectorContract):
    connector = mapping("../mash_trawl_social_care/ssd.yaml")
    source = seeded_sql("ssd_seed.sql")
