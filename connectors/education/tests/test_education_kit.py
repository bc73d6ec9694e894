"""The education connector before the conformance kit."""

from __future__ import annotations

from typing import Any

import pytest

from mash_trawl.testing import Cast, ConnectorContract, Facts, served
from mash_trawl_education import Education
from mash_trawl_education.connector import PAGES


class TestEducation(ConnectorContract):
    connector = Education
    cast = Cast(child="PU1", twin="PU2", same_surname="PU3", same_birthday="PU4", sibling=None)
    facts = Facts(nhs_number=None, upn="A123456789012")

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def seed(cls, kit_app: Any) -> None:
        """From the pupils of the other tests."""
        cls.source = served(kit_app, page="offset", envelope=PAGES)
