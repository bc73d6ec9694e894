"""The police connector against a real server on loopback: the right people, the granted categories, nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event
from mash_trawl.model.query import PersonQuery
from mash_trawl_police import Police
from mash_trawl_police.connector import nominal, occurrence

ALL = ("police.safeguarding", "police.domestic_abuse", "police.missing", "police.arrest")


def ask(**fields: Any) -> PersonQuery:
    return PersonQuery(id="q1", person="p1", by=tuple(fields), **fields)


def refs(opener: Any, grant: Any, **fields: Any) -> list[str]:
    return [found.ref for found in Police(opener).find(ask(**fields), grant(*ALL))]


def events(opener: Any, grant: Any, ref: str) -> list[Event]:
    return [found for found in Police(opener).fetch(ref, grant) if isinstance(found, Event)]


def held(status: str | None) -> Event:
    """An occurrence with this status."""
    part = {"nominal_id": "N1", "role": "victim"}
    told = {"occurrence_id": "O", "category": "missing", "occurred_from": "2020-01-01T10:00", "summary": "Missing"}
    return occurrence(told | {"status": status, "people": [part]})


def test_a_person_is_found_by_surname_and_birthday_and_her_twin_is_offered(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=date(2014, 5, 17)) == ["N2", "N3"]


def test_same_name_with_another_birthday_is_not_offered(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Khan", born=date(1974, 5, 17)) == ["N4"]


def test_a_former_surname_finds_the_person(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, former_names="Malik", born=date(1988, 11, 2)) == ["N1"]


def test_every_search_key_that_is_offered_finds_the_mother(opener: Any, grant: Any) -> None:
    known = {
        "family": "Khan",
        "former_names": "Malik",
        "given": "Samira",
        "born": date(1988, 11, 2),
        "postcode": "NB14QT",
    }
    for key in Police.search_keys:
        assert "N1" in refs(opener, grant, **{name: known[name] for name in key}), key


def test_only_the_fields_of_the_key_are_sent_and_only_in_the_body(opener: Any, grant: Any, server: Any) -> None:
    refs(opener, grant, family="Khan", born=date(1988, 11, 2))
    ((path, body),) = server.questions
    assert path == "/v1/nominals/search"
    assert json.loads(body) == {"surname": "Khan", "dob": "1988-11-02"}


def test_a_candidate_carries_all_that_identifies(opener: Any, grant: Any) -> None:
    (found,) = Police(opener).find(ask(family="Khan", born=date(1988, 11, 2)), grant(*ALL))
    assert [(name.given, name.family, name.use) for name in found.names] == [
        (("Samira", "Noor"), "Khan", "usual"),
        (("Samira",), "Malik", "old"),
    ]
    assert found.born is not None and found.born.earliest == date(1988, 11, 2)
    assert found.sex == "female"
    assert found.addresses[0].uprn == "100023336956"


@pytest.mark.parametrize("family", ["O'Brien", "' or 1=1 --", 'Khan"}', "K" * 200, "\u202eKhan", "%"])
def test_a_hostile_surname_is_only_ever_a_value(opener: Any, grant: Any, server: Any, family: str) -> None:
    assert refs(opener, grant, family=family, born=date(1985, 3, 9)) == (["N6"] if family == "O'Brien" else [])
    assert json.loads(server.questions[0][1])["surname"] == family


def test_only_granted_categories_are_asked_for_and_come_back(opener: Any, grant: Any, server: Any) -> None:
    found = events(opener, grant("police.domestic_abuse", "police.unknown", "housing.asb"), "N1")
    assert [event.ref for event in found] == ["O1", "O2"]
    assert {event.category for event in found} == {"police.domestic_abuse"}
    assert json.loads(server.questions[0][1]) == {"nominal_id": "N1", "categories": ["domestic_abuse"]}


def test_all_pages_are_read_and_proved_whole(opener: Any, grant: Any, server: Any, door: Any) -> None:
    assert [event.ref for event in events(opener, grant(*ALL), "N1")] == ["O1", "O2", "O4", "O5", "O6"]
    assert len(server.questions) == 3
    assert door.tally.complete and door.tally.quarantined == 0


def test_the_period_of_the_grant_is_sent(opener: Any, grant: Any, server: Any) -> None:
    found = events(opener, grant(*ALL, since=date(2020, 1, 1), until=date(2023, 2, 28)), "N1")
    assert [event.ref for event in found] == ["O2", "O5"]
    asked = json.loads(server.questions[0][1])
    assert (asked["since"], asked["until"]) == ("2020-01-01", "2023-02-28")


def test_an_occurrence_names_everybody_in_it_and_says_how_well_it_is_established(opener: Any, grant: Any) -> None:
    first, second = events(opener, grant("police.domestic_abuse"), "N1")
    assert first.about == ("N1", "N6")
    assert [(one.ref, one.names[0].family) for one in first.mentions] == [("N1", "Khan"), ("N6", "O'Brien")]
    assert first.text == "Neighbour rang. (victim: Samira Khan; suspect: Dan O'Brien)"
    assert (first.basis, first.polarity, first.outcome) == ("documented", "concern", "charged")
    assert (second.basis, second.significance) == ("alleged", "not_rated")
    assert first.when.earliest == date(2019, 7, 2) and first.recorded_on == date(2019, 7, 2)


@pytest.mark.parametrize("status", ["filed", "Open", "closed ", "reported"])
def test_an_occurrence_that_was_only_filed_rests_on_a_report(status: str) -> None:
    assert held(status=status).basis == "reported"


def test_a_status_that_is_not_known_says_nothing_of_how_the_police_know() -> None:
    assert held(status="superseded").basis == held(status=None).basis == "not_stated"


@pytest.mark.parametrize(
    ("flags", "restrictions"),
    [
        (["hidden_address"], ("hidden_address",)),
        ("Protected address", ("hidden_address",)),
        (["witness_protection", "something new"], ("restricted", "witness_protection")),
        (None, ()),
        ([], ()),
    ],
)
def test_a_flag_of_the_police_restricts_and_one_that_is_not_known_does_too(flags: Any, restrictions: Any) -> None:
    assert nominal({"nominal_id": "N1", "restrictions": flags}).restrictions == restrictions


def test_categories_with_periods_of_their_own_are_searched_apart(opener: Any, grant: Any, server: Any) -> None:
    periods = {"police.arrest": (date(2020, 1, 1), None)}
    both = grant("police.arrest", "police.missing", "police.safeguarding", periods=periods)
    list(Police(opener).fetch("N1", both))
    asked = [json.loads(body) for path, body in server.questions if path == "/v1/occurrences/search"]
    wanted = {tuple(body["categories"]): body.get("since") for body in asked}
    assert wanted == {("arrest",): "2020-01-01", ("missing", "safeguarding"): None}


def test_a_report_that_was_false_is_no_concern(opener: Any, grant: Any) -> None:
    (found,) = events(opener, grant("police.safeguarding"), "N1")
    assert found.polarity == "neutral"


def test_one_occurrence_is_told_alike_whoever_was_asked_about(opener: Any, grant: Any) -> None:
    (mother,) = [event for event in events(opener, grant("police.domestic_abuse"), "N1") if event.ref == "O1"]
    (partner,) = events(opener, grant("police.domestic_abuse"), "N6")
    assert mother == partner


def test_a_nominal_without_a_birthday_or_address_is_read(opener: Any, grant: Any, server: Any) -> None:
    (found,) = Police(opener).find(ask(family="Łukasz-Żuk", given="Zoë"), grant(*ALL))
    assert found.born is None and found.addresses == () and found.sex == "unknown"


def test_an_occurrence_that_cannot_be_read_costs_no_other(opener: Any, grant: Any, server: Any, door: Any) -> None:
    server._occurrences[1]["recorded_on"] = "31/02/2021"
    try:
        assert [event.ref for event in events(opener, grant("police.domestic_abuse"), "N1")] == ["O1"]
    finally:
        server._occurrences[1]["recorded_on"] = "2021-01-09"
    assert door.tally.quarantined == 1


def test_what_comes_back_has_a_plain_form(opener: Any, grant: Any) -> None:
    assert all(json.dumps(to_plain(event)) for event in events(opener, grant(*ALL), "N1"))
