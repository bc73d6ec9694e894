"""What a referrer left out: found, explained, and never mistaken for a decision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mash_trawl.config.case import load_case
from mash_trawl.config.case_gaps import case_gaps
from mash_trawl.config.profiles import load_profile
from mash_trawl.model.profile import Profile

FULL: dict[str, Any] = {
    "version": 1, "id": "MASH-2026-0142", "profile": "children_in_need", "opened_at": "2026-11-03T09:20:00Z",
    "referral": {
        "source": "school", "received_at": "2026-11-03T09:05:00Z", "concerns": ["neglect"], "level": 4, "rag": "red",
        "narrative": "Seen at school.", "referrer": {"telephone": "01632 960123"},
        "threshold": {"document": "national-example@2026.1", "clauses": ["4.2"]},
    },
    "people": [
        {"id": "p1", "roles": ["subject"], "names": [{"given": ["Tom"], "family": "Testfall"}], "born": "2015-02-03",
         "sex": "male", "addresses": [{"postcode": "NB1 4QT"}], "school": "North Primary"},
        {"id": "p2", "roles": ["parent"], "names": [{"given": ["Ann"], "family": "Testfall"}], "born": "1990-01-02",
         "sex": "female", "addresses": [{"no_fixed_address": True}]},
    ],
    "relationships": [
        {"from": "p2", "to": "p1", "kind": "parent", "nature": "birth", "parental_responsibility": "yes"}
    ],
    "consents": [
        {"id": "c1", "given_by": "p2", "capacity": "self_and_parental_responsibility", "covers": ["p1", "p2"],
         "categories": {"housing": "all"}, "given_at": "2026-11-03T09:10:00Z"}
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile("children_in_need")


def without(*path: str | int) -> dict[str, Any]:
    """The full case with one thing left out."""
    import copy

    case: Any = copy.deepcopy(FULL)
    inner = case
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return dict(case)


def codes(case: dict[str, Any], profile: Profile, **more: Any) -> list[tuple[str, str]]:
    return [(gap.person, gap.code) for gap in case_gaps(load_case(case), profile, **more)]


def test_a_referral_that_tells_everything_leaves_nothing_to_ask(profile: Profile) -> None:
    assert codes(FULL, profile) == []


@pytest.mark.parametrize(
    ("path", "person", "code"),
    [
        (("referral", "referrer"), "", "referrer"),
        (("referral", "concerns"), "", "concerns"),
        (("referral", "level"), "", "level"),
        (("referral", "rag"), "", "rag"),
        (("referral", "narrative"), "", "narrative"),
        (("people", 0, "born"), "p1", "born"),
        (("people", 1, "sex"), "p2", "sex"),
        (("people", 0, "addresses"), "p1", "address"),
        (("people", 0, "school"), "p1", "school"),
        (("people", 0, "names", 0, "family"), "p1", "family_name"),
        (("people", 0, "names", 0, "given"), "p1", "given_name"),
        (("relationships", 0), "p1", "parent_tie"),
        (("relationships", 0, "parental_responsibility"), "p2", "parental_responsibility"),
    ],
)
def test_each_thing_left_out_is_told_with_its_person(path: Any, person: str, code: str, profile: Profile) -> None:
    found = codes(without(*path), profile)
    assert found[0] == (person, code)
    assert {one for one, _ in found} == {person}


def test_what_cannot_be_asked_without_it_is_said(profile: Profile) -> None:
    by_code = {gap.code: gap for gap in case_gaps(load_case(without("people", 0, "born")), profile)}
    assert by_code["born"].blocks == "sources that search by name and date of birth"
    assert "due date" in by_code["born"].missing
    level = case_gaps(load_case(without("referral", "level")), profile)[0]
    assert level.blocks == "powers that start at a level of need"


def test_a_rough_birth_date_is_not_told_as_a_missing_one(profile: Profile) -> None:
    case = without("people", 0, "born")
    case["people"][0]["born"] = "about 2015"
    assert codes(case, profile) == [("p1", "born_exact")]


def test_nobody_agreed_and_no_power_was_decided_on(profile: Profile) -> None:
    found = codes(without("consents"), profile)
    assert found == [("p1", "agreement"), ("p2", "agreement")]
    case = without("consents")
    case["gateways"] = [{"id": "S47", "decided_by": "r.cole", "decided_at": "2026-11-03T09:15:00Z", "grounds": "x",
                         "covers": ["p1", "p2"], "consent_sought": "no"}]  # fmt: skip
    assert codes(case, profile) == [("", "why_not")]
    case["gateways"][0]["consent_sought"] = "unknown"
    assert codes(case, profile) == [("", "consent_sought")]


def test_a_refusal_is_an_answer(profile: Profile) -> None:
    case = without("consents", 0, "categories")
    case["consents"][0] |= {"kind": "refusal", "categories": {"housing": "all"}}
    assert codes(case, profile) == []


def test_sources_that_could_not_look_for_somebody_are_named(profile: Profile) -> None:
    (gap,) = case_gaps(load_case(FULL), profile, {"p1": ["police", "housing"], "p2": []})
    assert (gap.person, gap.code, gap.blocks) == ("p1", "search_key", "this person at: police, housing")


def test_an_unborn_child_is_not_asked_for_a_name_a_birth_date_or_a_school(profile: Profile) -> None:
    case = without("people", 0)
    case["people"].insert(0, {"id": "p1", "roles": ["subject"], "due": "2027-02"})
    assert codes(case, profile) == []


def test_a_hidden_address_and_a_professional_are_not_asked_for_an_address(profile: Profile) -> None:
    case = without("people", 0, "addresses")
    case["people"][0]["restrictions"] = ["hidden_address"]
    case["people"].append({"id": "p3", "roles": ["professional"]})
    assert codes(case, profile) == []


def test_an_address_beside_no_fixed_address_is_asked_about(profile: Profile) -> None:
    case = without("people", 0, "school")
    case["people"][0] |= {"school": "x", "addresses": [{"no_fixed_address": True, "postcode": "NB1 4QT"}]}
    assert codes(case, profile) == [("p1", "address_unclear")]


def test_a_child_below_or_above_school_age_has_no_school_to_tell(profile: Profile) -> None:
    for born in ("2025-01-01", "2001"):
        case = without("people", 0, "school")
        case["people"][0]["born"] = born
        assert ("p1", "school") not in codes(case, profile)


def test_no_gap_repeats_what_the_case_says(profile: Profile) -> None:
    said = repr(case_gaps(load_case(without("relationships", 0)), profile))
    assert "Testfall" not in said and "Tom" not in said


def test_a_level_without_a_citation_is_told_only_where_the_profile_wants_one(profile: Profile) -> None:
    referral = {key: value for key, value in FULL["referral"].items() if key != "threshold"}
    case = load_case(FULL | {"referral": referral})
    (gap,) = case_gaps(case, profile)
    assert (gap.code, gap.blocks) == ("threshold", "")
    assert "national-example@2026.1" in gap.missing
    assert case_gaps(case, replace(profile, scope=replace(profile.scope, cite=False))) == []
    assert case_gaps(case, replace(profile, document=None)) == []


def test_a_clause_of_another_level_is_told_with_both(profile: Profile) -> None:
    cited = {"document": "national-example@2026.1", "clauses": ["4.2", "3.1"]}
    case = load_case(FULL | {"referral": FULL["referral"] | {"threshold": cited}})
    (gap,) = case_gaps(case, profile)
    assert gap.code == "clause_level"
    assert "it is 4, and clause 3.1 belongs to level 3" in gap.missing
