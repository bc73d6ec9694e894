"""The Standard Safeguarding Dataset before the conformance kit, and the traps of its tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mash_trawl.model.finding import Event, Fact, Involvement, Residence
from mash_trawl.testing import ConnectorContract, mapping, seeded_sql
from mash_trawl_county.beside.ssd import SCHEMA

SEED = SCHEMA + Path(__file__).with_name("ssd_rows.sql").read_text("utf-8")


class TestSsd(ConnectorContract):
    connector = mapping("../mash_trawl_social_care/ssd.yaml")
    source = seeded_sql(SEED)

    def of(self, kind: type, category: str) -> dict[str, object]:
        items = self.fetch("K1", f"childrens_social_care.{category}").items
        return {item.ref: item for item in items if type(item) is kind}

    def test_tables_that_number_by_themselves_stay_apart(self) -> None:
        assert {"contact:1", "contact:2", "referral:1", "referral:2"} == {*self.of(Event, "referrals")}

    def test_an_outcome_of_flags_is_told_in_words_and_one_of_plain_text_as_it_stands(self) -> None:
        found = self.of(Event, "referrals")
        assert found["contact:1"].outcome == "new referral (NEW_REFERRAL_FLAG); COMMENTS: Shouting heard"
        assert found["contact:1"].headline == "Contact from the police (6)"
        assert (found["contact:2"].headline, found["contact:2"].outcome) == ("contact", "EH Referral")

    def test_a_quotation_mark_that_breaks_a_column_of_json_loses_nothing(self) -> None:
        assert self.of(Event, "assessments")["assessment:1"].outcome.endswith('"COMMENTS": "They said "no""}')

    def test_factors_are_told_in_words_and_an_assessment_without_any_is_no_fault(self) -> None:
        run = self.fetch("K1", "childrens_social_care.assessments")
        facts = {item.ref: item.value for item in run.items if isinstance(item, Fact)}
        assert facts["factors:1"] == "domestic violence: parent or carer (3B); neglect (16A)"
        assert "factors:2" not in facts and run.haul.quarantined == 0

    def test_a_plan_that_changed_its_category_names_the_latest_as_what_it_is(self) -> None:
        assert self.of(Involvement, "plans")["cp_plan:1#2"].service == "Child protection plan: emotional abuse (EMO)"

    def test_where_a_child_is_placed_is_never_read(self) -> None:
        homes = self.of(Residence, "family")
        assert [home.address.lines for home in homes.values()] == [("14 Mill Lane", "North Borough")]
        asked = self.fetch("K1").seen.asked
        assert asked and not any("placement_postcode" in one.text or "placement_provider" in one.text for one in asked)
        assert "NB9" not in str([one.addresses for one in self.find(upn="A999000000018")])

    def test_an_address_on_one_line_and_one_in_parts_are_both_addresses(self) -> None:
        (twin,) = self.find(given="Amina", born=date(2014, 5, 17))
        assert twin.addresses[0].lines == ("14, Mill Lane, North Borough, NB1 4QT",)

    def test_an_estimated_day_of_birth_is_no_day_of_birth(self) -> None:
        (found,) = self.find(upn="B999000000022")
        assert found.ref == "E1" and found.born is None

    def test_a_former_number_finds_its_person(self) -> None:
        assert [one.ref for one in self.find(upn="B999000000055")] == ["K3"]

    def test_a_family_number_is_told_once_however_many_contacts_repeat_it(self) -> None:
        assert [fact.value for fact in self.of(Fact, "family").values()] == ["70001"]


class TestSsdEarlyHelp(ConnectorContract):
    connector = mapping("../mash_trawl_social_care/ssd_early_help.yaml")
    source = seeded_sql(SEED)
