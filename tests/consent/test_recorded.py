"""A consent record counts only with what the profile wants recorded; a refusal counts without."""

from __future__ import annotations

import pytest

from mash_trawl.consent import problems
from mash_trawl.model.decision import Outcome

HOUSING = ("mother", "housing.tenancy")
WHOLE = {
    "how": "face_to_face", "purpose": "child_in_need",
    "explained": {"notice": "privacy-notice-3.2", "by": "social worker", "interpreter": "no",
                  "understood_confirmed_by": "social worker"},
}  # fmt: skip
EVERYTHING = [
    "how", "purpose", "explained", "explained.by", "explained.notice", "explained.language", "explained.interpreter",
    "explained.understood_confirmed_by",
]  # fmt: skip


@pytest.fixture
def strict(changed):
    """A profile that wants everything recorded."""
    return changed("children_in_need", "consent/requires", EVERYTHING)


def test_a_whole_record_counts_and_the_base_asks_for_nothing(family, ask, agreed, strict):
    assert ask(family.case(consents=[agreed(**WHOLE)]), *HOUSING, by=strict).outcome is Outcome.PERMIT
    assert ask(family.case(consents=[agreed()]), *HOUSING).outcome is Outcome.PERMIT


@pytest.mark.parametrize(
    "change, missing",
    [
        ({"how": None}, "how"),
        ({"how": "  "}, "how"),
        ({"purpose": None}, "purpose"),
        ({"explained": {**WHOLE["explained"], "interpreter": "unknown"}}, "explained: interpreter"),
        ({"explained": {"notice": "x"}}, "explained: by, explained: interpreter, explained: understood confirmed by"),
        ({"explained": None}, "explained, explained: by, explained: notice, explained: language, explained: "
                              "interpreter, explained: understood confirmed by"),
    ],
)  # fmt: skip
def test_each_thing_that_is_missing_is_named(family, ask, agreed, strict, change, missing):
    record = {key: value for key, value in agreed(**{**WHOLE, **change}).items() if value is not None}
    found = ask(family.case(consents=[record]), *HOUSING, by=strict)
    assert (found.outcome, found.rule, found.why) == (Outcome.DENY, "consent.not_recorded", "consent_not_counted")
    assert found.reason == f"mother agreed, but record c1 lacks: {missing}."
    assert f"Whoever asked mother records it: {missing}." in found.unlock


def test_a_refusal_counts_however_little_was_recorded(family, ask, agreed, strict):
    case = family.case(consents=[agreed(kind="refusal")])
    assert ask(case, *HOUSING, by=strict).rule == "consent.refused"


def test_a_purpose_that_is_none_of_the_profiles_opens_nothing_and_is_found_before(family, ask, agreed, profile):
    case = family.case(consents=[agreed(purpose="child_in_ned")])
    found = ask(case, *HOUSING)
    assert (found.rule, found.why) == ("consent.purpose", "consent_not_counted")
    assert "To assess what a child in need needs" in found.unlock
    slip = [one for one in problems(case, profile("children_in_need")) if one.where == "consents[0].purpose"]
    assert [one.do for one in slip] == ["Did you mean child_in_need?"]
    assert not problems(family.case(consents=[agreed(purpose="child_in_need")]), profile("children_in_need"))


def test_where_the_profile_lists_no_purposes_any_is_taken(family, ask, agreed, changed, profile):
    from dataclasses import replace

    rules = profile("children_in_need")
    free = replace(rules, consent=replace(rules.consent, purposes={}))
    case = family.case(consents=[agreed(purpose="whatever")])
    assert ask(case, *HOUSING, by=free).outcome is Outcome.PERMIT
    assert not problems(case, free)


def test_a_condition_that_is_none_of_the_powers_is_found_before(family, s47, profile):
    case = family.case(gateways=[s47(condition="would_prejudce"), s47(condition="would_prejudice"), s47(id="S74")])
    found = [(one.where, one.do) for one in problems(case, profile("children_in_need"))]
    assert found[0] == ("gateways[0].condition", "Did you mean would_prejudice?")
    assert [where for where, _ in found] == ["gateways[0].condition", "gateways[2].id"]
