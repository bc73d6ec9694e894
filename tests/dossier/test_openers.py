"""The table of what opens what is an upper bound: no decision for any case is higher than the dossier says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.read import read_value
from mash_trawl.consent import decide
from mash_trawl.dossier.openers import by_consent, by_powers, powers, why_shut
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Outcome
from mash_trawl.product.notes import hidden_categories

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
MODELS = ("children_in_need", "early_help", "front_door")
PEOPLE: list[dict[str, Any]] = [
    {"id": "p1", "roles": ["subject"], "born": "2018-05-17"},
    {"id": "p2", "roles": ["parent", "household"], "born": "1988-11-02", "sex": "female"},
]
ALLOWED = {
    "opens": {"PERMIT"}, "when_named": {"PERMIT"}, "with_reason": {"PERMIT"}, "own_only": {"PERMIT"},
    "agreement_first": {"REVIEW"}, "named_person": {"REVIEW"}, "existence_only": {"PERMIT"},
    "no": set(), "shut": set(), "nobody": {"PERMIT", "REVIEW"},
}  # fmt: skip


def _case(profile: str, level: int, **parts: Any) -> Case:
    plain = {
        "version": 1, "id": "SYNTHETIC-9", "profile": profile, "opened_at": "2026-11-20T09:00:00+00:00",
        "referral": {"source": "school", "received_at": "2026-11-20T09:00:00+00:00", "level": level,
                     "concerns": ["domestic_abuse", "adult_at_risk"]},
        "people": PEOPLE, "relationships": [{"from": "p2", "to": "p1", "kind": "parent", "nature": "birth",
                                             "parental_responsibility": "yes"}], **parts,
    }  # fmt: skip
    return read_value(Case, plain)


@pytest.mark.parametrize("name", MODELS)
def test_a_power_with_everything_recorded_never_does_more_than_the_table_says(name: str) -> None:
    rules = load_profile(name)
    categories = {agency: list(body.categories) for agency, body in rules.agencies.items()}
    reached = 0
    for power in rules.relies_on:
        gateway = rules.gateways[power]
        use = {
            "id": power, "decided_by": "r.cole", "decided_at": "2026-11-21T10:00:00+00:00", "grounds": "Synthetic.",
            "covers": ["p1", "p2"], "categories": categories, "trigger": next(iter(gateway.triggers), None),
            "limbs": list(gateway.limbs), "consent_sought": "yes", "why_not": "Synthetic.", "necessity": "Synthetic.",
            "health_reasons": {"p1": "Synthetic.", "p2": "Synthetic."}, "order_ref": "SYN-1", "signed_off_by": "dr.syn",
            "own_view": "Synthetic.", "ends_at": "2027-01-01T00:00:00+00:00",
            "condition": next(iter(gateway.conditions), None),
        }  # fmt: skip
        level = (
            gateway.levels[0] if gateway.levels and gateway.levels[0] in rules.scope.levels else rules.scope.levels[0]
        )
        case = _case(name, level, gateways=[{key: value for key, value in use.items() if value is not None}])
        for item in decide(case, rules, NOW):
            most = by_powers(rules, item.category, (), TODAY)[power]
            if item.outcome is not Outcome.DENY:
                reached += 1
                assert item.outcome.value in ALLOWED[most], (power, item.category, most)
                assert (item.mode == "existence") == (most == "existence_only" and item.outcome is Outcome.PERMIT)
    assert reached > 10


@pytest.mark.parametrize("name", MODELS)
def test_consent_that_names_everything_opens_what_the_table_says_and_nothing_else(name: str) -> None:
    rules = load_profile(name)
    consents = [
        {"id": f"c-{who}", "given_by": "p2", "capacity": capacity, "covers": [who], "pr_basis": basis,
         "given_at": "2026-11-21T10:00:00+00:00", "how": "in_person",
         "purpose": next(iter(rules.consent.purposes), None),
         "explained": {"notice": "synthetic-1", "understood_confirmed_by": "r.cole", "by": "r.cole"},
         "categories": {agency: list(body.categories) for agency, body in rules.agencies.items()}}
        for who, capacity, basis in (("p1", "parental_responsibility", "mother"), ("p2", "self", None))
    ]  # fmt: skip
    kept = [{key: value for key, value in one.items() if value is not None} for one in consents]
    case = _case(name, rules.scope.levels[0], consents=kept)
    opened = 0
    for item in decide(case, rules, NOW):
        most = by_consent(rules, item.category, ())
        if item.outcome is Outcome.PERMIT:
            opened += 1
            assert most in ("opens", "when_named") or (most == "own_only" and item.person == "p2"), item.category
        if most == "no":
            assert item.outcome is Outcome.DENY
    assert opened > 10


def test_a_power_that_no_day_opens_is_shut_with_its_reason_and_shown_so_for_every_category() -> None:
    rules = load_profile("children_in_need")
    found = {power.id: power for power in powers(rules, TODAY)}
    assert found["16LA"].shut == "no day is set from which it is in force"
    assert found["S47"].shut == ""
    assert set(found) == set(rules.relies_on)
    assert by_powers(rules, "housing.tenancy", (), TODAY)["16LA"] == "shut"
    assert why_shut(rules.gateways["S47"], rules, date(1990, 1, 1)) == "it comes into force on 1991-10-14"


def test_what_is_shown_to_nobody_is_said_to_be_opened_by_nothing() -> None:
    rules = load_profile("children_in_need")
    hidden = hidden_categories(rules)
    assert hidden
    for category in hidden:
        assert by_consent(rules, category, hidden) == "nobody"
        assert set(by_powers(rules, category, hidden, TODAY).values()) == {"nobody"}
