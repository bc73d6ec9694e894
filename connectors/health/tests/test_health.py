"""The health connector against a real FHIR server on loopback: the right patient, the granted categories only."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest

from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event, Fact, Involvement
from mash_trawl.model.query import PersonQuery
from mash_trawl_health import Health
from mash_trawl_health.records import encounter, episode, patient

ALL = ("health.gp_summary", "health.health_visiting", "health.emergency", "health.camhs")


def ask(**fields: Any) -> PersonQuery:
    return PersonQuery(id="q1", person="p1", by=tuple(fields), **fields)


def refs(opener: Any, grant: Any, **fields: Any) -> list[str]:
    return [found.ref for found in Health(opener).find(ask(**fields), grant(*ALL))]


def fetched(opener: Any, grant: Any) -> list[Any]:
    return list(Health(opener).fetch("p1", grant))


def test_an_nhs_number_finds_one_patient_and_counts_only_in_its_own_system(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, nhs_number="943 476 5919") == ["p1"]


def test_name_and_birthday_find_the_child_and_offer_the_twin(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=date(2014, 5, 17)) == ["p1", "p2"]


def test_same_name_with_another_birthday_is_not_offered(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=date(1974, 5, 17)) == ["p3"]


def test_every_search_key_that_is_offered_finds_the_child(opener: Any, grant: Any) -> None:
    known = {"nhs_number": "9434765919", "family": "Khan", "given": "Aisha", "born": date(2014, 5, 17),
             "postcode": "nb1 4qt"}  # fmt: skip
    for key in Health.search_keys:
        assert "p1" in refs(opener, grant, **{name: known[name] for name in key}), key


def test_a_search_puts_nothing_in_the_address(opener: Any, grant: Any, server: Any) -> None:
    refs(opener, grant, nhs_number="943 476 5919")
    ((path, body),) = server.questions
    assert path == "/fhir/Patient/_search"
    assert parse_qsl(body) == [("identifier", "https://fhir.nhs.uk/Id/nhs-number|9434765919")]


@pytest.mark.parametrize("family", ["O'Brien", "Khan,Stone", "Khan&given=Aisha", "Łukasz-Żuk", "K" * 200])
def test_a_hostile_surname_is_only_ever_a_value(opener: Any, grant: Any, server: Any, family: str) -> None:
    assert refs(opener, grant, family=family, born=date(1999, 1, 1)) == []
    assert ("family", family) in parse_qsl(server.questions[0][1])


def test_a_candidate_carries_all_that_identifies(opener: Any, grant: Any) -> None:
    (found,) = Health(opener).find(ask(nhs_number="9434765919"), grant(*ALL))
    assert found.names[0].family == "Khan" and found.identifiers == {"nhs_number": "9434765919"}
    assert found.addresses[0].lines == ("14 Mill Lane", "North Borough") and found.sex == "female"


SEARCHED = {
    "health.gp_summary": ["/fhir/Condition/_search", "/fhir/Patient/_search"],
    "health.health_visiting": ["/fhir/Encounter/_search", "/fhir/Appointment/_search"],
    "health.emergency": ["/fhir/Encounter/_search"],
    "health.camhs": ["/fhir/EpisodeOfCare/_search"],
}


@pytest.mark.parametrize("category", ALL)
def test_only_the_granted_category_is_searched(opener: Any, grant: Any, server: Any, category: str) -> None:
    found = fetched(opener, grant(category, "health.sexual_health", "police.arrest"))
    assert {item.category for item in found} == {category}
    assert [path for path, _ in server.questions if path.endswith("_search")] == SEARCHED[category]
    assert all("Patient/p2" not in body and "p1" in body for path, body in server.questions if path.endswith("_search"))


def test_a_summary_holds_the_problem_list_and_the_practice(opener: Any, grant: Any) -> None:
    asthma, practice = fetched(opener, grant("health.gp_summary"))
    assert isinstance(asthma, Event) and asthma.headline == "Asthma" and asthma.text == "Inhaler."
    assert asthma.when.edtf == "2018-03" and asthma.recorded_on == date(2018, 3, 9)
    assert isinstance(practice, Fact) and (practice.name, practice.value) == ("gp_practice", "Canal Walk Surgery")


def test_a_missed_appointment_is_a_concern_and_falls_on_the_uk_day(opener: Any, grant: Any) -> None:
    visit, missed = fetched(opener, grant("health.health_visiting"))
    assert visit.headline == "Review" and visit.when.earliest == date(2016, 5, 1)
    assert missed.headline == "Was not brought or did not attend: Two year review"
    assert missed.polarity == "concern" and missed.when.earliest == date(2017, 7, 1)


def test_only_missed_appointments_are_asked_for(opener: Any, grant: Any, server: Any) -> None:
    fetched(opener, grant("health.health_visiting"))
    assert ("status", "noshow") in parse_qsl(server.questions[1][1])


def test_an_emergency_attendance_crosses_midnight_on_uk_days(opener: Any, grant: Any, server: Any) -> None:
    found = fetched(opener, grant("health.emergency", since=date(2015, 1, 1), until=date(2026, 1, 1)))
    assert [(item.ref, item.headline) for item in found] == [("e2", "Burn")]
    assert found[0].when.earliest == date(2020, 7, 1) and found[0].kind == "emergency attendance"
    assert ("date", "ge2015-01-01") in parse_qsl(server.questions[0][1])
    assert ("date", "le2026-01-01") in parse_qsl(server.questions[0][1])


def test_an_open_service_is_an_involvement(opener: Any, grant: Any) -> None:
    (camhs,) = fetched(opener, grant("health.camhs"))
    assert isinstance(camhs, Involvement) and camhs.status == "current"
    assert (camhs.service, camhs.practitioner) == ("Child and adolescent mental health", "CAMHS duty team")
    assert camhs.from_ is not None and camhs.from_.earliest == date(2023, 9, 1)


@pytest.mark.parametrize(
    ("code", "restrictions"), [("R", ("hidden_address",)), ("V", ("hidden_address",)), ("N", ()), (None, ())]
)
def test_a_patient_whom_the_server_marks_as_sensitive_has_a_hidden_address(code: str, restrictions: Any) -> None:
    meta = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code}]}
    assert patient({"id": "p1", **({"meta": meta} if code else {})}).restrictions == restrictions
    assert patient({"id": "p1", "meta": {}}).restrictions == ()


@pytest.mark.parametrize("status", ["finished", "in-progress", "onleave", "arrived", "triaged"])
def test_an_encounter_that_took_place_is_observed(status: str) -> None:
    held = encounter("p1", "health.emergency", {"id": "e", "status": status})
    assert held is not None and held.basis == "observed"


@pytest.mark.parametrize("status", ["planned", "cancelled", "entered-in-error", "unknown", "noted", None])
def test_an_encounter_that_did_not_take_place_is_no_contact(status: str | None) -> None:
    assert encounter("p1", "health.emergency", {"id": "e", "status": status}) is None


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
    held = episode("p1", "health.camhs", {"id": "ep", "status": status, "type": [{"text": "camhs"}]})
    assert held is not None and (held.status, held.service) == (standing, service)


def test_each_category_is_asked_for_in_its_own_period(opener: Any, grant: Any, server: Any) -> None:
    both = grant("health.emergency", "health.health_visiting", periods={"health.emergency": (date(2015, 1, 1), None)})
    fetched(opener, both)
    dates = [dict(parse_qsl(body)).get("date") for path, body in server.questions if path.endswith("_search")]
    assert dates == ["ge2015-01-01", None, None]


def test_pages_are_followed_and_proved_whole(opener: Any, grant: Any, server: Any, door: Any) -> None:
    assert [item.ref for item in fetched(opener, grant("health.emergency"))] == ["e2", "e3"]
    assert server.hits["/fhir/_page"] == 1
    assert door.tally.complete and door.tally.quarantined == 0


def test_a_resource_that_cannot_be_read_costs_no_other(opener: Any, grant: Any, server: Any, door: Any) -> None:
    held = next(item for item in server._resources if item["id"] == "e2")
    before = held["period"]
    held["period"] = {"start": "yesterdayT"}
    try:
        assert [item.ref for item in fetched(opener, grant("health.emergency"))] == ["e3"]
    finally:
        held["period"] = before
    assert door.tally.quarantined == 1


def test_what_comes_back_has_a_plain_form(opener: Any, grant: Any) -> None:
    assert all(json.dumps(to_plain(item)) for item in fetched(opener, grant(*ALL)))
