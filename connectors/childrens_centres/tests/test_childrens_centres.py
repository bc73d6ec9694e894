"""The children's centres mapping before the conformance kit, and what only these files promise."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from mash_trawl.model.finding import Event, Involvement
from mash_trawl.testing import ConnectorContract, Facts, seeded_files
from mash_trawl_childrens_centres import ChildrensCentres


class TestChildrensCentres(ConnectorContract):
    connector = ChildrensCentres
    source = seeded_files("drop")
    skips: ClassVar = {
        19: "a file is sorted before it is told, so that the same question is answered in the same order"
    }
    facts = Facts(nhs_number=None, upn=None, uprn=None, house_number=None)

    def test_a_registration_says_when_somebody_was_last_seen(self) -> None:
        (found,) = (item for item in self.fetch("K1").items if isinstance(item, Involvement))
        assert (found.service, found.status, found.role) == ("Beacon children's centre", "historic", "child")
        assert found.last_contact and found.last_contact.earliest == date(2018, 7, 12)

    def test_a_parent_is_registered_too(self) -> None:
        (found,) = self.find(family="Khan", born=date(1988, 11, 2))
        assert found.ref == "M1"

    def test_days_are_read_day_first(self) -> None:
        days = [item.when.earliest for item in self.fetch("K1").items if isinstance(item, Event)]
        assert sorted(days) == [date(2015, 9, 1), date(2018, 7, 12)]
