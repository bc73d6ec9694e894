"""The whole: every question answered once, in order, and nothing opened by a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from mash_trawl.consent import capacity, decide, nominal_sources
from mash_trawl.consent import decide as _decide_function
from mash_trawl.consent.rules import consents, gateways, limits, powers, scope
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome, SourceRef

HOUSING = SourceRef(name="town housing", agency="housing", categories=("housing.asb", "housing.tenancy"))
POLICE = SourceRef(name="force", agency="police", categories=("police.missing",))


def test_there_is_one_decision_for_every_source_person_and_category_in_that_order(family, profile, now):
    found = decide(family.case(), profile("children_in_need"), now, [POLICE, HOUSING])
    people = [person["id"] for person in family.people]
    expected = [(s.name, p, c) for s in (POLICE, HOUSING) for p in people for c in s.categories]
    assert [(item.source, item.person, item.category) for item in found] == expected


def test_without_sources_each_agency_of_the_profile_is_one(family, profile, now):
    rules = profile("front_door")
    found = decide(family.case(), rules, now)
    assert len(found) == len(family.people) * sum(len(agency.categories) for agency in rules.agencies.values())
    assert decide(family.case(), rules, now, nominal_sources(rules)).items == found.items


def test_a_category_offered_twice_is_decided_once(family, profile, now):
    twice = SourceRef(name="x", agency="housing", categories=("housing.asb", "housing.asb"))
    assert len(decide(family.case(), profile("base"), now, [twice])) == len(family.people)


@pytest.mark.parametrize(("agency", "category", "rule"), [
    ("zoo", "zoo.animals", "scope.agency"), ("housing", "housing.pets", "scope.category"),
    ("housing", "health.gp_summary", "scope.category"), ("housing", "housing", "scope.category"),
    ("housing", "housing.", "scope.category"), ("", "", "scope.agency"),
])  # fmt: skip
def test_what_no_rule_mentions_is_denied(family, profile, now, agreed, s47, agency, category, rule):
    case = family.case(consents=[agreed(categories={"housing": "all", "health": "all"})], gateways=[s47()])
    source = SourceRef(name="x", agency=agency, categories=(category,))
    for item in decide(case, profile("base"), now, [source]):
        if item.person != "worker":
            assert (item.outcome, item.rule, item.why) == (Outcome.DENY, rule, "no_rule")


def test_every_no_says_why_and_every_yes_what_it_rests_on(family, profile, now, agreed, s47):
    case = family.case(consents=[agreed()], gateways=[s47()])
    for item in decide(case, profile("children_in_need"), now):
        assert item.reason
        assert item.rule
        if item.outcome is Outcome.PERMIT:
            assert item.basis
            assert not item.why
        else:
            assert item.why
            assert item.unlock


FRAGILE = [
    (scope, "level"), (scope, "role"), (scope, "known"), (limits, "masked_people"), (consents, "heard"),
    (powers, "_shut"), (powers, "_not_reached"), (powers, "_age_unsure"), (capacity, "parental"),
    (capacity, "_competent"), (consents, "_opened"), (gateways, "weigh"), (gateways, "_health"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), FRAGILE, ids=lambda part: getattr(part, "__name__", part))
def test_a_rule_that_breaks_denies_with_its_own_rule_id_and_repeats_nothing(
    family, profile, now, agreed, s47, monkeypatch, module, name
):
    case = family.case(consents=[agreed()], gateways=[s47(health_reasons={"child": "Synthetic."})])
    before = decide(case, profile("children_in_need"), now)

    def broken(*_args):
        raise RuntimeError("Aisha Khan, 14 Mill Lane")

    monkeypatch.setattr(module, name, broken)
    after = decide(case, profile("children_in_need"), now)
    assert len(after) == len(before)
    failed = [item for item in after if item.rule.startswith("failed.")]
    assert failed
    assert all(item.outcome is Outcome.DENY and item.why == "forbidden_by_rule" for item in failed)
    assert all("Mill" not in item.reason + item.unlock for item in failed)


def test_a_limit_that_breaks_denies(family, profile, now, s47, monkeypatch):
    import sys

    def broken(_question, _vote):
        raise KeyError("lost")

    module = sys.modules["mash_trawl.consent.decide"]
    monkeypatch.setattr(module, "LIMITS", (("restriction", broken),))
    found = decide(family.case(gateways=[s47()]), profile("children_in_need"), now)
    assert {item.rule for item in found if item.person == "child"} == {"failed.restriction"}


def test_a_limit_that_wants_to_raise_a_decision_is_not_heard(family, profile, now, monkeypatch):
    import sys

    from mash_trawl.consent.vote import Vote

    def generous(_question, _vote):
        return Vote(outcome=Outcome.PERMIT, rule="generous", reason="")

    module = sys.modules["mash_trawl.consent.decide"]
    monkeypatch.setattr(module, "LIMITS", (("restriction", generous),))
    found = decide(family.case(), profile("children_in_need"), now)
    assert {item.outcome for item in found} == {Outcome.DENY}


def test_a_moment_without_a_zone_denies_everything(family, profile, agreed):
    found = decide(family.case(consents=[agreed()]), profile("children_in_need"), datetime(2026, 11, 3, 12))
    assert {(item.outcome, item.rule) for item in found} == {(Outcome.DENY, "failed.setting")}


def test_a_birth_date_at_the_end_of_time_denies_and_does_not_raise(family, profile, now, agreed):
    case = family.case(consents=[agreed(covers=["mother"])])
    last = PartialDate.of(date.max)
    people = tuple(replace(person, born=last) if person.id == "mother" else person for person in case.people)
    found = decide(replace(case, people=people), profile("children_in_need"), now)
    assert {item.outcome for item in found.about("housing", "mother")} == {Outcome.DENY}


def test_the_room_exports_the_function_and_not_the_module():
    assert callable(_decide_function)
