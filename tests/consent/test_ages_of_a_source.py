"""A system that holds only some ages is not asked about others; whoever may be there is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mash_trawl.consent import decide, explain
from mash_trawl.model.ages import Ages
from mash_trawl.model.decision import Outcome, SourceRef

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def about(family, profile, s47, agreed):
    """What is decided of everybody, for one source with these ages."""

    def decided(ages, source="homes", backing=None, **changed):
        people = [{**one, **changed.get(one["id"], {})} for one in family.people]
        case = family.case(people=people, consents=[agreed()], gateways=[s47()])
        ref = SourceRef(name=source, agency="housing", categories=("housing.tenancy",), ages=ages)
        return case, {item.person: item for item in decide(case, profile("children_in_need"), NOW, [ref])}

    return decided


def outside(found):
    return {person for person, item in found.items() if item.rule == "scope.age_of_source"}


def test_whoever_is_younger_or_older_is_not_asked_about_whatever_opens_it(about):
    assert outside(about(None)[1]) == set()
    assert outside(about(Ages(from_=16))[1]) == {"child", "teen", "unborn"}
    assert outside(about(Ages(from_=4, to=15))[1]) == {"youth", "unborn", "mother", "father", "lodger"}
    found = about(Ages(from_=16))[1]["child"]
    assert (found.outcome, found.why) == (Outcome.DENY, "out_of_scope")
    assert found.reason == "homes is asked only about people from 16 years old."


def test_both_ends_are_inclusive(about):
    assert "teen" not in outside(about(Ages(from_=14))[1])
    assert "teen" not in outside(about(Ages(to=14))[1])
    assert "teen" in outside(about(Ages(from_=15))[1])
    assert "teen" in outside(about(Ages(to=13))[1])
    day = {"teen": {"born": "2011-11-03"}}  # fifteen today
    assert "teen" not in outside(about(Ages(from_=15), **day)[1])
    assert "teen" in outside(about(Ages(to=14), **day)[1])


def test_an_unknown_age_is_asked_and_an_approximate_one_gets_a_year(about):
    assert "lodger" not in outside(about(Ages(from_=16, to=20), lodger={"born": None})[1])
    assert "teen" in outside(about(Ages(from_=16), teen={"born": "2012"})[1])
    assert "teen" not in outside(about(Ages(from_=16), teen={"born": "about 2011"})[1])


def test_nobody_unborn_is_in_a_system_that_begins_at_any_age(about):
    assert "unborn" in outside(about(Ages(from_=0))[1])
    assert "unborn" not in outside(about(Ages(to=20))[1])


def test_the_explanation_ends_at_the_age(about, profile):
    case, found = about(Ages(from_=16))
    said = explain(case, profile("children_in_need"), found["child"])
    assert "homes is asked only about people from 16 years old." in said
    assert any("date of birth of child" in line for line in said)
    assert not any(line.startswith("Scope: ") for line in said)
