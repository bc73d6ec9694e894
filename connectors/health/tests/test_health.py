"""The health connector before the conformance kit, and what only FHIR and the health services make difficult."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mash_trawl.model.finding import Event, Fact, Involvement
from mash_trawl.testing import Cast, ConnectorContract, Facts, neighbour, served_fhir
from mash_trawl_health import Health
from mash_trawl_health.records import condition, encounter, episode, missed_appointment, patient

GP, VISITING, EMERGENCY, CAMHS = (f"health.{one}" for one in ("gp_summary", "health_visiting", "emergency", "camhs"))


def asked(run: Any) -> list[tuple[str, dict[str, str]]]:
    """Each search with its parameters."""
    searches = (one for one in run.seen.asked if one.text.endswith("_search"))
    return [(one.text.split("/")[-2], dict(one.values)) for one in searches]


class TestHealth(ConnectorContract):
    connector = Health
    source = served_fhir(neighbour("health_people.py").RESOURCES)
    cast = Cast(child="p1", twin="p2", same_surname="p3", same_birthday="p4", sibling="p5")
    facts = Facts(nhs_number="9434765919", upn=None, uprn=None, house_number=None)

    def test_an_nhs_number_counts_only_in_its_own_system(self) -> None:
        (found,) = self.find(nhs_number="9434765919")
        assert found.ref == "p1" and found.identifiers == {"nhs_number": "9434765919"}
        assert found.addresses[0].lines == ("14 Mill Lane", "North Borough") and found.sex == "female"

    def test_a_summary_holds_the_problem_list_and_the_practice(self) -> None:
        run = self.fetch("p1", GP)
        asthma, practice = run.items
        assert isinstance(asthma, Event) and (asthma.headline, asthma.text) == ("Asthma", "Inhaler.")
        assert asthma.when.edtf == "2018-03" and asthma.recorded_on == date(2018, 3, 9)
        assert isinstance(practice, Fact) and (practice.name, practice.value) == ("gp_practice", "Canal Walk Surgery")
        assert [kind for kind, _ in asked(run)] == ["Condition", "Patient"]

    def test_problems_of_granted_days_are_those_that_began_then_or_were_recorded_then_and_have_no_beginning(
        self,
    ) -> None:
        run = self.fetch("p1", GP, since=date(2018, 1, 1))
        first, second, _ = asked(run)
        assert first[1]["onset-date"] == second[1]["recorded-date"] == "ge2018-01-01"
        assert [item.ref for item in run.items] == ["c1", "gp:p1"]

    def test_a_missed_appointment_is_a_concern_and_falls_on_the_uk_day(self) -> None:
        run = self.fetch("p1", VISITING)
        visit, missed = run.items
        assert visit.headline == "Review" and visit.when.earliest == date(2016, 5, 1)
        assert missed.headline == "Was not brought or did not attend: Two year review"
        assert missed.polarity == "concern" and missed.when.earliest == date(2017, 7, 1)
        assert asked(run)[1][1]["status"] == "noshow"

    def test_an_emergency_attendance_crosses_midnight_on_uk_days(self) -> None:
        run = self.fetch("p1", EMERGENCY, since=date(2015, 1, 1), until=date(2026, 1, 1))
        (burn,) = run.items
        assert (burn.ref, burn.headline, burn.kind) == ("e2", "Burn", "emergency attendance")
        assert burn.when.earliest == date(2020, 7, 1)

    def test_an_open_service_is_an_involvement_that_lasts_into_the_granted_days(self) -> None:
        (camhs,) = self.fetch("p1", CAMHS, since=date(2025, 1, 1)).items
        assert isinstance(camhs, Involvement) and camhs.status == "current"
        assert (camhs.service, camhs.practitioner) == ("Child and adolescent mental health", "CAMHS duty team")
        assert camhs.from_ is not None and camhs.from_.earliest == date(2023, 9, 1)
        assert self.fetch("p1", CAMHS, until=date(2023, 8, 31)).items == []

    def test_each_category_is_asked_for_in_its_own_period(self) -> None:
        run = self.fetch("p1", EMERGENCY, VISITING, periods={EMERGENCY: (date(2015, 1, 1), None)})
        assert [values.get("date") for _, values in asked(run)] == ["ge2015-01-01", None, None]


@pytest.mark.parametrize(
    ("code", "restrictions"), [("R", ("hidden_address",)), ("V", ("hidden_address",)), ("N", ()), (None, ())]
)
def test_a_patient_whom_the_server_marks_as_sensitive_has_a_hidden_address(code: str, restrictions: Any) -> None:
    meta = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code}]}
    assert patient({"id": "p1", **({"meta": meta} if code else {})}).restrictions == restrictions
    assert patient({"id": "p1", "meta": {}}).restrictions == ()


@pytest.mark.parametrize("status", ["finished", "in-progress", "onleave", "arrived", "triaged"])
def test_an_encounter_that_took_place_is_observed(status: str) -> None:
    held = encounter("p1", EMERGENCY, {"id": "e", "status": status})
    assert held is not None and (held.basis, held.outcome) == ("observed", "")


@pytest.mark.parametrize("status", ["planned", "cancelled", "entered-in-error"])
def test_an_encounter_that_did_not_take_place_is_no_contact(status: str) -> None:
    assert encounter("p1", EMERGENCY, {"id": "e", "status": status}) is None


@pytest.mark.parametrize(("status", "told"), [("unknown", "unknown"), ("noted", "noted"), (None, "unknown")])
def test_an_encounter_of_which_nobody_knows_whether_it_took_place_says_so(status: str | None, told: str) -> None:
    held = encounter("p1", EMERGENCY, {"id": "e", "status": status, "class": {"code": "HX"}})
    assert held is not None and (held.basis, held.outcome, held.kind) == ("documented", told, "contact (HX)")


@pytest.mark.parametrize(
    ("code", "outcome"), [("confirmed", "active"), ("refuted", "active, refuted"), ("ZZ", "active, ZZ")]
)
def test_a_problem_says_how_sure_it_is_unless_it_is_confirmed(code: str, outcome: str) -> None:
    said = {"clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": code}]}}
    held = condition("p1", GP, {"id": "c", "code": {"text": "Asthma"}, "recordedDate": "2018", **said})
    assert held is not None and held.outcome == outcome


def test_a_day_of_recording_that_is_none_stands_in_its_own_words() -> None:
    problem = {"id": "c", "code": {"text": "Asthma"}, "onsetDateTime": "2018", "recordedDate": "2018-02-31"}
    held = condition("p1", GP, problem)
    assert held is not None and held.recorded_on is None and held.text == "Recorded 2018-02-31."


def test_an_appointment_with_a_status_that_r4_does_not_know_is_counted_and_not_taken_for_kept() -> None:
    assert missed_appointment("p1", VISITING, {"id": "a", "status": "fulfilled"}) is None
    with pytest.raises(ValueError, match="status"):
        missed_appointment("p1", VISITING, {"id": "a", "status": "lost"})


@pytest.mark.parametrize(
    ("status", "standing", "service"),
    [
        ("active", "current", "camhs"),
        ("planned", "waiting", "camhs"),
        ("cancelled", "unknown", "camhs (cancelled)"),
        ("paused", "unknown", "camhs (paused)"),
        (None, "unknown", "camhs"),
    ],
)
def test_nobody_is_called_one_who_declined_because_an_episode_was_cancelled(
    status: str | None, standing: str, service: str
) -> None:
    held = episode("p1", CAMHS, {"id": "ep", "status": status, "type": [{"text": "camhs"}]})
    assert held is not None and (held.status, held.service) == (standing, service)
