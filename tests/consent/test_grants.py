"""Grants come from permits, and from nowhere else."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from mash_trawl.consent import decide, mint_grants
from mash_trawl.model.decision import Outcome
from mash_trawl.model.grant import Grant


@pytest.fixture
def minted(family, profile, agreed, now):
    decided = decide(family.case(consents=[agreed()]), profile("children_in_need"), now)
    numbers = count(1)
    return decided, mint_grants(decided, now, lambda: f"g{next(numbers)}")


def test_there_is_one_grant_for_each_pair_with_a_permit_and_it_holds_just_those_categories(minted):
    decided, grants = minted
    permitted = {}
    for item in decided:
        if item.outcome is Outcome.PERMIT:
            permitted.setdefault((item.source, item.person), set()).add(item.category)
    assert {(grant.source, grant.person): set(grant.categories) for grant in grants} == permitted
    assert len({grant.id for grant in grants}) == len(grants)


def test_a_grant_ends_with_the_first_of_its_permits(family, profile, agreed, now):
    end = now + timedelta(days=5)
    records = [agreed(categories={"housing": ["asb"]}, expires_at=end.isoformat()),
               agreed(id="c2", categories={"housing": ["tenancy"]})]  # fmt: skip
    decided = decide(family.case(consents=records), profile("children_in_need"), now)
    grant = next(g for g in mint_grants(decided, now, lambda: "g") if g.person == "mother")
    assert (grant.expires_at, grant.categories) == (end, frozenset({"housing.asb", "housing.tenancy"}))
    later = mint_grants(decided, end, lambda: "g")
    assert [g.categories for g in later if g.person == "mother"] == [frozenset({"housing.tenancy"})]


def test_a_review_mints_nothing(family, profile, s47, now):
    people = [{"id": "child", "roles": ["subject"]}]
    case = family.case(people=people, relationships=[], gateways=[s47(covers=["child"])])
    decided = decide(case, profile("children_in_need"), now)
    assert Outcome.REVIEW in {item.outcome for item in decided}
    assert mint_grants(decided, now, lambda: "g") == ()


def test_a_lookback_bounds_the_grant_only_if_every_category_has_one(family, profile, changed, agreed, now):
    case = family.case(consents=[agreed(categories={"housing": "all"}, covers=["mother"])])
    free = mint_grants(decide(case, profile("children_in_need"), now), now, lambda: "g")
    assert [grant.since for grant in free] == [None]
    rules = profile("children_in_need")
    for name, days in (("tenancy", "730d"), ("asb", "365d")):
        rules = changed("children_in_need", f"agencies/housing/categories/{name}/lookback", days)
    one = mint_grants(decide(case, rules, now), now, lambda: "g")
    assert [grant.since for grant in one] == [None]
    kinds = {name: {"title": name, "lookback": days} for name, days in (("tenancy", "730d"), ("asb", "365d"))}
    both = changed("children_in_need", "agencies/housing/categories", kinds)
    assert [g.since for g in mint_grants(decide(case, both, now), now, lambda: "g")] == [date(2024, 11, 3)]


def test_a_grant_cannot_be_made_by_hand_changed_copied_or_pickled(minted):
    grant = minted[1][0]
    with pytest.raises(TypeError):
        Grant(id="x", source="housing", person="p1", categories=frozenset(), since=None, until=None, expires_at=None)
    with pytest.raises(TypeError):
        Grant(object(), id="x")
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            attempt(grant)
    with pytest.raises(AttributeError):
        grant.expires_at = datetime.max.replace(tzinfo=UTC)
    with pytest.raises(AttributeError):
        del grant.categories
    with pytest.raises(TypeError):
        type("Wider", (Grant,), {})


def test_a_grant_shows_its_id_and_nothing_else(minted):
    assert repr(minted[1][0]) == "<Grant g1>"


def test_nobody_but_consent_mints(root):
    """And the conformance kit: for its own gate, and for the one test person whom an approved hub file names."""
    allowed = {root / "mash_trawl/model/grant.py", root / "mash_trawl/consent/grants.py"}
    allowed |= {root / "mash_trawl/testing/bench.py", root / "mash_trawl/testing/live.py"}
    folders = ("mash_trawl", "connectors", "examples")
    files = [file for name in folders for file in (root / name).rglob("*.py") if "tests" not in file.parts]
    assert allowed <= set(files)
    word = re.compile(r"\b_mint\b")
    assert [str(file) for file in files if file not in allowed and word.search(file.read_text("utf-8"))] == []


def test_a_category_without_a_bound_does_not_widen_the_period_of_another(family, changed, agreed, now):
    case = family.case(consents=[agreed(categories={"housing": "all"}, covers=["mother"])])
    rules = changed("children_in_need", "agencies/housing/categories/asb/lookback", "365d")
    (grant,) = mint_grants(decide(case, rules, now), now, lambda: "g")
    assert grant.since is None
    assert grant.period("housing.asb") == (date(2025, 11, 3), None)
    assert grant.period("housing.tenancy") == (None, None)
    with pytest.raises(TypeError):
        grant.periods["housing.asb"] = (None, None)
