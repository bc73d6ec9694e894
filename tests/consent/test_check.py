"""Every slip of the pen in a case is reported: where it is, what is not known, and the nearest word that is."""

from __future__ import annotations

import copy

import pytest

from mash_trawl.config.read import read_value
from mash_trawl.consent import problems
from mash_trawl.model.case import Case

RIGHT = {
    "consents": [
        {"id": "c1", "given_by": "mother", "capacity": "parental_responsibility", "covers": ["child"],
         "categories": {"housing": ["tenancy"], "health": "all"}, "given_at": "2026-11-02T10:00:00+00:00",
         "purpose": "protection", "pr_basis": "mother"}
    ],
    "relationships": [{"from": "mother", "to": "child", "kind": "parent", "pr_basis": "mother"}],
    "gateways": [
        {"id": "S47", "decided_by": "r.cole", "decided_at": "2026-11-03T11:40:00+00:00", "grounds": "Synthetic.",
         "covers": ["child"], "categories": {"police": ["missing"]}, "condition": "cannot_obtain",
         "addressee": ["police"]}
    ],
}  # fmt: skip


@pytest.fixture
def found(family, profile):
    """What is reported of a case in which one word was changed (`consents/0/purpose`)."""

    def look(path="", value="", *, concern="neglect", rag="red", by="children_in_need"):
        parts = copy.deepcopy(RIGHT)
        *parents, last = path.split("/")
        place = parts
        for name in parents:
            place = place[int(name) if name.isdigit() else name]
        if path:
            place[int(last) if last.isdigit() else last] = value
        plain = family.plain(concerns=[concern], **parts)
        plain["referral"]["rag"] = rag
        rules = profile(by) if isinstance(by, str) else by
        return [(one.where, one.what, one.do) for one in problems(read_value(Case, plain), rules)]

    return look


def test_a_case_whose_every_word_is_known_has_nothing_to_report(found):
    assert found() == []


def slip(where, kind, meant):
    return [(where, f"the profile does not know this {kind}.", f"Did you mean {meant}?")]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("consents/0/categories", {"housnig": "all"}, slip("consents[0].categories", "agency", "housing")),
        ("consents/0/categories", {"housing": ["tenency"]},
         slip("consents[0].categories.housing", "category", "tenancy")),
        ("consents/0/purpose", "protecton", slip("consents[0].purpose", "purpose", "protection")),
        ("consents/0/pr_basis", "mothr", slip("consents[0].pr_basis", "basis of parental responsibility", "mother")),
        ("relationships/0/pr_basis", "mothr",
         slip("relationships[0].pr_basis", "basis of parental responsibility", "mother")),
        ("gateways/0/id", "S74", slip("gateways[0].id", "gateway", "S47")),
        ("gateways/0/condition", "cannot_obtane", slip("gateways[0].condition", "condition", "cannot_obtain")),
        ("gateways/0/categories", {"polise": "all"}, slip("gateways[0].categories", "agency", "police")),
        ("gateways/0/categories", {"police": ["mising"]}, slip("gateways[0].categories.police", "category", "missing")),
        ("gateways/0/addressee", ["polise"], slip("gateways[0].addressee", "agency", "police")),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place_and_the_word_that_was_meant(found, path, value, expected):
    assert found(path, value) == expected


def test_an_unknown_concern_and_colour_are_told_with_the_word_that_was_meant(found, changed):
    assert found(concern="neglekt") == slip("referral.concerns[0]", "concern", "neglect")
    without_red = changed("children_in_need", "rag", {"reds": {"title": "Red"}})
    assert found(by=without_red) == slip("referral.rag", "colour", "reds")


def test_a_word_like_no_other_is_told_with_all_that_are_known(found, profile):
    known = ", ".join(profile("children_in_need").consent.purposes)
    ((where, what, do),) = found("consents/0/purpose", "zzzz")
    assert (where, what) == ("consents[0].purpose", "the profile does not know this purpose.")
    assert do == f"Known: {known}."


def test_after_an_unknown_agency_the_next_is_still_looked_at(found):
    listed = {"zzzz": "all", "housing": ["tenency"]}
    assert [where for where, _, _ in found("consents/0/categories", listed)] == [
        "consents[0].categories",
        "consents[0].categories.housing",
    ]


def test_a_place_without_purposes_colours_or_concerns_of_its_own_takes_any(found, changed):
    assert found("consents/0/purpose", "zzzz", by=changed("children_in_need", "consent/purposes", {})) == []
    assert found(rag="red", by=changed("children_in_need", "rag", {})) == []
    assert found(concern="zzzz", by=changed("children_in_need", "concerns", {})) == []


def test_a_case_that_leaves_these_words_out_has_nothing_to_report(found):
    for path in ("consents/0/purpose", "consents/0/pr_basis", "relationships/0/pr_basis", "gateways/0/condition"):
        assert found(path, None) == []
    assert found(rag=None) == []
