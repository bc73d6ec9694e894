"""The database of pupils before the conformance kit, and what only this system does."""

from __future__ import annotations

from datetime import date

from mash_trawl.model.ages import Ages
from mash_trawl.model.finding import Event, Fact, Involvement
from mash_trawl.testing import ConnectorContract, seeded_sql
from mash_trawl_education import EducationOne


class TestEducationOne(ConnectorContract):
    connector = EducationOne
    source = seeded_sql("seed_one.sql")

    def test_a_child_is_found_by_the_surname_that_they_use(self) -> None:
        assert [one.ref for one in self.find(family="Malik", born=date(2014, 5, 17))] == ["K1"]

    def test_a_former_pupil_number_finds_an_adopted_child_whom_a_person_looks_at_first(self) -> None:
        (found,) = self.find(upn="A999000000067")
        assert found.ref == "K6" and found.restrictions == ("adoption",)

    def test_only_who_may_be_at_school_is_asked_about(self) -> None:
        (real,) = EducationOne.mash_trawl_connectors()
        assert real.ages == Ages(from_=4, to=20)

    def test_the_school_names_its_safeguarding_lead(self) -> None:
        found = {item.ref: item for item in self.fetch("K1", "education.enrolment").items}
        now, before = found["enrolment:E1"], found["enrolment:E2"]
        assert isinstance(now, Involvement) and isinstance(before, Involvement)
        assert (now.service, now.status, now.practitioner) == ("Mill Lane Primary School", "current", "Jo Ashby")
        assert (before.status, before.practitioner) == ("historic", "")

    def test_an_enrolment_in_a_state_that_nobody_knows_is_counted(self) -> None:
        run = self.fetch("K3", "education.enrolment")
        assert run.items == [] and run.haul.quarantined == 1

    def test_attendance_is_of_a_year_and_not_of_a_day(self) -> None:
        found = {item.ref: item for item in self.fetch("K1", "education.attendance").items if isinstance(item, Fact)}
        told = found["attended:T1"]
        assert told.value == "71.4" and told.when and told.when.edtf == "2023-09-04/2024-07-19"
        assert found["unauthorised:T1"].value == "12.5"

    def test_codes_are_told_in_words_and_unknown_ones_as_they_stand(self) -> None:
        found = {item.ref: item for item in self.fetch("K1", "education.exclusions").items if isinstance(item, Event)}
        assert found["exclusions:X1"].headline == "Suspended (SUSP)"
        assert (found["exclusions:X2"].headline, found["exclusions:X2"].text) == ("NEWTYPE", "QQ")

    def test_no_provision_is_no_involvement_and_nothing_else_is_read(self) -> None:
        run = self.fetch("K1", "education.send")
        assert [item.ref for item in run.items] == ["send:S1"]
        asked = " ".join(one.text for one in self.fetch("K1").seen.asked)
        assert not any(word in asked for word in ("ethnicity", "fsm", "language", "asylum"))
