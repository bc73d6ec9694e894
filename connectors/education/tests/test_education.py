"""The education connector against a real server on loopback: the right pupils, the granted types, nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mash_trawl.model.finding import Event, Fact, Finding, Involvement
from mash_trawl.model.hub import Limits
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.sieve import FINDINGS, in_scope, sound
from mash_trawl_education import Education

ALL = ("enrolment", "attendance", "exclusions", "send", "safeguarding")
BIRTHDAY = date(2014, 5, 17)


def ask(**fields: Any) -> PersonQuery:
    return PersonQuery(id="q1", person="p1", by=tuple(fields), **fields)


def refs(opener: Any, grant: Any, **fields: Any) -> list[str]:
    return [found.ref for found in Education(opener).find(ask(**fields), grant(*ALL))]


def fetched(opener: Any, grant: Any, ref: str = "PU1") -> dict[tuple[str, str], Finding]:
    return {(found.type, found.ref): found for found in Education(opener).fetch(ref, grant)}


def test_the_pupil_number_is_asked_by_first_and_finds_one_pupil(opener: Any, grant: Any, server: Any) -> None:
    assert Education.search_keys[0] == ("upn",)
    assert refs(opener, grant, upn="A123456789012") == ["PU1"]
    assert json.loads(server.questions[0][1]) == {"upn": "A123456789012"}
    assert refs(opener, grant, upn="C1234567890B6") == ["PU6"]  # a former number


def test_surname_and_birthday_find_the_pupil_and_offer_her_twin(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=BIRTHDAY) == ["PU1", "PU2"]


def test_same_name_with_another_birthday_and_same_birthday_with_another_name_are_others(
    opener: Any, grant: Any
) -> None:
    assert refs(opener, grant, family="Khan", born=date(2008, 5, 17)) == ["PU3"]
    assert refs(opener, grant, family="Stone", born=BIRTHDAY) == ["PU4"]


@pytest.mark.parametrize("key", Education.search_keys)
def test_every_search_key_that_is_offered_finds_the_pupil(opener: Any, grant: Any, key: tuple[str, ...]) -> None:
    known = {"upn": "A123456789012", "family": "Khan", "given": "Aisha", "former_names": "Malik", "born": BIRTHDAY,
             "postcode": "NB14QT"}  # fmt: skip
    assert "PU1" in refs(opener, grant, **{name: known[name] for name in key})


def test_a_candidate_carries_all_that_identifies(opener: Any, grant: Any) -> None:
    (found,) = Education(opener).find(ask(upn="A123456789012"), grant(*ALL))
    assert [(name.given, name.family, name.use) for name in found.names] == [
        (("Aisha", "Noor"), "KHAN", "usual"), (("Ash",), "KHAN", "nickname"), (("Aisha",), "Malik", "old"),
    ]  # fmt: skip
    assert found.born and found.born.earliest == BIRTHDAY and found.identifiers == {"upn": "A123456789012"}
    assert found.addresses[0].uprn == "100023336956" and found.restrictions == ()


def test_a_pupil_without_birthday_and_address_is_read(opener: Any, grant: Any) -> None:
    (found,) = Education(opener).find(ask(upn="C1234567890A5"), grant(*ALL))
    assert found.born is None and found.addresses == () and found.sex == "unknown"


def test_a_flag_restricts_and_one_that_is_not_known_does_too(opener: Any, grant: Any) -> None:
    (found,) = Education(opener).find(ask(family="Stone", born=BIRTHDAY), grant(*ALL))
    assert found.restrictions == ("hidden_address", "restricted")


@pytest.mark.parametrize("family", ["O'Brien", "' or 1=1 --", 'Khan"}', "K" * 200, "\u202eKhan", "%", "Kh\x00an"])
def test_a_hostile_surname_is_only_ever_a_value(opener: Any, grant: Any, server: Any, family: str) -> None:
    assert refs(opener, grant, family=family, born=date(2012, 3, 9)) == (["PU5"] if family == "O'Brien" else [])
    assert json.loads(server.questions[0][1])["surname"] == family


def test_names_and_numbers_stand_in_bodies_and_in_no_address(opener: Any, grant: Any, server: Any) -> None:
    refs(opener, grant, upn="A123456789012")
    list(Education(opener).fetch("PU1", grant(*ALL)))
    assert {path for path, _ in server.questions} == {"/api/v1/pupils/search", "/api/v1/records/search"}


@pytest.mark.parametrize("category", ALL)
def test_only_the_granted_type_is_asked_for_and_comes_back(opener: Any, grant: Any, server: Any, category: str) -> None:
    kinds = {"exclusions": "exclusion", "safeguarding": "concern"}
    found = list(Education(opener).fetch("PU1", grant(category, "unknown")))
    assert found and {one.category for one in found} == {f"education.{category}"}
    assert set(server.asked) == {("PU1", kinds.get(category, category))}


def test_all_pages_are_read_and_proved_whole(opener: Any, grant: Any, server: Any, door: Any) -> None:
    assert len([ref for kind, ref in fetched(opener, grant("enrolment")) if kind == "involvement"]) == 4
    assert len(server.questions) == 2 and door.tally.complete


def test_a_school_names_its_safeguarding_lead(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant("enrolment"))
    now, before = found[("involvement", "enrolment:R1")], found[("involvement", "enrolment:R2")]
    assert isinstance(now, Involvement) and isinstance(before, Involvement)
    assert (now.service, now.status, now.practitioner) == ("Quarry View School", "current", "Ms J Orr")
    assert (now.role, now.contact) == ("designated safeguarding lead", "01632 960303")
    assert (before.status, before.practitioner, before.role) == ("historic", "", "")


def test_home_education_is_an_involvement_and_missing_education_an_event_too(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant("enrolment"))
    home, missing = found[("involvement", "enrolment:R3")], found[("event", "enrolment:R4")]
    assert isinstance(home, Involvement) and home.service == "Electively home educated (EHE)"
    assert ("event", "enrolment:R3") not in found
    assert isinstance(missing, Event) and (missing.headline, missing.polarity) == ("Missing education (CME)", "concern")
    assert ("involvement", "enrolment:R4") in found


def test_attendance_is_told_in_per_cent_and_figures_that_cannot_be_are_counted(
    opener: Any, grant: Any, door: Any
) -> None:
    said = {one.ref: one.value for one in fetched(opener, grant("attendance")).values() if isinstance(one, Fact)}
    assert said == {
        "attendance:R1": "attended 85.0% of 380 sessions; absent 5.0% authorised, 10.0% unauthorised; "
        "persistent absence",
        "attendance:R2": "attended 98.9% of 380 sessions; absent 0.0% authorised, 1.1% unauthorised",
        "attendance:R4": "attended 40.0% of 100 sessions; absent 50.0% authorised, 10.0% unauthorised; severe absence",
    }
    assert door.tally.quarantined == 1


def test_an_exclusion_gives_its_reasons_and_keeps_a_code_that_is_not_known(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant("exclusions"))
    one, other = found[("event", "exclusion:X1")], found[("event", "exclusion:X2")]
    assert isinstance(one, Event) and isinstance(other, Event)
    assert (one.headline, other.headline) == ("Suspended (SUSP)", "Permanently excluded (PERM)")
    assert one.text == "Reason: physical assault against a pupil (PP); QQ. Fight at lunch. 5 sessions."
    assert one.until and one.until.edtf == "2025-11-05" and other.text == ""


def test_special_needs_come_with_the_need_and_the_dates_of_a_plan(opener: Any, grant: Any) -> None:
    found = fetched(opener, grant("send"))
    services = {ref: one.service for (_, ref), one in found.items() if isinstance(one, Involvement)}
    assert services == {
        "send:S1": "Education, health and care plan: social, emotional and mental health (SEMH)",
        "send:S2": "SEN support",
    }
    facts = {one.name: one.value for one in found.values() if isinstance(one, Fact)}
    assert facts == {"ehc_plan_issued": "2021-02-03", "ehc_plan_review_due": "2027-02-03"}


def test_a_concern_of_the_school_is_reported_by_whoever_wrote_it(opener: Any, grant: Any) -> None:
    (found,) = fetched(opener, grant("safeguarding")).values()
    assert isinstance(found, Event) and (found.basis, found.polarity) == ("reported", "concern")
    assert (found.headline, found.outcome, found.recorded_by) == ("Said she was hungry.", "Parent called", "Ms J Orr")


def test_nothing_outside_the_period_is_asked_for_and_what_lasts_into_it_is_told(
    opener: Any, grant: Any, server: Any
) -> None:
    given = grant(*ALL, since=date(2020, 1, 1), until=date(2025, 12, 31))
    found = fetched(opener, given)
    assert {ref for _, ref in found} == {
        "enrolment:R1", "enrolment:R3", "enrolment:R4", "attendance:R1", "attendance:R2", "attendance:R4",
        "exclusion:X1", "send:S1", "send:S1/ehc_plan_issued", "send:S1/ehc_plan_review_due",
    }  # fmt: skip
    assert ("event", "enrolment:R4") not in found and ("involvement", "enrolment:R4") in found
    body = json.loads(server.questions[0][1])
    assert (body["from"], body["to"]) == ("2020-01-01", "2025-12-31")
    assert all(in_scope(one, given) for one in found.values())


def test_types_with_periods_of_their_own_are_asked_for_apart(opener: Any, grant: Any, server: Any) -> None:
    periods = {"education.exclusions": (date(2025, 1, 1), None)}
    fetched(opener, grant("exclusions", "send", periods=periods))
    asked = [json.loads(body) for _, body in server.questions]
    assert {tuple(body["types"]): body.get("from") for body in asked} == {("exclusion",): "2025-01-01", ("send",): None}


def test_an_api_key_opens_as_well_as_a_login(opener: Any, grant: Any, server: Any, with_key: Any) -> None:
    assert refs(opener, grant, upn="A123456789012") == ["PU1"] and server.hits["/oauth2/token"] == 0


def test_nothing_granted_opens_nothing(grant: Any) -> None:
    def refuse(_: Any) -> Any:
        raise AssertionError("nothing may be opened")

    assert list(Education(refuse).fetch("PU1", grant())) == []


def test_the_row_budget_cuts_and_says_so(opener: Any, grant: Any, door: Any) -> None:
    door.limits = Limits(rows=2)
    assert len(list(Education(opener).fetch("PU1", grant("enrolment")))) == 2 and door.tally.truncated


def test_everything_that_comes_back_is_sound_and_about_her(opener: Any, grant: Any) -> None:
    for one in Education(opener).fetch("PU1", grant(*ALL)):
        assert sound(one, FINDINGS) == one and one.about == ("PU1",)


def test_the_server_counts_who_was_offered_and_who_was_asked_about(opener: Any, grant: Any, server: Any) -> None:
    refs(opener, grant, family="Khan", born=BIRTHDAY)
    assert server.searched == {("dateOfBirth", "surname"): 1} and server.offered == {"PU1": 1, "PU2": 1}
    assert not server.asked


def test_a_record_that_cannot_be_read_costs_no_other(opener: Any, grant: Any, server: Any, door: Any) -> None:
    broken = {"recordId": None, "type": "concern", "pupilId": "PU1", "startDate": 7, "endDate": None}
    server._records.insert(0, broken)
    (found,) = fetched(opener, grant("safeguarding")).values()
    assert found.ref == "concern:N1" and door.tally.quarantined == 1
