"""Social care in the shape of Mosaic before the conformance kit, and the traps of workflow steps and locked people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mash_trawl.model.finding import Event, Relationship, Residence
from mash_trawl.testing import ConnectorContract, mapping, seeded_sql
from mash_trawl_county.beside.mosaic import SCHEMA

SEED = SCHEMA + Path(__file__).with_name("mosaic_rows.sql").read_text("utf-8")


class TestMosaic(ConnectorContract):
    connector = mapping("../mash_trawl_social_care/mosaic.yaml")
    source = seeded_sql(SEED)

    def of(self, kind: type, category: str) -> dict[str, object]:
        items = self.fetch("K1", f"childrens_social_care.{category}").items
        return {item.ref: item for item in items if type(item) is kind}

    def test_a_step_is_told_in_the_councils_own_words_and_a_step_of_another_kind_never(self) -> None:
        assert [item.headline for item in self.of(Event, "referrals").values()] == [
            "Contact or referral",
            "Out-of-hours contact",
        ]
        assert "Blue Badge" not in str([item.headline for item in self.fetch("K1").items if isinstance(item, Event)])

    def test_a_step_about_siblings_is_one_record_whoever_is_asked_about(self) -> None:
        (twin,) = self.fetch("K2", "childrens_social_care.referrals").items
        assert twin == self.of(Event, "referrals")["step:1"] and twin.about == ("K1", "K2")

    def test_an_adopted_relative_is_named_in_nobody_elses_record(self) -> None:
        ties = self.of(Relationship, "family")
        assert {*ties} == {"relationship:1", "relationship:3"}
        assert "Hidden" not in str([one.names for tie in ties.values() for one in tie.mentions])

    def test_a_home_at_which_somebody_hides_comes_out_through_nobody_else(self) -> None:
        lines = [home.address.lines for home in self.of(Residence, "family").values()]
        assert ("7 Away Row", "North Borough") not in lines and len(lines) == 2

    def test_a_placement_is_told_and_never_its_address(self) -> None:
        assert [item.headline for item in self.of(Event, "looked_after").values()] == [
            "Legal status: short breaks, agreement recorded (V4)",
            "Legal status: accommodated under s.20 (V2)",
            "Placement: foster placement (U6)",
        ]
        homes = [place.postcode for row in self.find(nhs_number="9990000018") for place in row.addresses]
        assert "NB1 4QT" in homes and "NB9 9ZZ" not in homes

    def test_a_locked_record_is_flagged_and_a_flag_that_nobody_knows_spoils_its_row(self) -> None:
        assert self.find(upn="B999000000022")[0].restrictions == ("restricted",)
        assert self.find(upn="B999000000033") == []

    def test_a_maiden_name_finds_its_person(self) -> None:
        assert [one.ref for one in self.find(former_names="malik", born=date(1988, 11, 2))] == ["M1"]
