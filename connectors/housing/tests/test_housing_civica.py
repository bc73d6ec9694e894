"""The second housing shape before the conformance kit: contacts, contracts, actions and cases."""

from __future__ import annotations

from datetime import date

from mash_trawl.model.ages import Ages
from mash_trawl.model.finding import Event, Residence
from mash_trawl.testing import ConnectorContract, seeded_sql
from mash_trawl_housing import HousingCivica


class TestHousingCivica(ConnectorContract):
    connector = HousingCivica
    source = seeded_sql("seed_civica.sql")

    def test_an_alert_hides_an_address_and_one_that_nobody_knows_costs_the_row(self) -> None:
        (found,) = self.find(family="Khan", born=date(1988, 11, 2))
        assert found.restrictions == ("hidden_address",)
        assert self.find(family="Odd", born=date(1985, 3, 9)) == []

    def test_the_household_of_each_spell_is_listed_with_its_tenure_in_words(self) -> None:
        run = self.fetch("K6", "housing.tenancy")
        found = [item for item in run.items if isinstance(item, Residence)]
        assert {item.to and item.to.edtf: item.about for item in found} == {
            None: ("K1", "K6"), "2018-06-30": ("K1", "K6", "K8"),
        }  # fmt: skip
        assert {item.tenure for item in found} == {"secure (SEC)"}

    def test_a_notice_is_an_event_and_what_is_owed_is_never_read(self) -> None:
        run = self.fetch("K1", "housing.tenancy")
        (notice,) = [item for item in run.items if isinstance(item, Event)]
        assert (notice.ref, notice.headline) == ("action:R1", "Notice seeking possession served (NSP)")
        assert not any("arrears" in one.text for one in run.seen.asked)

    def test_a_repair_is_nobodys_business(self) -> None:
        assert "X3" not in {item.ref.partition(":")[2] for item in self.fetch("K1").items}

    def test_nobody_certainly_under_sixteen_is_asked_about(self) -> None:
        (real,) = HousingCivica.mash_trawl_connectors()
        assert real.ages == Ages(from_=16)
