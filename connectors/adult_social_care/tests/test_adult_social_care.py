"""The adult social care mapping before the conformance kit, and what only this mapping promises."""

from __future__ import annotations

from mash_trawl.api import Ages
from mash_trawl.model.finding import Involvement, Relationship
from mash_trawl.testing import ConnectorContract, seeded_sql
from mash_trawl_adult_social_care import AdultSocialCare


class TestAdultSocialCare(ConnectorContract):
    connector = AdultSocialCare
    source = seeded_sql("seed.sql")

    def test_nobody_under_fifteen_is_asked_about(self) -> None:
        (made,) = AdultSocialCare.mash_trawl_connectors()
        assert made.ages == Ages(from_=15)

    def test_open_work_says_when_somebody_was_last_seen_and_by_whom(self) -> None:
        old, open_ = (item for item in self.fetch("K1").items if isinstance(item, Involvement))
        assert (old.status, old.practitioner, old.contact) == ("historic", "Tom Ashe", "01632 960430")
        assert (open_.status, open_.service, open_.last_contact and open_.last_contact.edtf) == (
            "current", "Carers team", "2026-09-30",
        )  # fmt: skip

    def test_who_is_cared_for_is_shown_as_found_and_a_protected_person_is_not_named(self) -> None:
        ties = [item for item in self.fetch("K1").items if isinstance(item, Relationship)]
        assert {(tie.from_, tie.to, tie.kind) for tie in ties} == {("K1", "G1", "carer")}
        assert "Kept" not in str([one.names for tie in ties for one in tie.mentions])

    def test_a_concern_says_whether_it_became_a_section_42_enquiry(self) -> None:
        kinds = [item.kind for item in self.fetch("K1", "adult_social_care.safeguarding").items]
        assert kinds == ["section 42 enquiry (S42)", "concern without an enquiry (NONE)"]

    def test_no_money_and_no_national_insurance_number_is_read(self) -> None:
        asked = [one.text for one in self.fetch("K1").seen.asked]
        assert asked and not any("weekly_cost" in one or "ni_number" in one for one in asked)
