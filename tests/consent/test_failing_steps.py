"""A rule that fails is a no that names its step, and the moment and the sources of a decision stand in it."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from importlib import import_module

import pytest

from mash_trawl.consent import decide as decided
from mash_trawl.consent import nominal_sources
from mash_trawl.model.decision import Outcome, SourceRef

DECIDE = import_module("mash_trawl.consent.decide")
HOUSING = SourceRef(name="north", agency="housing", categories=("housing.tenancy",))


def breaks(*_, **__):
    raise LookupError("private")


@pytest.mark.parametrize(("place", "step"), [
    ("decide._people", "setting"), ("decide.powers_for", "standing"),
    ("decide.scope.closed", "source"), ("topics.topic_of", "scope"), ("decide._question", "scope"),
    ("decide.gateways.opened", "gateway"), ("decide.consents.agreed", "consent"), ("decide.highest", "consent"),
])  # fmt: skip
def test_a_step_that_fails_is_a_no_that_names_it_alone(family, agreed, profile, now, monkeypatch, place, step):
    module, *inner, name = place.split(".")
    where = reduce(getattr, inner, import_module(f"mash_trawl.consent.{module}"))
    monkeypatch.setattr(where, name, breaks)
    (found,) = decided(family.case(people=family.people[4:5], relationships=[], consents=[agreed(covers=["mother"])]),
                       profile("children_in_need"), now, [HOUSING])  # fmt: skip
    assert (found.person, found.source, found.category) == ("mother", "north", "housing.tenancy")
    assert (found.outcome, found.rule, found.at) == (Outcome.DENY, f"failed.{step}", now)
    assert found.reason == "The rules could not be applied (LookupError), so nothing is asked."


@pytest.mark.parametrize("number", [0, 1])
def test_a_limit_that_fails_is_a_no_that_names_it(family, agreed, profile, now, monkeypatch, number):
    names = [name for name, _ in DECIDE.LIMITS]
    broken = [(name, breaks if at == number else limit) for at, (name, limit) in enumerate(DECIDE.LIMITS)]
    monkeypatch.setattr(DECIDE, "LIMITS", tuple(broken))
    items = decided(family.case(consents=[agreed()]), profile("children_in_need"), now, [HOUSING])
    assert {item.rule for item in items if item.person == "mother"} == {f"failed.{names[number]}"}


def test_a_limit_that_would_raise_is_not_heard(family, profile, now, monkeypatch):
    def raises(_, vote):
        return replace(vote, outcome=Outcome.PERMIT)

    monkeypatch.setattr(DECIDE, "LIMITS", (("obligation", raises),))
    items = decided(family.case(), profile("children_in_need"), now, [HOUSING])
    assert {item.outcome for item in items} == {Outcome.DENY}


def test_without_sources_each_agency_of_the_profile_is_one_with_all_its_categories(family, profile, now):
    rules = profile("children_in_need")
    refs = nominal_sources(rules)
    assert [(one.name, one.agency) for one in refs] == [(name, name) for name in rules.agencies]
    assert refs[0].categories == tuple(f"{refs[0].name}.{one}" for one in rules.agencies[refs[0].name].categories)
    found = decided(family.case(), rules, now)
    assert (found.case, found.profile, found.at) == ("SYNTHETIC-1", "children_in_need", now)
    offered = {(one.name, each) for one in refs for each in one.categories}
    assert {(item.source, item.category) for item in found} == offered


def test_only_a_permit_or_a_question_has_a_period(family, agreed, profile, now, changed):
    rules = changed("children_in_need", "agencies/housing/categories/tenancy/lookback", "2w")
    found = {item.person: item for item in decided(family.case(consents=[agreed()]), rules, now, [HOUSING])}
    assert found["mother"].since is not None and found["father"].since is None


def test_a_power_names_no_unlock_where_it_would_not_open_the_category_anyway(family, s47, profile, now):
    from mash_trawl.consent.decide import question_about
    from mash_trawl.consent.question import Setting
    from mash_trawl.consent.rules.gateways import opened

    listed, addressed = s47(categories={"police": "all"}), s47(addressee=["police"])
    case = family.case(gateways=[s47(id="EH"), listed, addressed, s47(id="CDA115", necessity="S.")])
    setting = Setting.of(case, profile("front_door"), now)
    votes = opened(question_about(setting, case.person("mother"), "education", "education.attendance"))
    assert [(vote.rule, vote.unlock) for vote in votes] == [
        ("gateway.EH.not_alone", ""), ("gateway.S47.not_listed", ""), ("gateway.S47.not_addressed", ""),
        ("gateway.CDA115.not_opened", ""),
    ]  # fmt: skip
