"""The district council's mapping before the conformance kit, and what only this system does."""

from __future__ import annotations

from datetime import date

from mash_trawl.model.finding import Event, Residence
from mash_trawl.testing import ConnectorContract, seeded_sql
from mash_trawl_district_council import DistrictCouncil


class TestDistrictCouncil(ConnectorContract):
    connector = DistrictCouncil
    source = seeded_sql("seed.sql")

    def test_somebody_without_a_birth_date_is_found_by_both_names_and_the_property(self) -> None:
        for key in ({"uprn": "100023330009"}, {"postcode": "NB11AA"}):
            (found,) = self.find(family="O'Brien", given="Aisha", **key)
            assert found.ref == "P6" and found.born is None

    def test_a_flag_against_disclosure_hides_the_address_and_an_unknown_flag_costs_the_row(self) -> None:
        (found,) = self.find(family="Okafor", born=date(1990, 2, 2))
        assert found.restrictions == ("hidden_address",)
        assert self.find(family="Flagged", born=date(1980, 1, 1)) == []

    def test_people_are_shown_as_liable_together_only_while_they_were(self) -> None:
        run = self.fetch("P1", "district_council.council_tax")
        found = [item for item in run.items if isinstance(item, Residence)]
        assert {(item.from_ and item.from_.edtf, item.to and item.to.edtf): item.about for item in found} == {
            ("2016-04-01", None): ("P1",), ("2018-02-01", "2021-03-31"): ("P1", "P5"),
        }  # fmt: skip
        assert {one.restrictions for item in found for one in item.mentions if one.ref == "P5"} == {("hidden_address",)}

    def test_council_tax_and_benefit_are_two_accounts_of_one_home(self) -> None:
        found = {item.ref.partition(":")[0]: item for item in self.fetch("P1").items if isinstance(item, Residence)}
        assert set(found) == {"council_tax", "benefits"} and found["benefits"].about == ("P1", "P2")

    def test_who_complained_is_not_who_is_complained_of(self) -> None:
        found = {item.ref: item for item in self.fetch("P1").items if isinstance(item, Event)}
        assert found["asb:A1"].basis == "alleged" and found["asb:A2"].basis == "reported"
        assert found["asb:A1"].kind == "noise (NOI)"

    def test_a_part_in_a_case_that_nobody_knows_is_counted(self) -> None:
        run = self.fetch("P3", "district_council.asb")
        assert run.items == [] and run.haul.quarantined == 1

    def test_money_and_national_insurance_numbers_are_never_read(self) -> None:
        asked = " ".join(one.text for one in self.fetch("P1").seen.asked)
        assert asked and not any(word in asked for word in ("arrears", "income", "ni_number", "bank"))
