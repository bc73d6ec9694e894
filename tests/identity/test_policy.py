"""A policy at a source: its population and weights, never looser than the built-in rules, and its digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mash_trawl.identity.policy import at_this_source, policy_mark, rules_for
from mash_trawl.identity.recognise import Recognise
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.weighing import NameShares, Share, Weight


def weight(at=None, m="0.9"):
    return Weight(field="sex", level="same", m=Share.parse(m), u=Share.parse("0.5"), source="local", n=9, at=at,
                  date=date(2026, 10, 1))  # fmt: skip


def test_a_source_comes_before_its_agency_and_that_before_all_others():
    policy = MatchPolicy(population=10_000, populations={"housing": 20_000, "north_homes": 30_000})
    places = [("north_homes", "housing"), ("south", "housing"), ("x", "y")]
    assert [rules_for(policy, *at).population for at in places] == [30_000, 20_000, 10_000]
    weights = MatchPolicy(weights=(weight("north_homes", "0.7"), weight("housing", "0.8"), weight()))
    found = [
        rules_for(weights, *at).odds["sex"]["same"][0]
        for at in [("north_homes", "housing"), ("s", "housing"), ("x", "y")]
    ]
    assert found == [0.7, 0.8, 0.9]


def test_the_agency_of_a_source_is_known_when_a_trawl_asks(person, candidate):
    recognise = Recognise(policy=MatchPolicy(populations={"housing": 20_000}), agencies={"north_homes": "housing"})
    found = [recognise(person(), [candidate()], source=name, truncated=False).items[0].prior
             for name in ("north_homes", "gp")]  # fmt: skip
    assert found == [rules_for(MatchPolicy(population=n)).prior for n in (20_000, 300_000)]


def test_nothing_that_a_program_hands_in_loosens_the_rules(person, candidate):
    loose = MatchPolicy(auto_per_million=1, review_per_million=900_000, lead_millibits=0)
    rules, built_in = rules_for(loose), rules_for()
    assert (rules.auto, rules.review, rules.lead) == (built_in.auto, built_in.review, built_in.lead)
    tight = rules_for(MatchPolicy(auto_per_million=999_900, review_per_million=1_000, lead_millibits=9_000))
    assert (tight.auto, tight.review, tight.lead) == (999_900, 1_000, 9_000)


def test_no_guard_can_be_switched_off_by_any_setting():
    rules = rules_for(MatchPolicy(guards={"G1": "off", "G6": "off", "G15": "strict"}))
    assert rules.strict == {"G15"}
    assert rules_for(MatchPolicy(guards={"G8": "strict"})).social_care_dates


@pytest.mark.parametrize(
    "change",
    [
        {"population": 1000}, {"auto_per_million": 999_500}, {"guards": {"G15": "strict"}}, {"weights": (weight(),)},
        {"shared_addresses": ("NB1 1AA",)}, {"social_care_dates": True}, {"populations": {"gp": 5000}},
        {"names": NameShares(date=date(2026, 11, 1), sha256="a" * 64)},
    ],
)  # fmt: skip
def test_whatever_changes_a_decision_changes_the_mark(change):
    assert policy_mark(replace(MatchPolicy(), **change)) != policy_mark() == policy_mark(MatchPolicy())


def test_what_holds_at_one_source_holds_there_alone():
    policy = MatchPolicy(populations={"gp": 5000}, weights=(weight("gp"), weight("police"), weight()))
    here = at_this_source(rules_for(policy, "gp"))
    assert here.weights == (weight(), weight())
    assert rules_for(here).weights == rules_for(policy, "gp").weights
    assert (here.population, here.populations) == (5000, {})


@pytest.mark.parametrize(
    ("text", "billionths"), [("0.004", 4_000_000), (".5", 500_000_000), ("1", 10**9), ("0.000000001", 1)]
)
def test_a_share_is_kept_as_a_whole_number(text, billionths):
    assert Share.parse(text).per_billion == billionths
    assert Share.parse(Share.parse(text).to_text()) == Share.parse(text)


@pytest.mark.parametrize("text", ["0", "0.0", "1.5", "-0.1", "4 %", "", "0.0000000001", "nan"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="a share"):
        Share.parse(text)
